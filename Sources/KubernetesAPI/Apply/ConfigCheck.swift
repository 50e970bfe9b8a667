import BatchAPI

/// Whether a configuration can be applied at all.
struct ConfigCheck {
    private var problems: [String] = []

    static func check(_ config: Value, live: Value?, type: String) throws(APIStatus) {
        guard config.object != nil else { throw .badRequest("error decoding patch: a configuration must be an object") }
        let version = config["apiVersion"]?.string ?? "", expected = expectedVersion(live: live, type: type)
        guard version == expected else {
            throw .badRequest("Incorrect version specified in apply patch. Specified patch version: \(version), expected: \(expected)")
        }
        guard config["metadata"]?["managedFields"]?.array == nil else { throw .badRequest("metadata.managedFields must be nil") }
        let problems = problems(of: config, type: type)
        // Kubernetes answers 500 here too.
        if !problems.isEmpty { throw .fault("failed to create typed patch object (\(address(config, live, type))): \(text(problems))") }
    }

    /// What of an object does not fit its type, each with its path.
    static func problems(of object: Value, type: String) -> [String] {
        var check = ConfigCheck()
        check.visit(object, .object(type), .structure(type), "")
        return check.problems
    }

    private static func expectedVersion(live: Value?, type: String) -> String {
        if let version = live?["apiVersion"]?.string { return version }
        return ["Job", "CronJob"].contains(type) ? "batch/v1" : "v1"
    }

    /// As Kubernetes names an object: `default/j; batch/v1, Kind=Job`.
    private static func address(_ config: Value, _ live: Value?, _ type: String) -> String {
        func name(_ field: String) -> String { (config["metadata"]?[field] ?? live?["metadata"]?[field])?.string ?? "" }
        let version = config["apiVersion"]?.string ?? ""
        return "\(name("namespace"))/\(name("name")); \(version.contains("/") ? version : "/\(version)"), Kind=\(type)"
    }

    private static func text(_ problems: [String]) -> String {
        problems.count == 1 ? problems[0] : "errors:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension ConfigCheck {
    private mutating func visit(_ value: Value, _ type: Schema.FieldType, _ shape: Shape, _ path: String) {
        switch (type, value) {
        case (_, .null), (.any, _): break
        case (.object(let name), .object(let members)): visitFields(members, of: name, path)
        case (.map(let element), .object(let members)):
            for (key, member) in members.sorted(by: { $0.key < $1.key }) { visit(member, element, Shape(element), "\(path).\(key)") }
        case (.list(let element, _), .array(let items)), (.set(let element), .array(let items)): visitItems(items, element, shape, path)
        case (.object, _), (.map, _): report(path, "expected map, got \(value.kindWord)")
        case (.list, _), (.set, _): report(path, "expected list, got \(value.kindWord)")
        default: visitScalar(value, type, path)
        }
    }

    private mutating func visitFields(_ members: [String: Value], of name: String, _ path: String) {
        guard let fields = Schema.fields(of: name) else { return }
        for (key, member) in members.sorted(by: { $0.key < $1.key }) {
            let memberPath = "\(path).\(key)"
            guard let type = fields[key] else {
                report(memberPath, "field not declared in schema")
                continue
            }
            visit(member, type, Shape(key, of: name) ?? .leaf, memberPath)
        }
    }

    private mutating func visitItems(_ items: [Value], _ type: Schema.FieldType, _ shape: Shape, _ path: String) {
        var seen: Set<PathElement> = []
        for (position, item) in items.enumerated() {
            guard let element = shape == .leaf ? .index(position) : shape.element(of: item) else {
                return report(path, "element \(position): \(keyProblem(item, shape))")
            }
            if !seen.insert(element).inserted { report(path, "duplicate entries for key \(element)") }
            visit(item, type, Shape(type), path + element.description)
        }
    }

    private func keyProblem(_ item: Value, _ shape: Shape) -> String {
        guard case .keyed(_, let keys) = shape else {
            return "associative list without keys has an element that's \(item.isNull ? "an explicit null" : "a \(item.kindWord)")"
        }
        guard let members = item.object else {
            return "associative list with keys may not have \(item.isNull ? "a null element" : "non-map elements")"
        }
        let missing = keys.first { !(members[$0] ?? Shape.keyDefaults[$0] ?? .null).isScalar } ?? ""
        return "associative list with keys has an element that omits key field \"\(missing)\" (and doesn't have default value)"
    }

    private mutating func visitScalar(_ value: Value, _ type: Schema.FieldType, _ path: String) {
        switch (type, value) {
        case (.string, .string), (.bytes, .string), (.time, .string), (.microTime, .string), (.bool, .bool): break
        case (.int32, .int), (.int32, .double), (.int64, .int), (.int64, .double), (.double, .int), (.double, .double): break
        case (.quantity, _) where value.isScalar, (.intOrString, _) where value.isScalar: break
        default: report(path, "expected \(type.scalarWord), got \(value.kindWord)")
        }
    }

    private mutating func report(_ path: String, _ message: String) { problems.append(path.isEmpty ? message : "\(path): \(message)") }
}

extension Value {
    fileprivate var kindWord: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .int, .double: "number"
        case .string: "string"
        case .array: "list"
        case .object: "map"
        }
    }
}

extension Schema.FieldType {
    fileprivate var scalarWord: String {
        switch self {
        case .bool: "boolean"
        case .int32, .int64, .double: "numeric (int or float)"
        case .quantity, .intOrString: "any scalar"
        default: "string"
        }
    }
}
