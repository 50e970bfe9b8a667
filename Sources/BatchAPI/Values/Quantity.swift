/// An amount of a resource, as "100m", "128Mi", "1e3": exact to the billionth.
public struct Quantity: Sendable, Hashable, Comparable {
    /// The family of suffixes an amount was written with; it shapes `text` and nothing else.
    public enum Format: Sendable, Hashable {
        /// n u m k M G T P E
        case decimal
        /// Ki Mi Gi Ti Pi Ei
        case binary
        /// e3
        case exponent
    }

    /// Why a text is no quantity; `description` is Kubernetes' own wording.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        static let format = ParseError(
            description: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
        static let number = ParseError(description: "unable to parse numeric part of quantity")
        static let suffix = ParseError(description: "unable to parse quantity's suffix")
    }

    /// The amount in billionths.
    public let nanos: Int128
    public let format: Format

    /// An amount in billionths.
    public init(nanos: Int128, format: Format = .decimal) {
        self.nanos = nanos
        self.format = format
    }

    /// Reads a text. Digits below a billionth are rounded away from zero; amounts beyond 2^63-1 are cut to it.
    public init(_ text: String) throws(ParseError) {
        var parser = QuantityParser(text)
        self = try parser.parse()
    }

    /// Reads the string or number of a manifest.
    public init(_ value: Value) throws(ParseError) {
        switch value {
        case .string(let text): try self.init(text)
        case .int(let number): try self.init(String(number))
        case .double(let number): try self.init(number.description)
        default: throw .format
        }
    }

    /// The amount in whole units, rounded up: bytes, cores.
    public var wholeUnits: Int64 { roundedUp(1_000_000_000) }

    /// The amount in thousandths, rounded up: millicores.
    public var milliUnits: Int64 { roundedUp(1_000_000) }

    private func roundedUp(_ unit: Int128) -> Int64 {
        let quotient = nanos / unit + (nanos > 0 && nanos % unit != 0 ? 1 : 0)
        return Int64(clamping: quotient)
    }

    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }

    /// Equal amounts are equal, however they were written.
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }

    public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}

extension Quantity {
    /// The canonical text, as an API server writes it back: "0.5" becomes "500m", "1024Ki" becomes "1Mi".
    public var text: String {
        let whole = nanos % 1_000_000_000 == 0
        if format == .binary, whole, nanos.magnitude >= 1024 * 1_000_000_000 { return binaryText }
        var (mantissa, power) = (nanos, -9)
        guard mantissa != 0 else { return "0" }
        while mantissa % 1000 == 0, power < 18 {
            mantissa /= 1000
            power += 3
        }
        if format == .exponent { return power == 0 ? "\(mantissa)" : "\(mantissa)e\(power)" }
        return "\(mantissa)\(["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][(power + 9) / 3])"
    }

    private var binaryText: String {
        var mantissa = nanos / 1_000_000_000
        var step = 0
        while mantissa % 1024 == 0, step < 6 {
            mantissa /= 1024
            step += 1
        }
        return "\(mantissa)\(["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step])"
    }
}
