/// The forms of names; each function answers with what is wrong, in Kubernetes' words, or nothing.
public enum NameRules {
    static let dnsLabelMessage =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    static let subdomainMessage =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    private static let namePartRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    private static let labelValueMessage =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

    /// One label of a host name: at most 63 of a-z, 0-9 and inner dashes.
    static func dnsLabel(_ text: String) -> [String] {
        if text.contains(".") { return ["must not contain dots"] }
        var problems: [String] = []
        if text.utf8.count > 63 { problems.append("must be no more than 63 bytes") }
        if !isDNSLabel(text.utf8[...]) { problems.append(dnsLabelMessage) }
        return problems
    }

    /// Labels joined by dots, at most 253 characters.
    static func dnsSubdomain(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 253 { problems.append("must be no more than 253 characters") }
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if !labels.allSatisfy({ isDNSLabel($0) }) { problems.append(subdomainMessage) }
        return problems
    }

    /// A key of annotations: a name, or `prefix/name`.
    static func qualifiedName(_ text: String, what: String = "a qualified name") -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else {
            return ["\(what) \(namePartRule) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
        }
        var problems: [String] = []
        if parts.count == 2 {
            let prefix = String(parts[0])
            problems = prefix.isEmpty ? ["prefix part must be non-empty"] : dnsSubdomain(prefix).map { "prefix part \($0)" }
        }
        return problems + namePart(String(parts.last ?? ""))
    }

    /// A key of labels: as of annotations, with other words.
    public static func labelKey(_ text: String) -> [String] { qualifiedName(text, what: "a valid label key") }

    /// A value of labels.
    public static func labelValue(_ text: String) -> [String] {
        if text.utf8.count > 63 { return ["must be no more than 63 bytes"] }
        return text.isEmpty || isNamePart(text) ? [] : [labelValueMessage]
    }

    /// The name of an environment variable.
    static func envVarName(_ text: String) -> [String] {
        let isFine = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "=") }
        return isFine ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    }

    private static func namePart(_ name: String) -> [String] {
        var problems: [String] = []
        if name.isEmpty { problems.append("name part must be non-empty") }
        if name.utf8.count > 63 { problems.append("name part must be no more than 63 bytes") }
        if !isNamePart(name) { problems.append("name part \(namePartRule)") }
        return problems
    }

    private static func isDNSLabel(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, let last = text.last, first != UInt8(ascii: "-"), last != UInt8(ascii: "-")
        else { return false }
        return text.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isNamePart(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first), isAlphanumeric(last)
        else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
