import BatchAPI

/// One entry of `metadata.managedFields`: who owns which fields, and how they came to.
struct ManagedEntry: Sendable, Hashable {
    enum Operation: String, Sendable, Hashable {
        case apply = "Apply", update = "Update"
    }

    /// What tells entries apart. An applier is one whatever version it applies by.
    struct Identity: Sendable, Hashable {
        var manager: String
        var operation: Operation
        /// Empty for appliers.
        var apiVersion: String
        /// Empty for the resource itself.
        var subresource: String

        init(manager: String, operation: Operation, apiVersion: String, subresource: String?) {
            self.manager = manager
            self.operation = operation
            self.apiVersion = operation == .apply ? "" : apiVersion
            self.subresource = subresource ?? ""
        }
    }

    var identity: Identity
    var apiVersion: String
    var time: Timestamp?
    var fields: FieldSet
}

extension ManagedEntry {
    /// Reads an entry; nil if it is not one.
    init?(_ value: Value) {
        guard let operation = value["operation"]?.string.flatMap({ Operation(rawValue: $0) }), value["fieldsType"]?.string == "FieldsV1",
            let version = value["apiVersion"]?.string, !version.isEmpty, let fields = Self.fields(value["fieldsV1"] ?? .null)
        else { return nil }
        identity = Identity(
            manager: value["manager"]?.string ?? "", operation: operation, apiVersion: version, subresource: value["subresource"]?.string)
        apiVersion = version
        time = value["time"]?.string.flatMap { Timestamp(rfc3339: $0)?.wholeSecond }
        self.fields = fields
    }

    private static func fields(_ value: Value) -> FieldSet? { value.isNull ? FieldSet() : FieldSet(fieldsV1: value) }

    /// The entry in an object.
    var value: Value {
        var members: [String: Value] = [
            "manager": .string(identity.manager), "operation": .string(identity.operation.rawValue), "apiVersion": .string(apiVersion),
            "fieldsType": "FieldsV1", "fieldsV1": fields.fieldsV1,
        ]
        members["time"] = time?.value
        if !identity.subresource.isEmpty { members["subresource"] = .string(identity.subresource) }
        return .object(members)
    }
}

extension ManagedEntry: Comparable {
    /// The order in an object: appliers first, each by time.
    static func < (left: ManagedEntry, right: ManagedEntry) -> Bool {
        if left.identity.operation != right.identity.operation { return left.identity.operation == .apply }
        if left.seconds != right.seconds { return left.seconds < right.seconds }
        return left.names.lexicographicallyPrecedes(right.names)
    }

    private var names: [String] { [identity.manager, apiVersion, identity.subresource] }
    private var seconds: Int64 { (time?.milliseconds ?? 0) / 1000 }
}
