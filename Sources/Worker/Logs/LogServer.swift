import Broker
import Glibc
import Synchronization

/// Answers requests for logs of this node's attempts, a few at a time.
final class LogServer: Sendable {
    private let node: NodeContext
    private let folder: DataFolder
    private let relay: any LogRelay
    private let running = Atomic<Int>(0)
    private static let limit = 64

    init(node: NodeContext, folder: DataFolder, relay: any LogRelay) { (self.node, self.folder, self.relay) = (node, folder, relay) }

    /// Starts answering.
    func serve(_ request: LogRequest) {
        Task { [self] in
            guard running.add(1, ordering: .relaxed).newValue <= Self.limit else {
                running.subtract(1, ordering: .relaxed)
                _ = try? await relay.send(.failed("the node serves \(Self.limit) logs already"), to: request.id)
                return
            }
            defer { running.subtract(1, ordering: .relaxed) }
            try? await answer(request)
        }
    }

    private func answer(_ request: LogRequest) async throws {
        guard let path = path(request), let reader = try? LogReader(path: path) else {
            _ = try await relay.send(.failed("the log of this container is not on its node any more"), to: request.id)
            return
        }
        var options = LogOptions(tailLines: request.tailLines, limitBytes: request.limitBytes, timestamps: request.timestamps)
        options.since = request.since.map { $0 * 1_000_000 }
        var cursor = reader.cursor(options)
        // Says that there is a log, even if it is silent.
        guard try await relay.send(.bytes([]), to: request.id) else { return }
        while true {
            let hasEnded = !request.follows || node.attempts.find(job: request.job, token: request.token) == nil
            let bytes = reader.read(&cursor, ended: hasEnded)
            if !bytes.isEmpty {
                guard try await relay.send(.bytes(bytes), to: request.id) else { return }
            } else if hasEnded || cursor.isExhausted {
                break
            } else {
                try await pause(request)
            }
        }
        _ = try await relay.send(.end, to: request.id)
    }

    /// Until the file may have grown; fails when the reader has gone.
    private func pause(_ request: LogRequest) async throws {
        try await Task.sleep(for: .milliseconds(100))
        if Int.random(in: 0..<40) == 0, try await !relay.send(.bytes([]), to: request.id) { throw CancellationError() }
    }

    /// The newest run's log, or the one before.
    private func path(_ request: LogRequest) -> String? {
        let pod = request.pod.isEmpty ? String(request.token) : request.pod
        let name = request.container.map { ContainerLog.name(pod, container: $0) } ?? pod
        var restart = 0
        while access(folder.log(job: request.job, attempt: name, restart: restart + 1), R_OK) == 0 { restart += 1 }
        if request.isPrevious { restart -= 1 }
        return restart < 0 ? nil : folder.log(job: request.job, attempt: name, restart: restart)
    }
}
