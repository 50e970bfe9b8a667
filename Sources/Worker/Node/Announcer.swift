import Broker
import Synchronization

/// Tells the store which attempts run, 100 ms after their start, or a second after a restart, as pod events are looked at (R1): those that are
/// over by then are told by their report alone.
final class Announcer: Sendable {
    private let fresh = Mutex<[Attempt]>([])
    private let wake = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    func add(_ attempt: Attempt, _ time: any Timekeeper) {
        if attempt.restarts == 0 { return enqueue(attempt) }
        time.spawn { [self] in
            try? await time.sleep(for: .milliseconds(900))
            enqueue(attempt)
        }
    }

    private func enqueue(_ attempt: Attempt) {
        let isFirst = fresh.withLock { fresh in
            fresh.append(attempt)
            return fresh.count == 1
        }
        if isFirst { wake.continuation.yield() }
    }

    /// Runs until cancelled.
    func run(broker: any Broker, instance: String, time: any Timekeeper) async {
        for await _ in wake.stream {
            try? await time.sleep(for: .milliseconds(100))
            let due = fresh.withLock { fresh in
                defer { fresh = [] }
                return fresh
            }
            for attempt in due { await announce(attempt, broker, instance, now: time.wall) }
        }
    }

    private func announce(_ attempt: Attempt, _ broker: any Broker, _ instance: String, now: Int64) async {
        guard let news = attempt.unannounced(now: now, instance: instance) else { return }
        _ = try? await broker.progress(news)
    }
}
