import BatchAPI
import Broker
import CLinux
import Glibc

/// The containers of one slot as processes: spawn, wait, clear.
struct ProcessSlot: SlotRuntime {
    private let node: NodeContext
    private let runtime: ProcessRuntime
    private let slot: Int
    private var cgroup: SlotCgroup?
    /// The cgroup that the guardian covers for this slot, whichever attempt runs in it.
    private var covered: Cgroup?
    private var spare: LogFile?
    private var plan: AttemptPlan?
    private var folder: PodFolder?

    init(node: NodeContext, runtime: ProcessRuntime, slot: Int) {
        (self.node, self.runtime, self.slot) = (node, runtime, slot)
        cgroup = runtime.tree.map { SlotCgroup(tree: $0, slot: slot) }
    }

    mutating func prepare(_ attempt: Attempt) throws(PodRefusal) -> AttemptConduct {
        let plan = try runtime.planner.plan(job: attempt.job, grant: attempt.grant)
        self.plan = plan
        folder = plan.workingDirectory == nil || !plan.volumes.isEmpty ? PodFolder(runtime.folder, pod: attempt.grant.podUID) : nil
        return AttemptConduct(restartsInPlace: plan.restartsInPlace, deadline: plan.deadline)
    }

    mutating func clear(_ attempt: Attempt) {
        folder?.remove()
        (plan, folder) = (nil, nil)
    }

    mutating func runOnce(_ attempt: Attempt, restart: Int) async -> Ending {
        guard let plan else { return .neverStarted(at: node.time.wall) }
        let path = runtime.folder.log(job: attempt.grant.job, attempt: attempt.logName, restart: restart)
        let file: LogFile
        do { file = try logFile(path) } catch { return .refused(PodRefusal("StartError", "log \(error)"), at: node.time.wall) }
        runtime.recorder.began(file)
        defer {
            runtime.recorder.ended(file)
            spare = node.options.keepsEmptyLogs || !file.isEmpty ? nil : file
        }
        return await run(attempt, plan, file)
    }

    private mutating func run(_ attempt: Attempt, _ plan: AttemptPlan, _ file: LogFile) async -> Ending {
        var spec = ProcessSpec(
            arguments: [], environment: plan.environment, workingDirectory: plan.workingDirectory ?? folder?.path,
            output: file.output, errorOutput: file.output)
        spec.argumentBytes = plan.arguments
        do {
            if let folder { spec.mounts = try plan.volumes.map { try runtime.folder.mount($0, pod: folder) } }
            let process = try spawn(attempt, &spec)
            defer { uncover(attempt) }
            return await wait(attempt, process, plan, log: file.path, cgroup: spec.cgroup)
        } catch let refusal as PodRefusal {
            return .refused(refusal, at: node.time.wall)
        } catch let error as SpawnError {
            uncover(attempt)
            return error.isFenced ? .neverStarted(at: node.time.wall) : notStarted(error, plan, file.path)
        } catch {
            return .neverStarted(at: node.time.wall)
        }
    }

    /// A file that the attempt before left empty serves again: making one costs more than all else here.
    private mutating func logFile(_ path: String) throws(LogError) -> LogFile {
        guard let spare, !node.options.keepsEmptyLogs else { return try LogFile(path: path) }
        self.spare = nil
        return spare
    }

    private func notStarted(_ error: SpawnError, _ plan: AttemptPlan, _ log: String) -> Ending {
        var ending = Ending(
            .failed, exitCode: Int(plan.startErrorCode ?? error.exitCode), reason: "StartError", message: error.description, at: node.time.wall)
        ending.log = log
        return ending
    }

    /// Covered by the guardian before it can run. A cgroup that the guardian has ended is replaced once.
    private mutating func spawn(_ attempt: Attempt, _ spec: inout ProcessSpec) throws -> RunningProcess {
        spec.cgroup = try cgroup?.current()
        try cover(attempt, &spec)
        if let process = try startUnlessFenced(attempt.id, spec) { return process }
        spec.cgroup = try cgroup?.renewed()
        try cover(attempt, &spec)
        return try start(attempt.id, spec)
    }

    private var deadline: UInt64 { node.deadline.load(ordering: .relaxed) }

    /// A slot's cgroup is named to the guardian once; sessions are named one by one. What is covered does not start after the deadline.
    private mutating func cover(_ attempt: Attempt, _ spec: inout ProcessSpec) throws(GuardianError) {
        let guardian = runtime.currentGuardian
        guard let cgroup = spec.cgroup else { return try guardian.cover(attempt.id, deadline: deadline, spec: &spec) }
        spec.notAfter = deadline
        if covered === cgroup { return }
        try guardian.cover(covering(attempt), deadline: deadline, spec: &spec)
        covered = cgroup
    }

    /// What the guardian knows it by.
    private func covering(_ attempt: Attempt) -> UInt64 { cgroup == nil ? attempt.id : UInt64(slot) | 1 << 63 }

    private func uncover(_ attempt: Attempt) {
        if cgroup == nil { runtime.uncover(attempt.id) }
    }

    /// nil if the guardian has ended the slot's cgroup.
    private func startUnlessFenced(_ id: UInt64, _ spec: ProcessSpec) throws(SpawnError) -> RunningProcess? {
        do { return try start(id, spec) } catch {
            if error.isFenced && error.stage == .cgroup { return nil }
            throw error
        }
    }

    private func start(_ id: UInt64, _ spec: ProcessSpec) throws(SpawnError) -> RunningProcess {
        let process = try runtime.reaper.spawn(spec)
        if spec.cgroup == nil { runtime.currentGuardian.started(id, deadline: deadline, process: process) }
        return process
    }

    private func wait(_ attempt: Attempt, _ process: RunningProcess, _ plan: AttemptPlan, log: String, cgroup: Cgroup?) async -> Ending {
        let pod = PodProcesses(main: process, cgroup: cgroup)
        attempt.attach(pod, startedAt: process.startedAt / 1_000_000, grace: plan.grace)
        node.announce(attempt, log: log)
        let end = await Termination.finish(pod)
        attempt.detach()
        var ending: Ending
        if attempt.order == nil, runtime.isFenced(covering(attempt), cgroup, end.status, deadline: deadline) {
            ending = Ending(.released, exitCode: 137, reason: "Fenced", at: end.at / 1_000_000)
        } else {
            let code = Int(end.status.exitCode)
            ending = Ending(code == 0 ? .succeeded : .failed, exitCode: code, reason: code == 0 ? "Completed" : "Error", at: end.at / 1_000_000)
            if case .signaled(let number) = end.status { ending.signal = Int(number) }
        }
        (ending.startedAt, ending.log) = (process.startedAt / 1_000_000, log)
        return ending
    }
}

extension PodProcesses: RunningPod {
    package var hasEnded: Bool { main.status != nil }

    package func terminate() {
        send(signal: SIGTERM)
        // A stopped process would take its SIGTERM only when continued.
        send(signal: SIGCONT)
    }
}
