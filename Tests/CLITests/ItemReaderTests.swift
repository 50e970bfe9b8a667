import Foundation
import Testing

@testable import DroverCLI

@Suite struct ItemReaderTests {
    private func items(_ text: String, nul: Bool = false) throws -> [String] {
        let path = NSTemporaryDirectory() + "item-reader-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var reader = try ItemReader(path: path, nulSeparated: nul), found: [String] = []
        while let some = try reader.next() { found += some.map { String(decoding: $0, as: UTF8.self) } }
        return found
    }

    /// As `ItemTable` tells them apart.
    @Test(arguments: [
        ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\n\nb\n", ["a", "", "b"]), ("a\r\n", ["a\r"]),
    ])
    func tellsItemsApart(_ text: String, _ expected: [String]) throws {
        #expect(try items(text) == expected)
        #expect(try items(text.replacingOccurrences(of: "\n", with: "\0"), nul: true) == expected.map { $0.replacingOccurrences(of: "\n", with: "\0") })
    }

    @Test func itemsMayReachOverReads() throws {
        let text = (0..<30_000).map { "item number \($0)" }
        #expect(try items(text.joined(separator: "\n")) == text)
    }

    @Test func boundsAnItem() throws {
        let most = String(repeating: "x", count: 65_536)
        #expect(try items("a\n" + most) == ["a", most])
        for text in [most + "x", most + "x\n", most + most + most] {
            #expect(throws: ItemError.self) { try items("a\n" + text) }
        }
    }
}
