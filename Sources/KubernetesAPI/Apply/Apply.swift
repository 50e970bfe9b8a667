import BatchAPI

/// Server-side apply: an applier says what it wants of an object, and owns just that.
enum Apply {
    /// The object after applying `config`, its `managedFields` being up to date; `live` itself if nothing changes. Defaults are still to be
    /// set. Fields that this manager applied before, does not any more, and nobody else owns go. Whoever owns a field with another value
    /// is a conflict, unless `force` takes it from them.
    static func apply(
        _ config: Value, to live: Value?, type: String, manager: String, force: Bool, time: Timestamp, subresource: String? = nil
    ) throws(APIStatus) -> Value {
        try ConfigCheck.check(config, live: live, type: type)
        var operation = ApplyOperation(config: config, live: live, type: type, manager: manager, subresource: subresource, time: time)
        let merged = operation.merge()
        let change = operation.change(to: merged)
        if !force { try operation.refuseConflicts(change) }
        operation.take(change)
        let result = LastApplied.synced(ApplyMerge.withoutNulls(merged, .object(type)), config: config, manager: manager)
        return operation.isSettled(result) ? live ?? result : operation.entries.written(to: result)
    }
}

/// The steps of one apply.
struct ApplyOperation: Sendable {
    let config: Value
    let live: Value?
    let type: String
    let time: Timestamp
    let writer: ManagedEntry.Identity
    let apiVersion: String
    /// Fields that this way of writing does not touch.
    let untouched: FieldSet
    var entries: ManagedEntries
    /// The entries before.
    private let stored: ManagedEntries

    init(config: Value, live: Value?, type: String, manager: String, subresource: String?, time: Timestamp) {
        (self.config, self.live, self.type, self.time) = (config, live, type, time)
        apiVersion = config["apiVersion"]?.string ?? ""
        writer = ManagedEntry.Identity(manager: manager, operation: .apply, apiVersion: apiVersion, subresource: subresource)
        untouched = UnmanagedFields.untouched(type: type, subresource: subresource)
        stored = ManagedFields.entries(of: live)
        entries = stored
        if let live, entries.isEmpty { entries = Self.beforeFirstApply(live, type, apiVersion, subresource, time) }
    }

    /// Who owns an object that nobody is known to own.
    private static func beforeFirstApply(
        _ live: Value, _ type: String, _ apiVersion: String, _ subresource: String?, _ time: Timestamp
    ) -> ManagedEntries {
        let list = ManagedFields.updated(
            old: nil, new: ManagedFields.without(live), type: type, apiVersion: apiVersion, manager: "before-first-apply",
            subresource: subresource, time: time)
        return ManagedEntries(list) ?? ManagedEntries()
    }

    /// Merges the configuration into the object, takes out what this manager gives up, and notes what it claims.
    mutating func merge() -> Value {
        let last = entries[writer]?.fields.excluding(untouched) ?? FieldSet()
        let claimed = FieldSet(of: config, type: type).excluding(untouched)
        entries[writer] = ManagedEntry(identity: writer, apiVersion: apiVersion, time: time.wholeSecond, fields: claimed)
        let merged = ApplyMerge.merge(live, config, .structure(type))
        let kept = entries.allFields.withHolders(.structure(type), containers: true)
        let given = last.withHolders(.structure(type), containers: false).difference(kept)
        if given.isEmpty { return merged }
        // Once more, for what was emptied but is claimed as such.
        return ApplyMerge.merge(ApplyMerge.remove(given, from: merged, .structure(type)), config, .structure(type))
    }

    /// What the merged object changes.
    func change(to merged: Value) -> Comparison {
        Comparison(live ?? UnmanagedFields.emptyObject(type: type), merged, type: type).excluding(untouched)
    }

    /// Refuses to change what others own.
    func refuseConflicts(_ change: Comparison) throws(APIStatus) {
        var conflicts: [ManagedEntry.Identity: FieldSet] = [:]
        for (owner, entry) in entries.byIdentity where owner != writer {
            let fields = entry.fields.intersection(change.written)
            if !fields.isEmpty { conflicts[owner] = fields }
        }
        if conflicts.isEmpty { return }
        let own = LastApplied.fields(of: live, manager: writer.manager, apiVersion: apiVersion, type: type)
        conflicts = conflicts.mapValues { $0.difference(own) }.filter { !$0.value.isEmpty }
        if !conflicts.isEmpty { throw .applyConflict(conflicts) }
    }

    /// Whether a result is what was there, times of entries aside.
    func isSettled(_ result: Value) -> Bool {
        guard let live, entries.timeless == stored.timeless else { return false }
        return ManagedFields.without(result) == ManagedFields.without(live)
    }

    /// Takes what changes from its owners.
    mutating func take(_ change: Comparison) {
        entries.cede(change, to: writer)
        guard var own = entries[writer] else { return }
        own.fields = own.fields.difference(UnmanagedFields.never)
        entries[writer] = own
    }
}

extension ManagedEntries {
    /// The object with these entries.
    func written(to object: Value) -> Value {
        var result = object
        var metadata = object["metadata"] ?? .object([:])
        metadata["managedFields"] = isEmpty ? nil : .array(values)
        result["metadata"] = metadata
        return result
    }
}
