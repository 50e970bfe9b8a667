import CLinux
import Glibc

/// A pod's volumes as they lie on this node, and how its containers see them.
struct PodVolumes {
    private let folder: PodFolder
    private let data: DataFolder
    private let plans: [VolumePlan]
    private let contents: VolumeContents
    /// Shows the volumes that are in memory; nil if there are none.
    private let base: Descriptor?

    /// Makes them.
    /// - Parameter group: who may write those that are the pod's own; nil: everybody.
    init(_ plans: [VolumePlan], group: UInt32?, folder: PodFolder, data: DataFolder) throws(PodRefusal) {
        (self.plans, self.folder, self.data) = (plans, folder, data)
        contents = VolumeContents(group: group)
        var memory = FileView()
        for plan in plans {
            do { try Self.make(plan, group, folder, data, contents) } catch { throw .configuration("volume \(plan.name): \(error)") }
            guard case .empty(inMemory: true, let limit) = plan.source else { continue }
            memory.mounts.append(.init(.memory(bytes: limit, mode: group == nil ? 0o777 : 0o2777, group: group), at: folder.volume(plan.name)))
        }
        do { base = memory.mounts.isEmpty ? nil : try memory.make() } catch { throw .configuration("volumes in memory: \(error)") }
    }

    private static func make(
        _ plan: VolumePlan, _ group: UInt32?, _ folder: PodFolder, _ data: DataFolder, _ contents: VolumeContents
    ) throws(FileError) {
        switch plan.source {
        case .claim(let name):
            try FileError.check(data.claim(name), makeDirectory(data.claim(name), mode: 0o755))
            if let group { Ownership.give(data.claim(name), to: group) }
        case .empty:
            try FileError.check(folder.volume(plan.name), folder.makeVolume(plan.name, mode: 0o777))
            if let group { Ownership.give(folder.volume(plan.name), to: group) }
        case .host(let path, let type): try HostPath(path: path, type: type).check()
        case .files(let files):
            try FileError.check(folder.volume(plan.name), folder.makeVolume(plan.name, mode: 0o755))
            try contents.set(plan.name, to: files, in: folder.volume(plan.name))
        }
    }

    /// Whether any of them holds files that may change while the pod runs.
    var hasFiles: Bool { plans.contains { if case .files = $0.source { true } else { false } } }

    /// Writes what has changed. What can't be written stays as it was.
    func refresh(_ files: [String: [VolumeFile]]) {
        for (name, files) in files where plans.contains(where: { $0.name == name }) { try? contents.set(name, to: files, in: folder.volume(name)) }
    }

    // MARK: Views

    /// What a container sees; nil if that is what its worker sees.
    func view(_ container: ContainerPlan, extra: [FileView.Mount] = []) -> FileView? {
        var view = FileView(mounts: extra, isRootReadOnly: container.security.isRootReadOnly)
        for mount in container.mounts {
            guard let plan = plans.first(where: { $0.name == mount.volume }) else { continue }
            view.mounts.append(.init(.bind(source(plan), subPath: mount.subPath), at: mount.target, isReadOnly: mount.isReadOnly))
        }
        if view.isRootReadOnly { addOwnPlaces(&view, container) }
        view.base = base
        view.usesUserNamespace = geteuid() != 0 && (container.security.usesUserNamespace || !view.mounts.isEmpty)
        return view.mounts.isEmpty && !view.isRootReadOnly && !view.usesUserNamespace ? nil : view
    }

    /// Under a read-only root /tmp and /dev/shm are private, and its own directory can be written.
    private func addOwnPlaces(_ view: inout FileView, _ container: ContainerPlan) {
        for place in ["/tmp", "/dev/shm"] where !view.mounts.contains(where: { $0.target == place }) {
            view.mounts.append(.init(.memory(bytes: nil, mode: 0o1777, group: nil), at: place))
        }
        if container.workingDirectory == nil { view.mounts.append(.init(.bind(folder.path, subPath: nil), at: folder.path)) }
    }

    private func source(_ plan: VolumePlan) -> String {
        switch plan.source {
        case .claim(let name): data.claim(name)
        case .host(let path, _): path
        case .empty, .files: folder.volume(plan.name)
        }
    }

    // MARK: Sizes

    /// Says which volume on disk holds more than it may; nil if none is limited.
    var excess: (@Sendable () -> String?)? {
        let limited = plans.compactMap { plan -> (name: String, path: String, limit: Int64)? in
            guard case .empty(inMemory: false, let limit?) = plan.source else { return nil }
            return (plan.name, folder.volume(plan.name), limit)
        }
        if limited.isEmpty { return nil }
        return {
            limited.first { Ownership.size($0.path) > $0.limit }.map { "Usage of EmptyDir volume \"\($0.name)\" exceeds the limit of \($0.limit) bytes" }
        }
    }
}
