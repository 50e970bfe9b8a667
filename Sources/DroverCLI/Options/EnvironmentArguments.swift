import ArgumentParser
import BatchAPI

/// Every flag may also be given as an environment variable: `--pod-failure-backoff-base` as `DROVER_POD_FAILURE_BACKOFF_BASE`.
/// What stands on the command line goes before it.
enum EnvironmentArguments {
    /// A flag of a command.
    struct Flag: Hashable {
        var name: String
        var takesValue: Bool
    }

    /// The arguments with what the environment adds, put in right after the command's name.
    static func complete(_ arguments: [String], environment: [String: String], flags: [String: [Flag]]) -> [String] {
        guard let command = arguments.first, let known = flags[command] else { return arguments }
        let given = arguments.prefix { $0 != "--" }
        var added: [String] = []
        for flag in known where !given.contains(where: { $0 == flag.name || $0.hasPrefix(flag.name + "=") }) {
            guard let value = environment[variable(of: flag.name)], !value.isEmpty else { continue }
            if flag.takesValue {
                added += [flag.name + "=" + value]
            } else if ["1", "true", "yes"].contains(value) {
                added += [flag.name]
            }
        }
        return [command] + added + arguments.dropFirst()
    }

    static func variable(of flag: String) -> String {
        "DROVER_" + flag.drop { $0 == "-" }.map { $0 == "-" ? "_" : $0.uppercased() }.joined()
    }

    /// The flags of each subcommand, read from the parser's own description.
    static func flags(ofDump json: String) -> [String: [Flag]] {
        guard let dump = try? Value.parse(json: Array(json.utf8)) else { return [:] }
        var flags: [String: [Flag]] = [:]
        for command in dump["command"]?["subcommands"]?.array ?? [] {
            guard let name = command["commandName"]?.string else { continue }
            flags[name] = (command["arguments"]?.array ?? []).compactMap { Flag($0) }
        }
        return flags
    }
}

extension EnvironmentArguments.Flag {
    fileprivate init?(_ argument: Value) {
        guard let kind = argument["kind"]?.string, kind != "positional" else { return nil }
        let long = (argument["names"]?.array ?? []).first { $0["kind"]?.string == "long" }
        guard let name = long?["name"]?.string, name != "help" else { return nil }
        self.init(name: "--" + name, takesValue: kind == "option")
    }
}
