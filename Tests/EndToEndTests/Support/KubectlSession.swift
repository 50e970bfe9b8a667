import Foundation
import Testing

/// What somebody types with one kubectl, in a namespace of its own.
struct KubectlSession {
    let up: Up
    let version: KubectlVersion
    let namespace: String

    private static let imageWarning = "image: informative only: the command runs on the host"

    /// Makes the namespace, too.
    init(_ version: KubectlVersion, _ topic: String) async throws {
        up = try #require(SharedUp.current)
        self.version = version
        namespace = topic + "-" + version.release.replacing(".", with: "-")
        await check("create namespace \(namespace)", "namespace/\(namespace) created")
    }

    /// Starts a command; the words are parted by spaces, '...' keeps words together.
    func start(_ words: String, input: String? = nil, editor: String? = nil) throws -> Command {
        let environment = [
            "KUBECONFIG": up.scratch.path("data/kubeconfig"), "HOME": up.scratch.path("home-" + version.release), "KUBE_EDITOR": editor ?? "false",
            "TMPDIR": up.scratch.root,
        ]
        return try Command(version.path, ["--namespace", namespace] + Self.split(words), environment: environment, input: input)
    }

    func run(_ words: String, input: String? = nil, editor: String? = nil) async throws -> Drover.Result {
        try await start(words, input: input, editor: editor).finish(limit: 60)
    }

    /// Runs a command and compares what it prints, errors last, with lines of words: `*` is any word, `a*` one that begins so, `**` at the end any rest.
    @discardableResult
    func check(
        _ words: String, _ expected: String, status: Int32 = 0, input: String? = nil, editor: String? = nil, inAnyOrder: Bool = false,
        at place: SourceLocation = #_sourceLocation
    ) async -> Drover.Result? {
        do {
            let result = try await run(words, input: input, editor: editor)
            let lines = Self.lines(result.output) + Self.lines(result.errors).filter { !$0.joined(separator: " ").hasSuffix(Self.imageWarning) }
            let wanted = Self.lines(expected)
            let isSame = inAnyOrder ? Self.matchesInAnyOrder(lines, wanted) : lines.count == wanted.count && zip(lines, wanted).allSatisfy(Self.matches)
            #expect(isSame && result.status == status, "\(version.release): kubectl \(words): \(result)\nexpected \(status): \(expected)", sourceLocation: place)
            return result
        } catch {
            Issue.record("\(version.release): kubectl \(words): \(error)", sourceLocation: place)
            return nil
        }
    }

    /// Runs a command and looks for lines that must be among what it prints.
    @discardableResult
    func find(
        _ words: String, _ expected: String, status: Int32 = 0, input: String? = nil, editor: String? = nil, at place: SourceLocation = #_sourceLocation
    ) async throws -> Drover.Result {
        let result = try await run(words, input: input, editor: editor)
        let lines = Self.lines(result.output) + Self.lines(result.errors)
        for line in Self.lines(expected) where !lines.contains(where: { Self.matches($0, line) }) {
            Issue.record("\(version.release): kubectl \(words): no line \(line.joined(separator: " ")): \(result)", sourceLocation: place)
        }
        #expect(result.status == status, "\(version.release): kubectl \(words): \(result)", sourceLocation: place)
        return result
    }

    /// Watches: runs a command until it has printed lines of these words, one after the other, then ends it.
    func watch(_ words: String, _ expected: String, while action: () async throws -> Void, at place: SourceLocation = #_sourceLocation) async throws {
        let command = try start(words)
        defer { command.end() }
        let wanted = Self.lines(expected)
        // The first line says that the watch is open.
        _ = await wait(seconds: 30) { Self.isInOrder(Array(wanted.prefix(1)), Self.lines(command.output)) }
        try await action()
        let isSeen = await wait(seconds: 30) { Self.isInOrder(wanted, Self.lines(command.output)) }
        #expect(isSeen, "\(version.release): kubectl \(words): \(command.output) \(command.errors)\nexpected: \(expected)", sourceLocation: place)
    }

    // MARK: - Words

    private static func split(_ words: String) -> [String] {
        words.split(separator: "'", omittingEmptySubsequences: false).enumerated().reduce(into: [""]) { found, part in
            let pieces = part.offset % 2 == 1 ? [part.element] : part.element.split(separator: " ", omittingEmptySubsequences: false)
            found[found.count - 1] += pieces.first ?? ""
            found += pieces.dropFirst().map { String($0) }
        }.filter { !$0.isEmpty }
    }

    private static func lines(_ text: String) -> [[Substring]] {
        text.split(whereSeparator: \.isNewline).map { $0.split(whereSeparator: \.isWhitespace) }.filter { !$0.isEmpty }
    }

    private static func matches(_ line: [Substring], _ wanted: [Substring]) -> Bool {
        let isOpen = wanted.last == "**"
        let fixed = isOpen ? wanted.dropLast() : wanted[...]
        guard isOpen ? line.count >= fixed.count : line.count == fixed.count else { return false }
        return zip(line, fixed).allSatisfy { $1.hasSuffix("*") ? $0.hasPrefix($1.dropLast()) : $0 == $1 }
    }

    private static func matchesInAnyOrder(_ lines: [[Substring]], _ wanted: [[Substring]]) -> Bool {
        var left = lines
        for line in wanted {
            guard let at = left.firstIndex(where: { matches($0, line) }) else { return false }
            left.remove(at: at)
        }
        return left.isEmpty
    }

    private static func isInOrder(_ wanted: [[Substring]], _ lines: [[Substring]]) -> Bool {
        var rest = lines[...]
        for line in wanted {
            guard let at = rest.firstIndex(where: { matches($0, line) }) else { return false }
            rest = rest[(at + 1)...]
        }
        return true
    }
}
