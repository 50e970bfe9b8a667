/// A filter of system calls as the kernel runs it.
public struct FilterProgram: Sendable, Hashable {
    /// One instruction of classic BPF.
    public struct Step: Sendable, Hashable {
        var code: UInt16
        var yes: UInt8 = 0
        var no: UInt8 = 0
        var operand: UInt32
    }

    public private(set) var steps: [Step] = []
    /// The kernel's limit.
    static let limit = 4096

    private static let load: UInt16 = 0x20, give: UInt16 = 0x06, equal: UInt16 = 0x15, greater: UInt16 = 0x25, least: UInt16 = 0x35, and: UInt16 = 0x54
    // Where the kernel shows a call's number, architecture and arguments.
    private static let number: UInt32 = 0, architecture: UInt32 = 4, arguments: UInt32 = 16

    #if arch(x86_64)
        private static let own: UInt32 = 0xC000_003E
    #else
        private static let own: UInt32 = 0xC000_00B7
    #endif

    /// Calls of other architectures don't exist (ENOSYS).
    init(_ profile: SeccompProfile) throws(SeccompError) {
        put(Self.load, Self.architecture)
        put(Self.equal, Self.own, yes: 1)
        put(Self.give, 0x0005_0000 | 38)
        put(Self.load, Self.number)
        #if arch(x86_64)
            put(Self.least, 0x4000_0000, no: 1)
            put(Self.give, 0x0005_0000 | 38)
        #endif
        for rule in profile.rules { put(rule) }
        put(Self.give, profile.usual)
        guard steps.count <= Self.limit else { throw SeccompError("syscalls: too many for one filter") }
    }

    private mutating func put(_ code: UInt16, _ operand: UInt32, yes: UInt8 = 0, no: UInt8 = 0) {
        steps.append(Step(code: code, yes: yes, no: no, operand: operand))
    }

    /// The number is loaded before and after.
    private mutating func put(_ rule: SeccompProfile.Rule) {
        if rule.conditions.isEmpty {
            put(Self.equal, UInt32(bitPattern: rule.number), no: 1)
            return put(Self.give, rule.action)
        }
        var checks: [Step] = []
        // From the last to the first, so that each knows how far it is to the end of the rule.
        for condition in rule.conditions.reversed() { checks = Self.check(condition, toEnd: checks.count + 1) + checks }
        put(Self.equal, UInt32(bitPattern: rule.number), no: UInt8(checks.count + 2))
        steps += checks
        put(Self.give, rule.action)
        put(Self.load, Self.number)
    }

    /// Goes on where the condition holds, else to the end of the rule, `toEnd` steps after it.
    private static func check(_ condition: SeccompProfile.Condition, toEnd: Int) -> [Step] {
        let place = arguments + 8 * UInt32(condition.index)
        let high = UInt32(condition.value >> 32), low = UInt32(truncatingIfNeeded: condition.value)
        let loadHigh = Step(code: load, operand: place + 4), loadLow = Step(code: load, operand: place), end = UInt8(toEnd)
        func isEqual(_ part: UInt32, yes: UInt8 = 0, no: UInt8 = 0) -> Step { Step(code: equal, yes: yes, no: no, operand: part) }
        func isMore(_ part: UInt32, yes: UInt8 = 0, no: UInt8 = 0) -> Step { Step(code: greater, yes: yes, no: no, operand: part) }
        func isLeast(_ part: UInt32, yes: UInt8 = 0, no: UInt8 = 0) -> Step { Step(code: least, yes: yes, no: no, operand: part) }
        switch condition.comparison {
        case .equal: return [loadHigh, isEqual(high, no: end + 2), loadLow, isEqual(low, no: end)]
        case .notEqual: return [loadHigh, isEqual(high, no: 2), loadLow, isEqual(low, yes: end)]
        case .greater: return [loadHigh, isMore(high, yes: 3), isEqual(high, no: end + 2), loadLow, isMore(low, no: end)]
        case .greaterOrEqual: return [loadHigh, isMore(high, yes: 3), isEqual(high, no: end + 2), loadLow, isLeast(low, no: end)]
        case .less: return [loadHigh, isMore(high, yes: end + 3), isEqual(high, no: 2), loadLow, isLeast(low, yes: end)]
        case .lessOrEqual: return [loadHigh, isMore(high, yes: end + 3), isEqual(high, no: 2), loadLow, isMore(low, yes: end)]
        case .masked:
            let wanted = condition.second
            return [
                loadHigh, Step(code: and, operand: high), isEqual(UInt32(wanted >> 32), no: end + 3),
                loadLow, Step(code: and, operand: low), isEqual(UInt32(truncatingIfNeeded: wanted), no: end),
            ]
        }
    }
}
