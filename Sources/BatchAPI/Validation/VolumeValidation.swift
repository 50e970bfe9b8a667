/// The rules of volumes.
enum VolumeValidation {
    /// In the order in which a server looks at them: the first that is set counts.
    private static let sources = [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs",
        "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "downwardAPI", "fc", "flexVolume", "configMap",
        "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "scaleIO",
        "projected", "csi", "ephemeral", "image", "quobyte",
    ]
    private static let hostPathTypes = [
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
    ]

    static func validate(_ volumes: [Value], _ path: String) -> [FieldError] {
        var list = ErrorList()
        var names: Set<String> = []
        for (position, volume) in volumes.enumerated() {
            let field = "\(path)[\(position)]"
            let name = volume["name"]?.string ?? ""
            list.add(validateSource(volume, field))
            if name.isEmpty {
                list.add(.required("\(field).name"))
            } else {
                list.invalid("\(field).name", name, NameRules.dnsLabel(name))
            }
            if !name.isEmpty, !names.insert(name).inserted { list.add(.duplicate("\(field).name", .string(name))) }
        }
        return list.errors
    }

    private static func validateSource(_ volume: Value, _ path: String) -> [FieldError] {
        let given = sources.filter { volume.present($0) != nil }
        guard let first = given.first else { return [.required(path, "must specify a volume type")] }
        var list = ErrorList()
        list.add(validateSource(volume[first] ?? .null, first, "\(path).\(first)"))
        for other in given.dropFirst() {
            list.add(.forbidden("\(path).\(other)", "may not specify more than 1 volume type"))
        }
        return list.errors
    }

    private static func validateSource(_ source: Value, _ kind: String, _ path: String) -> [FieldError] {
        var list = ErrorList()
        for key in requiredKeys[kind] ?? [] where source[key]?.string ?? "" == "" { list.add(.required("\(path).\(key)")) }
        switch kind {
        case "hostPath":
            if let text = source["path"]?.string, text.split(separator: "/").contains("..") {
                list.invalid("\(path).path", text, ["must not contain '..'"])
            }
            list.oneOf("\(path).type", source["type"]?.string, hostPathTypes)
        case "secret", "configMap": list.add(validateItems(source, path))
        case "projected":
            for (position, part) in (source["sources"]?.array ?? []).enumerated() {
                for key in ["secret", "configMap"] {
                    if let inner = part.present(key) { list.add(validateItems(inner, "\(path).sources[\(position)].\(key)")) }
                }
            }
        default: break
        }
        return list.errors
    }

    private static let requiredKeys: [String: [String]] = [
        "hostPath": ["path"], "secret": ["secretName"], "configMap": ["name"], "persistentVolumeClaim": ["claimName"],
        "nfs": ["server", "path"], "csi": ["driver"],
    ]

    private static func validateItems(_ source: Value, _ path: String) -> [FieldError] {
        var list = ErrorList()
        if let mode = source["defaultMode"]?.int, !(0...0o777).contains(mode) {
            list.invalid("\(path).defaultMode", mode, "must be a number between 0 and 0777 (octal), both inclusive")
        }
        for (position, item) in (source["items"]?.array ?? []).enumerated() {
            let field = "\(path).items[\(position)]"
            if item["key"]?.string ?? "" == "" { list.add(.required("\(field).key")) }
            let target = item["path"]?.string ?? ""
            if target.isEmpty { list.add(.required("\(field).path")) }
            list.invalid("\(field).path", target, relativePathProblems(target))
        }
        return list.errors
    }

    /// What is wrong with a path that must stay below its volume.
    static func relativePathProblems(_ path: String) -> [String] {
        var problems: [String] = []
        if path.hasPrefix("/") { problems.append("must be a relative path") }
        if path.split(separator: "/").contains("..") { problems.append("must not contain '..'") }
        return problems
    }
}
