import BatchAPI
import Broker
import Glibc
import Support
import Synchronization

/// Measures a leader's looks at Jobs from outside: one begins where a ledger is read, and ends where the next one begins or where the
/// leader asks for its agenda again. The leader does one thing at a time, so that what its process uses meanwhile is the look's.
final class PassMeter: BrokerRelay {
    /// Looks of one kind.
    struct Sum: Sendable {
        var looks = 0
        var verdicts = 0
        /// Nanoseconds of CPU, and of time, Redis' share included.
        var cpu = 0
        var time = 0
        /// The most bytes of bitmap that one has read.
        var widest = 0
    }

    private struct Look {
        var cpu = Clock.cpu
        var time = Clock.time
        var verdicts = 0
        var width = 0
    }

    private struct State {
        var look: Look?
        var judging = Sum()
        var others = Sum()
    }

    let inner: any Broker
    private let measured = Mutex(State())

    init(_ inner: any Broker) { self.inner = inner }

    /// Looks that brought verdicts, and the others.
    var sums: (judging: Sum, others: Sum) { measured.withLock { ($0.judging, $0.others) } }

    func state(uid: String) async throws(BrokerError) -> LedgerState? {
        close()
        measured.withLock { $0.look = Look() }
        let state = try await inner.state(uid: uid)
        measured.withLock { $0.look?.width = (state?.window.count ?? 0) + (state?.failedWindow.count ?? 0) }
        return state
    }

    func decide(_ decision: Decision) async throws(BrokerError) {
        try await inner.decide(decision)
        measured.withLock { $0.look?.verdicts += decision.verdicts.count }
    }

    func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda {
        close()
        return try await inner.agenda(limit: limit, rebuild: rebuild, epoch: epoch)
    }

    private func close() {
        measured.withLock { state in
            guard let look = state.look else { return }
            state.look = nil
            if look.verdicts > 0 { Self.add(look, to: &state.judging) } else { Self.add(look, to: &state.others) }
        }
    }

    private static func add(_ look: Look, to sum: inout Sum) {
        sum.looks += 1
        sum.verdicts += look.verdicts
        sum.cpu += Clock.cpu - look.cpu
        sum.time += Clock.time - look.time
        sum.widest = max(sum.widest, look.width)
    }
}

/// Nanoseconds: of CPU that this process has used, and monotonic.
enum Clock {
    static var cpu: Int { read(CLOCK_PROCESS_CPUTIME_ID) }
    static var time: Int { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
