import BatchAPI

/// What stands in volumes that the worker writes: keys of ConfigMaps and Secrets, fields of the pod.
struct VolumeFiles {
    let identity: PodIdentity
    let objects: PodObjects
    let pod: PodSpec

    /// All keys of an object, or those that `items` names, each at its path.
    func keys(_ kind: PodObjects.Kind, _ name: String, _ source: Value, mode: UInt32) async throws(PodRefusal) -> [VolumeFile] {
        let isOptional = source["optional"]?.bool == true
        guard let content = try await objects.content(kind, name, isOptional: isOptional) else { return [] }
        guard let items = source["items"]?.array, !items.isEmpty else {
            return content.sorted { $0.key < $1.key }.map { VolumeFile(path: $0.key, bytes: $0.value, mode: mode) }
        }
        var files: [VolumeFile] = []
        for item in items {
            let key = item["key"]?.string ?? ""
            if let bytes = content[key] {
                files.append(try file(item, bytes, mode))
            } else if !isOptional {
                throw objects.absent("\(kind.word) \"\(name)\" references non-existent key: \(key)")
            }
        }
        return files
    }

    /// Fields of the pod, each at its path.
    func fields(_ source: Value, mode: UInt32) throws(PodRefusal) -> [VolumeFile] {
        var files: [VolumeFile] = []
        for item in source["items"]?.array ?? [] {
            if let field = item["fieldRef"]?["fieldPath"]?.string {
                guard let text = identity.field(field) else { throw .configuration("downwardAPI: field \(field) is not known here") }
                files.append(try file(item, Array(text.utf8), mode))
            } else if let reference = item["resourceFieldRef"] {
                files.append(try file(item, Array(try ResourceField.text(reference, pod, of: nil, "downwardAPI").utf8), mode))
            }
        }
        return files
    }

    /// Several sources in one volume; of equal paths the last stands.
    func projection(_ source: Value, mode: UInt32) async throws(PodRefusal) -> [VolumeFile] {
        var files: [String: VolumeFile] = [:]
        for part in source["sources"]?.array ?? [] {
            for file in try await self.part(part, mode) { files[file.path] = file }
        }
        return files.values.sorted { $0.path < $1.path }
    }

    private func part(_ part: Value, _ mode: UInt32) async throws(PodRefusal) -> [VolumeFile] {
        if let source = part.present("configMap") { return try await keys(.configMap, source["name"]?.string ?? "", source, mode: mode) }
        if let source = part.present("secret") { return try await keys(.secret, source["name"]?.string ?? "", source, mode: mode) }
        if let source = part.present("downwardAPI") { return try fields(source, mode: mode) }
        throw .configuration("projected volumes with \(part.object?.keys.sorted().first ?? "nothing") can't be had on this worker")
    }

    private func file(_ item: Value, _ bytes: [UInt8], _ mode: UInt32) throws(PodRefusal) -> VolumeFile {
        let path = item["path"]?.string ?? ""
        guard !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            throw .configuration("items.path \"\(path)\" leaves the volume")
        }
        return VolumeFile(path: path, bytes: bytes, mode: item["mode"]?.int.map { UInt32(clamping: $0) } ?? mode)
    }
}
