/// One work item as a handler gets it.
public struct Item: Sendable {
    /// Its completion index (NonIndexed: its ordinal), from 0.
    public let index: Int
    /// The bytes that were attached to it; empty if there are none.
    public let payload: ArraySlice<UInt8>
    /// What it is an item of.
    public let job: ItemJob

    /// The payload as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: payload, as: UTF8.self) }
}

/// The Job that an item belongs to.
public final class ItemJob: Sendable {
    /// The Job's name.
    public let name: String
    /// The Job's namespace.
    public let namespace: String
    /// The Job's uid.
    public let uid: String
    /// The plain variables in the template of its first container: the handler's parameters, the same for all items.
    public let environment: [String: String]

    init(name: String, namespace: String, uid: String, environment: [String: String]) {
        (self.name, self.namespace, self.uid, self.environment) = (name, namespace, uid, environment)
    }
}

/// A failure that says how its item ends: thrown by a handler, it sets the exit code that `podFailurePolicy` looks at. Any other error counts
/// as exit code 1.
public struct ItemError: Error, Sendable, CustomStringConvertible {
    /// From 1 to 255.
    public var exitCode: Int
    /// Shown with the failed pod; cut at 1,024 bytes.
    public var message: String

    /// An error of its parts.
    public init(exitCode: Int = 1, _ message: String) { (self.exitCode, self.message) = (exitCode, message) }

    /// The message.
    public var description: String { message }
}
