import Synchronization

/// What a handler makes of an item: nothing, or up to 4 KiB that are kept with it.
typealias Handler = @Sendable (Item) async throws -> String?

/// The handlers of a program by name.
final class Handlers: Sendable {
    private let bodies = Mutex<[String: Handler]>([:])

    func add(_ name: String, _ body: @escaping Handler) {
        let isNew = bodies.withLock { $0.updateValue(body, forKey: name) == nil }
        precondition(isNew, "a handler named \(name) is registered already")
    }

    func find(_ name: String) -> Handler? { bodies.withLock { $0[name] } }

    var names: [String] { bodies.withLock { $0.keys.sorted() } }
}
