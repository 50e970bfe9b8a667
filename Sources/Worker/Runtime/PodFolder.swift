import Glibc

/// A pod's own directory, its working directory unless it names another; gone with the pod.
struct PodFolder {
    let path: String
    private let spares: SpareFolders

    /// Makes it, with that mode.
    init(_ data: DataFolder, pod: String, mode: mode_t = 0o755) {
        (path, spares) = (data.pod(pod), data.spares)
        _ = spares.make(path, mode: mode)
    }

    /// A volume of the pod's own, there for all its containers.
    func volume(_ name: String) -> String { path + ".volumes/" + name }

    /// Makes the directory of a volume that is the pod's own. False with `errno` set on failure.
    func makeVolume(_ name: String, mode: mode_t) -> Bool { spares.make(path + ".volumes", mode: 0o755) && spares.make(volume(name), mode: mode) }

    /// Where a container leaves its last word.
    func messageFile(_ container: String) -> String { path + ".messages/" + container }

    /// Whoever the container runs as may write it.
    func makeMessageFile(_ container: String) {
        _ = spares.make(path + ".messages", mode: 0o755)
        if let file = Descriptor(path: messageFile(container), flags: O_WRONLY | O_CREAT, mode: 0o666) { fchmod(file.number, 0o666) }
    }

    /// - Parameters:
    ///   - volumes: those that were made as the pod's own.
    ///   - hasMessages: whether files for messages were made.
    func remove(volumes: [String], hasMessages: Bool) {
        for volume in volumes { spares.remove(self.volume(volume)) }
        if !volumes.isEmpty { spares.remove(path + ".volumes") }
        if hasMessages { spares.remove(path + ".messages") }
        spares.remove(path)
    }
}
