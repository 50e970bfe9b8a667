/// The limits that a slot keeps from one pod to the next, while they are the same.
struct KeptLimits {
    let group: LimitGroup
    /// What processes are born in, below the slot's cgroup; nil where limits are not kept in cgroup2.
    let part: Cgroup?
    private let slot: Cgroup?

    /// - Parameter name: of the part, never used before; nil: there is none.
    init(_ group: LimitGroup, in slot: Cgroup?, name: String?) throws(CgroupError) {
        (self.group, self.slot) = (group, slot)
        guard let slot, let name else {
            part = nil
            return
        }
        let part = try Cgroup(path: slot.path + "/" + name)
        self.part = part
        do { try group.prepare(part, in: slot) } catch {
            part.remove()
            throw error
        }
    }

    /// Whether a process in the slot's cgroup, with these limits, finds all as new.
    func serves(_ limits: ResourceLimits, in slot: Cgroup?) -> Bool {
        group.limits == limits && self.slot === slot && part?.wasKilled != true && group.renew()
    }

    func remove() {
        part?.remove()
        group.remove()
    }
}
