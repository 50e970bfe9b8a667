/// What an operator may set about all Jobs, or `run -- CMD` about its own.
public struct Options: Sendable, Hashable {
    /// The first delay after a failure, in milliseconds (R33).
    public var podFailureBackoffBase: Int64
    /// The longest delay after failures, in milliseconds (R33).
    public var podFailureBackoffMax: Int64
    /// Milliseconds before every retry, instead of the growing delays of R33 and R37; nil leaves these.
    public var retryDelay: Int64?
    /// Attempts that end by a disruption (P7) are retried at once and never counted.
    public var ignoresDisruptions: Bool
    /// A failure counts at once, also where its index will be tried again, against R36.
    public var countsAtOnce = false

    /// Options; by default Kubernetes' own values.
    public init(
        podFailureBackoffBase: Int64 = 10_000, podFailureBackoffMax: Int64 = 600_000, retryDelay: Int64? = nil, ignoresDisruptions: Bool = false
    ) {
        (self.podFailureBackoffBase, self.podFailureBackoffMax) = (podFailureBackoffBase, podFailureBackoffMax)
        (self.retryDelay, self.ignoresDisruptions) = (retryDelay, ignoresDisruptions)
    }
}
