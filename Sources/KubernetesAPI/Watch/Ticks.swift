import Synchronization

/// What comes by itself in a watch: bookmarks, and its end.
final class Ticks: Sendable {
    private struct State {
        var version: Int64 = 0
        var isOver = false
    }

    private let state = Mutex(State())
    private let timer: Task<Void, Never>

    init(
        _ timeout: Duration, bookmarks: Bool, _ output: AsyncThrowingStream<[UInt8], any Error>.Continuation,
        bookmark: @escaping @Sendable (Int64) -> [UInt8]
    ) {
        let (gate, opener) = AsyncStream.makeStream(of: Ticks.self)
        timer = Task {
            guard let ticks = await gate.first(where: { _ in true }) else { return }
            await ticks.run(timeout, bookmarks, output, bookmark)
        }
        opener.yield(self)
        opener.finish()
    }

    private func run(
        _ timeout: Duration, _ bookmarks: Bool, _ output: AsyncThrowingStream<[UInt8], any Error>.Continuation, _ bookmark: (Int64) -> [UInt8]
    ) async {
        let end = ContinuousClock.now + timeout
        while true {
            let left = end - ContinuousClock.now
            guard (try? await Task.sleep(for: min(left, .seconds(bookmarks ? 60 : 86_400)))) != nil else { return }
            if ContinuousClock.now >= end { break }
            if bookmarks { output.yield(bookmark(version)) }
        }
        state.withLock { $0.isOver = true }
        output.finish()
    }

    /// The client has been told all up to here.
    func note(_ version: Int64) { state.withLock { $0.version = max($0.version, version) } }
    var version: Int64 { state.withLock { $0.version } }
    /// The time is over.
    var isOver: Bool { state.withLock { $0.isOver } }
    func stop() { timer.cancel() }
}
