import BatchAPI

/// RFC 6902: a list of operations, all or none of which apply.
enum JSONPatch {
    /// More operations than this are refused, as by Kubernetes.
    static let maximumOperations = 10_000
    /// Bytes that copies and moves may carry in all: each may double the document.
    static let maximumCopiedBytes = 3 << 20
    /// As in any JSON that is read.
    static let maximumDepth = 100

    static func apply(_ patch: Value, to target: Value) throws(APIStatus) -> Value {
        guard let operations = patch.array else { throw .badRequest("error decoding patch: a JSON patch must be a list of operations") }
        guard operations.count <= maximumOperations else {
            throw APIStatus(
                code: 413, reason: "RequestEntityTooLarge",
                message: "The allowed maximum operations in a JSON patch is \(maximumOperations), got \(operations.count)")
        }
        var result = target
        var copied = 0
        for operation in operations {
            if let from = pointer(operation["from"]?.string), let source = read(from, in: result) { copied += source.encodedBytes.count }
            guard copied <= maximumCopiedBytes, let next = step(operation, result) else { throw .unprocessable }
            result = next
        }
        return result
    }

    /// The document after one operation; nil if it does not apply.
    private static func step(_ operation: Value, _ document: Value) -> Value? {
        guard let path = pointer(operation["path"]?.string) else { return nil }
        let value = operation["value"]
        switch operation["op"]?.string {
        case "add": return value.flatMap { place($0, at: path, in: document, isNew: true) }
        case "replace": return value.flatMap { place($0, at: path, in: document, isNew: false) }
        case "remove": return remove(at: path, in: document)
        case "test": return read(path, in: document) == value ?? .null ? document : nil
        case "copy": return source(operation, document).flatMap { place($0.value, at: path, in: document, isNew: true) }
        case "move":
            guard let source = source(operation, document), let without = remove(at: source.path, in: document) else { return nil }
            return place(source.value, at: path, in: without, isNew: true)
        default: return nil
        }
    }

    private static func source(_ operation: Value, _ document: Value) -> (path: ArraySlice<String>, value: Value)? {
        guard let path = pointer(operation["from"]?.string), let value = read(path, in: document) else { return nil }
        return (path, value)
    }

    /// RFC 6901: "/a/b~1c" as a, b/c.
    private static func pointer(_ text: String?) -> ArraySlice<String>? {
        guard let text else { return nil }
        guard !text.isEmpty else { return [] }
        guard text.hasPrefix("/") else { return nil }
        let steps = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return steps.map { String($0.replacing("~1", with: "/").replacing("~0", with: "~")) }[...]
    }

    private static func read(_ path: ArraySlice<String>, in document: Value) -> Value? {
        guard let step = path.first else { return document }
        guard let child = child(step, of: document) else { return nil }
        return read(path.dropFirst(), in: child)
    }

    private static func child(_ step: String, of value: Value) -> Value? {
        switch value {
        case .object(let members): return members[step]
        case .array(let elements): return index(step, below: elements.count).map { elements[$0] }
        default: return nil
        }
    }

    private static func index(_ step: String, below count: Int) -> Int? {
        guard let number = Int(step), number >= 0, number < count else { return nil }
        return number
    }

    private static func place(_ value: Value, at path: ArraySlice<String>, in document: Value, isNew: Bool) -> Value? {
        path.count + depth(value) <= maximumDepth ? put(value, at: path, in: document, isNew: isNew) : nil
    }

    private static func put(_ value: Value, at path: ArraySlice<String>, in document: Value, isNew: Bool) -> Value? {
        guard let step = path.first else { return value }
        if path.count > 1 {
            guard let child = child(step, of: document), let changed = put(value, at: path.dropFirst(), in: child, isNew: isNew) else { return nil }
            return set(changed, step, in: document)
        }
        switch document {
        case .object(let members): return isNew || members[step] != nil ? set(value, step, in: document) : nil
        case .array(var elements) where isNew:
            guard let position = step == "-" ? elements.count : index(step, below: elements.count + 1) else { return nil }
            elements.insert(value, at: position)
            return .array(elements)
        case .array(let elements): return index(step, below: elements.count).flatMap { set(value, String($0), in: document) }
        default: return nil
        }
    }

    private static func depth(_ value: Value) -> Int {
        switch value {
        case .object(let members): 1 + (members.values.map(depth).max() ?? 0)
        case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
        default: 0
        }
    }

    private static func set(_ value: Value, _ step: String, in document: Value) -> Value? {
        switch document {
        case .object(var members):
            members[step] = value
            return .object(members)
        case .array(var elements):
            guard let position = index(step, below: elements.count) else { return nil }
            elements[position] = value
            return .array(elements)
        default: return nil
        }
    }

    private static func remove(at path: ArraySlice<String>, in document: Value) -> Value? {
        guard let step = path.first, let child = child(step, of: document) else { return nil }
        if path.count > 1 { return remove(at: path.dropFirst(), in: child).flatMap { set($0, step, in: document) } }
        switch document {
        case .object(var members):
            members[step] = nil
            return .object(members)
        case .array(var elements):
            guard let position = index(step, below: elements.count) else { return nil }
            elements.remove(at: position)
            return .array(elements)
        default: return nil
        }
    }
}
