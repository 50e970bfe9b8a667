import Foundation
import Testing

/// Every scenario of the semantics page, S1 to S284, has a recording that is replayed, a test that names it, or a reason why not.
@Suite struct AccountTests {
    @Test func everyScenarioIsAccountedFor() throws {
        let recorded = Set(try ScenarioFile.all().map(\.id).filter { Exceptions.reasons[$0] == nil }.compactMap(Self.number))
        let named = try Self.namedInTests()
        let excepted = Set(Exceptions.numbers.keys.flatMap { Array($0) } + Exceptions.reasons.keys.compactMap(Self.number))
        let missing = (1...284).filter { !recorded.contains($0) && !named.contains($0) && !excepted.contains($0) }
        #expect(missing == [], "replay them, name them in a test, or say in Exceptions why not")
        let stale = excepted.filter { number in named.contains(number) && !Exceptions.reasons.keys.contains { Self.number($0) == number } }
        #expect(stale == [], "these have a test now: take them off Exceptions")
        print("scenarios: \(recorded.count) replayed, \(named.subtracting(recorded).count) by other tests, \(excepted.count) excepted")
    }

    /// "S051a" is 51.
    private static func number(_ id: String) -> Int? { Int(id.dropFirst().prefix { $0.isNumber }) }

    /// Numbers that stand in the sources of other tests, as S94, S211 or S42-S44.
    private static func namedInTests() throws -> Set<Int> {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        var numbers: Set<Int> = []
        for case let file as URL in FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)! {
            let own = ["Exceptions.swift", "AccountTests.swift"].contains(file.lastPathComponent) || file.path.contains("/Player/")
            guard file.pathExtension == "swift", !own else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /\bS(\d{1,3})(?:-S(\d{1,3}))?\b/) {
                let first = Int(match.1)!, last = match.2.flatMap { Int($0) } ?? first
                if first <= last { numbers.formUnion(first...last) }
            }
        }
        return numbers
    }
}
