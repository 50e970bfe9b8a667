import Broker
import CLinux
import Glibc
import Synchronization

/// What the containers of one attempt share.
struct PodCrew: Sendable {
    let node: NodeContext
    let runtime: ProcessRuntime
    let spawner: SlotSpawner
    let attempt: Attempt
    let plan: AttemptPlan
    let place: PodPlace?

    var time: any Timekeeper { node.time }

    /// The log of a container's n-th run. The pod's first container has the pod's own.
    func log(_ container: ContainerPlan, restart: Int) -> String {
        let name = container.name == plan.containers.first?.name ? attempt.logName : ContainerLog.name(attempt.logName, container: container.name)
        return runtime.folder.log(job: attempt.grant.job, attempt: name, restart: restart)
    }

    /// An ending with its container's name, unless that is the pod's first.
    func named(_ ending: Ending, _ container: ContainerPlan) -> Ending {
        var ending = ending
        if container.name != plan.containers.first?.name { ending.container = container.name }
        return ending
    }

    /// Runs a command beside a container's process, seeing and allowed the same, and waits for its end, which comes when its time is over.
    func run(_ command: [String], beside container: ContainerPlan, in room: ContainerRoom, timeout: Duration) async -> Bool {
        var spec = ProcessSpec(container, place, output: .null)
        spec.arguments = command
        spec.limitProcs = room.limits?.procs ?? []
        let id = node.attempts.nextID()
        guard let process = try? spawner.spawn(id, &spec, room.cgroup.map { .same($0) } ?? .slot) else { return false }
        defer { spawner.uncover(id) }
        // Its own session: the container's other processes stay.
        let own = PodProcesses(main: process, cgroup: nil)
        let hasEnded = await time.poll(timeout: timeout) { process.status != nil }
        if !hasEnded { own.kill() }
        return await process.exit() == .exited(0) && hasEnded
    }

    /// Does what a hook or a probe says.
    func perform(_ action: ContainerAction, beside container: ContainerPlan, in room: ContainerRoom, timeout: Duration) async -> Bool {
        let reach = Reach(time: time, timeout: timeout)
        switch action {
        case .exec(let command): return await run(command, beside: container, in: room, timeout: timeout)
        case .tcp(let host, let port): return await reach.connects(host: host, port: port)
        case .http(let host, let port, let path, let headers): return await reach.answers(host: host, port: port, path: path, headers: headers)
        case .sleep(let duration):
            await time.pause(for: min(duration, timeout))
            return true
        }
    }
}

/// What the processes of one run of a container are kept in.
struct ContainerRoom: Sendable {
    /// nil where the host has no cgroup2.
    var cgroup: Cgroup?
    var limits: LimitGroup?

    /// Nothing runs in it any more.
    func remove() {
        cgroup?.remove()
        limits?.remove()
    }
}

/// Numbers that are given once.
final class PartNumbers: Sendable {
    private let last = Atomic<Int>(0)

    func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}

/// How logs of containers beside a pod's first one are named.
enum ContainerLog {
    static func name(_ attempt: String, container: String) -> String { attempt + "_" + container }
}
