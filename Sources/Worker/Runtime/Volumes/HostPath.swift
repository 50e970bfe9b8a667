import Glibc

/// A file or directory of the host that a pod mounts.
struct HostPath {
    let path: String
    let type: String

    /// Makes it where the type says so; fails if it is something else.
    func check() throws(FileError) {
        var status = stat()
        let exists = stat(path, &status) == 0
        switch type {
        case "", "DirectoryOrCreate":
            if !exists { return try FileError.check(path, makeDirectory(path, mode: 0o755)) }
            if type.isEmpty { return }
        case "FileOrCreate" where !exists:
            guard Descriptor(path: path, flags: O_WRONLY | O_CREAT, mode: 0o644) != nil else { throw FileError(path: path, code: errno) }
            return
        default: if !exists { throw FileError(path: path, code: ENOENT) }
        }
        let kinds = ["Socket": S_IFSOCK, "CharDevice": S_IFCHR, "BlockDevice": S_IFBLK, "File": S_IFREG, "FileOrCreate": S_IFREG]
        if status.st_mode & S_IFMT != kinds[type] ?? S_IFDIR { throw FileError(path: "\(path) is no \(type)", code: EINVAL) }
    }
}
