/// The cgroup that a slot uses for one pod after the other. One that the guardian has ended is never used again: the next has another name.
public struct SlotCgroup: Sendable {
    private let tree: CgroupTree
    private let slot: Int
    private var generation = 0
    private var cgroup: Cgroup?

    /// Nothing is made before `current()`.
    public init(tree: CgroupTree, slot: Int) {
        (self.tree, self.slot) = (tree, slot)
    }

    /// The slot's cgroup, made when first asked for.
    public mutating func current() throws(CgroupError) -> Cgroup {
        if let cgroup { return cgroup.wasKilled ? try renewed() : cgroup }
        let made = try tree.leaf("slot-\(slot).\(generation)")
        cgroup = made
        return made
    }

    /// The slot's cgroup, if it was made.
    var made: Cgroup? { cgroup }

    /// Another one, after a spawn failed with ``SpawnError/isFenced`` or a process would not leave the old one.
    public mutating func renewed() throws(CgroupError) -> Cgroup {
        cgroup?.remove()
        cgroup = nil
        generation += 1
        return try current()
    }
}
