/// One object of a manifest file.
public struct ManifestDocument: Sendable {
    public var apiVersion: String
    public var kind: String
    /// The object as written; nothing is defaulted.
    public var value: Value
    /// The file as the caller named it.
    public var file: String
    /// The line on which the object starts, from 1.
    public var line: Int
    private let node: Node

    init(apiVersion: String, kind: String, node: Node, file: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.node = node
        self.file = file
        value = node.value
        line = node.mark.line
    }

    /// The line of a field such as `spec.template.spec.containers[0].name`, or of the nearest field above it
    /// that the text has; nil if not even the first step exists.
    public func line(of fieldPath: String) -> Int? {
        var current = node
        var line: Int?
        for step in FieldPath.steps(fieldPath) {
            guard let (next, mark) = current.step(step) else { break }
            current = next
            line = mark.line
        }
        return line
    }

    /// A validation error of this object, with its place.
    public func error(_ error: FieldError) -> ManifestError {
        ManifestError(file: file, line: line(of: error.field) ?? line, field: error.field, message: error.message)
    }
}

/// Takes field paths apart.
enum FieldPath {
    /// `a.b[0][k.l]` as a, b, 0, k.l.
    static func steps(_ path: String) -> [Substring] {
        var steps: [Substring] = []
        var rest = path[...]
        while !rest.isEmpty {
            if rest.first == "[", let end = rest.firstIndex(of: "]") {
                steps.append(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            } else {
                if rest.first == "." { rest = rest.dropFirst() }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                if name.isEmpty { break }
                steps.append(name)
                rest = rest.dropFirst(name.count)
            }
        }
        return steps
    }
}

extension Node {
    /// The member or element of a step, and where its key (or itself) stands.
    fileprivate func step(_ step: Substring) -> (Node, Mark)? {
        switch content {
        case .object(let members): members.last { $0.key == step }.map { ($0.value, $0.mark) }
        case .array(let elements):
            Int(step).flatMap { elements.indices.contains($0) ? (elements[$0], elements[$0].mark) : nil }
        case .scalar: nil
        }
    }
}
