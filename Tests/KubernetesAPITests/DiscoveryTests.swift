import BatchAPI
import Testing

@testable import KubernetesAPI

/// What is served is told as a real Kubernetes tells it; verbs may be missing.
struct DiscoveryTests {
    @Test func aggregated() throws {
        let recorded = try Fixtures.load("discovery/kubernetes")["aggregated"] ?? .null
        for item in try #require(DiscoveryDocuments.aggregated(groups: [""] + Catalog.groups)["items"]?.array) {
            let group = item.at("metadata.name")?.string ?? "core"
            let theirs = try #require(recorded[group]?["versions"]?.array?.first, "\(group)")
            for own in item.at("versions.0.resources")?.array ?? [] { compare(own, theirs, by: "resource", group) }
        }
    }

    @Test(arguments: ["core", "batch", "authorization.k8s.io"])
    func legacy(group: String) throws {
        let theirs = try #require(try Fixtures.load("discovery/kubernetes").at("legacy")?[group])
        let document = DiscoveryDocuments.resources(group: group == "core" ? "" : group)
        for key in ["kind", "apiVersion", "groupVersion"] { #expect(document[key] == theirs[key]) }
        for own in document["resources"]?.array ?? [] { compare(own, theirs, by: "name", group) }
    }

    private func compare(_ own: Value, _ list: Value, by key: String, _ group: String) {
        let lists = ["resources", "subresources"].compactMap { list[$0]?.array }.flatMap { $0 }
        guard let theirs = lists.first(where: { $0[key] == own[key] }) else {
            Issue.record("\(group) has no \(own[key]?.string ?? "")")
            return
        }
        let wanted = theirs["verbs"]?.strings ?? [], verbs = own["verbs"]?.strings ?? []
        #expect(wanted.filter(verbs.contains) == verbs, "\(group) \(own[key]?.string ?? "")")
        #expect(plain(own) == plain(theirs))
        for subresource in own["subresources"]?.array ?? [] { compare(subresource, theirs, by: "subresource", group) }
    }

    private func plain(_ value: Value) -> Value {
        var value = value
        for key in ["verbs", "subresources"] { value[key] = nil }
        return value
    }
}
