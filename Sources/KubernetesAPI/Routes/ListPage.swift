import BatchAPI

/// A part of a list, of the size that the client asked for, and where it goes on.
struct ListPage<Item> {
    var items: [Item]
    /// That of the first page on all: a watch from there misses nothing, whichever page is the last.
    var resourceVersion: String
    /// "" on the last page.
    var token = ""
    /// Nil where nobody counts.
    var remaining: Int?

    /// Cuts a list; `key` names an item by namespace and name.
    /// - Throws: 410 or 504 if the version that the client wants is not there.
    init(_ items: [Item], _ options: ListOptions, resourceVersion: String, key: (Item) -> String) throws(APIStatus) {
        try options.check(newest: resourceVersion)
        self.resourceVersion = options.start?.resourceVersion ?? resourceVersion
        guard options.start != nil || options.limit != nil else {
            self.items = items
            return
        }
        let keyed = items.map { (key: key($0), item: $0) }.filter { $0.key > options.start?.after ?? "" }.sorted { $0.key < $1.key }
        let page = keyed.prefix(options.limit ?? keyed.count)
        self.items = page.map(\.item)
        guard page.count < keyed.count, let last = page.last else { return }
        token = ListStart(resourceVersion: self.resourceVersion, after: last.key).token
        remaining = options.isSelective ? nil : keyed.count - page.count
    }

    /// The list's metadata.
    var metadata: Value {
        var value: Value = ["resourceVersion": .string(resourceVersion)]
        if !token.isEmpty { value["continue"] = .string(token) }
        if let remaining { value["remainingItemCount"] = .int(Int64(remaining)) }
        return value
    }
}

/// Where a page begins; clients hand it back as a token that means nothing to them.
struct ListStart: Sendable, Hashable {
    /// That of the first page.
    var resourceVersion: String
    /// The key of the last item before.
    var after: String

    /// Each byte of `resourceVersion/key` in hexadecimal.
    var token: String {
        "\(resourceVersion)/\(after)".utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    init(resourceVersion: String, after: String) { (self.resourceVersion, self.after) = (resourceVersion, after) }

    /// Reads a token.
    init(token: String) throws(APIStatus) {
        let digits = token.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { throw Self.invalid }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, UInt64(parts[0]) != nil else { throw Self.invalid }
        self.init(resourceVersion: String(parts[0]), after: String(parts[1]))
    }

    private static let invalid = APIStatus.badRequest("invalid continue token: continue key is not valid: it is none that this server has handed out")
}

extension Value {
    /// Lists go by namespace and name.
    var sortKey: String { "\(self["metadata"]?["namespace"]?.string ?? "")/\(objectName)" }
}
