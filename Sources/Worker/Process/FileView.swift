import CLinux
import Glibc

/// What a process sees of the host's file system. Mounts are seen by it and its children only; the host's mount table stays as it is.
public struct FileView: Sendable {
    /// Something at a place of its own.
    public struct Mount: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            /// A file or directory of the host, or a part of it that no link leads out of (made if missing).
            case bind(String, subPath: String?)
            /// A directory in memory, of at most that many bytes.
            case memory(bytes: Int64?, mode: UInt32, group: UInt32?)
        }

        public var kind: Kind
        /// Absolute; made if missing.
        public var target: String
        public var isReadOnly: Bool

        public init(_ kind: Kind, at target: String, isReadOnly: Bool = false) { (self.kind, self.target, self.isReadOnly) = (kind, target, isReadOnly) }
    }

    /// In any order: what lies below another is mounted after it.
    public var mounts: [Mount] = []
    /// All but /proc, /dev and the mounts.
    public var isRootReadOnly = false
    /// The mount namespace it starts from (see `make`); nil: the worker's.
    public var base: Descriptor?
    /// Made as an ordinary user: in a user namespace, in which it is itself.
    public var usesUserNamespace = false

    public init(mounts: [Mount] = [], isRootReadOnly: Bool = false) { (self.mounts, self.isRootReadOnly) = (mounts, isRootReadOnly) }

    /// A mount namespace that shows this view, for as long as the descriptor is open.
    func make() throws(SpawnError) -> Descriptor {
        let number = withC { drover_make_view($0) }
        guard number >= 0 else { throw SpawnError(stage: .mounts, code: -number, subject: mounts.first?.target ?? "/") }
        return Descriptor(owning: number)
    }

    /// The mounts in the order in which they are made.
    var ordered: [Mount] { mounts.sorted { Self.depth($0.target) < Self.depth($1.target) } }

    private static func depth(_ path: String) -> Int { path.split(separator: "/").count }

    /// Where it mounts on what the host has, or is to have: what lies in an earlier mount is made there.
    var places: [MountPoints.Place] {
        let ordered = ordered
        return ordered.enumerated().compactMap { at, mount in
            if ordered[..<at].contains(where: { mount.target == $0.target || mount.target.hasPrefix($0.target + "/") }) { return nil }
            guard case .bind(let source, let subPath) = mount.kind else { return .init(path: mount.target, isDirectory: true) }
            var status = stat()
            let isThere = stat(source + (subPath.map { "/" + $0 } ?? ""), &status) == 0
            return .init(path: mount.target, isDirectory: !isThere || status.st_mode & S_IFMT == S_IFDIR)
        }
    }

    func withC<Result>(_ body: (UnsafePointer<drover_view>) -> Result) -> Result {
        var texts: [UnsafeMutablePointer<CChar>] = []
        func text(_ string: String) -> UnsafePointer<CChar> {
            texts.append(strdup(string))
            return UnsafePointer(texts.last!)
        }
        defer { for text in texts { free(text) } }
        var view = drover_view()
        (view.root_read_only, view.namespace) = (isRootReadOnly ? 1 : 0, base?.number ?? -1)
        if usesUserNamespace { (view.user_map, view.group_map) = (text("\(geteuid()) \(geteuid()) 1\n"), text("\(getegid()) \(getegid()) 1\n")) }
        let list = ordered.map { mount in
            var one = drover_mount()
            (one.target, one.read_only) = (text(mount.target), mount.isReadOnly ? 1 : 0)
            switch mount.kind {
            case .bind(let source, let subPath):
                (one.kind, one.source, one.sub_path) = (Int32(DROVER_MOUNT_BIND), text(source), subPath.map(text))
            case .memory(let bytes, let mode, let group):
                let options = ["mode=" + String(mode, radix: 8)] + (bytes.map { ["size=\($0)"] } ?? []) + (group.map { ["gid=\($0)"] } ?? [])
                (one.kind, one.source) = (Int32(DROVER_MOUNT_TMPFS), text(options.joined(separator: ",")))
            }
            return one
        }
        return list.withUnsafeBufferPointer { list in
            (view.mounts, view.mount_count) = (list.baseAddress, Int32(list.count))
            return withExtendedLifetime(self) { body(&view) }
        }
    }
}
