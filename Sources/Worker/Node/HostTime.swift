import Broker
import CLinux

/// The host's own time and chance.
public struct HostTime: Timekeeper {
    public init() {}

    /// CLOCK_BOOTTIME, as the guardian reads it.
    public var now: Duration { .milliseconds(Int64(drover_boottime_ms())) }
    public var wall: Int64 { drover_realtime_ns() / 1_000_000 }
    public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    public func word() -> UInt64 { .random(in: .min ... .max) }
    public var executor: (any TaskExecutor)? { nil }
}
