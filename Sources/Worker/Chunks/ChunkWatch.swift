import Broker
import Synchronization

/// Ends the time of a node's chunks. It looks at all of them now and then, as long as there are some: a timer for each would cost more than
/// most chunks do.
final class ChunkWatch: Sendable {
    private struct State {
        var chunks: [ObjectIdentifier: (chunk: Chunk, until: Duration)] = [:]
        var isLooking = false
    }

    private let state = Mutex(State())

    private static let longest = Duration.milliseconds(250), step = Duration.milliseconds(25)
    /// Looks without a chunk before it rests.
    private static let patience = 40

    /// From now on `chunk` has its time, less if the lease ends before.
    func add(_ chunk: Chunk, _ node: NodeContext) {
        let now = node.time.now, left = Duration.milliseconds(Int64(node.deadline.load(ordering: .relaxed)) - now.wholeMilliseconds)
        let until = now + min(Self.longest, left - Self.step)
        let mustStart = state.withLock { state in
            state.chunks[ObjectIdentifier(chunk)] = (chunk, until)
            defer { state.isLooking = true }
            return !state.isLooking
        }
        if mustStart { node.time.spawn { await self.look(node) } }
    }

    func remove(_ chunk: Chunk) { state.withLock { $0.chunks[ObjectIdentifier(chunk)] = nil } }

    private func look(_ node: NodeContext) async {
        var idle = 0
        while !rests(&idle) {
            guard (try? await node.time.sleep(for: Self.step)) != nil else { return }
            for chunk in takeOver(node.time.now) {
                chunk.finish()
                node.time.spawn { await node.giveBack(chunk) }
            }
        }
    }

    private func rests(_ idle: inout Int) -> Bool {
        state.withLock { state in
            idle = state.chunks.isEmpty ? idle + 1 : 0
            if idle > Self.patience { state.isLooking = false }
            return !state.isLooking
        }
    }

    private func takeOver(_ now: Duration) -> [Chunk] {
        state.withLock { state in
            let over = state.chunks.filter { $0.value.until <= now }
            for key in over.keys { state.chunks[key] = nil }
            return over.values.sorted { $0.until < $1.until }.map(\.chunk)
        }
    }
}

extension NodeContext {
    /// Gives back the items of a chunk that have not begun. If that can't be heard their report does it.
    fileprivate func giveBack(_ chunk: Chunk) async {
        let kept = chunk.begun, grant = chunk.attempt.grant
        guard let items = chunk.items, kept < items.count, !chunk.hasEnded else { return }
        book.trim(chunk.attempt, to: kept)
        _ = try? await broker.giveBack(job: grant.job, token: grant.token, instance: instance, keeping: kept)
    }
}
