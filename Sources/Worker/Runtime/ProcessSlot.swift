import BatchAPI
import Broker
import CLinux
import Glibc

/// The containers of one slot as processes: spawn, wait, clear.
struct ProcessSlot: SlotRuntime {
    private let node: NodeContext
    private let runtime: ProcessRuntime
    private let spawner: SlotSpawner
    private var spare: LogFile?
    private var plan: AttemptPlan?
    private var place: PodPlace?
    private var devices: DeviceBook.Share = [:]

    init(node: NodeContext, runtime: ProcessRuntime, slot: Int) {
        (self.node, self.runtime) = (node, runtime)
        spawner = SlotSpawner(node: node, runtime: runtime, slot: slot)
    }

    mutating func prepare(_ attempt: Attempt) async throws(PodRefusal) -> AttemptConduct {
        var plan = try await runtime.planner.plan(job: attempt.job, grant: attempt.grant)
        try addDevices(attempt.job.spec.template.spec, to: &plan)
        self.plan = plan
        place = plan.needsNoFolder ? nil : try PodPlace(plan, pod: attempt.grant.podUID, in: runtime.folder)
        // A pod that is more than one process sees to restarts itself.
        var conduct = AttemptConduct(restartsInPlace: plan.isPlain && plan.containers[0].restart.policy == .onFailure, deadline: plan.deadline)
        conduct.excess = place?.volumes?.excess
        if let volumes = place?.volumes, volumes.hasFiles {
            conduct.refresh = { [planner = runtime.planner, job = attempt.job, grant = attempt.grant] in
                if let files = try? await planner.files(job: job, grant: grant) { volumes.refresh(files) }
            }
        }
        return conduct
    }

    /// Gives the pod ids of its own, and tells each container of its share; what its manifest says of a variable stands.
    private mutating func addDevices(_ pod: PodSpec, to plan: inout AttemptPlan) throws(PodRefusal) {
        guard let share = node.devices.take(pod) else {
            throw PodRefusal("UnexpectedAdmissionError", "Allocate failed due to requested number of devices unavailable, which is unexpected")
        }
        devices = share
        if share.isEmpty { return }
        let shares = DeviceShares.split(share, pod).mapValues { DeviceShares.environment($0) }
        for at in plan.initContainers.indices { plan.initContainers[at].add(shares[plan.initContainers[at].name]) }
        for at in plan.containers.indices { plan.containers[at].add(shares[plan.containers[at].name]) }
    }

    mutating func clear(_ attempt: Attempt) {
        place?.remove()
        node.devices.giveBack(devices)
        (plan, place, devices) = (nil, nil, [:])
    }

    mutating func runOnce(_ attempt: Attempt, restart: Int) async -> Ending {
        guard let plan else { return .neverStarted(at: node.time.wall) }
        if !plan.isPlain {
            return await PodRun(
                PodCrew(node: node, runtime: runtime, spawner: spawner, attempt: attempt, plan: plan, place: place)
            ).run()
        }
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
        var spec = ProcessSpec(plan.containers[0], place, output: file.output)
        do {
            let limits = plan.containers[0].limits
            let process = try spawner.spawn(attempt.id, &spec, limits.isNone ? .slot : .limited(limits))
            defer { spawner.uncover(attempt.id) }
            return await wait(attempt, process, plan, log: file.path, cgroup: spec.cgroup)
        } catch let error as SpawnError {
            spawner.uncover(attempt.id)
            return error.isFenced ? .neverStarted(at: node.time.wall) : notStarted(error, plan, file.path)
        } catch let error as CgroupError {
            return spawner.refusal(error, plan.containers[0].name).map { .refused($0, at: node.time.wall) } ?? .neverStarted(at: node.time.wall)
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

    private func wait(_ attempt: Attempt, _ process: RunningProcess, _ plan: AttemptPlan, log: String, cgroup: Cgroup?) async -> Ending {
        let pod = PodProcesses(main: process, cgroup: cgroup), limits = spawner.limits
        limits?.watch(pod, runtime.reaper)
        attempt.attach(pod, startedAt: process.startedAt / 1_000_000, grace: plan.grace)
        node.announce(attempt, log: log)
        let end = await Termination.finish(pod)
        attempt.detach()
        var ending: Ending
        if attempt.order == nil, spawner.hasFenced(attempt.id, cgroup, end.status) {
            ending = Ending(.released, exitCode: 137, reason: "Fenced", at: end.at / 1_000_000)
        } else {
            ending = Ending(end)
            if limits?.hasRunOut == true { ending.ranOutOfMemory(plan.containers[0].name) }
        }
        (ending.startedAt, ending.log) = (process.startedAt / 1_000_000, log)
        if let words = place?.message(of: plan.containers[0], log: log, hasFailed: ending.result == .failed), !words.isEmpty { ending.message = words }
        return ending
    }
}

extension Ending {
    /// What a container's process makes of it.
    init(_ end: RunningProcess.End) {
        let code = Int(end.status.exitCode)
        self.init(code == 0 ? .succeeded : .failed, exitCode: code, reason: code == 0 ? "Completed" : "Error", at: end.at / 1_000_000)
        if case .signaled(let number) = end.status { signal = Int(number) }
    }

    /// All of a container is ended then, whichever process the kernel took first, and however the main one got away.
    mutating func ranOutOfMemory(_ container: String) {
        (result, exitCode, reason, message) = (.failed, 137, "OOMKilled", "container \(container) has run out of memory")
    }
}

extension ProcessSpec {
    /// A container's command at its pod's place.
    init(_ container: ContainerPlan, _ place: PodPlace?, output: Output) {
        self.init(
            arguments: [], environment: container.environment, workingDirectory: container.workingDirectory ?? place?.folder.path,
            output: output, errorOutput: output)
        if let file = place?.itemFile { self.environment["DROVER_ITEM_FILE"] = file }
        argumentBytes = container.arguments
        view = place?.view(container)
        let security = container.security
        (user, group, groups, noNewPrivileges) = (security.user, security.group, security.groups, security.noNewPrivileges)
        (capabilities, filter) = (security.capabilities, security.filter)
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
