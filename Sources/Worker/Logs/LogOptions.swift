/// What of a log is asked for, as in the API's pods/log.
public struct LogOptions: Sendable, Equatable {
    /// Only so many lines at the end; counted before `since` is applied.
    public var tailLines: Int?
    /// Only lines written at this time or later: ns since 1970.
    public var since: Int64?
    /// At most so many bytes, timestamps included; the last line may be cut.
    public var limitBytes: Int?
    /// Puts the time before each line: RFC 3339 with nine decimals, and a blank.
    public var timestamps = false

    public init(tailLines: Int? = nil, since: Int64? = nil, limitBytes: Int? = nil, timestamps: Bool = false) {
        (self.tailLines, self.since, self.limitBytes, self.timestamps) = (tailLines, since, limitBytes, timestamps)
    }
}

/// A place in a log from where reading goes on.
public struct LogCursor: Sendable, Equatable {
    /// Of the next byte in the file.
    public internal(set) var offset: Int64
    /// Bytes still allowed by `limitBytes`; nil is no limit.
    public internal(set) var remaining: Int?
    let timestamps: Bool
    /// A line longer than a chunk goes on here: no timestamp.
    var isInsideLine = false

    /// Whether `limitBytes` is used up: the answer is complete.
    public var isExhausted: Bool { remaining == 0 }
}
