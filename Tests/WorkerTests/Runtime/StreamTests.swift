import BatchAPI
import Testing

@testable import Worker

@Suite struct StreamTests {
    private static func line(_ index: Int, _ payload: [UInt8]?) -> String {
        var bytes: [UInt8] = []
        StreamLines.append(index, payload?[...], to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func itemsAreLinesOfJSON() throws {
        #expect(Self.line(0, nil) == "{\"index\":0}\n")
        #expect(Self.line(1_234_567, Array("plain é".utf8)) == "{\"index\":1234567,\"item\":\"plain é\"}\n")
        #expect(Self.line(3, [0xFF, 0]) == "{\"index\":3,\"base64\":\"/wA=\"}\n")
        let odd = "quote \" slash \\ tab \t newline \n null \0 end"
        let text = Self.line(9, Array(odd.utf8))
        #expect(text.filter { $0 == "\n" }.count == 1)
        #expect(try Value.parse(json: Array(text.utf8))["item"]?.string == odd)
    }

    @Test func outcomesAreLinesOfJSON() {
        func outcome(_ text: String) -> StreamOutcome? { StreamOutcome(Array(text.utf8)[...]) }
        #expect(outcome(#"{"index":3,"ok":true}"#)?.index == 3)
        #expect(outcome(#" { "index" : 12 , "ok" : true } "#)?.error == nil)
        let result = outcome(#"{"ok":true,"index":4,"result":"a\"b"}"#)
        #expect(result?.index == 4 && result?.result == "a\"b")
        #expect(outcome(#"{"index":5,"ok":true,"result":{"x":1}}"#)?.result == #"{"x":1}"#)
        let failed = outcome(#"{"index":6,"error":"why","exitCode":42}"#)
        #expect(failed?.error == "why" && failed?.exitCode == 42)
        #expect(outcome(#"{"index":7,"ok":false}"#)?.error != nil)
        for text in ["", "3", "{}", #"{"index":3}"#, #"{"index":-1,"ok":true}"#, #"{"index":3,"ok":true"#, #"{"index":3,"ok":true}x"#, "ready"] {
            #expect(outcome(text) == nil, "\(text)")
        }
    }
}
