import BatchAPI
import Foundation
import Testing

/// Requests to the API as curl sends them.
extension Up {
    struct Answer: CustomStringConvertible {
        var code: Int
        var value: Value
        var description: String { "\(code) \(value.text)" }
    }

    func send(_ method: String, _ path: String, _ body: String? = nil, type: String = "application/json") async throws -> Answer {
        let sent = body == nil ? [] : ["-H", "Content-Type: " + type, "--data-binary", "@-"]
        let result = try await Command("/usr/bin/env", ["curl", "-s", "-X", method, "-w", "\n%{http_code}"] + sent + [url + path], input: body).finish(limit: 60)
        let lines = result.output.split(separator: "\n")
        let text = lines.dropLast().joined(separator: "\n")
        return Answer(code: lines.last.flatMap { Int($0) } ?? 0, value: (try? Value.parse(json: Array(text.utf8))) ?? .string(text))
    }

    func get(_ path: String) async throws -> Value { try await send("GET", path).value }

    /// Waits until an object is as it should be; gives it then.
    func until(_ path: String, seconds: Double = 60, at place: SourceLocation = #_sourceLocation, _ condition: (Value) -> Bool) async throws -> Value {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let value = try await get(path)
            if condition(value) { return value }
            if Date() > end {
                Issue.record("\(path): \(value.text)\n\(command.errors)", sourceLocation: place)
                return value
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension Value {
    /// The member at a dotted path; numbers are positions.
    func at(_ path: String) -> Value? {
        path.split(separator: ".").reduce(self as Value?) { value, step in
            guard case .array(let elements)? = value else { return value?[String(step)] }
            return Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        }
    }

    var text: String { String(decoding: encodedBytes, as: UTF8.self) }
    var items: [Value] { self["items"]?.array ?? [] }
    var name: String { at("metadata.name")?.string ?? "" }

    /// Whether a condition holds.
    func holds(_ type: String) -> Bool {
        (at("status.conditions")?.array ?? []).contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
    }
}
