import BatchAPI
import Broker

/// Runs a slot's chunks, each for a bounded time: what has not begun then is given back at once, so that neither a wrong guess of the pace nor
/// a lease that is no longer renewed lets items wait or run twice.
struct ChunkRunner {
    private let node: NodeContext
    private var runtime: any ChunkRuntime

    init(node: NodeContext, runtime: any ChunkRuntime) { (self.node, self.runtime) = (node, runtime) }

    func rest() { runtime.rest() }
    mutating func leave() async { await runtime.leave() }

    /// - Returns: what became of it, and how long it took.
    mutating func run(_ attempt: Attempt) async -> (outcome: ChunkOutcome, took: Duration) {
        let chunk = Chunk(attempt), time = node.time, began = time.now
        node.chunkWatch.add(chunk, node)
        attempt.attach(chunk, startedAt: time.wall, grace: .seconds(attempt.job.spec.template.spec.terminationGracePeriodSeconds))
        let outcome = await runtime.run(chunk)
        chunk.end()
        attempt.detach()
        node.chunkWatch.remove(chunk)
        return (outcome, time.now - began)
    }
}

/// Cancels what runs in this process when the node's lease can no longer be trusted: there is no guardian for it.
package struct FenceLoop {
    private let node: NodeContext

    package init(node: NodeContext) { self.node = node }

    /// Runs until cancelled.
    package func run() async {
        while !Task.isCancelled {
            let left = Int64(node.deadline.load(ordering: .relaxed)) - node.time.now.wholeMilliseconds
            if left <= 0 { for attempt in node.attempts.all { attempt.stop(StopOrder(cause: .deleted, grace: .zero)) } }
            try? await node.time.sleep(for: left > 0 ? .milliseconds(left) : node.options.lease / 10)
        }
    }
}
