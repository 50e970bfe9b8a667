import CLinux
import Glibc

/// One spawn: turns a spec into the C shim's arguments, keeping alive all that they point to.
struct Spawner {
    private let spec: ProcessSpec
    private let output: (file: Descriptor?, number: Int32)
    private let errorOutput: (file: Descriptor?, number: Int32)

    /// /dev/null, opened once for the life of the program.
    private static let null = Descriptor(path: "/dev/null", flags: O_RDWR)!

    /// Opens the output files.
    init(_ spec: ProcessSpec) throws(SpawnError) {
        self.spec = spec
        output = try Self.open(spec.output)
        errorOutput = spec.errorOutput == spec.output ? output : try Self.open(spec.errorOutput)
    }

    /// Starts the process.
    func run() throws(SpawnError) -> drover_spawned {
        guard let arguments = CStrings(spec.argumentBytes), let environment = CStrings(environment: spec.environment), !spec.argumentBytes.isEmpty
        else { throw SpawnError(stage: .exec, code: EINVAL, subject: spec.arguments.first ?? "empty command") }
        var result = drover_spawned()
        let failure = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { path -> SpawnError? in
            let state = drover_resolve(spec.arguments[0], spec.environment["PATH"], spec.workingDirectory, path.baseAddress, path.count)
            guard state == 0 else { return SpawnError(stage: .resolve, code: -state, subject: spec.arguments[0]) }
            return spawn(UnsafePointer(path.baseAddress!), arguments.list, environment.list, &result)
        }
        if let failure { throw failure }
        return result
    }

    private static func open(_ output: ProcessSpec.Output) throws(SpawnError) -> (Descriptor?, Int32) {
        switch output {
        case .null: return (nil, null.number)
        case .descriptor(let number): return (nil, number)
        case .file(let path):
            guard let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
            else { throw SpawnError(stage: .output, code: errno, subject: path) }
            return (file, file.number)
        }
    }

    private typealias List = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    private func spawn(_ path: UnsafePointer<CChar>, _ arguments: List, _ environment: List, _ result: inout drover_spawned) -> SpawnError? {
        var spawn = drover_spawn()
        (spawn.path, spawn.argv, spawn.envp) = (path, UnsafePointer(arguments), UnsafePointer(environment))
        spawn.stdio = (spec.input ?? Self.null.number, output.number, errorOutput.number)
        fillIdentity(&spawn)
        (spawn.cgroup_directory, spawn.cgroup_procs_fallback) = (spec.cgroup?.directory.number ?? -1, spec.cgroup?.procs.number ?? -1)
        spawn.not_after_ms = spec.notAfter
        spawn.announce = -1
        let failed = withLists(&spawn) { Self.start(&$0, &result) } != 0
        withExtendedLifetime(self) {}
        guard failed else { return nil }
        let stage = SpawnError.Stage(result.stage)
        return SpawnError(stage: stage, code: result.error, subject: subject(of: stage, detail: Int(result.detail)))
    }

    /// A file that this program has just written is busy while any child that was cloned meanwhile has not yet reached exec.
    private static func start(_ spawn: inout drover_spawn, _ result: inout drover_spawned) -> Int32 {
        for _ in 0..<20 {
            let state = drover_spawn(&spawn, &result)
            if state != -ETXTBSY { return state }
            usleep(1000)
        }
        return -ETXTBSY
    }

    private func fillIdentity(_ spawn: inout drover_spawn) {
        spawn.file_mode_mask = spec.fileModeMask.map { Int32($0) } ?? -1
        spawn.user = spec.user.map { Int64($0) } ?? -1
        spawn.group = spec.group.map { Int64($0) } ?? -1
        spawn.group_count = spec.groups.map { Int32($0.count) } ?? -1
        spawn.no_new_privileges = spec.noNewPrivileges ? 1 : 0
        if let capabilities = spec.capabilities { (spawn.limits_capabilities, spawn.capabilities) = (1, capabilities) }
        switch spec.filter {
        case .none: spawn.filter = Int32(DROVER_FILTER_NONE)
        case .runtimeDefault: spawn.filter = Int32(DROVER_FILTER_DEFAULT)
        case .administrator: spawn.filter = Int32(DROVER_FILTER_ADMINISTRATOR)
        // Given where it can be pointed to.
        case .program: break
        }
    }

    private func withLists(_ spawn: inout drover_spawn, _ body: (inout drover_spawn) -> Int32) -> Int32 {
        let limits = spec.limits.map { drover_limit(resource: $0.resource, soft: $0.soft, hard: $0.hard) }
        (spawn.limit_count, spawn.inherited_count) = (Int32(limits.count), Int32(spec.inherited.count))
        spawn.cgroup_procs_count = Int32(spec.limitProcs.count)
        return limits.withUnsafeBufferPointer { limits in
            spec.inherited.withUnsafeBufferPointer { inherited in
                spec.limitProcs.withUnsafeBufferPointer { procs in
                    (spec.groups ?? []).withUnsafeBufferPointer { groups in
                        (spawn.limits, spawn.inherited) = (limits.baseAddress, inherited.baseAddress)
                        (spawn.cgroup_procs, spawn.groups) = (procs.baseAddress, groups.baseAddress)
                        return withFilter(&spawn, body)
                    }
                }
            }
        }
    }

    private func withFilter(_ spawn: inout drover_spawn, _ body: (inout drover_spawn) -> Int32) -> Int32 {
        guard case .program(let program) = spec.filter else { return withView(&spawn, body) }
        return program.steps.withUnsafeBytes {
            (spawn.filter_program, spawn.filter_steps) = ($0.baseAddress, Int32(program.steps.count))
            return withView(&spawn, body)
        }
    }

    private func withView(_ spawn: inout drover_spawn, _ body: (inout drover_spawn) -> Int32) -> Int32 {
        guard let view = spec.view else { return withDirectory(&spawn, body) }
        return view.withC {
            spawn.view = $0
            return withDirectory(&spawn, body)
        }
    }

    private func withDirectory(_ spawn: inout drover_spawn, _ body: (inout drover_spawn) -> Int32) -> Int32 {
        guard let directory = spec.workingDirectory else { return withAnnouncement(&spawn, body) }
        return directory.withCString {
            spawn.directory = $0
            return withAnnouncement(&spawn, body)
        }
    }

    private func withAnnouncement(_ spawn: inout drover_spawn, _ body: (inout drover_spawn) -> Int32) -> Int32 {
        guard let announcement = spec.announcement else { return body(&spawn) }
        var bytes = announcement.bytes
        (spawn.announce, spawn.announcement_pid_offset) = (announcement.descriptor, announcement.pidOffset)
        return bytes.withUnsafeMutableBytes {
            (spawn.announcement, spawn.announcement_size) = ($0.baseAddress, $0.count)
            return body(&spawn)
        }
    }

    private func subject(of stage: SpawnError.Stage, detail: Int) -> String {
        switch stage {
        case .cgroup: spec.cgroup?.path ?? spec.arguments[0]
        case .mounts: detail >= 0 ? spec.view?.ordered[detail].target ?? "/" : "/"
        case .directory: spec.workingDirectory ?? "."
        default: spec.arguments[0]
        }
    }
}
