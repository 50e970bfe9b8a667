import BatchAPI
import CLinux
import Glibc
import Synchronization

/// Places of the host that pods mount something at and that the host does not have: made for them, and gone with the last one.
///
/// A mount point that is removed takes along the mounts that others have there. So each that was made stands as a file in a folder that all
/// workers of one user share, and whoever needs it holds a lock on that file, which goes with its holder's life: who comes last removes both.
public struct MountPoints: Sendable {
    let folder: String

    /// The user's own folder.
    public init() { self.init(folder: geteuid() == 0 ? "/run/drover/mounts" : "/tmp/.drover-mounts-\(geteuid())") }

    init(folder: String) { self.folder = folder }

    /// Where something is mounted, as a directory or as a file.
    struct Place: Hashable {
        var path: String
        var isDirectory: Bool
    }

    // MARK: Holding

    /// Makes what is missing of some places, and keeps it until `release`. What can't be made is left to who mounts there, and fails with the reason.
    func hold(_ places: Set<Place>) -> MountPointHold? {
        guard let turn = turn(makesFolder: false) ?? (places.allSatisfy { access($0.path, F_OK) == 0 } ? nil : turn(makesFolder: true)) else { return nil }
        var held: [MountPointHold.Point] = []
        for place in places.sorted(by: { $0.path < $1.path }) {
            guard let path = HostRules.resolved(place.path) else { continue }
            for part in Self.parts(path) {
                guard let point = point(Place(path: part, isDirectory: place.isDirectory || part != path)) else { break }
                if let file = point.file { held.append(.init(path: part, file: file)) }
            }
        }
        withExtendedLifetime(turn) {}
        return held.isEmpty ? nil : MountPointHold(self, held)
    }

    /// Its folders from the top, and itself.
    private static func parts(_ path: String) -> [String] {
        var parts: [String] = [], whole = ""
        for name in path.split(separator: "/") {
            whole += "/" + name
            parts.append(whole)
        }
        return parts
    }

    /// nil: it is not there and can't be made; without a file: the host has it.
    private func point(_ place: Place) -> (file: Descriptor?, Void)? {
        let entry = entry(place.path), isThere = access(place.path, F_OK) == 0
        if isThere, access(entry, F_OK) != 0 { return (nil, ()) }
        guard let file = Descriptor(path: entry, flags: O_RDWR | O_CREAT, mode: 0o600), drover_lock_shared(file.number) == 0 else { return nil }
        let bytes = Array(place.path.utf8)
        guard pwrite(file.number, bytes, bytes.count, 0) == bytes.count, isThere || Self.make(place) else {
            unlink(entry)
            return nil
        }
        return (file, ())
    }

    private static func make(_ place: Place) -> Bool {
        if place.isDirectory { return mkdir(place.path, 0o755) == 0 }
        return Descriptor(path: place.path, flags: O_CREAT | O_EXCL | O_WRONLY, mode: 0o644) != nil
    }

    // MARK: Removal

    /// Removes what nobody holds any more, as of workers that were killed.
    public func sweep() {
        guard let turn = turn(makesFolder: false) else { return }
        let left = directoryEntries(folder).filter { $0 != Self.lock }.compactMap { name in readSmallFile(folder + "/" + name).map { (name, $0) } }
        for (_, path) in left.sorted(by: { $0.1 > $1.1 }) { remove(path) }
        withExtendedLifetime(turn) {}
    }

    func release(_ paths: [String]) {
        guard let turn = turn(makesFolder: false) else { return }
        for path in paths.sorted(by: >) { remove(path) }
        withExtendedLifetime(turn) {}
    }

    /// Unless somebody holds it, or something was put there.
    private func remove(_ path: String) {
        guard let file = Descriptor(path: entry(path), flags: O_RDWR), drover_lock(file.number) == 0 else { return }
        var status = stat()
        if lstat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { rmdir(path) } else if status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 { unlink(path) }
        }
        unlink(entry(path))
    }

    // MARK: The folder

    private static let lock = "lock"

    /// One at a time.
    private func turn(makesFolder: Bool) -> Descriptor? {
        if makesFolder, !makeDirectory(folder, mode: 0o700) { return nil }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_uid == geteuid(), status.st_mode & S_IFMT == S_IFDIR else { return nil }
        guard let file = Descriptor(path: folder + "/" + Self.lock, flags: O_RDWR | O_CREAT, mode: 0o600) else { return nil }
        return drover_lock_waiting(file.number) == 0 ? file : nil
    }

    /// A name that any path fits into.
    private func entry(_ path: String) -> String {
        folder + "/" + String(Checksum(path.utf8).value, radix: 16)
    }
}

/// Mount points that are needed.
final class MountPointHold: Sendable {
    struct Point: Sendable {
        var path: String
        var file: Descriptor
    }

    private let points: MountPoints
    private let held: Mutex<[Point]>

    init(_ points: MountPoints, _ held: [Point]) {
        self.points = points
        self.held = Mutex(held)
    }

    /// They are not needed any more.
    func release() {
        let paths = held.withLock { held in
            defer { held = [] }
            // A process that is being started may have the descriptors, too, for a moment: closing them would not do.
            for point in held { flock(point.file.number, LOCK_UN) }
            return held.map(\.path)
        }
        points.release(paths)
    }
}
