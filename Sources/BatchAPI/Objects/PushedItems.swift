/// A Job whose items are pushed to it, with payloads, while it runs: it has the annotation `drover.dev/items`, its completions are as many as were
/// pushed, and it is complete once it is told that no more will come.
extension Job {
    /// The annotation; its value does not matter, unless it is "false".
    public static let itemsAnnotation = "drover.dev/items"

    public var takesItems: Bool { Self.takesItems(metadata.annotations) }

    static func takesItems(_ annotations: [String: String]) -> Bool { (annotations[itemsAnnotation] ?? "false") != "false" }
}
