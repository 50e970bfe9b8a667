import Broker
import Worker

/// Handlers that only take time: each item a hundredth of what a container of it would.
struct SimulatedChunks: ChunkRuntime {
    let runtime: SimulatedRuntime
    let node: NodeContext

    func run(_ chunk: Chunk) async -> ChunkOutcome {
        var outcome = ChunkOutcome()
        let naps = Naps()
        chunk.onCancel { naps.end() }
        var payloads = PackedReader(chunk.payloads)
        for (place, index) in (chunk.items ?? 0...0).enumerated() {
            if chunk.job.takesItems, payloads.next().map({ String(decoding: $0, as: UTF8.self) }) != String(index) {
                runtime.network.truth.violate("payload", "\(chunk.job.metadata.name): index \(index) came with the payload of another")
            }
            guard runtime.mayRun, chunk.begins(place) else { break }
            await naps.take(runtime.plan.life(of: chunk.job.metadata.uid, index: index) / 100, node.time)
            if chunk.isCancelled || !runtime.mayRun { break }
            outcome.ran += 1
        }
        return outcome
    }
}

/// Waits that are cut short once and for all.
private final class Naps: @unchecked Sendable {
    private var nap: Task<Void, Never>?
    private var isOver = false

    func take(_ duration: Duration, _ time: any Timekeeper) async {
        if isOver { return }
        nap = time.spawn { try? await time.sleep(for: duration) }
        await nap?.value
    }

    func end() {
        isOver = true
        nap?.cancel()
    }
}
