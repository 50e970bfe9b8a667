import Broker

/// Between processes and the store: calls are late, lost, doubled, overtaken; after each that arrives the checkers look.
final class Network: @unchecked Sendable {
    /// How often, in percent, things go wrong.
    struct Noise: Sendable {
        var lostRequests = 0
        var lostReplies = 0
        var doubled = 0
        var late = 0
    }

    let universe: Universe
    let store: any SimulatedStore
    let truth: Truth
    var noise = Noise()
    /// Whether the server answers.
    var isUp = true
    /// Calls that arrived.
    private(set) var steps = 0
    private let postman: SimulatedHost
    private var waits: [Wait] = []
    private var isBusy = false
    private var queue: [UnsafeContinuation<Void, Never>] = []
    private static let timeout = Duration.seconds(5)
    private static let mostSteps = 20_000

    init(_ universe: Universe, _ store: any SimulatedStore, _ truth: Truth) {
        (self.universe, self.store, self.truth) = (universe, store, truth)
        postman = SimulatedHost("network", universe)
    }

    /// Sends a call and waits for its answer.
    func send<Answer: Sendable>(
        _ what: String, from host: SimulatedHost, seen: @escaping @Sendable (Answer) -> Void = { _ in },
        _ body: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer
    ) async throws(BrokerError) -> Answer {
        let reply = Reply<Answer>()
        if universe.isOver || host.isDead { throw .gone }
        postman.spawn { await self.carry(what, host, seen, body, reply) }
        return try await reply.value().get()
    }

    private func carry<Answer: Sendable>(
        _ what: String, _ host: SimulatedHost, _ seen: @escaping @Sendable (Answer) -> Void,
        _ body: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer, _ reply: Reply<Answer>
    ) async {
        await travel()
        guard isUp else { return reply.resolve(.failure(.away)) }
        if !host.isLinked || universe.random.chance(noise.lostRequests) { return await lose(reply) }
        let result = await deliver(what, host, seen, body)
        // What takes something out is never sent twice: no caller resends it, and who hears no answer rebuilds the agenda.
        if !what.hasPrefix("agenda"), !what.hasPrefix("create"), universe.random.chance(noise.doubled) {
            postman.spawn { [self] in
                await travel()
                if isUp { _ = await deliver(what + " (again)", host, seen, body) }
            }
        }
        if !host.isLinked || !isUp || universe.random.chance(noise.lostReplies) { return await lose(reply) }
        await travel()
        reply.resolve(result)
    }

    /// Mostly quick.
    private func travel() async {
        let isLate = universe.random.chance(noise.late)
        try? await postman.sleep(for: isLate ? universe.random.milliseconds(1...4000) : .microseconds(universe.random.within(50...900)))
    }

    private func lose<Answer>(_ reply: Reply<Answer>) async {
        try? await postman.sleep(for: Self.timeout)
        reply.resolve(.failure(.away))
    }

    private func deliver<Answer: Sendable>(
        _ what: String, _ host: SimulatedHost, _ seen: (Answer) -> Void,
        _ body: @escaping @Sendable (any Broker) async throws(BrokerError) -> Answer
    ) async -> Result<Answer, BrokerError> {
        await exclusively {
            if universe.isOver { return .failure(.gone) }
            await store.advance(to: SimulatedClock.start + universe.now.wholeMilliseconds)
            steps += 1
            if steps > Self.mostSteps { truth.violate("liveness", "the run does not come to rest: \(truth.openLedgers)") }
            let result = await store.perform(body)
            truth.note("\(host.name): \(what)") { result.tail }
            if case .success(let answer) = result { seen(answer) }
            await look()
            return result
        }
    }

    /// What holds after every step, and whom it wakes.
    func look() async {
        if steps % store.looksEvery == 0 || !truth.grants.isEmpty {
            truth.check(await store.views(), at: universe.now)
        } else {
            truth.untouched = []
        }
        if waits.isEmpty { return }
        let news = await store.news(among: Array(Set(waits.map(\.key))).sorted())
        for wait in waits where news.contains(wait.key) { wake(wait) }
    }

    /// One at a time.
    func exclusively<Answer>(_ body: () async -> Answer) async -> Answer {
        while isBusy { await withUnsafeContinuation { queue.append($0) } }
        isBusy = true
        let answer = await body()
        isBusy = false
        if !queue.isEmpty { queue.removeFirst().resume() }
        return answer
    }
}

/// Waiting for news.
extension Network {
    fileprivate final class Wait: @unchecked Sendable {
        let key: String
        let reply = Reply<Void>()
        init(_ key: String) { self.key = key }
    }

    /// Until the store has news of that kind or the time is over.
    func listen(_ key: String, _ timeout: Duration, from host: SimulatedHost) async throws(BrokerError) {
        if universe.isOver || host.isDead { throw .gone }
        if !isUp || !host.isLinked {
            try? await host.sleep(for: .milliseconds(50))
            throw .away
        }
        if await store.news(among: [key]).contains(key) { return }
        let wait = Wait(key)
        waits.append(wait)
        let timer = universe.after(timeout) { [self] in wake(wait) }
        let result = await wait.reply.value()
        universe.cancel(timer)
        waits.removeAll { $0 === wait }
        try result.get()
    }

    private func wake(_ wait: Wait) {
        waits.removeAll { $0 === wait }
        wait.reply.resolve(.success(()))
    }

    /// The server is gone: whoever waits hears of it.
    func dropWaits() {
        let all = waits
        waits = []
        for wait in all { wait.reply.resolve(.failure(universe.isOver ? .gone : .away)) }
    }
}

/// An answer under way. The one who waits may give up.
final class Reply<Answer: Sendable>: @unchecked Sendable {
    private var result: Result<Answer, BrokerError>?
    private var waiting: UnsafeContinuation<Result<Answer, BrokerError>, Never>?

    func resolve(_ result: Result<Answer, BrokerError>) {
        if self.result != nil { return }
        self.result = result
        waiting?.resume(returning: result)
        waiting = nil
    }

    func value() async -> Result<Answer, BrokerError> {
        await withTaskCancellationHandler {
            if Task.isCancelled { resolve(.failure(.gone)) }
            return await withUnsafeContinuation { continuation in
                if let result { continuation.resume(returning: result) } else { waiting = continuation }
            }
        } onCancel: {
            resolve(.failure(.gone))
        }
    }
}

extension BrokerError {
    static let gone = BrokerError(.cancelled, "the waiting task was cancelled")
    static let away = BrokerError(.unavailable, "the store can't be reached")
}

extension Result where Failure == BrokerError {
    /// For the trace.
    fileprivate var tail: String {
        switch self {
        case .success(let answer): Answer.self == Void.self ? "" : " -> \(String(describing: answer).prefix(160))"
        case .failure(let error): " -> \(error)"
        }
    }

    private typealias Answer = Success
}
