/// Delays between attempts to connect: doubled from `minimum` to `maximum`, each shortened at random by up to half.
struct Backoff {
    private let minimum: Int64
    private let maximum: Int64
    private var next: Int64

    /// - Parameters: nanoseconds.
    init(minimum: Int64, maximum: Int64) {
        self.minimum = max(1, minimum)
        self.maximum = max(self.minimum, maximum)
        next = self.minimum
    }

    /// The delay before the next attempt, in nanoseconds.
    mutating func delay(using random: inout some RandomNumberGenerator) -> Int64 {
        let full = next
        next = min(maximum, full.multipliedReportingOverflow(by: 2).overflow ? maximum : full * 2)
        return Int64.random(in: (full - full / 2)...full, using: &random)
    }

    /// Starts from the minimum again, after a success.
    mutating func reset() { next = minimum }
}
