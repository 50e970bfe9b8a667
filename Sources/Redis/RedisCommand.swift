/// One command with its arguments, already encoded as the protocol wants it.
///
///     var command = RedisCommand("SET", "key", 17)
///     command.append("NX")
public struct RedisCommand: Sendable {
    // The array header is written when the command is sent, so that arguments can be appended until then.
    private var body: [UInt8]
    private var count: Int

    /// Makes a command.
    /// - Parameters:
    ///   - name: the command's name, such as `GET`; a subcommand is an argument.
    ///   - arguments: strings, integers or bytes.
    public init(_ name: String, _ arguments: any RedisArgument...) {
        self.init(name, arguments: arguments)
    }

    /// Makes a command from a list of arguments.
    public init(_ name: String, arguments: [any RedisArgument]) {
        self.init(name, capacity: arguments.reduce(0) { $0 + $1.redisSizeHint + Self.overhead })
        for argument in arguments { argument.append(to: &self) }
    }

    /// Makes a command to which arguments will be appended: the fastest way.
    /// - Parameter capacity: about how many bytes the arguments will take.
    public init(_ name: String, capacity: Int) {
        body = []
        count = 0
        body.reserveCapacity(capacity + name.utf8.count + Self.overhead)
        append(name)
    }

    /// How many bytes an argument takes besides its own, at most, if it is shorter than 10^10 bytes.
    private static let overhead = 15

    /// The size in bytes that sending this command takes.
    var encodedSize: Int { body.count + Self.overhead }

    /// The whole command as sent.
    public var encoded: [UInt8] {
        var result: [UInt8] = []
        encode(into: &result)
        return result
    }

    /// The command's first word, for messages.
    var name: String {
        let start = (body.firstIndex(of: 10) ?? -1) + 1
        return String(decoding: body[start...].prefix { $0 != 13 }, as: UTF8.self)
    }

    /// Appends the whole command, as it is sent, to `output`.
    func encode(into output: inout [UInt8]) {
        output.append(UInt8(ascii: "*"))
        output.appendDecimal(count)
        output.appendLineEnd()
        output.append(contentsOf: body)
    }

    /// Appends one argument.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends one argument, written as decimal digits.
    public mutating func append(_ number: some FixedWidthInteger) {
        let digits = number.decimalDigits
        count += 1
        body.append(UInt8(ascii: "$"))
        body.appendDecimal(digits)
        body.appendLineEnd()
        body.appendDecimal(number)
        body.appendLineEnd()
    }

    /// Appends one argument of any bytes.
    public mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Appends one argument of any bytes.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        count += 1
        body.append(UInt8(ascii: "$"))
        body.appendDecimal(bytes.count)
        body.appendLineEnd()
        body.append(contentsOf: bytes)
        body.appendLineEnd()
    }
}

extension FixedWidthInteger {
    /// How many characters the decimal form takes.
    fileprivate var decimalDigits: Int {
        var result = self < 0 ? 2 : 1
        var rest = magnitude
        while rest >= 10 {
            rest /= 10
            result += 1
        }
        return result
    }
}

extension [UInt8] {
    fileprivate mutating func appendLineEnd() {
        append(13)
        append(10)
    }

    fileprivate mutating func appendDecimal(_ number: some FixedWidthInteger) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let start = count
        var rest = number.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        if count - start > 1 { self[start...].reverse() }
    }
}
