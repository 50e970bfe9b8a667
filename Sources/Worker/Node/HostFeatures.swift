import CLinux
import Glibc

/// What a node can enforce, told by its labels, so that a nodeSelector can ask for it.
enum HostFeatures {
    static let prefix = "drover.dev/"

    static func labels(limits: LimitHost?, tree: CgroupTree?, isRoot: Bool = geteuid() == 0) -> [String: String] {
        [
            // cpu, memory and processes of a container.
            prefix + "limits": limits.map { $0 == .unified ? "cgroup-v2" : "cgroup-v1" } ?? "none",
            // Whom pods may run as.
            prefix + "users": isRoot ? "any" : "own",
            // Volumes, read-only roots, fewer capabilities.
            prefix + "isolation": isRoot ? "root" : hasUserNamespaces ? "user-namespace" : "none",
            // How what a pod leaves behind is found.
            prefix + "reaping": tree == nil ? "session" : "cgroup",
        ]
    }

    private static var hasUserNamespaces: Bool {
        var view = FileView()
        view.usesUserNamespace = true
        return (try? view.make()) != nil
    }
}
