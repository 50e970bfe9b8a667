/// Turns nodes into documents, gathering errors.
struct ManifestReader {
    let file: String
    let kinds: [String: String]
    private(set) var documents: [ManifestDocument] = []
    private(set) var errors: [ManifestError] = []

    /// More errors than this help nobody.
    private static let maximumErrors = 100

    init(file: String, kinds: [String: String]) {
        self.file = file
        self.kinds = kinds
    }

    mutating func fail(_ mark: Mark, _ field: String?, _ message: String) {
        guard errors.count < Self.maximumErrors else { return }
        errors.append(ManifestError(file: file, line: mark.line, column: mark.column, field: field, message: message))
    }

    /// Reads one document, or one item of a List, whose path is then `items[3]`.
    mutating func read(_ node: Node, path: String) {
        if node.isNull { return }
        guard case .object = node.content else {
            return fail(node.mark, path.isEmpty ? nil : path, "expected an object, found \(node.words)")
        }
        let prefix = path.isEmpty ? "" : path + "."
        guard let kind = text("kind", of: node, prefix), let apiVersion = text("apiVersion", of: node, prefix) else { return }
        if kind == "List", apiVersion == "v1" { return readList(node, prefix) }
        guard isSupported(kind, apiVersion, node, prefix) else { return }
        let problems = Schema.check(node, as: kind)
        for problem in problems { fail(problem.mark, prefix + problem.path, problem.message) }
        if problems.isEmpty {
            documents.append(ManifestDocument(apiVersion: apiVersion, kind: kind, node: node, file: file))
        }
    }

    private mutating func text(_ key: String, of node: Node, _ prefix: String) -> String? {
        guard let member = node[key], !member.isNull, member.string != "" else {
            fail(node.mark, prefix + key, "missing")
            return nil
        }
        if member.string == nil { fail(member.mark, prefix + key, "expected a string, found \(member.words)") }
        return member.string
    }

    private mutating func readList(_ node: Node, _ prefix: String) {
        guard prefix.isEmpty else { return fail(node.mark, prefix + "kind", "a List within a List is not supported") }
        guard let items = node["items"], !items.isNull else { return }
        guard let elements = items.listElements else {
            return fail(items.mark, "items", "expected a list, found \(items.words)")
        }
        for (position, element) in elements.enumerated() { read(element, path: "items[\(position)]") }
    }

    private mutating func isSupported(_ kind: String, _ apiVersion: String, _ node: Node, _ prefix: String) -> Bool {
        guard let wanted = kinds[kind] else {
            let list = kinds.keys.sorted().joined(separator: ", ")
            fail(node["kind"]?.mark ?? node.mark, prefix + "kind", "unsupported kind \"\(kind)\" of \(apiVersion) (supported: \(list))")
            return false
        }
        guard apiVersion == wanted else {
            let mark = node["apiVersion"]?.mark ?? node.mark
            fail(mark, prefix + "apiVersion", "unsupported version \"\(apiVersion)\" of \(kind) (supported: \(wanted))")
            return false
        }
        return true
    }
}
