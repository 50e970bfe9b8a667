/// What may stand as an argument of a command: text, an integer, a float or bytes.
public protocol RedisArgument: Sendable {
    /// About how many bytes the argument takes.
    var redisSizeHint: Int { get }
    /// Appends this as exactly one argument.
    func append(to command: inout RedisCommand)
}

extension String: RedisArgument {
    /// The number of UTF-8 bytes.
    public var redisSizeHint: Int { utf8.count }
    /// Appends the UTF-8 bytes.
    public func append(to command: inout RedisCommand) { command.append(self) }
}

extension Substring: RedisArgument {
    /// The number of UTF-8 bytes.
    public var redisSizeHint: Int { utf8.count }
    /// Appends the UTF-8 bytes.
    public func append(to command: inout RedisCommand) { command.append(String(self)) }
}

extension Int: RedisArgument {
    /// The most that decimal digits take.
    public var redisSizeHint: Int { 20 }
    /// Appends the decimal digits.
    public func append(to command: inout RedisCommand) { command.append(self) }
}

extension Int64: RedisArgument {
    /// The most that decimal digits take.
    public var redisSizeHint: Int { 20 }
    /// Appends the decimal digits.
    public func append(to command: inout RedisCommand) { command.append(self) }
}

extension UInt64: RedisArgument {
    /// The most that decimal digits take.
    public var redisSizeHint: Int { 20 }
    /// Appends the decimal digits.
    public func append(to command: inout RedisCommand) { command.append(self) }
}

extension Double: RedisArgument {
    /// The most that the shortest exact form takes.
    public var redisSizeHint: Int { 24 }
    /// Appends the shortest text that reads back as the same number.
    public func append(to command: inout RedisCommand) { command.append(description) }
}

extension [UInt8]: RedisArgument {
    /// The number of bytes.
    public var redisSizeHint: Int { count }
    /// Appends the bytes.
    public func append(to command: inout RedisCommand) { command.append(self) }
}

extension ArraySlice<UInt8>: RedisArgument {
    /// The number of bytes.
    public var redisSizeHint: Int { count }
    /// Appends the bytes.
    public func append(to command: inout RedisCommand) { withUnsafeBytes { command.append($0) } }
}
