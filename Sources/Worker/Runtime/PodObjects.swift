import BatchAPI
import Broker

/// The ConfigMaps, Secrets and claims that a pod's manifest names.
struct PodObjects: Sendable {
    let lookup: (any ObjectLookup)?
    let namespace: String
    let rules: HostRules

    enum Kind: String {
        case configMap = "configmaps"
        case secret = "secrets"
        case claim = "persistentvolumeclaims"

        var word: String {
            switch self {
            case .configMap: "configmap"
            case .secret: "secret"
            case .claim: "persistentvolumeclaim"
            }
        }
    }

    /// All keys of a ConfigMap or Secret; nil if it is not there and need not be.
    func content(_ kind: Kind, _ name: String, isOptional: Bool) async throws(PodRefusal) -> [String: [UInt8]]? {
        guard let object = try await object(kind, name) else {
            if isOptional { return nil }
            throw absent("\(kind.word) \"\(name)\" not found")
        }
        let texts = kind == .configMap ? object["data"] : object["stringData"], encoded = kind == .configMap ? object["binaryData"] : object["data"]
        var content: [String: [UInt8]] = [:]
        for (key, text) in encoded?.stringMap ?? [:] {
            guard let bytes = Base64.decode(text) else { throw .configuration("\(kind.word) \"\(name)\": key \(key) is no base64") }
            content[key] = bytes
        }
        for (key, text) in texts?.stringMap ?? [:] { content[key] = Array(text.utf8) }
        return content
    }

    /// One key; nil if it, or its object, is not there and need not be.
    func value(_ kind: Kind, _ reference: Value) async throws(PodRefusal) -> [UInt8]? {
        let name = reference["name"]?.string ?? "", key = reference["key"]?.string ?? "", isOptional = reference["optional"]?.bool == true
        guard let content = try await content(kind, name, isOptional: isOptional) else { return nil }
        if let bytes = content[key] { return bytes }
        if isOptional { return nil }
        throw absent("couldn't find key \(key) in \(kind == .secret ? "Secret" : "ConfigMap") \(namespace)/\(name)")
    }

    func hasClaim(_ name: String) async throws(PodRefusal) -> Bool { try await object(.claim, name) != nil }

    func absent(_ message: String) -> PodRefusal { rules.waitsForObjects ? .missing(message) : .configuration(message) }

    private func object(_ kind: Kind, _ name: String) async throws(PodRefusal) -> Value? {
        guard let lookup else { return nil }
        do { return try await lookup.object(kind.rawValue, namespace: namespace, name: name)?.value } catch {
            throw .missing("\(kind.word) \"\(name)\" can't be read: \(error)")
        }
    }
}
