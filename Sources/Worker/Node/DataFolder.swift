import CLinux
import Glibc

/// The worker's folder: logs, pods' own directories, claims, and the lock that keeps a second worker out.
public struct DataFolder: Sendable {
    public let path: String
    private let lock: Descriptor
    let spares: SpareFolders

    /// Makes and locks it.
    /// - Throws: `WorkerError` if it can't be made or another worker uses it.
    public init(path: String) throws(WorkerError) {
        (self.path, spares) = (path, SpareFolders(path + "/spares"))
        for part in ["", "/logs", "/pods", "/claims", "/spares"] where !makeDirectory(path + part) {
            throw WorkerError("data folder \(path + part): \(errorText(errno))")
        }
        guard let lock = Descriptor(path: path + "/lock", flags: O_RDWR | O_CREAT, mode: 0o600) else {
            throw WorkerError("data folder \(path)/lock: \(errorText(errno))")
        }
        guard drover_lock(lock.number) == 0 else { throw WorkerError("data folder \(path) is in use by another worker: give this one its own with --data") }
        self.lock = lock
    }

    /// The log of a container's n-th run.
    public func log(job: String, attempt: String, restart: Int) -> String { "\(path)/logs/\(job)/\(attempt).\(restart).log" }

    func claim(_ name: String) -> String { "\(path)/claims/\(name)" }
    func logs(job: String) -> String { "\(path)/logs/\(job)" }
    func pod(_ uid: String) -> String { "\(path)/pods/\(uid)" }

    /// Where the guardian of an instance notes sessions.
    func sessionBook(_ instance: String) -> String { "\(path)/sessions.\(instance)" }
    var sessionBooks: [String] { directoryEntries(path).filter { $0.hasPrefix("sessions.") }.map { path + "/" + $0 } }

    /// Removes what pods of an earlier worker had.
    func clear() {
        for name in directoryEntries(path + "/pods") { removeTree(path + "/pods/" + name) }
        for name in directoryEntries(path + "/spares") { removeTree(path + "/spares/" + name) }
    }

    /// The instance that used this folder last, and from now on `instance`.
    func exchangeInstance(_ instance: String) -> String? {
        let before = readSmallFile(path + "/instance").map { String($0.prefix { $0 != "\n" }) }
        let file = Descriptor(path: path + "/instance", flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        let bytes = Array(instance.utf8)
        if let file { _ = write(file.number, bytes, bytes.count) }
        return before
    }
}

/// Removes a directory and all in it; never follows a link.
public func removeTree(_ path: String) {
    if rmdir(path) == 0 || errno != ENOTEMPTY && errno != EEXIST { return }
    for name in directoryEntries(path, onlyDirectories: false) {
        let entry = path + "/" + name
        if unlink(entry) != 0 && (errno == EISDIR || errno == EPERM) { removeTree(entry) }
    }
    rmdir(path)
}

/// mkdir -p.
func makeDirectory(_ path: String, mode: mode_t = 0o700) -> Bool {
    if mkdir(path, mode) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
    return makeDirectory(String(path[..<slash]), mode: mode) && (mkdir(path, mode) == 0 || errno == EEXIST)
}
