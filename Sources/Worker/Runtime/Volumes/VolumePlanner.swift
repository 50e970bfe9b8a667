import BatchAPI

/// Plans a pod's volumes.
struct VolumePlanner {
    let pod: PodSpec
    let identity: PodIdentity
    let objects: PodObjects

    /// - Throws: for kinds of volumes that this worker does not have, by name; for objects that are not there.
    func plans() async throws(PodRefusal) -> [VolumePlan] {
        var plans: [VolumePlan] = []
        for volume in pod.volumes {
            let name = volume["name"]?.string ?? ""
            do throws(PodRefusal) { plans.append(VolumePlan(name: name, source: try await source(volume, name))) } catch { throw error.about(.volume(name)) }
        }
        return plans
    }

    private func source(_ volume: Value, _ name: String) async throws(PodRefusal) -> VolumePlan.Source {
        if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string { return try await self.claim(claim) }
        if let path = volume["hostPath"]?["path"]?.string { return try host(path, volume["hostPath"]?["type"]?.string ?? "", name) }
        let files = VolumeFiles(identity: identity, objects: objects, pod: pod)
        for (key, kind) in [("configMap", PodObjects.Kind.configMap), ("secret", .secret)] {
            guard let source = volume[key], !source.isNull else { continue }
            let object = source["name"]?.string ?? source["secretName"]?.string ?? ""
            return .files(try await files.keys(kind, object, source, mode: mode(source)))
        }
        if let source = volume.present("downwardAPI") { return .files(try files.fields(source, mode: mode(source))) }
        if let source = volume.present("projected") { return .files(try await files.projection(source, mode: mode(source))) }
        if volume.object?.keys.contains("emptyDir") == true { return try empty(volume["emptyDir"] ?? .null, name) }
        throw refusal(name, "volumes of kind \(volume.object?.keys.sorted().first { $0 != "name" } ?? "unknown") can't be had on this worker")
    }

    private func mode(_ source: Value) -> UInt32 { UInt32(clamping: source["defaultMode"]?.int ?? 0o644) }

    private func claim(_ name: String) async throws(PodRefusal) -> VolumePlan.Source {
        if !objects.rules.makesClaims, try await !objects.hasClaim(name) { throw objects.absent("persistentvolumeclaim \"\(name)\" not found").about(.claim) }
        return .claim(objects.namespace + "_" + name)
    }

    private func host(_ path: String, _ type: String, _ name: String) throws(PodRefusal) -> VolumePlan.Source {
        if objects.rules.allows(hostPath: path) { return .host(path, type: type) }
        throw refusal(name, "hostPath \(path) is not allowed on this worker (--allow-host-path)")
    }

    private func empty(_ source: Value, _ name: String) throws(PodRefusal) -> VolumePlan.Source {
        let medium = source["medium"]?.string ?? ""
        guard ["", "Memory"].contains(medium) else { throw refusal(name, "emptyDir.medium \(medium) can't be had on this worker") }
        if medium == "Memory", !objects.rules.isRoot { throw refusal(name, "emptyDir.medium Memory needs a worker that is root") }
        let limit = source["sizeLimit"].flatMap { try? Quantity($0) }.map(\.wholeUnits)
        return .empty(inMemory: medium == "Memory", limit: limit == 0 ? nil : limit)
    }

    private func refusal(_ name: String, _ why: String) -> PodRefusal { .configuration("volume \(name): \(why)") }
}
