import Glibc

/// Time that all processes of the host share.
enum Monotonic {
    static var nanoseconds: Int { read(CLOCK_MONOTONIC) }
    /// CPU time of this thread.
    static var ofThread: Int { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
