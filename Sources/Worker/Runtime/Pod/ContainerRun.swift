import BatchAPI
import Broker
import Synchronization

/// One container of a pod: its process, run again as its rule says, with hooks and probes.
final class ContainerRun: Sendable {
    /// How far it has come; it never goes back.
    enum Stage: Int, Comparable {
        case waiting
        /// Its process runs and its postStart hook is done.
        case launched
        /// Its startup probe has succeeded, too.
        case started
        /// Nothing of it will run any more.
        case over

        static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    let plan: ContainerPlan
    private let crew: PodCrew
    /// Told when it runs, and when it is, or is not any more, ready.
    private let onChange: @Sendable () -> Void
    private let state: Mutex<State>

    private struct State {
        var stage = Stage.waiting
        var waiting: [(stage: Stage, continuation: CheckedContinuation<Void, Never>)] = []
        var current: Process?
        var isStopped = false
        var isReady = false
        var restarts = 0
        var nap: Task<Void, Never>?
        var shown: ContainerState
    }

    /// A process of it that runs.
    private struct Process {
        var pod: PodProcesses
        var room: ContainerRoom
    }

    init(_ plan: ContainerPlan, _ crew: PodCrew, onChange: @escaping @Sendable () -> Void) {
        (self.plan, self.crew, self.onChange) = (plan, crew, onChange)
        let reason = crew.plan.initContainers.isEmpty ? "ContainerCreating" : "PodInitializing"
        state = Mutex(State(shown: ContainerState(plan.name, .waiting(reason: reason, message: ""))))
    }

    var isReady: Bool { state.withLock { $0.isReady } }
    var restarts: Int { state.withLock { $0.restarts } }
    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// How it is now.
    var shown: ContainerState {
        state.withLock { state in
            var shown = state.shown
            (shown.isReady, shown.restarts) = (state.isReady, state.restarts)
            return shown
        }
    }

    private func show(_ change: (inout ContainerState) -> Void) {
        state.withLock { change(&$0.shown) }
        onChange()
    }
    private var time: any Timekeeper { crew.time }

    // MARK: Life

    /// Runs it to its end, restarts included.
    func run() async -> Ending {
        var failures = 0
        while true {
            let ending = await runOnce()
            let ran = Duration.milliseconds(ending.finishedAt - (ending.startedAt ?? ending.finishedAt))
            let goesOn = ending.result != .released && !isStopped && plan.restart.restarts(after: ending.exitCode)
            show { ($0.stage, $0.isStarted) = (.ended(ContainerState.Exit(ending)), false) }
            guard goesOn, await pause(&failures, ran, ending.exitCode) else {
                reach(.over)
                return crew.named(ending, plan)
            }
            state.withLock { ($0.restarts, $0.shown.last) = ($0.restarts + 1, ContainerState.Exit(ending)) }
        }
    }

    /// Waits for the next run (P4); false if there will be none.
    private func pause(_ failures: inout Int, _ ran: Duration, _ exitCode: Int) async -> Bool {
        let next = crew.node.options.restarts.next(failures: failures, ran: ran)
        failures = next.failures
        crew.node.noteRestart(crew.attempt, exitCode: exitCode)
        if next.wait > .zero {
            show { $0.wait(for: next.wait, pod: crew.attempt.grant.pod) }
            let nap = time.spawn { [time] in try? await time.sleep(for: next.wait) }
            if state.withLock({ state in
                state.nap = nap
                return state.isStopped
            }) { nap.cancel() }
            await nap.value
        }
        return !isStopped
    }

    private func runOnce() async -> Ending {
        let restart = restarts
        if isStopped {
            return Ending(.failed, exitCode: 137, reason: "Error", message: "the pod was ended before its container \(plan.name) started", at: time.wall)
        }
        let file: LogFile
        do { file = try LogFile(path: crew.log(plan, restart: restart)) } catch {
            return .refused(PodRefusal("StartError", "log \(error)"), at: time.wall)
        }
        crew.runtime.recorder.began(file)
        defer { crew.runtime.recorder.ended(file) }
        let id = crew.node.attempts.nextID(), name = "c\(crew.runtime.parts.next())"
        var spec = ProcessSpec(plan, crew.place, output: file.output), room = ContainerRoom()
        defer { room.remove() }
        do {
            room.limits = try crew.runtime.limitGroup(plan.limits, name: name, crew.node)
            spec.limitProcs = room.limits?.procs ?? []
            let process = try crew.spawner.spawn(id, &spec, .part(name, room.limits))
            room.cgroup = spec.cgroup
            defer { crew.spawner.uncover(id) }
            return await attend(id, process, room, log: file.path)
        } catch let error as CgroupError {
            return crew.spawner.refusal(error, plan.name).map { .refused($0, at: time.wall) } ?? .neverStarted(at: time.wall)
        } catch let error as SpawnError where !error.isFenced {
            crew.spawner.uncover(id)
            return Ending(.failed, exitCode: 128, reason: "StartError", message: "container \(plan.name): \(error)", at: time.wall)
        } catch {
            return .neverStarted(at: time.wall)
        }
    }

