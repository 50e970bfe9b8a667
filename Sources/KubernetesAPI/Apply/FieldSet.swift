import BatchAPI

/// A set of fields of an object, each named by its path. A node of a tree: the field itself, and the sets below its members and items.
struct FieldSet: Sendable, Hashable {
    /// Whether the field that the path leads to is in the set; at the root, which no one owns, false.
    var isMember: Bool
    /// What lies below; none of these is empty, so that equal sets are equal trees.
    private(set) var children: [PathElement: FieldSet]

    /// The empty set, or the one that holds just the field it stands for.
    init(isMember: Bool = false) {
        self.isMember = isMember
        children = [:]
    }

    /// The set of these paths.
    init(paths: [[PathElement]]) {
        self.init()
        for path in paths { insert(path[...]) }
    }

    /// Whether nothing is in the set.
    var isEmpty: Bool { !isMember && children.isEmpty }

    /// What lies below an element; an empty set where there is nothing.
    subscript(_ element: PathElement) -> FieldSet {
        get { children[element] ?? FieldSet() }
        set { children[element] = newValue.isEmpty ? nil : newValue }
    }

    /// Adds one path; those above it are not added.
    mutating func insert(_ path: ArraySlice<PathElement>) {
        guard let first = path.first else { return isMember = true }
        self[first].insert(path.dropFirst())
    }

    /// Whether a path is in the set.
    func contains(_ path: some Sequence<PathElement>) -> Bool {
        var node = self
        for element in path {
            guard let child = node.children[element] else { return false }
            node = child
        }
        return node.isMember
    }

    /// The paths: at each level first its own, then those below.
    var paths: [[PathElement]] {
        let sorted = children.sorted { $0.key < $1.key }
        return sorted.filter(\.value.isMember).map { [$0.key] }
            + sorted.flatMap { element, child in child.withoutItself.paths.map { [element] + $0 } }
    }

    private var withoutItself: FieldSet {
        var set = self
        set.isMember = false
        return set
    }
}

extension FieldSet {
    /// What is in either set.
    func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember || other.isMember
        for (element, child) in other.children { result[element] = children[element]?.union(child) ?? child }
        return result
    }

    /// What is in both sets.
    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: isMember && other.isMember)
        for (element, child) in children {
            if let twin = other.children[element] { result[element] = child.intersection(twin) }
        }
        return result
    }

    /// What is not in the other set, path by path: what lies below a path of the other stays.
    func difference(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember && !other.isMember
        for (element, twin) in other.children {
            if let child = children[element] { result[element] = child.difference(twin) }
        }
        return result
    }

    /// What is neither in the other set nor below one of its paths.
    func excluding(_ other: FieldSet) -> FieldSet {
        if other.isMember { return FieldSet() }
        var result = self
        for (element, twin) in other.children {
            if let child = children[element] { result[element] = child.excluding(twin) }
        }
        return result
    }
}

extension FieldSet {
    /// Reads the JSON of `managedFields[].fieldsV1`; nil if it is not of that form. Kinds of names that are not known are passed over.
    init?(fieldsV1 value: Value) {
        do throws(PathElement.Malformed) { self = try Self.read(value) } catch { return nil }
        isMember = false
    }

    private static func read(_ value: Value) throws(PathElement.Malformed) -> FieldSet {
        guard case .object(let members) = value else { throw PathElement.Malformed() }
        var result = FieldSet()
        for (name, below) in members where name != "." {
            guard let element = try PathElement(fieldsV1: name) else { continue }
            let child = try read(below)
            result[element] = result.children[element]?.union(child) ?? child
        }
        // Nothing below means the field itself.
        result.isMember = members["."] != nil || result.children.isEmpty
        return result
    }

    /// The JSON of `managedFields[].fieldsV1`.
    var fieldsV1: Value {
        var members: [String: Value] = [:]
        for (element, child) in children { members[element.fieldsV1] = child.fieldsV1 }
        if isMember, !members.isEmpty { members["."] = .object([:]) }
        return .object(members)
    }
}
