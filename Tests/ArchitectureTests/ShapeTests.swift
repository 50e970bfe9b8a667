import Foundation
import Testing

/// What the tree looks like from far away.
@Suite struct ShapeTests {
    @Test func theTopLevelIsSmall() throws {
        let tree = Tree()
        let listed = try #require(try? Self.trackedFiles(tree.root))
        let top = Set(listed.map { String($0.prefix { $0 != "/" }) }).filter { !$0.hasPrefix(".") }
        #expect(top == ["Package.swift", "Sources", "Tests", "deploy", "bench", "README.md"], "put new files into one of these")
    }

    @Test func everyScriptSaysWhatItDoes() throws {
        for file in try Tree().files("Sources/RedisBroker/Scripts", ["lua"]) {
            #expect(file.lines.first?.hasPrefix("-- ") == true, "\(file.path): begin with what is true before and after, ARGV and the reply")
        }
    }

    @Test func linesFitAScreen() throws {
        for file in try Tree().files("Sources", ["swift", "lua", "c", "h"]) + Tree().files("Tests", ["swift"]) {
            // A message may be long, code not.
            for (number, line) in file.lines.enumerated() where line.count > (line.contains("\"") ? 300 : 170) {
                Issue.record("\(file.path):\(number + 1): \(line.count) columns; break the line at 150")
            }
        }
    }

    /// Files and functions that outgrow their neighbours are shown, not refused: look whether they do two things.
    @Test func whatOutgrowsItsNeighboursIsListed() throws {
        let files = try Tree().files("Sources", ["swift", "lua", "c"])
        let median = files.map(\.lines.count).sorted()[files.count / 2]
        for file in files where file.lines.count > max(200, median * 3) { print("long file: \(file.path): \(file.lines.count) lines, median \(median)") }
        for file in files where file.path.hasSuffix(".swift") {
            for (name, length) in Self.functions(file) where length > 40 { print("long function: \(file.path): \(name): \(length) lines") }
        }
        #expect(median <= 120, "the median file has \(median) lines")
    }

    /// Functions and their lengths, by indentation.
    private static func functions(_ file: Tree.File) -> [(String, Int)] {
        var found: [(String, Int)] = []
        var open: (name: String, indent: Int, line: Int)?
        for (number, line) in file.lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            if let function = open, indent == function.indent, line.dropFirst(indent).hasPrefix("}") {
                found.append((function.name, number - function.line))
                open = nil
            } else if open == nil, line.contains("func "), line.hasSuffix("{") {
                open = (String(line.drop { $0 == " " }.prefix(60)), indent, number)
            }
        }
        return found
    }

    private static func trackedFiles(_ root: URL) throws -> [String] {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", root.path, "ls-files"]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let files = String(decoding: data, as: UTF8.self).split(separator: "\n").map { String($0) }
        return files.isEmpty ? try FileManager.default.contentsOfDirectory(atPath: root.path) : files
    }
}
