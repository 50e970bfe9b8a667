import CLinux
import Glibc

/// The part of the cgroup2 hierarchy that belongs to one node instance: `<mount>/drover/<instance>`, and a leaf per slot.
public struct CgroupTree: Sendable, Equatable {
    /// `<mount>/drover/<instance>`.
    public let path: String

    /// The tree at a known place, as the guardian gets it.
    public init(path: String) {
        self.path = path
    }

    /// Makes the tree of this instance; nil where the host has no writable cgroup2 (then pods are sessions only).
    /// Root uses the mount's top, others what was delegated to them: the worker's own cgroup.
    public static func make(instance: String) -> CgroupTree? {
        for base in bases() {
            let tree = CgroupTree(path: base + "/drover/" + instance)
            if let probe = try? tree.leaf("probe") {
                probe.remove()
                return tree
            }
        }
        return nil
    }

    /// Makes the leaf cgroup of that name (at most 23 bytes, for the guardian's records).
    public func leaf(_ name: String) throws(CgroupError) -> Cgroup {
        // The last instance on a host takes the folder of all along, perhaps just now.
        guard makeDirectory(path, mode: 0o755) else { throw CgroupError(path: path, code: errno) }
        return try Cgroup(path: path + "/" + name)
    }

    /// Kills all that runs in the tree and removes it, trying for up to `timeout`. False if something is left.
    @discardableResult
    public func end(timeout: Duration = .seconds(5)) async -> Bool {
        await poll(timeout: timeout) { endOnce() }
    }

    /// One try of `end`.
    func endOnce() -> Bool {
        killCgroup(path)
        guard removeCgroup(path) else { return false }
        // Empty once no instance is left.
        if let slash = path.lastIndex(of: "/") { rmdir(String(path[..<slash])) }
        return true
    }

    /// The instances that have a tree here, also those of dead workers: a successor ends what it knows to be dead.
    public static func instances() -> [String: CgroupTree] {
        var trees: [String: CgroupTree] = [:]
        for base in bases() {
            for name in directoryEntries(base + "/drover", onlyDirectories: true) { trees[name] = CgroupTree(path: base + "/drover/" + name) }
        }
        return trees
    }

    /// Where cgroup2 is mounted, by a mountinfo text; nil if nowhere.
    static func mountPoint(mountInfo: String) -> String? {
        for line in mountInfo.split(separator: "\n") {
            guard let separator = line.range(of: " - ") else { continue }
            guard line[separator.upperBound...].hasPrefix("cgroup2 ") else { continue }
            let fields = line[..<separator.lowerBound].split(separator: " ")
            if fields.count > 4 { return String(fields[4]) }
        }
        return nil
    }

    private static func bases() -> [String] {
        guard let mount = readSmallFile("/proc/self/mountinfo").flatMap(mountPoint) else { return [] }
        let own = readSmallFile("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
        let delegated = own == nil || own == "/" ? [] : [mount + own!]
        return geteuid() == 0 ? [mount] + delegated : delegated
    }
}

extension Substring {
    /// The first place where `text` stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
