/// A moment of UTC time with millisecond precision.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// A moment, in milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// A moment written as RFC 3339, as `2026-11-23T09:50:38Z`, with any fraction and offset. Digits below the
    /// millisecond are cut off. Nil for anything else.
    public init?(rfc3339 text: String) {
        guard let milliseconds = RFC3339.parse(Array(text.utf8)) else { return nil }
        self.milliseconds = milliseconds
    }

    /// As Kubernetes writes times: `2026-11-23T09:50:38Z`, whole seconds, cut off.
    public var rfc3339: String { RFC3339.format(milliseconds, fraction: false) }

    /// As Kubernetes writes times with microseconds (leases, events): `2026-11-23T09:50:38.123000Z`.
    public var rfc3339Micro: String { RFC3339.format(milliseconds, fraction: true) }

    /// This moment cut to its whole second, the precision of times in API objects.
    public var wholeSecond: Timestamp { adding(milliseconds: -milliseconds.modulo(1000)) }

    /// The moment `duration` later; what lies beyond the range of Int64 sticks to its end.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return Timestamp(milliseconds: seconds < 0 ? .min : .max) }
        return adding(milliseconds: scaled).adding(milliseconds: attoseconds / 1_000_000_000_000_000)
    }

    /// The moment `count` milliseconds later; what lies beyond the range of Int64 sticks to its end.
    public func adding(milliseconds count: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(count)
        return Timestamp(milliseconds: overflow ? (count < 0 ? .min : .max) : sum)
    }

    /// The time from `right` to `left`.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.milliseconds) - .milliseconds(right.milliseconds)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The string an API object holds for this moment.
    public var value: Value { .string(rfc3339) }
}

extension Int64 {
    /// The remainder that is never negative.
    fileprivate func modulo(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    /// The quotient rounded down.
    fileprivate func floorDivided(by divisor: Int64) -> Int64 { (self - modulo(divisor)) / divisor }
}

/// The text form of moments, by the proleptic Gregorian calendar.
private enum RFC3339 {
    static func format(_ milliseconds: Int64, fraction: Bool) -> String {
        // The text has four digits for the year, so what lies outside sticks to its ends.
        let clamped = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let days = clamped.floorDivided(by: 86_400_000)
        let rest = clamped.modulo(86_400_000)
        let (year, month, day) = civil(days: days)
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { digits($0, 2) }.joined(separator: ":")
        let date = [digits(year, 4), digits(month, 2), digits(day, 2)].joined(separator: "-")
        return "\(date)T\(clock)\(fraction ? "." + digits(rest % 1000, 3) + "000" : "")Z"
    }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Days since 1970 to a date: eras of 400 years starting on March 1st.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted.modulo(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.floorDivided(by: 400)
        let yearOfEra = shiftedYear.modulo(400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func parse(_ text: [UInt8]) -> Int64? {
        guard text.count >= 20, let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
            let hour = number(text, 11, 2), let minute = number(text, 14, 2), let second = number(text, 17, 2),
            text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] | 0x20 == UInt8(ascii: "t"),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            (1...12).contains(month), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = days(year: year, month: month, day: day)
        // A day that the month lacks comes back as another date.
        guard day >= 1, civil(days: days).day == day else { return nil }
        var rest = text[19...]
        guard let fraction = takeFraction(&rest), let offset = zoneOffset(Array(rest)) else { return nil }
        return ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + fraction
    }

    private static func number(_ text: [UInt8], _ start: Int, _ count: Int) -> Int64? {
        guard start + count <= text.count else { return nil }
        var result: Int64 = 0
        for byte in text[start..<start + count] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            result = result * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return result
    }

    /// Milliseconds of an optional `.digits`, which is taken off `rest`.
    private static func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = Array(rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(1 + digits.count)
        return number(Array((digits + [UInt8(ascii: "0"), UInt8(ascii: "0")]).prefix(3)), 0, 3)
    }

    /// Minutes east of UTC of `Z` or `+hh:mm`.
    private static func zoneOffset(_ zone: [UInt8]) -> Int64? {
        if zone.count == 1, zone[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let hours = number(zone, 1, 2), let minutes = number(zone, 4, 2),
            hours < 24, minutes < 60
        else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }
}
