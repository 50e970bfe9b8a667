import CLinux
import Glibc
import Synchronization

/// Empty directories of pods that are over, for those that come: moving one costs far less than making one.
final class SpareFolders: Sendable {
    private static let limit = 128

    private let path: String
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var last = 0
        var names: [mode_t: [String]] = [:]
    }

    /// - Parameter path: where they lie; nothing else does.
    init(_ path: String) { self.path = path }

    /// Makes an empty directory of exactly that mode, and what is missing above it. One that is there stays as it is.
    /// - Returns: false with `errno` set on failure.
    func make(_ folder: String, mode: mode_t) -> Bool {
        if let spare = take(mode) {
            if rename(spare, folder) == 0 { return true }
            rmdir(spare)
        }
        return makeDirectory(folder, mode: 0o755) && (mode == 0o755 || chmod(folder, mode) == 0)
    }

    private func take(_ mode: mode_t) -> String? {
        state.withLock { state in
            guard let name = state.names[mode]?.popLast() else { return nil }
            state.count -= 1
            return name
        }
    }

    /// Removes a directory with all in it; follows no link.
    func remove(_ folder: String) {
        guard let mode = mode(folder) else { return removeTree(folder) }
        let isEmpty = clear(folder)
        let spare = state.withLock { state -> String? in
            guard state.count < Self.limit else { return nil }
            (state.count, state.last) = (state.count + 1, state.last + 1)
            return "\(path)/\(state.last)"
        }
        guard let spare else { return removeTree(folder) }
        if isEmpty, rename(folder, spare) == 0 {
            state.withLock { $0.names[mode, default: []].append(spare) }
        } else {
            state.withLock { $0.count -= 1 }
            removeTree(folder)
        }
    }

    /// False if something would not go.
    private func clear(_ folder: String) -> Bool {
        let names = directoryEntries(folder)
        for name in names where unlink(folder + "/" + name) != 0 { removeTree(folder + "/" + name) }
        return names.isEmpty || directoryEntries(folder).isEmpty
    }

    /// nil unless it is as new ones are: the worker's own, without attributes.
    private func mode(_ folder: String) -> mode_t? {
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_gid == getegid(),
            drover_has_attributes(folder) == 0
        else { return nil }
        return status.st_mode & 0o7777
    }
}
