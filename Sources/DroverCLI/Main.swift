import ArgumentParser
import Glibc
import Worker

@main
enum Main {
    static func main() async {
        // A reader that has gone must not end us in the middle of a run.
        signal(SIGPIPE, SIG_IGN)
        if CommandLine.arguments.dropFirst().first == "__guardian" { GuardianCommand.run(CommandLine.arguments) }
        if CommandLine.arguments.dropFirst().first == BenchPart.argument { await BenchPartMain.run() }
        do {
            let flags = EnvironmentArguments.flags(ofDump: DroverCommand._dumpHelp())
            let arguments = try EnvironmentArguments.complete(
                Array(CommandLine.arguments.dropFirst()), environment: currentEnvironment(), flags: flags)
            var command = try DroverCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            end(error)
        }
    }

    /// Help goes to stdout; whatever else is said goes to stderr. Wrong usage is 2.
    private static func end(_ error: any Error) -> Never {
        if let code = error as? ExitCode { exit(code.rawValue) }
        let isHelp = DroverCommand.exitCode(for: error) == .success
        let message = DroverCommand.fullMessage(for: error)
        guard isHelp else {
            complain(message)
            exit(ExitStatus.invalid.rawValue)
        }
        let failure = message.isEmpty ? 0 : say(message)
        if failure == EPIPE { exit(ExitStatus.brokenPipe.rawValue) }
        if failure != 0 { complain("drover: can't write the output: \(errorText(failure))") }
        exit(failure == 0 ? 0 : ExitStatus.unreachable.rawValue)
    }
}
