import CLinux
import Glibc
import Synchronization

/// Notes for all live logs when they grew, on one thread that looks every 100 ms while there are any, and keeps each below `limit` bytes on disk by
/// punching out its head. A log that ends before it was looked at gets no times file: its last write dates all of it.
public final class LogRecorder: Sendable {
    /// Where a log's head is cut.
    public struct Limits: Sendable {
        /// Bytes on disk at which the head goes.
        public var maximum: Int64 = 50 << 20
        /// Bytes at the end that stay.
        public var kept: Int64 = 10 << 20
        /// It never is.
        public static var none: Limits {
            var limits = Limits()
            limits.maximum = .max
            return limits
        }

        /// 50 MiB, of which 10 stay.
        public init() {}
    }

    private struct State {
        var logs: [ObjectIdentifier: LiveLog] = [:]
        var isParked = true
        var isStopped = false
    }

    private let limits: Limits
    private let state = Mutex(State())
    private let wake = Descriptor(owning: drover_eventfd())
    private static let interval: Int32 = 100
    /// After this many rounds without a log the thread sleeps until there is one.
    private static let idleRounds = 10

    /// Starts the thread, which ends with `stop()`.
    public init(limits: Limits = Limits()) {
        self.limits = limits
        startThread(name: "log times") { [wake] in
            var idle = 0
            while true {
                _ = drover_wait_readable(wake.number, idle >= Self.idleRounds ? -1 : Self.interval)
                drover_drain(wake.number)
                guard let isBusy = self.round(isIdle: idle >= Self.idleRounds - 1) else { return }
                idle = isBusy ? 0 : idle + 1
            }
        }
    }

    /// Ends the thread; logs still live are dated by their last write.
    public func stop() {
        state.withLock { $0.isStopped = true }
        drover_eventfd_signal(wake.number)
    }

    /// Watches a log from now on.
    public func began(_ log: LogFile) {
        let wasParked = state.withLock { state in
            state.logs[ObjectIdentifier(log)] = LiveLog(log)
            defer { state.isParked = false }
            return state.isParked
        }
        if wasParked { drover_eventfd_signal(wake.number) }
    }

    /// The attempt is over: notes the last stretch.
    public func ended(_ log: LogFile) {
        let live = state.withLock { $0.logs.removeValue(forKey: ObjectIdentifier(log)) }
        if var live, live.isSampled { live.sample(limits: limits) }
    }

    /// Nil when stopped.
    private func round(isIdle: Bool) -> Bool? {
        state.withLock { state in
            if state.isStopped { return nil }
            for key in state.logs.keys { state.logs[key]!.tick(limits: limits) }
            state.isParked = state.logs.isEmpty && isIdle
            return !state.logs.isEmpty
        }
    }
}

/// A log whose container runs.
private struct LiveLog {
    private let log: LogFile
    private var times: Descriptor?
    private var last = LogStretch(end: 0, time: 0)
    private var records = 0
    private var rounds = 0
    private var punched: Int64 = 0

    init(_ log: LogFile) {
        self.log = log
    }

    var isSampled: Bool { times != nil }

    /// The first round only counts, so that short lives leave no times file. After 10,000 records (16 bytes each) a log is
    /// sampled once a second.
    mutating func tick(limits: LogRecorder.Limits) {
        rounds += 1
        if rounds > 1 && (records < 10_000 || rounds % 10 == 0) { sample(limits: limits) }
    }

    mutating func sample(limits: LogRecorder.Limits) {
        var now = LogStretch(end: 0, time: 0)
        guard drover_file_state(log.file.number, &now.end, &now.time) == 0, now.end > last.end else { return }
        now.time = max(now.time, last.time)
        last = now
        append(now)
        if now.end - punched > limits.maximum { punch(upTo: now.end - limits.kept) }
    }

    private mutating func append(_ stretch: LogStretch) {
        if times == nil {
            times = Descriptor(path: LogFile.timesPath(of: log.path), flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
        }
        guard let times else { return }
        let bytes = stretch.encoded
        write(times.number, bytes, bytes.count)
        records += 1
    }

    /// Whole blocks only: a part of one would read as NUL bytes.
    private mutating func punch(upTo end: Int64) {
        let aligned = end & ~0xFFFF
        if drover_punch_head(log.file.number, aligned) == 0 { punched = aligned }
    }
}
