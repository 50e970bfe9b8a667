/// What runs the items of a Job, by its template's `runtimeClassName`; unknown names count as `process`, whose worker refuses them.
public enum RuntimeClass: String, Sendable, Hashable, CaseIterable {
    /// Each item a pod: the containers' commands as processes of the host.
    case process
    /// Closures of a program built on the library, registered under the first container's image.
    case handler
    /// One long-lived process per slot that takes items on its standard input and tells outcomes on its standard output.
    case stream

    /// Whether items are leased many at a time, without pods of their own.
    public var takesChunks: Bool { self != .process }
}
