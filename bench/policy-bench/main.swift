import Glibc
import Logging
import Redis
import RedisBroker

// What a verdict costs the leader. `lead` leads, as a coordinator does, and says what that has cost once its standard input ends;
// `drive` drives a Job to its end through the ledger, without a process.

let arguments = CommandLine.arguments
guard arguments.count > 3, let address = try? RedisAddress(arguments[2]) else { exit(usage()) }
let numbers = arguments.dropFirst(3).compactMap { Int($0) }
switch arguments[1] {
case "lead": await lead(address, backOff: Int64(numbers[0]))
case "drive" where numbers.count == 3 && numbers[0] >= numbers[2] && numbers[2] >= numbers[1] && numbers[1] > 0:
    exit(await drive(address, completions: numbers[0], failing: numbers[1], among: numbers[2]))
default: exit(usage())
}

func usage() -> Int32 {
    print("usage: policy-bench lead URL BACKOFF-MS | drive URL COMPLETIONS FAILING AMONG-THE-LAST")
    return 2
}

/// Drives a Job and prints how it ended, and how fast. Reply the exit status.
func drive(_ address: RedisAddress, completions: Int, failing: Int, among last: Int) async -> Int32 {
    var logger = Logger(label: "drive")
    logger.logLevel = .error
    let drive = Drive(
        broker: RedisBroker(address: address, name: "drive", logger: logger), completions: completions, failing: failing, among: last)
    do {
        try await drive.prepare()
        let seconds = try await ContinuousClock().measure { try await drive.run() } / .seconds(1)
        let (end, isRight) = try await drive.end()
        await drive.broker.close()
        print("\(pad(completions, 9)) \(pad(failing, 7)) \(pad(Int(seconds * 10), 6)) \(pad(Int(Double(completions) / seconds), 9))  \(end)")
        return isRight ? 0 : 1
    } catch {
        print("policy-bench: \(error)")
        return 1
    }
}
