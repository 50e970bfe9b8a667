/// Takes a quantity's text apart: sign, digits, fraction, suffix.
struct QuantityParser {
    private let bytes: [UInt8]
    private var offset = 0

    /// Beyond this many digits a number is certainly cut to 2^63-1, or below a billionth.
    private static let maximumDigits = 60

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func parse() throws(Quantity.ParseError) -> Quantity {
        guard !bytes.isEmpty else { throw .format }
        let negative = takeSign()
        let whole = takeDigits()
        var fraction: [UInt8] = []
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            fraction = takeDigits()
        }
        let suffix = try takeSuffix()
        let scale = try Self.scale(of: suffix)
        guard !(whole.isEmpty && fraction.isEmpty) else { throw .number }
        let nanos = Self.nanos(whole: whole, fraction: fraction, scale: scale)
        return Quantity(nanos: negative ? -nanos : nanos, format: scale.format)
    }

    private mutating func takeSign() -> Bool {
        guard let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") else { return false }
        offset = 1
        return first == UInt8(ascii: "-")
    }

    private mutating func takeDigits() -> [UInt8] {
        let start = offset
        while offset < bytes.count, bytes[offset] >= UInt8(ascii: "0"), bytes[offset] <= UInt8(ascii: "9") { offset += 1 }
        return bytes[start..<offset].map { $0 - UInt8(ascii: "0") }
    }

    private mutating func takeSuffix() throws(Quantity.ParseError) -> String {
        let start = offset
        while offset < bytes.count, "eEinumkKMGTP".utf8.contains(bytes[offset]) { offset += 1 }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") || bytes[offset] == UInt8(ascii: "+") { offset += 1 }
        _ = takeDigits()
        guard offset == bytes.count else { throw .format }
        return String(decoding: bytes[start...], as: UTF8.self)
    }

    /// A factor: 2^(10 * kibi) or 10^power.
    private struct Scale {
        var power = 0
        var kibi = 0
        var format = Quantity.Format.decimal
    }

    private static func scale(of suffix: String) throws(Quantity.ParseError) -> Scale {
        if let step = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].firstIndex(of: suffix) {
            return Scale(power: step * 3 - 9)
        }
        if let step = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: suffix) {
            return Scale(kibi: step + 1, format: .binary)
        }
        guard let first = suffix.first, first == "e" || first == "E", let power = Int(suffix.dropFirst())
        else { throw .suffix }
        return Scale(power: min(max(power, -1000), 1000), format: .exponent)
    }

    private static func nanos(whole: [UInt8], fraction: [UInt8], scale: Scale) -> Int128 {
        let significant = Array((whole + fraction).drop { $0 == 0 })
        guard !significant.isEmpty else { return 0 }
        let limit = Int128(Int64.max) * 1_000_000_000
        // The number is `significant` * 10^power billionths.
        let power = 9 + scale.power - fraction.count
        guard significant.count + power <= maximumDigits else { return limit }
        let kept = significant.count + min(0, power)
        guard kept + scale.kibi * 4 > 0 else { return 1 }
        return min(limit, exact(significant, power: power, factor: Int128(1) << (10 * scale.kibi), limit: limit))
    }

    /// `digits` * 10^power * factor, rounded up, cut to `limit` as soon as it exceeds it.
    private static func exact(_ digits: [UInt8], power: Int, factor: Int128, limit: Int128) -> Int128 {
        var result: Int128 = 0
        var remainderSeen = false
        let split = power >= 0 ? digits.count : max(0, digits.count + power)
        for digit in digits[..<split] {
            result = result * 10 + Int128(digit)
            if result > limit { return limit }
        }
        for _ in 0..<max(0, power) {
            result *= 10
            if result > limit { return limit }
        }
        let (scaled, overflow) = result.multipliedReportingOverflow(by: factor)
        if overflow || scaled > limit { return limit }
        var tail = scaled
        // The cut digits, as a fraction, times the factor: long division, digit by digit from the right.
        var carried: Int128 = 0
        for position in stride(from: digits.count - 1, through: split, by: -1) {
            let sum = carried + Int128(digits[position]) * factor
            remainderSeen = remainderSeen || sum % 10 != 0
            carried = sum / 10
        }
        if power < 0, digits.count + power < 0 {
            for _ in 0..<(-(digits.count + power)) {
                remainderSeen = remainderSeen || carried % 10 != 0
                carried /= 10
            }
        }
        tail += carried
        return remainderSeen ? tail + 1 : tail
    }
}
