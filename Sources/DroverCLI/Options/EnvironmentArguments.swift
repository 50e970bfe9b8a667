import ArgumentParser
import BatchAPI

/// Every flag may also be given as an environment variable: `--pod-failure-backoff-base` as `DROVER_POD_FAILURE_BACKOFF_BASE`, `-j` as
/// `DROVER_JOBS` or `DROVER_J`. What stands on the command line goes before it.
enum EnvironmentArguments {
    /// A flag of a command.
    struct Flag: Hashable {
        /// With their dashes, the long one first.
        var names: [String]
        var takesValue: Bool
    }

    /// The arguments with what the environment adds, put in right after the command's name.
    ///
    /// A variable may be meant for other runs than this one: those of flags that do not go with the arguments are passed over.
    /// - Throws: where the variable of a flag without a value says neither yes nor no.
    static func complete(_ arguments: [String], environment: [String: String], flags: [String: [Flag]]) throws(ValidationError) -> [String] {
        guard let command = arguments.first, let known = flags[command] else { return arguments }
        let given = Given(arguments.dropFirst().prefix { $0 != "--" }, known)
        let hasItems = given.has("--items") || environment["DROVER_ITEMS"] != nil
        let run = command == "run" ? RunFlags(hasCommand: arguments.contains("--"), hasItems: hasItems) : nil
        var added: [String] = []
        for flag in known where !given.has(flag) && run?.isForeign(flag.names) != true {
            added += try Self.added(flag, environment)
        }
        return [command] + added + arguments.dropFirst()
    }

    private static func added(_ flag: Flag, _ environment: [String: String]) throws(ValidationError) -> [String] {
        for name in flag.names {
            guard let value = environment[variable(of: name)], !value.isEmpty else { continue }
            if flag.takesValue { return [flag.names[0] + "=" + value] }
            switch value.lowercased() {
            case "1", "true", "yes": return [flag.names[0]]
            case "0", "false", "no": return []
            default: throw ValidationError("\(variable(of: name))=\(value): give 1 or 0")
            }
        }
        return []
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

extension EnvironmentArguments {
    /// Which flags stand on the command line.
    private struct Given {
        private var names: Set<String> = []

        init(_ arguments: some Sequence<String>, _ flags: [Flag]) {
            let withValue = Set(flags.filter(\.takesValue).flatMap(\.names))
            for argument in arguments {
                if argument.hasPrefix("--") { names.insert(String(argument.prefix { $0 != "=" })) } else { add(letters: argument, withValue) }
            }
        }

        /// `-k0` are two flags, `-j4` is one with its value.
        private mutating func add(letters argument: String, _ withValue: Set<String>) {
            guard argument.hasPrefix("-") else { return }
            for letter in argument.dropFirst() {
                names.insert("-\(letter)")
                if withValue.contains("-\(letter)") { return }
            }
        }

        func has(_ name: String) -> Bool { names.contains(name) }
        func has(_ flag: Flag) -> Bool { !names.isDisjoint(with: flag.names) }
    }
}

extension EnvironmentArguments.Flag {
    fileprivate init?(_ argument: Value) {
        guard let kind = argument["kind"]?.string, kind != "positional" else { return nil }
        let names = (argument["names"]?.array ?? []).compactMap { name in
            name["name"]?.string.map { (name["kind"]?.string == "long" ? "--" : "-") + $0 }
        }
        guard !names.isEmpty, !names.contains("--help"), !names.contains("--version") else { return nil }
        self.init(names: names.sorted { ($1.count, $0) < ($0.count, $1) }, takesValue: kind == "option")
    }
}
