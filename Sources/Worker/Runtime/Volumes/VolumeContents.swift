import CLinux
import Glibc
import Synchronization

/// The files of volumes that the worker writes, laid out as a kubelet's: `..data` is a link to the folder that holds them, and each name at the
/// top a link into it. So all of a volume's files change at once.
final class VolumeContents: Sendable {
    private let group: UInt32?
    private let current = Mutex<[String: [VolumeFile]]>([:])

    /// - Parameter group: who may read them; nil: whoever the files' modes let.
    init(group: UInt32?) { self.group = group }

    /// Makes a volume's files be these.
    func set(_ volume: String, to files: [VolumeFile], in root: String) throws(FileError) {
        let before = current.withLock { $0[volume] }
        if before == files { return }
        try lay(files, instead: before ?? [], in: root)
        current.withLock { $0[volume] = files }
    }

    private func lay(_ files: [VolumeFile], instead before: [VolumeFile], in root: String) throws(FileError) {
        let folder = "..\(drover_realtime_ns())", data = root + "/..data"
        try FileError.check(root, makeDirectory(root + "/" + folder, mode: 0o755))
        for file in files { try write(file, in: root + "/" + folder) }
        let old = link(data)
        unlink(data + "_tmp")
        try FileError.check(data, symlink(folder, data + "_tmp") == 0 && rename(data + "_tmp", data) == 0)
        let names = Set(files.map(\.top))
        for name in names where link(root + "/" + name) == nil {
            try FileError.check(root + "/" + name, symlink("..data/" + name, root + "/" + name) == 0)
        }
        for name in Set(before.map(\.top)).subtracting(names) { unlink(root + "/" + name) }
        if let old { removeTree(root + "/" + old) }
    }

    private func write(_ file: VolumeFile, in folder: String) throws(FileError) {
        let path = folder + "/" + file.path
        try FileError.check(path, makeDirectory(String(path[..<path.lastIndex(of: "/")!]), mode: 0o755))
        guard let output = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600) else { throw FileError(path: path, code: errno) }
        try FileError.check(path, Glibc.write(output.number, file.bytes, file.bytes.count) == file.bytes.count)
        if let group { fchown(output.number, uid_t.max, group) }
        // A group that is to read it must be able to.
        fchmod(output.number, file.mode | (group == nil ? 0 : 0o040))
    }

    private func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension VolumeFile {
    /// The first part of its path.
    fileprivate var top: String { String(path.prefix { $0 != "/" }) }
}
