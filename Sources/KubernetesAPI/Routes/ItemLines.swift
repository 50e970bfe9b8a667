import BatchAPI
import Broker

/// Items as lines of JSON, which come in parts: a string is its text, `{"base64": "..."}` its bytes, anything else is itself.
struct ItemLines {
    private var rest: [UInt8] = []
    private var number = 0

    /// An item of the longest size, every byte of it escaped.
    private static let longestLine = 6 * PackedItems.longestItem + 1024

    /// The items of the lines that a part completes.
    mutating func feed(_ part: [UInt8]) throws(APIStatus) -> [[UInt8]] {
        var items: [[UInt8]] = [], part = part[...]
        while let end = part.firstIndex(of: 10) {
            let line = rest + part[..<end]
            rest.removeAll(keepingCapacity: true)
            part = part[(end + 1)...]
            if let item = try read(line) { items.append(item) }
        }
        rest += part
        if rest.count > Self.longestLine { throw .badRequest("line \(number + 1) is longer than \(Self.longestLine) bytes") }
        return items
    }

    /// The last line needs no end.
    mutating func finish() throws(APIStatus) -> [[UInt8]] {
        defer { rest = [] }
        return try read(rest).map { [$0] } ?? []
    }

    private mutating func read(_ line: [UInt8]) throws(APIStatus) -> [UInt8]? {
        number += 1
        if line.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { return nil }
        let value: Value
        do throws(SyntaxError) { value = try Value.parse(json: line) } catch { throw .badRequest("line \(number) is no JSON: \(error)") }
        let item = try bytes(value, line)
        guard item.count <= PackedItems.longestItem else {
            throw .badRequest("line \(number): the item has \(item.count) bytes, more than \(PackedItems.longestItem)")
        }
        return item
    }

    private func bytes(_ value: Value, _ line: [UInt8]) throws(APIStatus) -> [UInt8] {
        if let text = value.string { return Array(text.utf8) }
        guard let text = value["base64"]?.string, value.object?.count == 1 else { return line }
        guard let bytes = Base64.decode(text) else { throw .badRequest("line \(number): base64 can't be decoded") }
        return bytes
    }
}
