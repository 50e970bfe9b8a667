import BatchAPI
import Foundation

/// Files recorded from a real Kubernetes 1.36.2, each a list of cases.
enum Fixtures {
    static func load(_ name: String) throws -> [Value] {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name).json")
        return try Value.parse(json: Array(Data(contentsOf: url))).array ?? []
    }
}

extension Value {
    /// The member at a dotted path.
    func at(_ path: String) -> Value? {
        path.split(separator: ".").reduce(self as Value?) { $0?[String($1)] }
    }
}
