import Testing

@testable import Redis

@Suite struct CommandTests {
    private func text(_ command: RedisCommand) -> String { String(decoding: command.encoded, as: UTF8.self) }

    @Test func encodesEachKindOfArgument() {
        let command = RedisCommand("SET", "ké", 17, -5, [UInt8(0), 255], Int64.min, 0.5)
        let head = "*7\r\n$3\r\nSET\r\n$3\r\nké\r\n$2\r\n17\r\n$2\r\n-5\r\n$2\r\n"
        let tail = "\r\n$20\r\n-9223372036854775808\r\n$3\r\n0.5\r\n"
        #expect(command.encoded == Array(head.utf8) + [0, 255] + Array(tail.utf8))
        #expect(command.name == "SET")
    }

    @Test func appendsUntilSent() {
        var command = RedisCommand("DEL")
        for key in 0..<10 { command.append("k\(key)") }
        command.append("")
        #expect(text(command).hasPrefix("*12\r\n$3\r\nDEL\r\n$2\r\nk0\r\n"))
        #expect(text(command).hasSuffix("$0\r\n\r\n"))
    }

    @Test(arguments: [0, 9, 10, 99, 100, -1, -10, Int.max, Int.min])
    func writesNumbersAsTheyAre(_ number: Int) {
        let digits = "\(number)"
        #expect(text(RedisCommand("X", number)) == "*2\r\n$1\r\nX\r\n$\(digits.count)\r\n\(digits)\r\n")
    }

    @Test func functionCall() {
        let command = RedisCommand(function: "f", keys: ["a", "b"], arguments: [1])
        #expect(text(command) == "*6\r\n$5\r\nFCALL\r\n$1\r\nf\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\n1\r\n")
    }
}

@Suite struct DecoderTests {
    private func decode(_ bytes: [UInt8], step: Int) throws -> [RedisValue] {
        let decoder = ReplyDecoder()
        var values: [RedisValue] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            try bytes[start..<min(start + step, bytes.count)].withUnsafeBytes { try decoder.feed($0) }
            while let value = try decoder.next() { values.append(value) }
        }
        return values
    }

    @Test(arguments: [1, 2, 7, 1000]) func decodesInAnyPieces(_ step: Int) throws {
        let stream = "+OK\r\n:-3\r\n$-1\r\n*-1\r\n$5\r\nhéll\r\n*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n-ERR bad\r\n-OOM x\r\n$0\r\n\r\n"
        let values = try decode(Array(stream.utf8) + Array("$2\r\n".utf8) + [0xff, 0xfe] + Array("\r\n".utf8), step: step)
        #expect(values == [
            .status("OK"), .integer(-3), .null, .null, .string("héll"),
            .array([.integer(1), .array([.string("a"), .array([])]), .error("ERR bad")]),
            .error("OOM x"), .string(""), .binary([0xff, 0xfe]),
        ])
    }

    @Test func refusesNonsense() {
        #expect(throws: RedisError.self) { try decode(Array("?what\r\n".utf8), step: 100) }
    }

    @Test func accessors() throws {
        #expect(RedisValue.string("42").int == 42)
        #expect(RedisValue.binary([0xff]).string == nil)
        #expect(RedisValue.string("ab").bytes == [97, 98])
        #expect(RedisValue.array([.null]).array?.first?.isNull == true)
        #expect(try RedisValue.integer(3).expectInt() == 3)
        let wrong = #expect(throws: RedisError.self) { try RedisValue.null.expectString() }
        #expect(wrong?.code == .unexpectedReply)
        let inner = #expect(throws: RedisError.self) { try RedisValue.error("OOM no").expectArray() }
        #expect(inner?.serverCode == "OOM")
    }
}
