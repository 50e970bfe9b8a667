import Glibc
import Testing

@testable import DroverCLI

@Suite struct ItemTableTests {
    static let texts: [(String, [String])] = [
        ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n\na\n\n", ["", "", "a", ""]),
        ("a b\r\nc\t\r\n", ["a b\r", "c\t\r"]), ("ä\u{1F600}\n", ["ä\u{1F600}"]),
    ]

    @Test(arguments: texts) func linesAreItems(_ content: String, _ items: [String]) throws {
        let scratch = Scratch()
        let table = try ItemTable(path: scratch.write("items", content.utf8))
        #expect(try (0..<table.count).map { text(try table.item($0)) } == items)
    }

    @Test func nulSeparatesOnDemand() throws {
        let scratch = Scratch()
        let table = try ItemTable(path: scratch.write("items", "a\nb\0\0c".utf8), nulSeparated: true)
        #expect(try (0..<table.count).map { text(try table.item($0)) } == ["a\nb", "", "c"])
    }

    @Test func bytesNeedNotBeText() throws {
        let scratch = Scratch()
        let table = try ItemTable(path: scratch.write("items", [0xFF, 0xFE, 10, 0xC3]))
        #expect(try [table.item(0), table.item(1)] == [[0xFF, 0xFE], [0xC3]])
    }

    @Test func whatIsTooLongToRunIsKnownByItsBeginning() throws {
        let scratch = Scratch()
        let table = try ItemTable(path: scratch.write("items", "a\n\(String(repeating: "x", count: 200_000))\nb".utf8))
        #expect(throws: ItemError.self) { try table.item(1) }
        #expect(table.beginning(1, limit: 3) == Array("xxx".utf8) && table.beginning(2) == Array("b".utf8))
    }

    @Test func whatIsNoFileIsCopiedFirst() async throws {
        let scratch = Scratch()
        let path = scratch.path + "/fifo"
        #expect(mkfifo(path, 0o600) == 0)
        let lines = (0..<100_000).map { "item \($0)" }
        let writer = Task.detached {
            let file = open(path, O_WRONLY)
            defer { close(file) }
            var rest = Array(lines.joined(separator: "\n").utf8)[...]
            while !rest.isEmpty { rest = rest.dropFirst(rest.withUnsafeBytes { write(file, $0.baseAddress, min($0.count, 9973)) }) }
        }
        let table = try await Task.detached { try ItemTable(path: path, folder: scratch.path) }.value
        await writer.value
        #expect(table.count == lines.count)
        #expect(try text(table.item(99_999)) == "item 99999" && text(table.item(0)) == "item 0")
        #expect(entries(scratch.path) == ["fifo"], "the copy has no name")
    }

    @Test func aFullDiskIsSaidSo() throws {
        let scratch = Scratch()
        let fifo = scratch.path + "/fifo"
        mkfifo(fifo, 0o600)
        let reader = open(fifo, O_RDWR)
        defer { close(reader) }
        _ = bytes("some items\n").withUnsafeBytes { write(reader, $0.baseAddress, $0.count) }
        #expect(throws: ItemError.self) { try ItemTable(path: fifo, folder: scratch.path + "/none") }
        #expect(ItemError.noSpace(name: "stdin", folder: "/x").description.contains("TMPDIR"))
    }

    @Test func refusesWhatItCannotRead() {
        let scratch = Scratch()
        let missing = #expect(throws: ItemError.self) { try ItemTable(path: scratch.path + "/none") }
        #expect(missing?.description == "\(scratch.path)/none: No such file or directory")
        let folder = #expect(throws: ItemError.self) { try ItemTable(path: scratch.path) }
        #expect(folder?.description == "\(scratch.path): Is a directory")
    }

    @Test func aFileThatShrankIsNoticed() throws {
        let scratch = Scratch()
        let path = scratch.write("items", "one\ntwo\nthree\n".utf8)
        let table = try ItemTable(path: path)
        truncate(path, 6)
        #expect(try text(table.item(0)) == "one")
        #expect(throws: ItemError.changed(path, line: 2)) { try table.item(1) }
        #expect(throws: ItemError.changed(path, line: 3)) { try table.item(2) }
    }

    @Test func aFileWhoseLinesMovedIsNoticed() throws {
        let scratch = Scratch()
        let path = scratch.write("items", "one\ntwo\nthree\n".utf8)
        let table = try ItemTable(path: path)
        scratch.write("items", "an\nother text\n\n".utf8)
        for index in 0..<3 { #expect(throws: ItemError.changed(path, line: index + 1)) { try table.item(index) } }
    }

    @Test func aFileThatGrewKeepsItsItems() throws {
        let scratch = Scratch()
        let path = scratch.write("items", "one\ntwo".utf8)
        let table = try ItemTable(path: path)
        scratch.write("items", "one\ntwo\nthree\n".utf8)
        #expect(try table.count == 2 && text(table.item(1)) == "two")
    }

    @Test func anItemTooLongIsAnErrorForItselfOnly() throws {
        let scratch = Scratch()
        let longest = String(repeating: "x", count: argumentLimit)
        let path = scratch.write("items", "\(longest)\n\(longest)x\nb\n".utf8)
        let table = try ItemTable(path: path)
        #expect(try table.item(0).count == argumentLimit)
        #expect(throws: ItemError.tooLong(path, line: 2, bytes: argumentLimit + 1)) { try table.item(1) }
        #expect(try table.item(2) == bytes("b"))
    }

    @Test func tooManyItemsAreRefused() {
        var scan = ItemScan(name: "items", separator: 10, maximum: 3)
        #expect(throws: ItemError.tooMany("items")) {
            try feed(bytes("a\nb\nc\nd\n"), to: &scan)
        }
    }

    @Test func findsItemsAcrossPieces() throws {
        let content = bytes("a\n\nbc\nd")
        for size in 1...content.count {
            var scan = ItemScan(name: "items", separator: 10)
            for start in stride(from: 0, to: content.count, by: size) {
                let piece = Array(content[start..<min(start + size, content.count)])
                try feed(piece, to: &scan)
            }
            let offsets = scan.finish()
            #expect((0..<offsets.count).map { offsets[$0] } == [0, 2, 3, 6, 8])
        }
    }

    private func feed(_ bytes: [UInt8], to scan: inout ItemScan) throws {
        try bytes.withUnsafeBytes { bytes in try scan.feed(bytes) }
    }
}
