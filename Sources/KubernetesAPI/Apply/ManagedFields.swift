import BatchAPI

/// `metadata.managedFields`: which writer owns which fields of an object.
enum ManagedFields {
    /// The entries after a create (`old` nil), update or patch, `new` being the object after defaults and before what the server adds of
    /// its own. The writer owns what it added or changed; who owned that before, or what was removed, loses it. An entry's time moves only
    /// when its writer gains something. An object without entries stays without, but for a create.
    static func updated(
        old: Value?, new: Value, type: String, apiVersion: String, manager: String, subresource: String?, time: Timestamp
    ) -> [Value] {
        var entries = current(old: old, new: new, isSubresource: subresource ?? "" != "")
        if old != nil, entries.isEmpty { return [] }
        let change = Comparison(old ?? UnmanagedFields.emptyObject(type: type), new, type: type)
            .excluding(UnmanagedFields.untouched(type: type, subresource: subresource))
        let writer = ManagedEntry.Identity(manager: manager, operation: .update, apiVersion: apiVersion, subresource: subresource)
        entries.cede(change)
        entries.gain(change.written.difference(UnmanagedFields.never), writer: writer, apiVersion: apiVersion, time: time)
        return entries.capped.values
    }

    /// The entries a write starts from: the client's own, if it sent some that can be read, else the stored ones. An empty list, or one
    /// with an empty entry, is the client's wish to begin anew; through a subresource it has none.
    private static func current(old: Value?, new: Value, isSubresource: Bool) -> ManagedEntries {
        let stored = list(old).flatMap { ManagedEntries($0) } ?? ManagedEntries()
        guard !isSubresource, let sent = list(new) else { return stored }
        if sent.isEmpty || sent == [.object([:])] { return ManagedEntries() }
        return ManagedEntries(sent) ?? stored
    }

    /// The entries of a stored object; none if they can't be read.
    static func entries(of object: Value?) -> ManagedEntries { list(object).flatMap { ManagedEntries($0) } ?? ManagedEntries() }

    private static func list(_ object: Value?) -> [Value]? { object?["metadata"]?["managedFields"]?.array }
}

extension ManagedFields {
    /// `old` if `new` differs from it in nothing but the times of entries, else `new`: a write that changes nothing leaves times alone.
    static func settled(_ new: Value, old: Value?) -> Value {
        guard let old, without(new) == without(old), entries(of: new).timeless == entries(of: old).timeless else { return new }
        return old
    }

    /// The object alone.
    static func without(_ object: Value) -> Value {
        var result = object
        result["metadata"]?["managedFields"] = nil
        return result
    }
}

extension ManagedEntries {
    fileprivate mutating func gain(_ fields: FieldSet, writer: ManagedEntry.Identity, apiVersion: String, time: Timestamp) {
        guard !fields.isEmpty else { return }
        let owned = self[writer]?.fields ?? FieldSet()
        self[writer] = ManagedEntry(identity: writer, apiVersion: apiVersion, time: time.wholeSecond, fields: owned.union(fields))
    }
}
