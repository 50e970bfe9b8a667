import BatchAPI
import Broker
import CLinux

/// Starts a slot's `stream` processes: the container's command with a pod's environment, covered by the guardian as any other.
struct StreamStarter {
    /// What goes with a process.
    struct Run {
        fileprivate var id: UInt64
        fileprivate var place: PodPlace?
        fileprivate var room: ContainerRoom
        fileprivate var log: LogFile
    }

    private let node: NodeContext
    private let runtime: ProcessRuntime
    private let slot: Int
    private let spawner: SlotSpawner

    init(node: NodeContext, runtime: ProcessRuntime, slot: Int) {
        (self.node, self.runtime, self.slot) = (node, runtime, slot)
        spawner = SlotSpawner(node: node, runtime: runtime, slot: slot)
    }

    /// - Parameter number: how many the slot has started before.
    func start(_ job: Job, number: Int) async throws(PodRefusal) -> (StreamProcess, Run) {
        let grant = Grant(
            job: job.metadata.uid, token: 0, items: nil, pod: "\(job.metadata.name)-stream-\(slot)", podUID: makeUUID(node.time), revision: "", failures: 0)
        let plan = try await runtime.planner.plan(job: job, grant: grant)
        guard plan.initContainers.isEmpty, plan.containers.count == 1 else {
            throw .configuration("runtimeClassName stream: a pod of it has one container and no initContainers")
        }
        let path = runtime.folder.log(job: job.metadata.uid, attempt: "stream-\(slot)-\(node.instance)", restart: number)
        let log: LogFile
        do { log = try LogFile(path: path) } catch { throw PodRefusal("StartError", "log \(error)") }
        var run = Run(id: node.attempts.nextID(), place: try PodPlace(plan, pod: grant.podUID, in: runtime.folder), room: ContainerRoom(), log: log)
        runtime.recorder.began(log)
        do { return (try spawn(plan.containers[0], &run), run) } catch {
            clear(run)
            throw PodRefusal("StartError", "\(error)")
        }
    }

    private func spawn(_ container: ContainerPlan, _ run: inout Run) throws -> StreamProcess {
        let input = try makePipe(nonblocking: .write), output = try makePipe(nonblocking: .read)
        drover_pipe_size(input.write.number, 1 << 18)
        drover_pipe_size(output.write.number, 1 << 18)
        var spec = ProcessSpec(container, run.place, output: .descriptor(output.write.number))
        (spec.input, spec.errorOutput) = (input.read.number, run.log.output)
        let name = "s\(runtime.parts.next())"
        run.room.limits = try runtime.limitGroup(container.limits, name: name, node)
        spec.limitProcs = run.room.limits?.procs ?? []
        let process = try spawner.spawn(run.id, &spec, .part(name, run.room.limits))
        withExtendedLifetime((input.read, output.write)) {}
        run.room.cgroup = spec.cgroup
        let pod = PodProcesses(main: process, cgroup: spec.cgroup)
        run.room.limits?.watch(pod, runtime.reaper)
        return StreamProcess(pod: pod, input: input.write, output: output.read, log: run.log)
    }

    /// Nothing of it runs any more.
    /// - Returns: whether the guardian ended it.
    @discardableResult
    func clear(_ run: Run, _ status: ExitStatus? = nil) -> Bool {
        let isFenced = status.map { spawner.hasFenced(run.id, run.room.cgroup, $0) } ?? false
        spawner.uncover(run.id)
        runtime.recorder.ended(run.log)
        run.room.remove()
        spawner.endParts()
        run.place?.remove()
        return isFenced
    }
}
