import Glibc

/// A step on a file that failed.
struct FileError: Error, CustomStringConvertible {
    var path: String
    /// The errno.
    var code: Int32

    var description: String { "\(path): \(errorText(code))" }

    static func check(_ path: String, _ hasWorked: Bool) throws(FileError) { if !hasWorked { throw FileError(path: path, code: errno) } }
}

/// Whole trees of files.
enum Ownership {
    /// Gives a directory to a group that may write in it; all below, too, unless it has been given before.
    static func give(_ root: String, to group: UInt32) {
        var status = stat()
        if lstat(root, &status) == 0, status.st_gid == group, status.st_mode & S_ISGID != 0 { return }
        giveAll(root, group)
    }

    private static func giveAll(_ path: String, _ group: UInt32) {
        var status = stat()
        guard lstat(path, &status) == 0, lchown(path, uid_t.max, group) == 0 else { return }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        if isDirectory { for name in directoryEntries(path) { giveAll(path + "/" + name, group) } }
        if status.st_mode & S_IFMT == S_IFLNK { return }
        chmod(path, status.st_mode & 0o7777 | (isDirectory ? 0o2770 : 0o660))
    }

    /// The bytes on disk of a tree.
    static func size(_ path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        let own = Int64(status.st_blocks) * 512
        guard status.st_mode & S_IFMT == S_IFDIR else { return own }
        return directoryEntries(path).reduce(own) { $0 + size(path + "/" + $1) }
    }
}
