import CLinux
import Glibc

/// Where this host keeps limits: in cgroup v1 hierarchies, or in cgroup2 itself.
public enum LimitHost: Sendable, Equatable {
    /// The directory of this node instance in each v1 hierarchy, by controller.
    case split([String: String])
    /// The tree has all controllers that are needed.
    case unified

    static let controllers = ["cpu", "memory", "pids"]

    /// nil where no limits can be kept: an ordinary user's worker, a host without controllers.
    static func find(tree: CgroupTree?, instance: String, mountInfo: String? = readSmallFile("/proc/self/mountinfo")) -> LimitHost? {
        if let tree, enable(in: tree.path) { return .unified }
        let mounts = splitMounts(mountInfo ?? "")
        if mounts.count < controllers.count { return nil }
        // Made when the first container with limits comes.
        return mounts.values.allSatisfy { access($0, W_OK) == 0 } ? .split(mounts.mapValues { $0 + "/drover/" + instance }) : nil
    }

    /// Where each v1 controller is mounted.
    static func splitMounts(_ mountInfo: String) -> [String: String] {
        var mounts: [String: String] = [:]
        for line in mountInfo.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 3, fields[dash + 1] == "cgroup", fields.count > 4 else { continue }
            for option in fields[dash + 3].split(separator: ",").map({ String($0) }) where controllers.contains(option) { mounts[option] = String(fields[4]) }
        }
        return mounts
    }

    /// Hands the controllers down to what lies below a cgroup2 directory, from the top.
    static func enable(in path: String) -> Bool {
        let has = Set((readSmallFile(path + "/cgroup.controllers") ?? "").split(whereSeparator: \.isWhitespace).map { String($0) })
        if !has.isSuperset(of: controllers) {
            guard let slash = path.lastIndex(of: "/"), path.hasSuffix("/drover") || path.contains("/drover/") else { return false }
            guard enable(in: String(path[..<slash])) else { return false }
        }
        return write(controllers.map { "+" + $0 }.joined(separator: " "), to: path + "/cgroup.subtree_control")
    }

    static func write(_ text: String, to path: String) -> Bool {
        guard let file = Descriptor(path: path, flags: O_WRONLY) else { return false }
        return Glibc.write(file.number, text, text.utf8.count) == text.utf8.count
    }

    /// Removes what this instance, or one before it, has left.
    static func clear(instance: String) {
        for (_, mount) in splitMounts(readSmallFile("/proc/self/mountinfo") ?? "") {
            _ = removeCgroup(mount + "/drover/" + instance)
            rmdir(mount + "/drover")
        }
    }
}
