import Glibc

/// What a pod has on this node while it lives: a directory, volumes.
struct PodPlace {
    let folder: PodFolder
    /// nil: its containers see what the worker sees.
    let volumes: PodVolumes?

    /// Makes it.
    init(_ plan: AttemptPlan, pod: String, in data: DataFolder) throws(PodRefusal) {
        folder = PodFolder(data, pod: pod)
        let securities = plan.containers.map(\.security)
        // The way to it is the worker's alone.
        if securities.contains(where: { $0.user != nil || $0.group != nil }) { chmod(folder.path, 0o777) }
        let isPlain = plan.volumes.isEmpty && !securities.contains { $0.isRootReadOnly || $0.usesUserNamespace }
        do { volumes = isPlain ? nil : try PodVolumes(plan.volumes, group: plan.volumeGroup, folder: folder, data: data) } catch {
            folder.remove()
            throw error
        }
    }

    func remove() { folder.remove() }
}
