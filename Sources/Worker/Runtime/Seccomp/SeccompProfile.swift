import BatchAPI
import CLinux
import Glibc

/// A profile of system calls, as container runtimes read it: what happens by default, and what to single calls.
struct SeccompProfile: Sendable, Hashable {
    /// What the kernel does: one of seccomp's return values.
    typealias Action = UInt32

    /// What an argument of a call has to be.
    struct Condition: Sendable, Hashable {
        enum Comparison: String { case notEqual = "NE", less = "LT", lessOrEqual = "LE", equal = "EQ", greaterOrEqual = "GE", greater = "GT", masked = "MASKED_EQ" }
        var index: Int
        var comparison: Comparison
        var value: UInt64
        /// For `masked`: what is left under the mask `value`.
        var second: UInt64
    }

    struct Rule: Sendable, Hashable {
        var number: Int32
        var action: Action
        /// All must hold.
        var conditions: [Condition]
    }

    var usual: Action
    var rules: [Rule]

    /// Reads a profile.
    /// - Throws: what is wrong with it.
    init(_ text: String) throws(SeccompError) {
        let value: Value
        do { value = try Value.parse(json: Array(text.utf8)) } catch { throw SeccompError("no JSON: \(error)") }
        guard value["defaultAction"] != nil else { throw SeccompError("defaultAction is missing") }
        usual = try Self.action(value["defaultAction"], errno: value["defaultErrnoRet"])
        if let names = value["architectures"]?.strings, !names.isEmpty, !names.contains(Self.architecture) {
            throw SeccompError("architectures: \(Self.architecture) is not among them")
        }
        rules = []
        for (at, entry) in (value["syscalls"]?.array ?? []).enumerated() { try add(entry, at) }
        guard rules.count <= 2000 else { throw SeccompError("syscalls: more than 2000 rules") }
    }

    #if arch(x86_64)
        private static let architecture = "SCMP_ARCH_X86_64"
    #else
        private static let architecture = "SCMP_ARCH_AARCH64"
    #endif

    private mutating func add(_ entry: Value, _ at: Int) throws(SeccompError) {
        for key in ["includes", "excludes"] where entry[key]?.object?.isEmpty == false { throw SeccompError("syscalls[\(at)].\(key) can't be had here") }
        let action = try Self.action(entry["action"], errno: entry["errnoRet"])
        // As runtimes have it, a rule that says what holds anyway is none.
        if action == usual { return }
        var conditions: [Condition] = []
        for condition in entry["args"]?.array ?? [] { conditions.append(try Self.condition(condition, at)) }
        for name in entry["names"]?.strings ?? entry["name"]?.string.map({ [$0] }) ?? [] {
            // Profiles name calls of other architectures and of newer kernels.
            let number = drover_syscall_number(name)
            guard number >= 0 else { continue }
            // Several conditions on one argument are alternatives.
            if Set(conditions.map(\.index)).count == conditions.count {
                rules.append(Rule(number: number, action: action, conditions: conditions))
            } else {
                rules += conditions.map { Rule(number: number, action: action, conditions: [$0]) }
            }
        }
    }

    private static func condition(_ value: Value, _ at: Int) throws(SeccompError) -> Condition {
        let name = value["op"]?.string ?? ""
        guard name.hasPrefix("SCMP_CMP_"), let comparison = Condition.Comparison(rawValue: String(name.dropFirst(9))), let index = value["index"]?.int, (0..<6).contains(index)
        else { throw SeccompError("syscalls[\(at)].args: op \(name), index \(value["index"]?.int ?? -1) can't be had here") }
        return Condition(index: index, comparison: comparison, value: number(value["value"]), second: number(value["valueTwo"]))
    }

    /// Values beyond Int64 are written as doubles by JSON.
    private static func number(_ value: Value?) -> UInt64 {
        switch value {
        case .int(let number)?: UInt64(bitPattern: number)
        case .double(let number)? where number >= 0 && number < 18_446_744_073_709_551_616: UInt64(number)
        default: 0
        }
    }

    private static func action(_ value: Value?, errno: Value?) throws(SeccompError) -> Action {
        switch value?.string {
        case "SCMP_ACT_ALLOW": return 0x7fff_0000
        case "SCMP_ACT_LOG": return 0x7ffc_0000
        case "SCMP_ACT_ERRNO": return 0x0005_0000 | UInt32(clamping: min(errno?.int ?? Int(EPERM), 4095))
        case "SCMP_ACT_TRAP": return 0x0003_0000
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": return 0
        case "SCMP_ACT_KILL_PROCESS": return 0x8000_0000
        case let name: throw SeccompError("action \(name ?? "that is missing") can't be had here")
        }
    }
}

/// Why a profile can't be used.
struct SeccompError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
