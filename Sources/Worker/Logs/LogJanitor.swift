import Broker
import Glibc

/// Removes the logs of Jobs that are gone.
struct LogJanitor {
    let node: NodeContext
    let folder: DataFolder
    private static let interval = Duration.seconds(600)

    /// Runs until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await node.time.sleep(for: node.time.duration(from: Self.interval * 0.8, to: Self.interval * 1.2))
            for job in directoryEntries(folder.path + "/logs", onlyDirectories: true) where !Task.isCancelled {
                do {
                    if try await node.broker.job(uid: job) == nil { removeTree(folder.logs(job: job)) }
                } catch { break }
            }
        }
    }
}
