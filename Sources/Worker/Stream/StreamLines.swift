import BatchAPI

/// The lines between a worker and a `stream` process.
enum StreamLines {
    /// Appends an item: `{"index":3}`, `{"index":3,"item":"text"}`, or `{"index":3,"base64":"..."}` where it is not UTF-8.
    static func append(_ index: Int, _ payload: ArraySlice<UInt8>?, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"index\":".utf8)
        appendDecimal(index, to: &bytes)
        if let payload {
            if String(validating: payload, as: UTF8.self) != nil {
                bytes.append(contentsOf: ",\"item\":\"".utf8)
                for byte in payload { appendEscaped(byte, to: &bytes) }
            } else {
                bytes.append(contentsOf: ",\"base64\":\"".utf8)
                bytes.append(contentsOf: Base64.encode(payload).utf8)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func appendDecimal(_ number: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private static let hex = Array("0123456789abcdef".utf8)

    private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<32:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(hex[Int(byte >> 4)])
            bytes.append(hex[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }
}

/// What a `stream` process has said of an item.
struct StreamOutcome: Sendable, Hashable {
    var index: Int
    /// nil: it has succeeded.
    var error: String?
    var exitCode = 1
    var result: String?

    /// Reads `{"index":3,"ok":true}`, with `"result":"text"` if there is one, or `{"index":3,"error":"why"}`, with `"exitCode":2` if that matters.
    /// - Returns: nil if the line is none of these.
    init?(_ line: ArraySlice<UInt8>) {
        guard let plain = Self.plain(line) ?? Self.parsed(line) else { return nil }
        self = plain
    }

    init(index: Int, error: String?) { (self.index, self.error) = (index, error) }

    private static func parsed(_ line: ArraySlice<UInt8>) -> StreamOutcome? {
        guard let value = try? Value.parse(json: Array(line)), let index = value["index"]?.int, index >= 0 else { return nil }
        var error = value["error"]?.string
        if error == nil, value["ok"]?.bool == false { error = "the item has failed" }
        guard error != nil || value["ok"]?.bool == true else { return nil }
        var outcome = StreamOutcome(index: index, error: error)
        outcome.exitCode = min(max(value["exitCode"]?.int ?? 1, 1), 255)
        outcome.result = value["result"].map { $0.string ?? $0.encoded() }
        return outcome
    }

    /// `{"index":3,"ok":true}` with any spaces: nearly every line is that.
    private static func plain(_ line: ArraySlice<UInt8>) -> StreamOutcome? {
        var scan = Scan(rest: line)
        guard scan.take("{"), scan.take("\"index\""), scan.take(":"), let index = scan.number(), scan.take(","), scan.take("\"ok\""), scan.take(":"),
            scan.take("true"), scan.take("}"), scan.isAtEnd
        else { return nil }
        return StreamOutcome(index: index, error: nil)
    }

    private struct Scan {
        var rest: ArraySlice<UInt8>

        private mutating func skipSpaces() {
            while let byte = rest.first, byte == 32 || byte == 9 || byte == 13 { rest.removeFirst() }
        }

        mutating func take(_ text: StaticString) -> Bool {
            skipSpaces()
            let count = text.utf8CodeUnitCount
            guard rest.count >= count else { return false }
            for at in 0..<count where rest[rest.startIndex + at] != text.utf8Start[at] { return false }
            rest.removeFirst(count)
            return true
        }

        mutating func number() -> Int? {
            skipSpaces()
            var number = 0, digits = 0
            while let byte = rest.first, byte >= 48, byte <= 57, digits < 18 {
                number = number * 10 + Int(byte - 48)
                digits += 1
                rest.removeFirst()
            }
            return digits > 0 ? number : nil
        }

        var isAtEnd: Bool {
            mutating get {
                skipSpaces()
                return rest.isEmpty
            }
        }
    }
}