    /// From the start of its process to its end.
    private func attend(_ id: UInt64, _ process: RunningProcess, _ room: ContainerRoom, log: String) async -> Ending {
        let current = Process(pod: PodProcesses(main: process, cgroup: room.cgroup), room: room)
        room.limits?.watch(current.pod, crew.runtime.reaper)
        let isStopped = state.withLock { state in
            state.current = current
            state.shown.stage = .running(since: Timestamp(milliseconds: process.startedAt / 1_000_000))
            return state.isStopped
        }
        onChange()
        if isStopped { current.pod.terminate() }
        crew.node.observer?.began(crew.attempt.grant, job: crew.attempt.job, log: log)
        let care = time.spawn { await self.care(current) }
        let end = await Termination.finish(current.pod)
        care.cancel()
        state.withLock { ($0.current, $0.isReady) = (nil, false) }
        var ending = Ending(end)
        if crew.attempt.order == nil, crew.spawner.hasFenced(id, room.cgroup, end.status) {
            ending = Ending(.released, exitCode: 137, reason: "Fenced", at: end.at / 1_000_000)
        } else if room.limits?.hasRunOut == true {
            ending.ranOutOfMemory(plan.name)
        }
        (ending.startedAt, ending.log) = (process.startedAt / 1_000_000, log)
        if let words = crew.place?.message(of: plan, log: log, hasFailed: ending.result == .failed), !words.isEmpty { ending.message = words }
        return ending
    }

    // MARK: Hooks and probes

    private func care(_ current: Process) async {
        if let hook = plan.care.postStart, await !crew.perform(hook, beside: plan, in: current.room, timeout: .seconds(3600)), !Task.isCancelled {
            await end(current, grace: crew.plan.grace)
            return reach(.launched)
        }
        reach(.launched)
        if let probe = plan.care.startup, await !hasStarted(probe, current) { return }
        if Task.isCancelled { return }
        reach(.started)
        show { if case .running = $0.stage { $0.isStarted = true } }
        setReady(plan.care.readiness == nil)
        await withTaskGroup(of: Void.self) { group in
            if let probe = plan.care.readiness {
                group.addTask {
                    await self.prober(probe, current).run { answer in
                        self.setReady(answer)
                        return true
                    }
                }
            }
            if let probe = plan.care.liveness { group.addTask { _ = await self.isWell(probe, current) } }
        }
    }

    private func prober(_ probe: ProbePlan, _ current: Process) -> Prober {
        Prober(plan: probe, time: time) { [crew, plan] in await crew.perform(probe.action, beside: plan, in: current.room, timeout: probe.timeout) }
    }

    /// Waits for the first success; ends the process if it does not come.
    private func hasStarted(_ probe: ProbePlan, _ current: Process) async -> Bool {
        var hasStarted = false
        await prober(probe, current).run { answer in
            hasStarted = answer
            return false
        }
        if !hasStarted, !Task.isCancelled { await end(current, grace: probe.grace ?? crew.plan.grace) }
        return hasStarted
    }

    /// Ends the process when it does not answer any more.
    private func isWell(_ probe: ProbePlan, _ current: Process) async {
        await prober(probe, current).run { $0 }
        if !Task.isCancelled { await end(current, grace: probe.grace ?? crew.plan.grace) }
    }

    private func setReady(_ isReady: Bool) {
        let hasChanged = state.withLock { state in
            defer { if state.current != nil { state.isReady = isReady } }
            return state.isReady != isReady
        }
        if hasChanged { onChange() }
    }

    // MARK: Its end

    /// It is not run again; a running process gets its preStop hook and SIGTERM. Comes back when that is done, or it has ended.
    func stop(grace: Duration) async {
        let (current, isFirst) = state.withLock { state in
            defer { state.isStopped = true }
            state.nap?.cancel()
            return (state.current, !state.isStopped)
        }
        guard let current, isFirst else { return }
        await askToEnd(current, grace: grace)
    }

    /// Kills what runs of it.
    func kill() { state.withLock { $0.current }?.pod.kill() }

    private func end(_ current: Process, grace: Duration) async {
        // What has cancelled the care of it must not cut this short.
        await time.spawn { [self] in
            await askToEnd(current, grace: grace)
            _ = await time.poll(timeout: grace) { current.pod.hasEnded }
            if !current.pod.hasEnded { current.pod.kill() }
        }.value
    }

    private func askToEnd(_ current: Process, grace: Duration) async {
        if let hook = plan.care.preStop, grace > .zero { _ = await crew.perform(hook, beside: plan, in: current.room, timeout: grace) }
        if !current.pod.hasEnded { current.pod.terminate() }
    }

    // MARK: Stages

    /// Waits until it has come so far, or is over.
    func wait(for stage: Stage) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.stage < stage { state.waiting.append((stage, continuation)) }
                return state.stage >= stage
            }
            if isThere { continuation.resume() }
        }
    }

    private func reach(_ stage: Stage) {
        let ready = state.withLock { state in
            state.stage = max(state.stage, stage)
            defer { state.waiting.removeAll { $0.stage <= stage } }
            return state.waiting.filter { $0.stage <= stage }
        }
        for one in ready { one.continuation.resume() }
    }
}

extension ContainerState.Exit {
    init(_ ending: Ending) {
        self.init(
            code: ending.exitCode, reason: ending.reason, message: String(ending.message.prefix(2048)),
            started: ending.startedAt.map { Timestamp(milliseconds: $0) }, finished: Timestamp(milliseconds: ending.finishedAt))
    }
}

extension ContainerState {
    /// It waits for its next run.
    fileprivate mutating func wait(for wait: Duration, pod: String) {
        if case .ended(let exit) = stage { last = exit }
        stage = .waiting(reason: "CrashLoopBackOff", message: "back-off \(wait.components.seconds)s restarting failed container=\(name) pod=\(pod)")
    }
}
