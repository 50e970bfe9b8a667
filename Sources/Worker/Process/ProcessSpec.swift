/// All that a process is started from. Nothing of the worker is inherited but what stands here, the root directory and the
/// namespaces: the environment is exactly `environment`, the open descriptors exactly 0, 1, 2 (and `inherited` from 3 on).
public struct ProcessSpec: Sendable {
    /// Where output goes.
    public enum Output: Sendable, Equatable {
        /// /dev/null.
        case null
        /// An open descriptor of the worker, which stays open there.
        case descriptor(Int32)
        /// A file that is created if missing and appended to; its directory must exist.
        case file(String)
    }

    /// A resource limit (`RLIMIT_NOFILE` ...), as setrlimit takes it.
    public struct Limit: Sendable {
        public var resource: Int32
        public var soft: UInt64
        public var hard: UInt64

        public init(resource: Int32, soft: UInt64, hard: UInt64) {
            (self.resource, self.soft, self.hard) = (resource, soft, hard)
        }
    }

    /// A filter of system calls.
    public enum Filter: Sendable, Hashable {
        case none
        /// Calls that container runtimes deny fail.
        case runtimeDefault
        /// The same, less those that CAP_SYS_ADMIN allows.
        case administrator
        /// A profile of the host's.
        case program(FilterProgram)
    }

    /// A record that the child itself writes before exec, its pid filled in: see ``GuardianClient``.
    public struct Announcement: Sendable {
        /// Where it is written.
        public var descriptor: Int32
        /// At most 4096 bytes.
        public var bytes: [UInt8]
        /// Where the pid goes as a native Int32.
        public var pidOffset: Int
    }

    /// Command and arguments; a command without a slash is looked for in the PATH of `environment`. Bytes, since file names need not be text.
    public var argumentBytes: [[UInt8]]
    /// The same as text.
    public var arguments: [String] {
        get { argumentBytes.map { String(decoding: $0, as: UTF8.self) } }
        set { argumentBytes = newValue.map { Array($0.utf8) } }
    }
    /// The whole environment.
    public var environment: [String: String]
    /// Where it starts; nil is the worker's own.
    public var workingDirectory: String?
    /// Descriptor to read from; nil is /dev/null.
    public var input: Int32?
    public var output: Output
    public var errorOutput: Output
    /// Descriptors that become 3, 4, ... (at most 13).
    public var inherited: [Int32] = []
    /// The cgroup it is born in; nil leaves it in the worker's.
    public var cgroup: Cgroup?
    /// Open tasks files of v1 limit hierarchies, which it enters before exec.
    public var limitProcs: [Int32] = []
    public var limits: [Limit] = []
    /// What it sees of the file system; nil: what the worker sees.
    public var view: FileView?
    /// umask; nil leaves the worker's.
    public var fileModeMask: UInt32? = 0o022
    public var user: UInt32?
    public var group: UInt32?
    /// Supplementary groups; nil leaves the worker's.
    public var groups: [UInt32]?
    /// Whether exec may never again give privileges (no_new_privs).
    public var noNewPrivileges = false
    /// The capabilities that it, and whatever it executes, may have at most: bit n is capability number n. nil: the worker's.
    public var capabilities: UInt64?
    public var filter = Filter.none
    /// CLOCK_BOOTTIME in ms after which the child refuses to exec; 0 is never.
    public var notAfter: UInt64 = 0
    /// Written by the child before exec.
    public var announcement: Announcement?

    public init(
        arguments: [String], environment: [String: String] = [:], workingDirectory: String? = nil, input: Int32? = nil,
        output: Output = .null, errorOutput: Output = .null, cgroup: Cgroup? = nil
    ) {
        (argumentBytes, self.environment, self.workingDirectory) = (arguments.map { Array($0.utf8) }, environment, workingDirectory)
        (self.input, self.output, self.errorOutput, self.cgroup) = (input, output, errorOutput, cgroup)
    }
}
