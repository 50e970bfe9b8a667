/// Collects the members of an object, leaving out what is absent.
struct Members {
    private(set) var members: [String: Value] = [:]

    var value: Value { .object(members) }

    mutating func set(_ key: String, _ value: Value?) { if let value { members[key] = value } }
    mutating func set(_ key: String, _ text: String?) { if let text { members[key] = .string(text) } }
    mutating func set(_ key: String, _ number: Int?) { if let number { members[key] = .int(Int64(number)) } }
    mutating func set(_ key: String, _ flag: Bool?) { if let flag { members[key] = .bool(flag) } }
    mutating func set(_ key: String, _ time: Timestamp?) { if let time { members[key] = time.value } }

    mutating func setUnlessEmpty(_ key: String, _ text: String) { if !text.isEmpty { members[key] = .string(text) } }
    mutating func setUnlessEmpty(_ key: String, _ list: [Value]) { if !list.isEmpty { members[key] = .array(list) } }
    mutating func setUnlessEmpty(_ key: String, _ map: [String: String]) { if !map.isEmpty { members[key] = .strings(map) } }
    mutating func setUnlessZero(_ key: String, _ number: Int) { if number != 0 { members[key] = .int(Int64(number)) } }
}

extension Value {
    /// The moment written in member `key`; nil if absent or no time.
    func time(_ key: String) -> Timestamp? { self[key]?.string.flatMap { Timestamp(rfc3339: $0) } }

    /// The member `key` unless it is null.
    public func present(_ key: String) -> Value? {
        guard let member = self[key], !member.isNull else { return nil }
        return member
    }
}
