/// Spans of time and rates for people.
enum SpanText {
    /// `0.4s`, `15s`, `2m05s`, `1h02m`, `3d04h`.
    static func text(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds < 9.95 { return decimal(max(0, seconds)) + "s" }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m\(two(whole % 60))s"
        case ..<86400: return "\(whole / 3600)h\(two(whole % 3600 / 60))m"
        default: return "\(whole / 86400)d\(two(whole % 86400 / 3600))h"
        }
    }

    /// `412/s`, `4.1/s`, `12/min`, `3.0/h`.
    static func rate(_ perSecond: Double) -> String {
        switch perSecond {
        case 1...: number(perSecond) + "/s"
        case (1.0 / 60)...: number(perSecond * 60) + "/min"
        default: number(perSecond * 3600) + "/h"
        }
    }

    /// With one decimal.
    static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func number(_ value: Double) -> String { value < 9.95 ? decimal(value) : "\(Int(min(value, 1e15).rounded()))" }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
