import BatchAPI
import Broker
import CLinux
import Testing

@testable import Worker

/// Profiles of system calls, as the kernel would run them.
@Suite struct SeccompTests {
    private static let allow: UInt32 = 0x7fff_0000, refuse: UInt32 = 0x0005_0001

    private func program(_ syscalls: String, usual: String = "SCMP_ACT_ALLOW") throws -> FilterProgram {
        try FilterProgram(try SeccompProfile("{\"defaultAction\": \"\(usual)\", \"syscalls\": [\(syscalls)]}"))
    }

    /// Runs a filter on a call.
    private func answer(_ program: FilterProgram, _ name: String, _ arguments: [UInt64] = [], foreign: Bool = false) -> UInt32 {
        var words: [UInt32] = [UInt32(bitPattern: drover_syscall_number(name)), 0, 0, 0]
        #if arch(x86_64)
            words[1] = foreign ? 0x4000_0003 : 0xC000_003E
        #else
            words[1] = foreign ? 0x4000_0028 : 0xC000_00B7
        #endif
        for at in 0..<6 {
            let argument = at < arguments.count ? arguments[at] : 0
            words += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
        }
        var register: UInt32 = 0, at = 0
        while true {
            let step = program.steps[at]
            at += 1
            func jump(_ holds: Bool) { at += Int(holds ? step.yes : step.no) }
            switch step.code {
            case 0x20: register = words[Int(step.operand) / 4]
            case 0x54: register &= step.operand
            case 0x15: jump(register == step.operand)
            case 0x25: jump(register > step.operand)
            case 0x35: jump(register >= step.operand)
            default: return step.operand
            }
        }
    }

    @Test func namesAndDefaults() throws {
        let program = try program(#"{"names": ["mkdirat", "no_such_call"], "action": "SCMP_ACT_ERRNO"}, {"names": ["read"], "action": "SCMP_ACT_ALLOW"}"#)
        #expect(answer(program, "mkdirat") == Self.refuse && answer(program, "read") == Self.allow && answer(program, "write") == Self.allow)
        #expect(answer(program, "read", foreign: true) == 0x0005_0026)
        let strict = try self.program(#"{"names": ["read"], "action": "SCMP_ACT_ALLOW"}"#, usual: "SCMP_ACT_KILL_PROCESS")
        #expect(answer(strict, "read") == Self.allow && answer(strict, "write") == 0x8000_0000)
    }

    @Test(arguments: ["EQ", "NE", "LT", "LE", "GT", "GE"]) func comparisons(_ name: String) throws {
        let holds: [String: (UInt64, UInt64) -> Bool] = ["EQ": { $0 == $1 }, "NE": { $0 != $1 }, "LT": { $0 < $1 }, "LE": { $0 <= $1 }, "GT": { $0 > $1 }, "GE": { $0 >= $1 }]
        let values: [UInt64] = [0, 1, 2, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, 0x2_0000_0000, .max >> 1]
        for value in values {
            let program = try program("{\"names\": [\"write\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": [{\"index\": 1, \"value\": \(value), \"op\": \"SCMP_CMP_\(name)\"}]}")
            for argument in values {
                let expected = holds[name]!(argument, value) ? Self.refuse : Self.allow
                #expect(answer(program, "write", [7, argument]) == expected, "\(argument) \(name) \(value)")
                #expect(answer(program, "read", [7, argument]) == Self.allow)
            }
        }
    }

    @Test func masksAllOfOneRuleAndAlternatives() throws {
        let masked = try program(#"{"names": ["clone"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}"#)
        #expect(answer(masked, "clone", [0x11]) == Self.refuse && answer(masked, "clone", [0x1000_0000]) == Self.allow)
        let both = try program(
            #"{"names": ["write"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}, {"index": 2, "value": 5, "op": "SCMP_CMP_GT"}]}, {"names": ["read"], "action": "SCMP_ACT_ERRNO"}"#)
        #expect(answer(both, "write", [1, 0, 6]) == Self.refuse && answer(both, "write", [1, 0, 5]) == Self.allow && answer(both, "write", [2, 0, 6]) == Self.allow)
        #expect(answer(both, "read") == Self.refuse, "the number is looked at again after a rule that did not hold")
        let either = try program(
            #"{"names": ["write"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}, {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}"#)
        #expect([1, 2, 3].map { answer(either, "write", [$0]) } == [Self.refuse, Self.refuse, Self.allow])
    }

    @Test func theKernelTakesIt() async throws {
        let program = try program(#"{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}"#), scratch = Scratch()
        let (status, output) = try await run("cd \(scratch.path) && mkdir d; echo > f && ls") { ($0.filter, $0.noNewPrivileges) = (.program(program), true) }
        #expect(status == .exited(0) && output.contains("ermission denied") && output.hasSuffix("f\n"), "\(output)")
    }

    @Test(arguments: [
        ("{", "no JSON"), ("{}", "defaultAction is missing"), (#"{"defaultAction": "SCMP_ACT_DANCE"}"#, "SCMP_ACT_DANCE"),
        (#"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_S390X"]}"#, "architectures"),
        (#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 9, "op": "SCMP_CMP_EQ"}]}]}"#, "index 9"),
    ])
    func whatIsWrongIsSaid(_ text: String, _ part: String) {
        #expect { try SeccompProfile(text) } throws: { "\($0)".contains(part) }
    }
}
