import CLinux
import Glibc

/// What a worker lets pods have of its host.
public struct HostRules: Sendable, Hashable {
    /// hostPath volumes may lie at and below these paths.
    public var hostPaths: [String] = []
    public var allowsPrivileged = false
    /// Where Localhost profiles of system calls lie; nil: there are none.
    public var seccompProfiles: String?
    /// Processes and threads that a container may have; nil: as many as the host lets it.
    public var processes: Int64?
    /// A claim that nobody made is made; else its pod waits for it.
    public var makesClaims = false
    /// A pod waits for ConfigMaps and Secrets that are not there; else it fails at once.
    public var waitsForObjects = true
    /// Whom the worker runs as, and what that one may do at most.
    public var user = geteuid()
    public var group = getegid()
    public var capabilities = Capabilities.own

    public init() {}

    /// Everything that the host's user may have: for a worker on one's own host.
    public static var open: HostRules {
        var rules = HostRules()
        (rules.hostPaths, rules.allowsPrivileged) = (["/"], true)
        return rules
    }

    /// Whether pods may be given other users than the worker's.
    var isRoot: Bool { user == 0 }

    /// Whether a path, links followed, may be shown to pods.
    func allows(hostPath path: String) -> Bool {
        guard let real = Self.resolved(path) else { return false }
        return hostPaths.contains { prefix in
            let prefix = Self.resolved(prefix) ?? prefix
            return prefix == "/" || real == prefix || real.hasPrefix(prefix + "/")
        }
    }

    /// The path without links; of one that is not there, its nearest directory's with the rest. nil: it can't be told.
    static func resolved(_ path: String) -> String? {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), path.count > 1 else { return nil }
        let name = path[path.index(after: slash)...]
        if name == ".." { return nil }
        guard let above = resolved(slash == path.startIndex ? "/" : String(path[..<slash])) else { return nil }
        return name.isEmpty || name == "." ? above : (above == "/" ? "" : above) + "/" + name
    }
}

/// Capabilities as bit sets, bit n being number n.
public enum Capabilities {
    private static let names = [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE",
        "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
        "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE",
        "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ]
    static let administrator: UInt64 = 1 << 21

    /// What containers have unless they ask for more or less.
    static let containerDefault = set([
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "NET_RAW", "SYS_CHROOT", "MKNOD",
        "AUDIT_WRITE", "SETFCAP",
    ])

    /// Those that this process may have.
    public static let own: UInt64 = {
        let lines = (readSmallFile("/proc/self/status") ?? "").split(separator: "\n")
        let sets = ["CapPrm:", "CapBnd:"].map { name -> UInt64 in
            guard let line = lines.first(where: { $0.hasPrefix(name) }), let text = line.split(separator: "\t").last else { return 0 }
            return UInt64(text, radix: 16) ?? 0
        }
        return sets[0] & sets[1]
    }()

    /// "NET_ADMIN" or "CAP_NET_ADMIN"; "ALL" is all; nil if there is none of the name.
    static func bits(_ name: String) -> UInt64? {
        let name = name.uppercased(), short = name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name
        if short == "ALL" { return .max }
        return names.firstIndex(of: short).map { 1 << UInt64($0) }
    }

    private static func set(_ names: [String]) -> UInt64 { names.reduce(0) { $0 | (bits($1) ?? 0) } }

    /// The names of the numbers that the kernel knows by now.
    static func names(_ set: UInt64) -> [String] { names.indices.filter { set >> UInt64($0) & 1 == 1 }.map { names[$0] } }
}
