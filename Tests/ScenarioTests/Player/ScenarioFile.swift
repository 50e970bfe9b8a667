import BatchAPI
import Foundation

/// A recorded scenario: what was done to a real Kubernetes, and what it answered.
struct ScenarioFile: Sendable, CustomStringConvertible {
    struct Step: Sendable {
        var actions: [Value]
        /// The observation after them.
        var then: Value
        /// Further keys: settle, quiet, delay, show, ignore.
        var options: Value

        var show: Value { options["show"] ?? .object([:]) }
        var ignored: [String] { options["ignore"]?.strings ?? [] }
    }

    var id: String
    var title: String
    /// "fast", "stock", or nil where no back-off matters.
    var clock: String?
    var steps: [Step]

    var description: String { id }

    init(_ value: Value) {
        (id, title, clock) = (value["id"]?.string ?? "", value["title"]?.string ?? "", value["clock"]?.string)
        steps = (value["steps"]?.array ?? []).map {
            Step(actions: $0["do"]?.array ?? [], then: $0["then"] ?? .null, options: $0)
        }
    }

    /// All files, by name.
    static func all() throws -> [ScenarioFile] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Recorded")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted()
        return try files.map { ScenarioFile(try Value.parse(json: Array(Data(contentsOf: folder.appendingPathComponent($0))))) }
    }
}

/// The scenario can't be played on.
struct Stuck: Error, CustomStringConvertible {
    var description: String
}

extension Value {
    /// JSON merge patch (RFC 7386).
    func merged(_ change: Value) -> Value {
        guard case .object(let members) = change else { return change }
        var result = object ?? [:]
        for (key, member) in members { result[key] = member.isNull ? nil : (result[key] ?? .null).merged(member) }
        return .object(result)
    }

    /// A number of seconds, whole or not.
    var number: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The value at a path such as spec.containers.0.env; with / where keys have dots.
    func at(path: String) -> Value? {
        path.split(separator: path.contains("/") ? "/" : ".").reduce(self as Value?) { value, key in
            if let list = value?.array { return Int(key).flatMap { $0 < list.count ? list[$0] : nil } }
            return value?[String(key)]
        }
    }
}
