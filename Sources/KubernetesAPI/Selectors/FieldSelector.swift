import BatchAPI

/// The `fieldSelector` of a query: `metadata.name=x,status.phase!=Running`.
struct FieldSelector: Sendable {
    private struct Term: Sendable {
        var path: String
        var isEqual: Bool
        var value: String
    }

    private var terms: [Term] = []

    /// Reads a selector. `supported` are the fields that the kind may be selected by; `refusal` words the error about another one.
    init(_ text: String?, supported: Set<String>, refusal: (String) -> String) throws(APIStatus) {
        for part in (text ?? "").split(separator: ",") {
            guard let term = Self.term(part) else {
                throw .badRequest("invalid selector: '\(part)'; can't understand '\(part)'")
            }
            guard supported.contains(term.path) else { throw .badRequest(refusal(term.path)) }
            terms.append(term)
        }
    }

    private static func term(_ text: Substring) -> Term? {
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let range = text.ranges(of: sign).first else { continue }
            let path = text[..<range.lowerBound].trimmingSpaces
            return path.isEmpty ? nil : Term(path: path, isEqual: isEqual, value: text[range.upperBound...].trimmingSpaces)
        }
        return nil
    }

    /// Whether everything matches.
    var isEmpty: Bool { terms.isEmpty }

    /// Whether an object has all values; an absent field counts as empty, an absent number as 0.
    func matches(_ object: Value) -> Bool {
        terms.allSatisfy { term in
            let value = term.path.split(separator: ".").reduce(object as Value?) { $0?[String($1)] }
            return (Self.text(value, like: term.path) == term.value) == term.isEqual
        }
    }

    private static func text(_ value: Value?, like path: String) -> String {
        switch value {
        case .string(let text)?: text
        case nil, .null?: path == "status.successful" ? "0" : ""
        case let other?: other.encoded()
        }
    }
}

extension FieldSelector {
    /// For Jobs.
    static func jobs(_ text: String?) throws(APIStatus) -> FieldSelector {
        try FieldSelector(text, supported: ["metadata.name", "metadata.namespace", "status.successful"]) {
            "field label \"\($0)\" not supported for Job"
        }
    }

    /// For Pods.
    static func pods(_ text: String?) throws(APIStatus) -> FieldSelector {
        let supported: Set = [
            "metadata.name", "metadata.namespace", "status.phase", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName",
            "spec.serviceAccountName", "spec.hostNetwork", "status.podIP", "status.nominatedNodeName",
        ]
        return try FieldSelector(text, supported: supported) { "field label not supported: \($0)" }
    }

    /// For Events.
    static func events(_ text: String?) throws(APIStatus) -> FieldSelector {
        let supported: Set = [
            "metadata.name", "metadata.namespace", "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
            "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ]
        return try FieldSelector(text, supported: supported) { "field label not supported: \($0)" }
    }

    /// For Events of events.k8s.io.
    static func newEvents(_ text: String?) throws(APIStatus) -> FieldSelector {
        let regarding = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map { "regarding.\($0)" }
        let supported = Set(regarding + ["metadata.name", "metadata.namespace", "reason", "reportingController", "type"])
        return try FieldSelector(text, supported: supported) { "field label not supported: \($0)" }
    }

    /// For everything else.
    static func plain(_ text: String?) throws(APIStatus) -> FieldSelector {
        try FieldSelector(text, supported: ["metadata.name", "metadata.namespace"]) { "field label not supported: \($0)" }
    }

    /// Whether an object of a kind matches. Some fields have another name in the object.
    func matches(_ object: Value, of kind: ResourceKind) -> Bool {
        var named = object
        switch kind {
        case Catalog.jobs: named["status"]?["successful"] = object["status"]?["succeeded"] ?? 0
        case Catalog.events: named["source"] = object["source"]?["component"] ?? object["reportingComponent"]
        default: break
        }
        return matches(named)
    }
}
