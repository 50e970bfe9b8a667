import CLinux
import Glibc
import Synchronization

/// Starts the processes of one slot, each covered by the guardian before it can run.
final class SlotSpawner: Sendable {
    private let node: NodeContext
    private let runtime: ProcessRuntime
    private let slot: Int
    private let state: Mutex<State>

    private struct State {
        var cgroup: SlotCgroup?
        /// The cgroup that the guardian covers for this slot, whichever attempt runs in it.
        var covered: Cgroup?
        var limits: KeptLimits?
    }

    init(node: NodeContext, runtime: ProcessRuntime, slot: Int) {
        (self.node, self.runtime, self.slot) = (node, runtime, slot)
        state = Mutex(State(cgroup: runtime.tree.map { SlotCgroup(tree: $0, slot: slot) }))
    }

    private var hasCgroups: Bool { runtime.tree != nil }

    /// Where in the slot's cgroup a process runs.
    enum Place {
        case slot
        /// Kept to limits, alone in the slot.
        case limited(ResourceLimits)
        /// In a part of its own, of a name that was never used before.
        case part(String, LimitGroup?)
        case same(Cgroup)
    }

    /// Starts a process of an attempt, or of a part of it that has an `id` of its own, in the slot's cgroup. The one it is in stands in `spec` then.
    func spawn(_ id: UInt64, _ spec: inout ProcessSpec, _ place: Place = .slot) throws -> RunningProcess {
        try state.withLock { state in
            if let process = try spawn(id, &spec, in: try state.cgroup?.current(), place, &state) { return process }
            // A cgroup that the guardian has ended is replaced once, unless other parts of the pod were in it.
            switch place {
            case .slot, .limited: break
            case .part, .same: throw fenced(spec)
            }
            dropLimits(&state)
            guard let process = try spawn(id, &spec, in: try state.cgroup?.renewed(), place, &state) else { throw fenced(spec) }
            return process
        }
    }

    private func fenced(_ spec: ProcessSpec) -> SpawnError { SpawnError(stage: .cgroup, code: ENODEV, subject: spec.arguments.first ?? "") }

    private func spawn(_ id: UInt64, _ spec: inout ProcessSpec, in slot: Cgroup?, _ place: Place, _ state: inout State) throws -> RunningProcess? {
        spec.cgroup = slot
        try cover(id, &spec, &state)
        switch place {
        case .slot: dropLimits(&state)
        case .limited(let limits): try enter(limits, &spec, &state)
        case .part(let name, let limits):
            dropLimits(&state)
            guard let slot else { break }
            let part = try Cgroup(path: slot.path + "/" + name)
            try limits?.prepare(part, in: slot)
            spec.cgroup = part
        case .same(let cgroup): spec.cgroup = cgroup
        }
        return try startUnlessFenced(id, spec)
    }

    /// No part of it is left: the next pod's process may be in the slot's cgroup itself, which must hand no controllers down then.
    func endParts() { state.withLock { endParts($0) } }

    private func endParts(_ state: State) {
        guard runtime.limits == .unified, let slot = state.cgroup?.made else { return }
        _ = LimitHost.write(LimitHost.controllers.map { "-" + $0 }.joined(separator: " "), to: slot.path + "/cgroup.subtree_control")
    }

    // MARK: Limits

    /// Those of the pod before serve again if they are the same: making a group costs more than a short process.
    private func enter(_ limits: ResourceLimits, _ spec: inout ProcessSpec, _ state: inout State) throws(CgroupError) {
        if state.limits?.serves(limits, in: spec.cgroup) != true {
            dropLimits(&state)
            let name = "c\(runtime.parts.next())"
            guard let group = try runtime.limitGroup(limits, name: name, node) else { return }
            do { state.limits = try KeptLimits(group, in: spec.cgroup, name: runtime.limits == .unified ? name : nil) } catch {
                group.remove()
                throw error
            }
        }
        guard let kept = state.limits else { return }
        (spec.limitProcs, spec.cgroup) = (kept.group.procs, kept.part ?? spec.cgroup)
    }

    private func dropLimits(_ state: inout State) {
        guard let kept = state.limits else { return }
        kept.remove()
        state.limits = nil
        endParts(state)
    }

    /// The limits that the slot's process is kept to.
    var limits: LimitGroup? { state.withLock { $0.limits?.group } }

    /// Why a container does not start whose cgroup could not be made; nil: the guardian has ended it.
    func refusal(_ error: CgroupError, _ container: String) -> PodRefusal? {
        if runtime.currentGuardian.isDead || error.code == ENOENT || error.code == ENODEV { return nil }
        return PodRefusal("StartError", "container \(container): \(error)")
    }

    func uncover(_ id: UInt64) {
        if !hasCgroups { runtime.uncover(id) }
    }

    /// Whether the guardian has ended the process, which ended so.
    func hasFenced(_ id: UInt64, _ cgroup: Cgroup?, _ status: ExitStatus) -> Bool {
        runtime.isFenced(covering(id), cgroup, status, deadline: deadline)
    }

    private var deadline: UInt64 { node.deadline.load(ordering: .relaxed) }

    /// A slot's cgroup is named to the guardian once; sessions are named one by one. What is covered does not start after the deadline.
    private func cover(_ id: UInt64, _ spec: inout ProcessSpec, _ state: inout State) throws(GuardianError) {
        let guardian = runtime.currentGuardian
        guard let cgroup = spec.cgroup else { return try guardian.cover(id, deadline: deadline, spec: &spec) }
        spec.notAfter = deadline
        if state.covered === cgroup { return }
        try guardian.cover(covering(id), deadline: deadline, spec: &spec)
        state.covered = cgroup
    }

    /// What the guardian knows it by.
    private func covering(_ id: UInt64) -> UInt64 { hasCgroups ? UInt64(slot) | 1 << 63 : id }

    /// nil if the guardian has ended the slot's cgroup.
    private func startUnlessFenced(_ id: UInt64, _ spec: ProcessSpec) throws(SpawnError) -> RunningProcess? {
        do { return try start(id, spec) } catch {
            if error.isFenced && error.stage == .cgroup { return nil }
            throw error
        }
    }

    private func start(_ id: UInt64, _ spec: ProcessSpec) throws(SpawnError) -> RunningProcess {
        let process = try runtime.reaper(of: slot).spawn(spec)
        if spec.cgroup == nil { runtime.currentGuardian.started(id, deadline: deadline, process: process) }
        return process
    }
}
