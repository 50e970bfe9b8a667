import CLinux
import Glibc
import Worker

/// The private folder of a redis-server, 0700. Its lock is inherited by the server, so that a folder is free only when both this
/// process and its server are gone.
struct RedisFolder: Sendable {
    let path: String
    /// The socket's folder; another one where the folder's path is too long for a socket.
    let socketFolder: String
    let isPersistent: Bool
    let lock: Descriptor

    var socket: String { socketFolder + "/redis.sock" }
    var log: String { path + "/redis.log" }
    var configuration: String { path + "/redis.conf" }

    /// sun_path of a Unix socket, less its closing NUL.
    static let longestSocketPath = 107
    private static let prefix = "drover-redis-"

    /// A folder for one run, below the first of these that a socket fits in. Ones that dead runs left behind are removed.
    static func temporary(below bases: [String]) throws(EmbeddedRedisError) -> RedisFolder {
        let path = try makeShort(bases)
        removeAbandoned(below: String(path[..<path.lastIndex(of: "/")!]))
        return RedisFolder(path: path, socketFolder: path, isPersistent: false, lock: try locked(path))
    }

    /// A folder that is there to stay.
    /// - Parameter wait: how long a server of a dead owner is given to end.
    static func persistent(_ path: String, bases: [String], wait: Duration) async throws(EmbeddedRedisError) -> RedisFolder {
        let path = try made(path)
        guard let lock = openLock(path) else { throw failure(path, errno) }
        guard await eventually(within: wait, { drover_lock(lock.number) == 0 }) else {
            throw EmbeddedRedisError(.folder, "\(path) is in use by another redis-server: give this one a folder of its own")
        }
        let fits = (path + "/redis.sock").utf8.count <= longestSocketPath
        return RedisFolder(path: path, socketFolder: fits ? path : try makeShort(bases), isPersistent: true, lock: lock)
    }

    /// Removes what is not to stay.
    func remove() {
        if isPersistent {
            unlink(socket)
            if socketFolder != path { rmdir(socketFolder) }
        } else {
            Self.removeFiles(path)
        }
    }

    /// Lets others have it before this value is gone.
    func unlock() { flock(lock.number, LOCK_UN) }

    private static func makeShort(_ bases: [String]) throws(EmbeddedRedisError) -> String {
        var reason = "their paths are too long for a socket"
        for base in bases where (base + "/\(prefix)XXXXXX/redis.sock").utf8.count <= longestSocketPath {
            var template = Array((base + "/\(prefix)XXXXXX").utf8CString)
            if mkdtemp(&template) != nil { return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
            reason = errorText(errno)
        }
        throw EmbeddedRedisError(.folder, "no private folder for Redis below \(bases.joined(separator: ", ")): \(reason): set TMPDIR")
    }

    private static func locked(_ path: String) throws(EmbeddedRedisError) -> Descriptor {
        guard let lock = openLock(path) else { throw failure(path, errno) }
        let state = drover_lock(lock.number)
        guard state == 0 else { throw failure(path, -state) }
        return lock
    }

    private static func openLock(_ path: String) -> Descriptor? { Descriptor(path: path + "/lock", flags: O_RDWR | O_CREAT, mode: 0o600) }

    private static func failure(_ path: String, _ code: Int32) -> EmbeddedRedisError {
        EmbeddedRedisError(.folder, "folder of Redis \(path): \(errorText(code))")
    }
}

extension RedisFolder {
    /// mkdir -p; refuses a folder that others may change.
    private static func made(_ path: String) throws(EmbeddedRedisError) -> String {
        var whole = path.hasPrefix("/") ? "" : currentFolder()
        for part in path.split(separator: "/") {
            whole += "/" + part
            guard mkdir(whole, 0o700) == 0 || errno == EEXIST else { throw failure(whole, errno) }
        }
        var state = stat()
        guard stat(whole, &state) == 0 else { throw failure(whole, errno) }
        guard state.st_mode & S_IFMT == S_IFDIR else { throw failure(whole, ENOTDIR) }
        guard state.st_uid == geteuid() else { throw EmbeddedRedisError(.folder, "folder of Redis \(whole): it belongs to another user") }
        guard chmod(whole, 0o700) == 0 else { throw failure(whole, errno) }
        return whole
    }

    private static func currentFolder() -> String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        let text = String(cString: path)
        return text == "/" ? "" : text
    }

    /// A run that was killed could not clean up. Its lock is free once its server is gone, too; a young folder may not be locked yet.
    /// - Parameter age: in seconds.
    static func removeAbandoned(below base: String, olderThan age: Int = 60) {
        for name in names(in: base) where name.hasPrefix(prefix) {
            let path = base + "/" + name
            var state = stat()
            guard lstat(path, &state) == 0, state.st_mode & S_IFMT == S_IFDIR, state.st_uid == geteuid(), state.st_ctim.tv_sec < time(nil) - age
            else { continue }
            guard let lock = Descriptor(path: path + "/lock", flags: O_RDWR), drover_lock(lock.number) == 0 else { continue }
            removeFiles(path)
        }
    }

    /// Removes a folder that holds files only.
    private static func removeFiles(_ path: String) {
        for name in names(in: path) { unlink(path + "/" + name) }
        rmdir(path)
    }

    private static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
