import Foundation
import Testing

/// Each spec by which Kubernetes tests its own Jobs has a test here that does the same, or a reason why not.
@Suite struct SpecAccountTests {
    /// As "[sig-apps] Job should delete a job [Conformance] [sig-apps, Conformance]", without what is in brackets.
    private static func names() throws -> [String] {
        let text = try String(contentsOfFile: projectRoot + "/Tests/EndToEndTests/Specs/names.txt", encoding: .utf8)
        return text.split(separator: "\n").map { String($0.replacing("[sig-apps] ", with: "").split(separator: " [")[0]) }
    }

    @Test func everySpecHasATest() throws {
        let names = try Self.names()
        #expect(names.count > 40)
        for name in names where !name.hasPrefix(SpecTable.cronJobs) {
            #expect((SpecTable.tests[name] ?? []).isEmpty != (SpecTable.reasons[name] == nil), "name a test or a reason, not both: \(name)")
        }
        for name in Array(SpecTable.tests.keys) + Array(SpecTable.reasons.keys) { #expect(names.contains(name), "there is no such spec: \(name)") }
    }

    @Test func everyTestIsThere() throws {
        let tests = projectRoot + "/Tests"
        let files = (FileManager.default.enumerator(atPath: tests)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
        let exceptions = try String(contentsOfFile: tests + "/ScenarioTests/Exceptions.swift", encoding: .utf8)
        for reference in Set(SpecTable.tests.values.joined()) {
            let parts = reference.split(separator: ".")
            if parts.count == 1 {
                #expect(FileManager.default.fileExists(atPath: "\(tests)/ScenarioTests/Recorded/\(reference).json"), "no scenario \(reference)")
                #expect(!exceptions.contains("\"\(reference)\":"), "\(reference) is not replayed")
                continue
            }
            let suite = files.first { $0.hasSuffix("/\(parts[0]).swift") }
            let text = try suite.map { try String(contentsOfFile: tests + "/" + $0, encoding: .utf8) } ?? ""
            #expect(text.contains("func \(parts[1])("), "no test \(reference)")
        }
    }
}
