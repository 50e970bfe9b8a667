/// Builds the documents of a YAML text. Aliases share their nodes and are counted as if expanded, so that a
/// text cannot grow beyond the limits; depth is limited too.
struct YAMLReader: ~Copyable {
    static let maximumDepth = 100
    static let maximumNodes = 1_000_000
    static let maximumScalarBytes = 10 << 20

    private var events: YAMLEvents
    private var anchors: [String: (node: Node, cost: Cost)] = [:]
    private var total = Cost()
    private var depth = 0
    /// The greatest depth within the collection that is being read.
    private var deepest = 0

    /// How large a node is when its aliases are written out.
    private struct Cost {
        var nodes = 0
        var bytes = 0
        var height = 0
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { events = YAMLEvents(bytes) }

    /// The documents of a text; empty ones are null scalars.
    static func documents(_ bytes: [UInt8]) throws(SyntaxError) -> [Node] {
        try bytes.withUnsafeBufferPointer { buffer throws(SyntaxError) in
            var reader = YAMLReader(buffer)
            return try reader.readAll()
        }
    }

    private mutating func readAll() throws(SyntaxError) -> [Node] {
        var documents: [Node] = []
        while true {
            switch try events.next() {
            case .streamEnd: return documents
            case .documentStart:
                anchors = [:]
                documents.append(try node(from: try events.next()))
            default: continue
            }
        }
    }

    private mutating func node(from event: YAMLEvent) throws(SyntaxError) -> Node {
        let mark = events.mark
        switch event {
        case .alias(let name): return try alias(name, at: mark)
        case .scalar(let text, let isPlain, let tag, let anchor):
            let node = try scalar(text, isPlain: isPlain, tag: tag, at: mark)
            if let anchor { anchors[anchor] = (node, Cost(nodes: 1, bytes: text.utf8.count)) }
            return node
        case .sequenceStart(let anchor):
            return try collection(anchor: anchor, at: mark) { reader throws(SyntaxError) in .array(try reader.elements()) }
        case .mappingStart(let anchor):
            return try collection(anchor: anchor, at: mark) { reader throws(SyntaxError) in .object(try reader.members()) }
        default: throw SyntaxError("unexpected end of the document", at: mark)
        }
    }

    private mutating func collection(
        anchor: String?, at mark: Mark, read: (inout YAMLReader) throws(SyntaxError) -> Node.Content
    ) throws(SyntaxError) -> Node {
        depth += 1
        if depth > Self.maximumDepth { throw SyntaxError("nested more than \(Self.maximumDepth) levels deep", at: mark) }
        let (before, outerDeepest) = (total, deepest)
        deepest = depth
        try charge(Cost(nodes: 1), at: mark)
        let node = Node(content: try read(&self), mark: mark)
        depth -= 1
        if let anchor {
            let (nodes, bytes) = (total.nodes - before.nodes, total.bytes - before.bytes)
            anchors[anchor] = (node, Cost(nodes: nodes, bytes: bytes, height: deepest - depth))
        }
        deepest = max(deepest, outerDeepest)
        return node
    }

    private mutating func elements() throws(SyntaxError) -> [Node] {
        var elements: [Node] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event { return elements }
            elements.append(try node(from: event))
        }
    }

    private mutating func members() throws(SyntaxError) -> [Node.Member] {
        var members: [Node.Member] = []
        var merged: [Node] = []
        while true {
            let event = try events.next()
            if case .mappingEnd = event { return try merge(merged, into: members) }
            let mark = events.mark
            if case .scalar("<<", true, nil, _) = event {
                merged.append(try node(from: try events.next()))
                continue
            }
            let key = try key(from: event, at: mark)
            members.append(Node.Member(key: key, mark: mark, value: try node(from: try events.next())))
        }
    }

    private mutating func key(from event: YAMLEvent, at mark: Mark) throws(SyntaxError) -> String {
        guard case .scalar(let value) = try node(from: event).content
        else { throw SyntaxError("a key must be a string", at: mark) }
        switch value {
        case .string(let text): return text
        case .int, .bool, .double: return value.encoded()
        default: throw SyntaxError("a key must be a string", at: mark)
        }
    }

    /// `<<: *base` and `<<: [*a, *b]`: the object's own keys win, then the earlier source.
    private func merge(_ sources: [Node], into members: [Node.Member]) throws(SyntaxError) -> [Node.Member] {
        guard !sources.isEmpty else { return members }
        var result = members
        var seen = Set(members.map(\.key))
        for source in sources {
            for object in source.listElements ?? [source] {
                guard case .object(let additions) = object.content
                else { throw SyntaxError("'<<' needs an object or a list of objects", at: object.mark) }
                result += additions.filter { seen.insert($0.key).inserted }
            }
        }
        return result
    }

    private mutating func alias(_ name: String, at mark: Mark) throws(SyntaxError) -> Node {
        guard let (node, cost) = anchors[name] else { throw SyntaxError("undefined alias \"\(name)\"", at: mark) }
        try charge(cost, at: mark)
        // A shared node would otherwise nest deeper than its depth in the text.
        deepest = max(deepest, depth + cost.height)
        guard deepest <= Self.maximumDepth
        else { throw SyntaxError("nested more than \(Self.maximumDepth) levels deep", at: mark) }
        return node
    }

    private mutating func scalar(_ text: String, isPlain: Bool, tag: String?, at mark: Mark) throws(SyntaxError) -> Node {
        try charge(Cost(nodes: 1, bytes: text.utf8.count), at: mark)
        guard let value = YAMLScalars.resolve(text, isPlain: isPlain, tag: tag)
        else { throw SyntaxError("unsupported tag \"\(tag ?? "")\" or a value that does not fit it", at: mark) }
        return Node(content: .scalar(value), mark: mark)
    }

    private mutating func charge(_ cost: Cost, at mark: Mark) throws(SyntaxError) {
        total.nodes += cost.nodes
        total.bytes += cost.bytes
        guard total.nodes <= Self.maximumNodes, total.bytes <= Self.maximumScalarBytes
        else { throw SyntaxError("too large once its aliases are expanded", at: mark) }
    }
}
