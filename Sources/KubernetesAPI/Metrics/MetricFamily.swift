/// All numbers of one name, as Prometheus reads them (text format 0.0.4).
struct MetricFamily {
    enum Kind: String { case counter, gauge, histogram }

    struct Label: Hashable, Comparable {
        var name: String
        var value: String

        init(_ name: String, _ value: String) { (self.name, self.value) = (MetricFamily.legalName(name), value) }

        static func < (left: Label, right: Label) -> Bool { (left.name, left.value) < (right.name, right.value) }
    }

    struct Sample {
        var suffix = ""
        var labels: [Label]
        var value: Double
    }

    var name: String
    var kind: Kind
    var samples: [Sample] = []

    init(name: String, kind: Kind) { (self.name, self.kind) = (name, kind) }

    init(_ name: String, _ kind: Kind, _ values: [(labels: [(String, String)], value: Double)]) {
        (self.name, self.kind) = (name, kind)
        samples = values.map { Sample(labels: $0.labels.map(Label.init), value: $0.value) }
    }

    /// Letters, digits, `_` and `:`; everything else becomes `_`.
    static func legalName(_ name: String) -> String {
        let isLegal: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" || $0 == ":" }
        return name.allSatisfy(isLegal) ? name : String(name.map { isLegal($0) ? $0 : "_" })
    }

    /// Whole numbers without a fraction.
    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    var text: String {
        var text = "# HELP \(name) \(MetricNames.help(name))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples { text += "\(name)\(sample.suffix)\(Self.text(sample.labels)) \(Self.text(sample.value))\n" }
        return text
    }

    private static func text(_ labels: [Label]) -> String {
        if labels.isEmpty { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0.isNewline ? "\\n" : String($0) }.joined()
    }
}
