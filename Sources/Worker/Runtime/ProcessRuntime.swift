import BatchAPI
import Broker
import CLinux
import Glibc
import Synchronization

/// Attempts as processes of this host, covered by the guardian.
final class ProcessRuntime: NodeRuntime {
    let planner: any AttemptPlanner
    let folder: DataFolder
    let tree: CgroupTree?
    /// nil: this host keeps no limits for us.
    let limits: LimitHost?
    /// Numbers what containers get of their own.
    let parts = PartNumbers()
    private let instance: String
    private let hasWarned = Atomic<Bool>(false)
    let reaper: ProcessReaper
    /// Of each lane one.
    private let slotReapers: [ProcessReaper]
    let recorder: LogRecorder
    private let guardian: Mutex<GuardianClient>
    /// Threads that feed `stream` processes, by slot; made when first needed.
    private let streamThreads = Mutex<[Int: SlotThread]>([:])

    init(planner: any AttemptPlanner, host: NodeHost, lanes: [any SlotLane], logs: LogRecorder.Limits) {
        recorder = LogRecorder(limits: logs)
        slotReapers = lanes.isEmpty ? [host.reaper] : lanes.map(ProcessReaper.init(on:))
        (self.planner, folder, tree, reaper) = (planner, host.folder, host.tree, host.reaper)
        (limits, instance) = (host.limits, host.instance)
        guardian = Mutex(host.guardian)
    }

    /// The limits of one run of a container; nil if it has none, or this host keeps none, which is said once.
    func limitGroup(_ limits: ResourceLimits, name: String, _ node: NodeContext) throws(CgroupError) -> LimitGroup? {
        if limits.isNone { return nil }
        if let host = self.limits { return try LimitGroup(limits, host: host, name: name) }
        if !hasWarned.exchange(true, ordering: .relaxed) {
            node.logger.warning("resources.limits are not enforced: this worker has no cgroup with cpu, memory and pids")
        }
        return nil
    }

    func slot(_ number: Int, of node: NodeContext) -> any SlotRuntime { ProcessSlot(node: node, runtime: self, slot: number) }

    /// What waits for the processes of a slot.
    func reaper(of slot: Int) -> ProcessReaper { slotReapers[slot % slotReapers.count] }

    func chunks(_ slot: Int, of node: NodeContext) -> (any ChunkRuntime)? { StreamSlot(node: node, runtime: self, slot: slot) }

    func extend(until deadline: UInt64) { try? currentGuardian.renewAll(deadline: deadline) }

    func attend(_ node: NodeContext) async {
        await withTaskGroup(of: Void.self) { loops in
            loops.addTask { await GuardianLoop(node: node, runtime: self).run() }
            loops.addTask { await LogJanitor(node: node, folder: self.folder).run() }
        }
    }

    func streamThread(_ slot: Int) -> SlotThread {
        streamThreads.withLock { threads in
            if let known = threads[slot] { return known }
            let thread = SlotThread()
            threads[slot] = thread
            return thread
        }
    }

    func close() async {
        for thread in streamThreads.withLock({ Array($0.values) }) { thread.close() }
        recorder.stop()
        await currentGuardian.shutdown(grace: .seconds(10))
        await tree?.end()
        LimitHost.clear(instance: instance)
    }

    // MARK: Guardian

    var currentGuardian: GuardianClient { guardian.withLock { $0 } }

    func replaceGuardian(_ client: GuardianClient) { guardian.withLock { $0 = client } }

    func uncover(_ id: UInt64) { try? currentGuardian.remove(id) }

    /// Whether the guardian has ended what it covers by this name. What it says holds whatever the status: between the death of a child and
    /// its own a shell may still have ended by itself. A guardian that could not say so has removed the cgroup, or the time was up.
    func isFenced(_ id: UInt64, _ cgroup: Cgroup?, _ status: ExitStatus, deadline: UInt64) -> Bool {
        if currentGuardian.hasFenced(id) { return true }
        guard status == .signaled(SIGKILL) else { return false }
        if let cgroup, !cgroup.exists { return true }
        return deadline > 0 && drover_boottime_ms() >= deadline
    }
}
