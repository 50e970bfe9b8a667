/// One line of a job log in GNU parallel's format: Seq Host Starttime JobRuntime Send Receive Exitval Signal Command, by tabs.
struct JobLogLine: Sendable, Equatable {
    static let header = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"

    /// The item's number, from 1.
    var sequence: Int
    /// The node that ran it.
    var host: String
    /// Milliseconds since 1970.
    var startedAt: Int64
    /// Milliseconds that it ran.
    var runtime: Int64
    /// Bytes of output, 0 if not known.
    var received = 0
    /// 0 where a signal killed it, as GNU parallel writes it.
    var exitCode: Int
    /// The signal that killed it, else 0.
    var signal: Int
    var command: [[UInt8]]

    /// The line with its newline. Newlines within the command are written as NUL, as GNU parallel does.
    var bytes: [UInt8] {
        let host = String(host.map { $0 == "\t" || $0.isNewline ? "_" : $0 })
        var line = Array("\(sequence)\t\(host)\t\(Self.seconds(startedAt))\t".utf8)
        line += "\(Self.padded(Self.seconds(runtime)))\t0\t\(received)\t\(exitCode)\t\(signal)\t".utf8
        line += ShellQuoting.joined(command).map { $0 == UInt8(ascii: "\n") ? 0 : $0 }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        let value = max(0, milliseconds), rest = String(value % 1000)
        return "\(value / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func padded(_ text: String) -> String { String(repeating: " ", count: max(0, 10 - text.count)) + text }

    /// What a line says about its item; nil for what is no such line. The command may hold anything, tabs too.
    static func outcome(_ line: some Collection<UInt8>) -> (sequence: Int, succeeded: Bool)? {
        let fields = line.split(separator: UInt8(ascii: "\t"), maxSplits: 8, omittingEmptySubsequences: false)
        guard fields.count == 9, let sequence = number(fields[0]), (1...ItemTable.maximumCount).contains(sequence),
            isSeconds(fields[2]), isSeconds(fields[3]), number(fields[4]) != nil, number(fields[5]) != nil,
            let exit = number(fields[6]), let signal = number(fields[7])
        else { return nil }
        return (sequence, exit == 0 && signal == 0)
    }

    private static func number(_ field: some Collection<UInt8>) -> Int? { Int(String(decoding: field, as: UTF8.self)) }

    private static func isSeconds(_ field: some Collection<UInt8>) -> Bool {
        Double(String(decoding: field.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)) != nil
    }
}

/// Writes a command as a POSIX shell would read it.
enum ShellQuoting {
    static func joined(_ arguments: [[UInt8]]) -> [UInt8] { Array(arguments.map(quoted).joined(separator: [UInt8(ascii: " ")])) }

    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,".utf8)

    private static func quoted(_ argument: [UInt8]) -> [UInt8] {
        if !argument.isEmpty, argument.allSatisfy({ plain.contains($0) || $0 >= 0x80 }) { return argument }
        let quote = UInt8(ascii: "'")
        return [quote] + argument.flatMap { $0 == quote ? Array("'\\''".utf8) : [$0] } + [quote]
    }
}
