import BatchAPI

/// The documents by which clients learn what is served.
enum DiscoveryDocuments {
    /// GET /api.
    static func versions(address: String) -> Value {
        [
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": .string(address)]],
        ]
    }

    /// GET /apis.
    static let groups: Value = ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(Catalog.groups.map(groupMembers))]

    /// GET /apis/GROUP.
    static func group(_ name: String) -> Value {
        var value = groupMembers(name)
        value["kind"] = "APIGroup"
        value["apiVersion"] = "v1"
        return value
    }

    private static func groupMembers(_ name: String) -> Value {
        let version: Value = ["groupVersion": .string("\(name)/v1"), "version": "v1"]
        return ["name": .string(name), "versions": [version], "preferredVersion": version]
    }

    /// GET /api/v1, /apis/GROUP/v1.
    static func resources(group: String) -> Value {
        let kinds = Catalog.kinds(group: group)
        var list: Value = [
            "kind": "APIResourceList", "groupVersion": .string(group.isEmpty ? "v1" : "\(group)/v1"), "resources": .array(kinds.flatMap(resources)),
        ]
        if !group.isEmpty { list["apiVersion"] = "v1" }
        return list
    }

    private static func resources(_ kind: ResourceKind) -> [Value] {
        var own: Value = [
            "name": .string(kind.name), "singularName": .string(kind.singular), "namespaced": .bool(kind.isNamespaced), "kind": .string(kind.kind),
            "verbs": .strings(kind.verbs),
        ]
        if !kind.shortNames.isEmpty { own["shortNames"] = .strings(kind.shortNames) }
        if !kind.categories.isEmpty { own["categories"] = .strings(kind.categories) }
        return [own] + kind.subresources.map { resource($0, of: kind) }
    }

    private static func resource(_ subresource: ResourceKind.Subresource, of kind: ResourceKind) -> Value {
        var value: Value = [
            "name": .string("\(kind.name)/\(subresource.name)"), "singularName": "", "namespaced": .bool(kind.isNamespaced),
            "kind": .string(subresource.other?.kind ?? kind.kind), "verbs": .strings(subresource.verbs),
        ]
        guard let other = subresource.other, !other.group.isEmpty else { return value }
        (value["group"], value["version"]) = (.string(other.group), .string(other.version))
        return value
    }

    /// GET /api, /apis for clients that take all in one document.
    static func aggregated(groups: [String]) -> Value {
        [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": .object([:]),
            "items": .array(groups.map { group in
                let version: Value = [
                    "version": "v1", "freshness": "Current", "resources": .array(Catalog.kinds(group: group).map(aggregated)),
                ]
                return ["metadata": group.isEmpty ? .object([:]) : ["name": .string(group)], "versions": [version]]
            }),
        ]
    }

    private static func aggregated(_ kind: ResourceKind) -> Value {
        let responseKind: Value = ["group": "", "version": "", "kind": .string(kind.kind)]
        var value: Value = [
            "resource": .string(kind.name), "responseKind": responseKind, "scope": kind.isNamespaced ? "Namespaced" : "Cluster",
            "singularResource": .string(kind.singular), "verbs": .strings(kind.verbs),
        ]
        if !kind.shortNames.isEmpty { value["shortNames"] = .strings(kind.shortNames) }
        if !kind.categories.isEmpty { value["categories"] = .strings(kind.categories) }
        if !kind.subresources.isEmpty {
            value["subresources"] = .array(kind.subresources.map {
                ["subresource": .string($0.name), "responseKind": self.responseKind($0, responseKind), "verbs": .strings($0.verbs)]
            })
        }
        return value
    }

    private static func responseKind(_ subresource: ResourceKind.Subresource, _ own: Value) -> Value {
        subresource.other.map { ["group": .string($0.group), "version": .string($0.version), "kind": .string($0.kind)] } ?? own
    }

    /// GET /version. Clients choose their ways by `minor`, so it names the Kubernetes whose API this is.
    static func version(_ own: String) -> Value {
        [
            "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36", "minCompatibilityMajor": "1",
            "minCompatibilityMinor": "35", "gitVersion": .string("v1.36.2+drover-\(own)"), "gitCommit": "", "gitTreeState": "clean",
            "buildDate": "1970-01-01T00:00:00Z", "goVersion": "none", "compiler": "swiftc", "platform": "linux/amd64",
        ]
    }
}
