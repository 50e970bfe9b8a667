import BatchAPI

/// The owners of an object's fields.
struct ManagedEntries: Sendable, Hashable {
    private(set) var byIdentity: [ManagedEntry.Identity: ManagedEntry] = [:]

    /// More entries of writers than this are merged.
    static let maximumUpdates = 10

    /// No owners.
    init() {}

    /// Reads `metadata.managedFields`; nil if any of it can't be read. Of entries of the same owner the last counts.
    init?(_ list: [Value]) {
        for value in list {
            guard let entry = ManagedEntry(value) else { return nil }
            byIdentity[entry.identity] = entry
        }
    }

    var isEmpty: Bool { byIdentity.isEmpty }

    /// As an object holds them.
    var values: [Value] { byIdentity.values.sorted().map(\.value) }

    /// An owner's entry. Writing one without fields removes it.
    subscript(_ identity: ManagedEntry.Identity) -> ManagedEntry? {
        get { byIdentity[identity] }
        set { byIdentity[identity] = newValue.flatMap { $0.fields.isEmpty ? nil : $0 } }
    }

    /// What anybody owns.
    var allFields: FieldSet { byIdentity.values.reduce(FieldSet()) { $0.union($1.fields) } }

    /// Everybody but `writer` loses what was written or removed.
    mutating func cede(_ change: Comparison, to writer: ManagedEntry.Identity? = nil) {
        let lost = change.written.union(change.removed)
        for (identity, entry) in byIdentity where identity != writer {
            var rest = entry
            rest.fields = entry.fields.difference(lost)
            self[identity] = rest
        }
    }

    /// Without times, to see whether anything else changed.
    var timeless: ManagedEntries {
        var result = self
        for identity in byIdentity.keys { result.byIdentity[identity]?.time = nil }
        return result
    }
}

extension ManagedEntries {
    private static let ancient = "ancient-changes"

    /// With at most ten writers: beyond that the oldest of each API version become one.
    var capped: ManagedEntries {
        let updates = byIdentity.values.filter { $0.identity.operation == .update }.sorted()
        var excess = updates.count - Self.maximumUpdates
        var result = self, oldest: [String: ManagedEntry.Identity] = [:]
        for entry in updates where excess > 0 {
            guard let first = oldest[entry.apiVersion] else {
                oldest[entry.apiVersion] = entry.identity
                continue
            }
            oldest[entry.apiVersion] = result.merge(first, entry.identity)
            excess -= 1
        }
        return result
    }

    /// Merges two writers, the second being the later; answers who owns their fields now.
    private mutating func merge(_ first: ManagedEntry.Identity, _ second: ManagedEntry.Identity) -> ManagedEntry.Identity {
        guard let old = byIdentity[first], let new = byIdentity[second] else { return first }
        (byIdentity[first], byIdentity[second]) = (nil, nil)
        let bucket = ManagedEntry.Identity(manager: Self.ancient, operation: .update, apiVersion: new.apiVersion, subresource: nil)
        let earlier = byIdentity[bucket]?.fields ?? FieldSet()
        byIdentity[bucket] = ManagedEntry(
            identity: bucket, apiVersion: new.apiVersion, time: new.time, fields: old.fields.union(new.fields).union(earlier))
        return bucket
    }
}
