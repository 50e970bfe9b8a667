/// A thread that runs slots and waits for their processes: from a process's end to its report, and from the grant to the next spawn, nothing
/// changes threads. Each has a connection of its own to the store, as a spawn that hangs holds up all else on it.
public protocol SlotLane: TaskExecutor {
    /// Calls `handler` on the thread whenever the descriptor is readable, and `leave` when the thread ends.
    func attend(_ descriptor: Int32, _ handler: @escaping @Sendable () -> Void, leave: @escaping @Sendable () -> Void)
}
