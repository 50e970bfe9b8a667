/// Amounts for people, with about three digits.
enum AmountText {
    /// `11.8 M`, `523 k`, `95.2`, `0.0123`.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        switch abs(value) {
        case 999_500_000...: return digits(value / 1e9) + " G"
        case 999_500...: return digits(value / 1e6) + " M"
        case 9_995...: return digits(value / 1e3) + " k"
        default: return digits(value)
        }
    }

    /// Three digits, or all before the point.
    static func digits(_ value: Double) -> String {
        switch abs(value) {
        case 99.95...: return "\(Int(value.rounded()))"
        case 9.995...: return fixed(value, 1)
        case 0.9995...: return fixed(value, 2)
        case 0.00005...: return fixed(value, 4)
        default: return "0"
        }
    }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        var unit = 1
        for _ in 0..<places { unit *= 10 }
        let scaled = Int((abs(value) * Double(unit)).rounded()), rest = String(scaled % unit)
        return (value < 0 ? "-" : "") + "\(scaled / unit)." + String(repeating: "0", count: places - rest.count) + rest
    }
}
