import BatchAPI

/// Who owns the fields of objects after the writes of one request.
struct Ownership: Sendable {
    var write: WriteOptions
    var type: String
    var apiVersion: String
    var subresource: String?
    var time: Timestamp

    init(_ write: WriteOptions, of kind: ResourceKind, subresource: String? = nil, time: Timestamp) {
        (self.write, type, apiVersion, self.subresource, self.time) = (write, kind.kind, kind.apiVersion, subresource, time)
    }

    /// A posted object with the entries of its first writer; `written` is what that is taken to have written.
    func created(_ posted: Value, written: Value) -> Value { posted.owned(by: entries(old: nil, new: written)) }

    /// A changed object with its entries, or the old one if nothing else changes. `new` has the entries that the client sent.
    func updated(_ new: Value, old: Value) -> Value {
        ManagedFields.settled(new.owned(by: entries(old: old, new: new)), old: old)
    }

    /// The object that an apply makes of another, or of nothing.
    func applied(_ config: Value, to live: Value?) throws(APIStatus) -> Value {
        try Apply.apply(
            config, to: live, type: type, manager: write.manager, force: write.isForced, time: time, subresource: subresource)
    }

    private func entries(old: Value?, new: Value) -> [Value] {
        ManagedFields.updated(
            old: old, new: new, type: type, apiVersion: apiVersion, manager: write.manager, subresource: subresource, time: time)
    }
}

extension Value {
    /// An object with these entries; without the field if there are none.
    func owned(by entries: [Value]?) -> Value {
        with(managedFields: entries.flatMap { $0.isEmpty ? nil : .array($0) })
    }

    /// An object with this field, absent if nil.
    func with(managedFields: Value?) -> Value {
        var result = self
        var metadata = self["metadata"] ?? .null
        if metadata.object == nil { metadata = .object([:]) }
        metadata["managedFields"] = managedFields
        result["metadata"] = metadata
        return result
    }
}
