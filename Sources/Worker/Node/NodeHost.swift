import CLinux

/// What a worker daemon holds on its host: its folder, its cgroups, and the guardian that outlives it.
public struct NodeHost: Sendable {
    /// New with every start.
    public let instance: String
    public let folder: DataFolder
    public let reaper: ProcessReaper
    let tree: CgroupTree?
    let limits: LimitHost?
    let guardian: GuardianClient

    /// Makes the node's cgroups and starts its guardian; ends what an earlier instance in the same folder left.
    ///
    /// - Throws: `SpawnError` or `GuardianError` if no guardian can be started.
    public static func start(_ options: WorkerOptions, folder: DataFolder) async throws -> NodeHost {
        let instance = String(makeUUID().prefix(13))
        if let before = folder.exchangeInstance(instance) {
            if let left = CgroupTree.instances()[before] { await left.end() }
            LimitHost.clear(instance: before)
        }
        // Nobody else uses the folder: what they name is of workers that have gone.
        for book in folder.sessionBooks { await SessionBook.end(book) }
        folder.clear()
        MountPoints().sweep()
        let tree = CgroupTree.make(instance: instance)
        let reaper = ProcessReaper()
        var environment = options.guardian.environment
        (environment["DROVER_NODE"], environment["DROVER_INSTANCE"]) = (options.name, instance)
        environment["DROVER_SESSIONS"] = folder.sessionBook(instance)
        var configuration = GuardianClient.Configuration(arguments: options.guardian.arguments + [tree?.path ?? ""], environment: environment, tree: tree)
        configuration.errorOutput = .descriptor(2)
        let guardian = try GuardianClient.start(configuration, reaper: reaper)
        let limits = LimitHost.find(tree: tree, instance: instance)
        return NodeHost(instance: instance, folder: folder, reaper: reaper, tree: tree, limits: limits, guardian: guardian)
    }

    /// A redis-server that the guardian ends after the attempts, also when this process is killed.
    public func guardRedis(pid: Int32) throws(GuardianError) { try guardian.guardRedis(pid: pid) }

    /// Ends the guardian where no daemon came to be.
    public func close() async {
        await guardian.shutdown(grace: .seconds(10))
        await tree?.end()
        LimitHost.clear(instance: instance)
    }
}
