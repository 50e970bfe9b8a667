import Glibc

/// What a pod has on this node while it lives: a directory, volumes.
struct PodPlace {
    let folder: PodFolder
    /// nil: its containers see what the worker sees.
    let volumes: PodVolumes?
    private let points: MountPointHold?
    /// Where its item lies; nil: it has none.
    private(set) var itemFile: String?

    /// Makes it.
    init(_ plan: AttemptPlan, pod: String, in data: DataFolder) throws(PodRefusal) {
        folder = PodFolder(data, pod: pod)
        let securities = plan.all.map(\.security)
        // The way to it is the worker's alone.
        if securities.contains(where: { $0.user != nil || $0.group != nil }) { chmod(folder.path, 0o777) }
        let speaking = plan.all.filter { $0.message.path != nil }
        for container in speaking { Self.makeMessageFile(folder.messageFile(container.name)) }
        let isPlain = plan.volumes.isEmpty && speaking.isEmpty && !securities.contains { $0.isRootReadOnly || $0.usesUserNamespace }
        do { volumes = isPlain ? nil : try PodVolumes(plan.volumes, group: plan.volumeGroup, folder: folder, data: data) } catch {
            folder.remove()
            throw error
        }
        if let item = plan.item { itemFile = try Self.write(item, in: folder) }
        points = Self.mountPoints(plan, volumes, folder)
    }

    private static func mountPoints(_ plan: AttemptPlan, _ volumes: PodVolumes?, _ folder: PodFolder) -> MountPointHold? {
        let views = plan.all.compactMap { volumes?.view($0, extra: messageMount($0, folder)) }
        return views.isEmpty ? nil : MountPoints().hold(Set(views.flatMap(\.places)))
    }

    private static func write(_ item: [UInt8], in folder: PodFolder) throws(PodRefusal) -> String {
        let path = folder.path + "/.drover-item"
        guard let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644),
            Glibc.write(file.number, item, item.count) == item.count
        else {
            defer { folder.remove() }
            throw PodRefusal("StartError", "the item can't be written to \(path): \(errorText(errno))")
        }
        return path
    }

    /// Whoever the container runs as may write it.
    private static func makeMessageFile(_ path: String) {
        _ = makeDirectory(String(path[..<path.lastIndex(of: "/")!]), mode: 0o755)
        if let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT, mode: 0o666) { fchmod(file.number, 0o666) }
    }

    /// What a container sees; nil if that is what its worker sees.
    func view(_ container: ContainerPlan) -> FileView? {
        volumes?.view(container, extra: Self.messageMount(container, folder))
    }

    private static func messageMount(_ container: ContainerPlan, _ folder: PodFolder) -> [FileView.Mount] {
        container.message.path.map { [FileView.Mount(.bind(folder.messageFile(container.name), subPath: nil), at: $0)] } ?? []
    }

    /// What a container that has ended has left to say; "" if nothing.
    func message(of container: ContainerPlan, log: String, hasFailed: Bool) -> String {
        let file = container.message.path == nil ? nil : folder.messageFile(container.name)
        return container.message.read(file, log: log, hasFailed: hasFailed)
    }

    func remove() {
        points?.release()
        folder.remove()
    }
}
