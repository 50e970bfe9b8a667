import Broker
import Glibc

/// Removes the logs of Jobs that are gone.
struct LogJanitor {
    let node: NodeContext
    private static let interval = Duration.seconds(600)

    /// Runs until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval * Double.random(in: 0.8...1.2))
            for job in directoryEntries(node.folder.path + "/logs", onlyDirectories: true) where !Task.isCancelled {
                do {
                    if try await node.broker.job(uid: job) == nil { removeTree(node.folder.logs(job: job)) }
                } catch { break }
            }
        }
    }
}
