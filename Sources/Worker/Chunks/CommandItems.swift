import Broker

/// Runs the items of a chunk as attempts without pods, one after the other, until one does not succeed. The observer is
/// told of each as it ends.
struct CommandItems: ChunkRuntime {
    private let node: NodeContext
    private let slot: Int
    private var runner: AttemptRunner

    init(node: NodeContext, slot: Int) {
        (self.node, self.slot) = (node, slot)
        runner = AttemptRunner(node: node, slot: slot)
    }

    mutating func run(_ chunk: Chunk) async -> ChunkOutcome {
        var outcome = ChunkOutcome(), place = 0
        while place < chunk.items?.count ?? 1, chunk.begins(place), place == 0 || !node.parking.isClosed {
            let index = chunk.items.map { $0.lowerBound + place }
            let ending = await run(index, of: chunk)
            place += 1
            // What was given back, or ended by the node, starts again uncounted.
            guard ending.result != .released, ending.disruption.isEmpty else { break }
            outcome.ran = place
            guard ending.result == .failed else { continue }
            outcome.fail(index ?? -1, exitCode: ending.exitCode, ending.message)
            break
        }
        return outcome
    }

    private mutating func run(_ index: Int?, of chunk: Chunk) async -> Ending {
        var grant = chunk.attempt.grant
        grant.items = index.map { $0...$0 }
        let attempt = Attempt(id: node.attempts.nextID(), slot: slot, grant: grant, job: chunk.job, time: node.time)
        chunk.onCancel { [time = node.time] in
            // Whoever cancels may hold the lease's attempt locked.
            time.spawn {
                let order = chunk.attempt.order
                attempt.stop(StopOrder(cause: order?.cause ?? .deleted, grace: chunk.isKilled ? .zero : order?.grace))
            }
        }
        var ending = await runner.run(attempt)
        // The lease is over, or no more to be trusted: how it was ended says nothing of the item.
        if ending.result == .failed, ending.disruption.isEmpty, chunk.isCancelled { ending.result = .released }
        await node.observer?.ended(grant, job: chunk.job, ending: ending)
        return ending
    }
}
