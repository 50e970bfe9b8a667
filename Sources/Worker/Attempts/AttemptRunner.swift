import BatchAPI
import Broker
import CLinux
import Glibc

/// Runs attempts of one slot, one after the other: spawn, wait, restart in place, clear.
struct AttemptRunner {
    private let node: NodeContext
    private let slot: Int
    private var cgroup: SlotCgroup?
    /// The cgroup that the guardian covers for this slot, whichever attempt runs in it.
    private var covered: Cgroup?
    private var spare: LogFile?

    init(node: NodeContext, slot: Int) {
        (self.node, self.slot) = (node, slot)
        cgroup = node.tree.map { SlotCgroup(tree: $0, slot: slot) }
    }

    /// Runs it to its end. When this returns nothing of it runs any more.
    mutating func run(_ attempt: Attempt) async -> Ending {
        let plan: AttemptPlan
        do { plan = try node.planner.plan(job: attempt.job, grant: attempt.grant) } catch { return .refused(error) }
        let folder = plan.workingDirectory == nil || !plan.volumes.isEmpty ? PodFolder(node.folder, pod: attempt.grant.podUID) : nil
        let watch = plan.deadline.map { limit in
            Task {
                try await Task.sleep(for: limit)
                attempt.stop(StopOrder(cause: .deadline, grace: nil))
            }
        }
        defer {
            watch?.cancel()
            folder?.remove()
        }
        return await runContainers(attempt, plan, folder)
    }

    private mutating func runContainers(_ attempt: Attempt, _ plan: AttemptPlan, _ folder: PodFolder?) async -> Ending {
        var restarts = 0, failures = 0
        var first: Int64?
        while true {
            let log = node.folder.log(job: attempt.grant.job, attempt: attempt.logName, restart: restarts)
            var ending = await runOnce(attempt, plan, folder, log: log)
            first = first ?? ending.startedAt
            let ran = Duration.milliseconds(ending.finishedAt - (ending.startedAt ?? ending.finishedAt))
            (ending.restarts, ending.startedAt) = (restarts, first)
            guard ending.result == .failed, plan.restartsInPlace, attempt.order == nil else { return ending }
            restarts = attempt.restarted()
            let pause = node.restarts.next(failures: failures, ran: ran)
            failures = pause.failures
            await node.tell(attempt, restarts: restarts, isRunning: pause.wait == .zero, exitCode: ending.exitCode)
            if pause.wait > .zero {
                await attempt.nap(pause.wait)
                if attempt.order == nil { await node.tell(attempt, restarts: restarts, isRunning: true, exitCode: ending.exitCode) }
            }
            if attempt.order != nil { return stopped(attempt, ending) }
        }
    }

    /// One container from spawn to the last of its processes.
    private mutating func runOnce(_ attempt: Attempt, _ plan: AttemptPlan, _ folder: PodFolder?, log path: String) async -> Ending {
        let file: LogFile
        do { file = try logFile(path) } catch { return .refused(PodRefusal("StartError", "log \(error)")) }
        node.recorder.began(file)
        defer {
            node.recorder.ended(file)
            spare = node.options.keepsEmptyLogs || !file.isEmpty ? nil : file
        }
        var spec = ProcessSpec(
            arguments: [], environment: plan.environment, workingDirectory: plan.workingDirectory ?? folder?.path,
            output: file.output, errorOutput: file.output)
        spec.argumentBytes = plan.arguments
        do {
            if let folder { spec.mounts = try plan.volumes.map { try node.folder.mount($0, pod: folder) } }
            let process = try spawn(attempt, &spec)
            defer { uncover(attempt) }
            return await wait(attempt, process, plan, log: file.path, cgroup: spec.cgroup)
        } catch let refusal as PodRefusal {
            return .refused(refusal)
        } catch let error as SpawnError {
            uncover(attempt)
            return error.isFenced ? .neverStarted : notStarted(error, plan, path)
        } catch {
            return .neverStarted
        }
    }

    /// A file that the attempt before left empty serves again: making one costs more than all else here.
    private mutating func logFile(_ path: String) throws(LogError) -> LogFile {
        guard let spare, !node.options.keepsEmptyLogs else { return try LogFile(path: path) }
        self.spare = nil
        return spare
    }

    private func notStarted(_ error: SpawnError, _ plan: AttemptPlan, _ log: String) -> Ending {
        var ending = Ending(.failed, exitCode: Int(plan.startErrorCode ?? error.exitCode), reason: "StartError", message: error.description)
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

    /// A slot's cgroup is named to the guardian once; sessions are named one by one.
    private mutating func cover(_ attempt: Attempt, _ spec: inout ProcessSpec) throws(GuardianError) {
        guard let cgroup = spec.cgroup else { return try node.cover(attempt.id, &spec) }
        node.limit(&spec)
        if covered === cgroup { return }
        try node.cover(covering(attempt), &spec)
        covered = cgroup
    }

    /// What the guardian knows it by.
    private func covering(_ attempt: Attempt) -> UInt64 { cgroup == nil ? attempt.id : UInt64(slot) | 1 << 63 }

    private func uncover(_ attempt: Attempt) {
        if cgroup == nil { node.uncover(attempt.id) }
    }

    /// nil if the guardian has ended the slot's cgroup.
    private func startUnlessFenced(_ id: UInt64, _ spec: ProcessSpec) throws(SpawnError) -> RunningProcess? {
        do { return try start(id, spec) } catch {
            if error.isFenced && error.stage == .cgroup { return nil }
            throw error
        }
    }

    private func start(_ id: UInt64, _ spec: ProcessSpec) throws(SpawnError) -> RunningProcess {
        let process = try node.reaper.spawn(spec)
        if spec.cgroup == nil { node.started(id, process) }
        return process
    }

    private func wait(_ attempt: Attempt, _ process: RunningProcess, _ plan: AttemptPlan, log: String, cgroup: Cgroup?) async -> Ending {
        let pod = PodProcesses(main: process, cgroup: cgroup)
        attempt.attach(pod, startedAt: process.startedAt / 1_000_000, grace: plan.grace)
        node.announce(attempt, log: log)
        let end = await Termination.finish(pod)
        attempt.detach()
        var ending: Ending
        if attempt.order == nil, node.isFenced(covering(attempt), cgroup, end.status) {
            ending = Ending(.released, exitCode: 137, reason: "Fenced")
        } else {
            let code = Int(end.status.exitCode)
            ending = Ending(code == 0 ? .succeeded : .failed, exitCode: code, reason: code == 0 ? "Completed" : "Error")
            if case .signaled(let number) = end.status { ending.signal = Int(number) }
        }
        (ending.startedAt, ending.finishedAt, ending.log) = (process.startedAt / 1_000_000, end.at / 1_000_000, log)
        return stopped(attempt, ending)
    }

    /// What an order makes of a failed ending.
    private func stopped(_ attempt: Attempt, _ ending: Ending) -> Ending {
        var ending = ending
        switch attempt.order?.cause {
        case .drained where ending.result == .failed:
            ending.disruption = "TerminationByKubelet"
            ending.message = "the worker was shut down"
        case .deadline where ending.result != .released:
            (ending.result, ending.reason) = (.failed, "DeadlineExceeded")
            ending.message = "Pod was active on the node longer than the specified deadline"
        default: break
        }
        return ending
    }
}

extension Attempt {
    /// Names its logs.
    var logName: String { grant.podUID.isEmpty ? String(grant.token) : grant.podUID }
}
