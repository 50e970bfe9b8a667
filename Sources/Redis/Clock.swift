import Glibc

/// Points in time and spans as nanoseconds of CLOCK_MONOTONIC.
enum Clock {
    /// The present time.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// `span` after `start`, at most `Int64.max`, which means never.
    static func add(_ span: Int64, to start: Int64) -> Int64 {
        let (sum, overflow) = start.addingReportingOverflow(span)
        return overflow ? .max : sum
    }

    /// Milliseconds for poll(2) until `deadline`, rounded up; -1 for never.
    static func pollTimeout(until deadline: Int64, now: Int64) -> Int32 {
        if deadline == .max { return -1 }
        let rest = max(0, deadline - now)
        return Int32(min((rest + 999_999) / 1_000_000, 3_600_000))
    }
}

extension Duration {
    /// Whole nanoseconds, clamped to what an Int64 holds and not below 0.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : Clock.add(attoseconds / 1_000_000_000, to: whole)
    }
}
