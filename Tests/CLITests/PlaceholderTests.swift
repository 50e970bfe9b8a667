import Testing

@testable import DroverCLI

@Suite struct PlaceholderTests {
    private func fill(_ command: [String], _ item: String, at index: Int = 0) throws -> [String] {
        try Placeholders(command: command.map(bytes), source: "items").arguments(for: bytes(item), at: index).map { text($0) }
    }

    static let paths: [(item: String, withoutExtension: String, name: String, folder: String, both: String)] = [
        ("a/b.c.txt", "a/b.c", "b.c.txt", "a", "b.c"), ("b.txt", "b", "b.txt", ".", "b"), ("/b.txt", "/b", "b.txt", "/", "b"),
        ("a.d/b", "a.d/b", "b", "a.d", "b"), ("a/.rc", "a/", ".rc", "a", ""), ("b.", "b.", "b.", ".", "b."), ("a/b/", "a/b/", "", "a", ""),
        ("a//b.x", "a//b", "b.x", "a", "b"), ("/", "/", "", "/", ""), ("", "", "", ".", ""), ("//a", "//a", "a", "/", "a"),
        ("a b.x y", "a b", "a b.x y", ".", "a b"), ("..", "..", "..", ".", ".."),
    ]

    @Test(arguments: paths)
    func pathsAreTakenApart(_ case: (item: String, withoutExtension: String, name: String, folder: String, both: String)) throws {
        let filled = try fill(["{}", "{.}", "{/}", "{//}", "{/.}"], `case`.item)
        #expect(filled == [`case`.item, `case`.withoutExtension, `case`.name, `case`.folder, `case`.both])
    }

    static let commands: [([String], [String])] = [
        (["echo"], ["echo", "x y"]), (["echo", "-n"], ["echo", "-n", "x y"]), (["echo", "{}"], ["echo", "x y"]),
        (["convert", "{}", "out/{/}"], ["convert", "x y", "out/x y"]), (["echo", "{#}:{index}"], ["echo", "5:4"]),
        (["{}", "a"], ["x y", "a"]), (["a{}b{}c"], ["ax ybx yc"]), (["{{}}"], ["{x y}"]),
        (["echo", "{a}", "{ }", "{", "}"], ["echo", "{a}", "{ }", "{", "}", "x y"]), (["awk", "{print $1}", "{}"], ["awk", "{print $1}", "x y"]),
        (["echo", "{index"], ["echo", "{index", "x y"]), (["echo", "", "{}"], ["echo", "", "x y"]),
    ]

    @Test(arguments: commands) func commandsAreFilledIn(_ command: [String], _ expected: [String]) throws {
        #expect(try fill(command, "x y", at: 4) == expected)
    }

    @Test func anItemIsNotLookedAtAgain() throws {
        #expect(try fill(["echo", "{}", "{#}"], "{#} {} $(rm) ;'\"") == ["echo", "{#} {} $(rm) ;'\"", "1"])
    }

    @Test func bytesStayAsTheyAre() throws {
        let filled = try Placeholders(command: [[0xFF, 0x7B, 0x7D]], source: "items").arguments(for: [0xC3, 0x0A], at: 0)
        #expect(filled == [[0xFF, 0xC3, 0x0A]])
    }

    @Test func refusesNulBytesWithTheirLine() {
        let template = Placeholders(command: [bytes("echo")], source: "items.txt")
        let error = #expect(throws: ItemError.self) { try template.arguments(for: [65, 0, 66], at: 6) }
        #expect(error?.description.hasPrefix("items.txt:7: ") == true)
    }

    @Test func refusesArgumentsThatTheSystemWouldNot() throws {
        let template = Placeholders(command: [bytes("echo"), bytes("ab{}")], source: "items")
        #expect(try template.arguments(for: Array(repeating: 65, count: argumentLimit - 2), at: 0)[1].count == argumentLimit)
        #expect(throws: ItemError.argumentTooLong(position: 2, bytes: argumentLimit + 1)) {
            try template.arguments(for: Array(repeating: 65, count: argumentLimit - 1), at: 0)
        }
    }

    @Test func ownArgumentsAsBytes() {
        #expect(RawArguments.last(0).isEmpty)
        #expect(RawArguments.last(1).map { text($0) } == CommandLine.arguments.suffix(1))
    }
}
