import BatchAPI

/// A node's word that pods had better not, or must not, run there.
public struct Taint: Sendable, Hashable {
    public var key: String
    public var value: String
    /// NoSchedule, PreferNoSchedule or NoExecute.
    public var effect: String

    public init(key: String, value: String = "", effect: String) { (self.key, self.value, self.effect) = (key, value, effect) }

    public init(_ value: Value) {
        self.init(key: value["key"]?.string ?? "", value: value["value"]?.string ?? "", effect: value["effect"]?.string ?? "")
    }

    /// From a flag: key=value:effect, key:effect.
    public init?(flag: String) {
        let parts = flag.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 2, ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(parts[1]) else { return nil }
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        if pair[0].isEmpty { return nil }
        self.init(key: pair[0], value: pair.count > 1 ? pair[1] : "", effect: parts[1])
    }

    public var object: Value {
        var members: [String: Value] = ["key": .string(key), "effect": .string(effect)]
        if !value.isEmpty { members["value"] = .string(value) }
        return .object(members)
    }
}

/// A pod's leave to run where a taint is.
public struct Toleration: Sendable, Hashable {
    /// "" with the operator Exists: every key.
    public var key: String
    /// Equal, Exists, Lt or Gt.
    public var `operator`: String
    public var value: String
    /// "": every effect.
    public var effect: String
    /// How long it may go on under a NoExecute taint; nil: for ever.
    public var seconds: Int?

    public init(_ value: Value) {
        (key, effect, self.value) = (value["key"]?.string ?? "", value["effect"]?.string ?? "", value["value"]?.string ?? "")
        let name = value["operator"]?.string ?? ""
        (self.operator, seconds) = (name.isEmpty ? "Equal" : name, value["tolerationSeconds"]?.int)
    }

    public var object: Value {
        var members: [String: Value] = ["operator": .string(self.operator)]
        for (name, text) in [("key", key), ("value", value), ("effect", effect)] where !text.isEmpty { members[name] = .string(text) }
        members["tolerationSeconds"] = seconds.map { .int(Int64($0)) }
        return .object(members)
    }

    public func tolerates(_ taint: Taint) -> Bool {
        if !effect.isEmpty, effect != taint.effect { return false }
        if !key.isEmpty, key != taint.key { return false }
        switch self.operator {
        case "Exists": return true
        case "Equal": return value == taint.value
        case "Lt", "Gt":
            guard let bound = Int64(value), let number = Int64(taint.value) else { return false }
            return self.operator == "Lt" ? number < bound : number > bound
        default: return false
        }
    }
}
