import Glibc

/// What a pod has on this node while it lives: a directory, volumes.
struct PodPlace {
    let folder: PodFolder
    /// nil: its containers see what the worker sees.
    let volumes: PodVolumes?
    private let points: MountPointHold?
    private let ownVolumes: [String]
    private let hasMessages: Bool
    /// Where its item lies; nil: it has none.
    private(set) var itemFile: String?

    /// Makes it.
    init(_ plan: AttemptPlan, pod: String, in data: DataFolder) throws(PodRefusal) {
        let securities = plan.all.map(\.security)
        // The way to it is the worker's alone.
        folder = PodFolder(data, pod: pod, mode: securities.contains { $0.user != nil || $0.group != nil } ? 0o777 : 0o755)
        let speaking = plan.all.filter { $0.message.path != nil }
        for container in speaking { folder.makeMessageFile(container.name) }
        (hasMessages, ownVolumes) = (!speaking.isEmpty, plan.volumes.filter(\.isOwn).map(\.name))
        let isPlain = plan.volumes.isEmpty && speaking.isEmpty && !securities.contains { $0.isRootReadOnly || $0.usesUserNamespace }
        do { volumes = isPlain ? nil : try PodVolumes(plan.volumes, group: plan.volumeGroup, folder: folder, data: data) } catch {
            folder.remove(volumes: ownVolumes, hasMessages: hasMessages)
            throw error
        }
        do { itemFile = try Self.write(plan.item, in: folder) } catch {
            folder.remove(volumes: ownVolumes, hasMessages: hasMessages)
            throw error
        }
        points = Self.mountPoints(plan, volumes, folder)
    }

    private static func mountPoints(_ plan: AttemptPlan, _ volumes: PodVolumes?, _ folder: PodFolder) -> MountPointHold? {
        let views = plan.all.compactMap { volumes?.view($0, extra: messageMount($0, folder)) }
        return views.isEmpty ? nil : MountPoints().hold(Set(views.flatMap(\.places)))
    }

    private static func write(_ item: [UInt8]?, in folder: PodFolder) throws(PodRefusal) -> String? {
        guard let item else { return nil }
        let path = folder.path + "/.drover-item"
        guard let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644),
            Glibc.write(file.number, item, item.count) == item.count
        else { throw PodRefusal("StartError", "the item can't be written to \(path): \(errorText(errno))") }
        return path
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
        folder.remove(volumes: ownVolumes, hasMessages: hasMessages)
    }
}
