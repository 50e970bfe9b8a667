/// Which flags of `run` go with which kind of work.
struct RunFlags {
    /// Whether it is to run a command, not manifests.
    var hasCommand: Bool
    /// Whether there are items.
    var hasItems: Bool

    private static let commands: Set<String> = [
        "--items", "--jobs", "--null", "--retries", "--retry-delay", "--halt", "--keep-order", "--joblog", "--resume",
    ]
    private static let manifests: Set<String> = ["--file", "--prefix", "--results"]

    /// Whether a flag of these names is for another kind of work.
    func isForeign(_ names: [String]) -> Bool {
        if !(hasCommand ? Self.manifests : Self.commands).isDisjoint(with: names) { return true }
        return !hasItems && names.contains("--null")
    }
}
