import BatchAPI

/// Fields that nobody owns, and objects that own nothing.
enum UnmanagedFields {
    /// What a writer never comes to own: what names the object, and what only the server sets.
    static let never = FieldSet(paths: [
        [.field("apiVersion")], [.field("kind")], [.field("metadata")],
        metadata("name"), metadata("namespace"), metadata("uid"), metadata("selfLink"), metadata("resourceVersion"), metadata("generation"),
        metadata("creationTimestamp"), metadata("deletionTimestamp"), metadata("deletionGracePeriodSeconds"), metadata("managedFields"),
    ])

    /// What a write through the resource itself (nil) or a subresource does not touch.
    static func untouched(type: String, subresource: String?) -> FieldSet {
        switch (subresource ?? "", type) {
        case ("", _): mainWrite
        case ("status", "Pod"): podStatusWrite
        case ("status", _): statusWrite
        default: otherWrite
        }
    }

    private static func metadata(_ field: String) -> [PathElement] { [.field("metadata"), .field(field)] }

    private static let mainWrite = FieldSet(paths: [metadata("managedFields"), [.field("status")]])
    private static let statusWrite = FieldSet(paths: [metadata("managedFields"), [.field("spec")]])
    private static let podStatusWrite = statusWrite.union(FieldSet(paths: [metadata("deletionTimestamp"), metadata("ownerReferences")]))
    private static let otherWrite = FieldSet(paths: [metadata("managedFields")])

    /// What a new object is compared with. It has the parts that every object of its type has, so creating owns none of them.
    static func emptyObject(type: String) -> Value {
        switch type {
        case "Job": object(spec: jobSpec)
        case "CronJob": object(spec: ["schedule": "", "jobTemplate": ["metadata": [:], "spec": jobSpec]])
        case "Pod": object(spec: podSpec)
        default: object(spec: [:])
        }
    }

    private static let podSpec: Value = ["containers": .null]
    private static let jobSpec: Value = ["template": ["metadata": [:], "spec": podSpec]]
    private static func object(spec: Value) -> Value { ["metadata": [:], "spec": spec, "status": [:]] }
}
