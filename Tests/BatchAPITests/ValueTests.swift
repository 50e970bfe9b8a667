import BatchAPI
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        #"{"a":[1,-2,2.5,true,false,null,"x\ny\"\\\u0001"],"b":{}}"#, "[]", "\"é😀\"", "1e+30", "-9223372036854775808",
    ])
    func roundTrips(text: String) throws { #expect(try Value.parse(json: Array(text.utf8)).encoded() == text) }

    @Test func decodesEscapes() throws {
        #expect(try Value.parse(json: Array(#""\ud83d\ude00\u00e9\/\b""#.utf8)) == .string("😀é/\u{8}"))
    }

    @Test(arguments: [
        ("", "unexpected end of JSON"), ("{", "unexpected end of JSON"), ("[1,]", "unexpected character"),
        ("{\"a\" 1}", "expected ':'"), ("1 2", "unexpected text after the JSON value"), ("tru", "invalid word (true, false or null expected)"),
        ("01", "a number must not start with 0"), ("1.", "digit expected after '.'"), ("\"\\ud800\"", "lone surrogate in a string"),
        ("\"\\udc00\"", "lone surrogate in a string"), ("\"\\ud800\\u0041\"", "lone surrogate in a string"),
        ("9223372036854775808", "the integer 9223372036854775808 does not fit into 64 bits"), ("1e999", "the number 1e999 is out of range"),
        ("\"a\u{0}\"", "NUL byte"), ("[1\u{0}]", "NUL byte"), ("\"\n\"", "control character in a string"), ("nan", "invalid word (true, false or null expected)"),
    ])
    func refuses(text: String, message: String) {
        #expect(throws: SyntaxError.self) { try Value.parse(json: Array(text.utf8)) }
        do { _ = try Value.parse(json: Array(text.utf8)) } catch { #expect(error.message == message) }
    }

    @Test func limitsDepth() throws {
        let deepest = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(throws: Never.self) { try Value.parse(json: Array(deepest.utf8)) }
        #expect(throws: SyntaxError.self) { try Value.parse(json: Array(repeating: UInt8(ascii: "["), count: 10_000_000)) }
    }

    @Test func keepsPlacesAndDuplicates() throws {
        let node = try Value.parseNode(json: Array("{\n \"a\": 1,\n  \"a\": 2}".utf8))
        guard case .object(let members) = node.content else { return #expect(Bool(false)) }
        #expect(members.map(\.mark) == [Mark(line: 2, column: 2), Mark(line: 3, column: 3)])
        #expect(node.value == ["a": 2])
    }

    /// Times of the whole range survive the way to text and back.
    @Test func timestampsRoundTrip() {
        for seconds in stride(from: Int64(-62_135_596_800), through: 253_402_300_799, by: 8_640_007) {
            let time = Timestamp(milliseconds: seconds * 1000)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
        }
        #expect(Timestamp(milliseconds: 1_795_427_438_123).rfc3339Micro == "2026-11-23T09:50:38.123000Z")
    }

    @Test(arguments: [
        ("2026-11-23T09:50:38Z", 1_795_427_438_000), ("2026-11-23t09:50:38.1239z", 1_795_427_438_123),
        ("2026-11-23T11:50:38+02:00", 1_795_427_438_000), ("1969-12-31T23:59:59.5Z", -500), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ])
    func readsTimes(text: String, milliseconds: Int64) { #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds) }

    @Test(arguments: ["", "2026-11-23", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T09:50:38", "2026-11-23T09:50:38.Z", "2026-11-23T09:50:38+2:00"])
    func refusesTimes(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test func timesCalculate() {
        let time = Timestamp(milliseconds: 1000)
        #expect(time.advanced(by: .milliseconds(-1500)).milliseconds == -500)
        #expect(time - Timestamp(milliseconds: 250) == .milliseconds(750))
        #expect(time.adding(milliseconds: .max).milliseconds == .max)
        #expect(Timestamp(milliseconds: -1).wholeSecond.milliseconds == -1000)
    }
}
