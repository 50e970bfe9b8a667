import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

struct SystemTests {
    @Test func discovery() async throws {
        let world = World()
        #expect(try await world.send(.get, "/version/").value["minor"]?.string == "36")
        #expect(try await world.send(.get, "/api?timeout=32s").value["versions"]?.strings == ["v1"])
        let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
        let aggregated = try await world.send(.get, "/apis", accept: accept)
        #expect(aggregated.contentType == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
        #expect(aggregated.value.at("items.2.versions.0.resources.0.resource")?.string == "jobs")
        let beta = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
        #expect(try await world.send(.get, "/apis", accept: beta).value["kind"]?.string == "APIGroupList")
        for path in ["/api/v1", "/apis/batch/v1", "/apis/coordination.k8s.io/v1"] {
            #expect(try await world.send(.get, path).value["kind"]?.string == "APIResourceList")
        }
        #expect(try await world.send(.get, "/apis/batch").value["kind"]?.string == "APIGroup")
        #expect(try await world.send(.get, "/apis/batch/v2").code == 404)
        #expect(try await world.send(.get, "/openapi/v3").value.at("paths.apis/batch/v1.serverRelativeURL") != nil)
        #expect(try await world.send(.get, "/openapi/v3/apis/batch/v1?hash=x").code == 301)
        #expect(try await world.send(.get, "/").value["paths"]?.strings.contains("/version") == true)
        #expect(try await world.send(.post, "/api").code == 405)
    }

    @Test func lease() async throws {
        let world = World()
        let target = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
        #expect(try await world.send(.get, "\(target)/drover").code == 404)
        let acquired = World.now.advanced(by: .seconds(-90))
        world.broker.state.withLock { $0.leader = LeaderRecord(instance: "abc", address: "10.0.0.1:7480", epoch: 4, renewal: 9, acquired: acquired) }
        let spec = try #require(try await world.send(.get, "\(target)/drover").value["spec"])
        #expect(spec["holderIdentity"]?.string == "abc_10.0.0.1:7480")
        #expect(spec["acquireTime"]?.string == "2026-11-23T09:58:30.000000Z" && spec["renewTime"]?.string == "2026-11-23T10:00:00.000000Z")
        #expect(spec["leaseTransitions"]?.int == 3 && spec["leaseDurationSeconds"]?.int == 15)
        #expect(try await world.send(.get, target).value.names == ["drover"])
        #expect(try await world.send(.get, "/apis/coordination.k8s.io/v1/namespaces/default/leases").value.names == [])
        #expect(try await world.send(.get, "\(target)/other").code == 404)
    }

    @Test func nodesAndNamespaces() async throws {
        let world = World()
        var record = NodeRecord(name: "n", instance: "i", renewal: 3, lease: .seconds(30), slots: 4, labels: ["a": "b"],
            facts: ["cpu": "8", "memory": "1024Ki", "architecture": "amd64", "kernelVersion": "6.1"], registered: Timestamp(milliseconds: 1_700_000_000_000))
        record.offer.capacity = ["nvidia.com/gpu": try Quantity("2"), "cpu": try Quantity("16")]
        record.offer.taints = [Taint(key: "team", value: "ml", effect: "NoSchedule")]
        world.broker.state.withLock { [record] in $0.nodes = [record] }
        let node = try await world.send(.get, "/api/v1/nodes/n").value
        #expect(node.at("status.capacity.pods")?.string == "4" && node.at("metadata.labels.a")?.string == "b")
        #expect(node.at("status.allocatable")?["nvidia.com/gpu"]?.string == "2" && node.at("spec.taints.0.key")?.string == "team")
        #expect(node.at("status.allocatable.cpu")?.string == "16" && node.at("status.nodeInfo.kernelVersion")?.string == "6.1")
        #expect(node.at("metadata.creationTimestamp")?.string == "2023-11-14T22:13:20Z")
        let table = try await world.send(.get, "/api/v1/nodes", accept: "application/json;as=Table;v=v1;g=meta.k8s.io").value
        #expect(table.at("rows.0.cells")?.strings.prefix(2) == ["n", "Ready"])
        #expect(try await world.send(.get, "/api/v1/nodes?labelSelector=a%3Dc").value.names == [])
        #expect(try await world.send(.get, "/api/v1/namespaces").value.names == ["default", "kube-system"])
        #expect(try await world.send(.get, "/api/v1/namespaces/default").code == 200)
        #expect(try await world.send(.get, "/api/v1/namespaces/default/nodes").code == 404)
    }

    /// Asked for by programs that look at a whole cluster; not in discovery, so that `kubectl get all` leaves them alone.
    @Test(arguments: [
        ("/apis/apps/v1", "daemonsets", "DaemonSetList"), ("/apis/apps/v1", "replicasets", "ReplicaSetList"),
        ("/api/v1", "replicationcontrollers", "ReplicationControllerList"), ("/api/v1", "services", "ServiceList"),
    ])
    func unlistedKinds(root: String, name: String, kind: String) async throws {
        let world = World()
        let list = try await world.send(.get, "\(root)/namespaces/x/\(name)?limit=500")
        #expect(list.code == 200 && list.value["kind"]?.string == kind && list.value["items"]?.array == [])
        #expect(try await world.send(.get, "\(root)/\(name)", accept: "application/json;as=Table;v=v1;g=meta.k8s.io").code == 200)
        #expect(try await world.send(.get, "\(root)/\(name)?watch=1").code == 405)
        #expect(try await world.send(.post, "\(root)/namespaces/x/\(name)", "{}").code == 405)
        #expect(try await !world.send(.get, "/api/v1").text.contains(name))
        #expect(try await world.send(.get, "/apis/apps/v1").code == 404)
    }

    @Test func ownService() async throws {
        let world = World { $0.address = "[::1]:7480" }
        let service = try await world.send(.get, "/api/v1/namespaces/default/services/kubernetes").value
        #expect(service.at("spec.clusterIP")?.string == "::1" && service.at("spec.ports.0.port")?.int == 7480)
        #expect(try await world.send(.get, "/api/v1/namespaces/default/services").value.names == ["kubernetes"])
        #expect(try await world.send(.get, "/api/v1/namespaces/default/services/other").code == 404)
    }

    @Test func refusedSubresources() async throws {
        let world = World()
        for path in ["nodes/n/proxy", "nodes/n:10250/proxy/metrics/cadvisor"] { #expect(try await world.send(.get, "/api/v1/\(path)").code == 400) }
        #expect(try await world.send(.get, "/api/v1/nodes/n/status/x").code == 404)
        let unknown = try await world.send(.get, "/apis/scheduling.k8s.io/v1alpha2/workloads")
        #expect(unknown.code == 404 && unknown.text == "404 page not found\n")
    }

    @Test func storeOutOfReach() async throws {
        let world = World()
        try await world.job("j")
        for code in [BrokerError.Code.unavailable, .busy] {
            world.broker.state.withLock { $0.failure = BrokerError(code, "redis is away") }
            let answer = try await world.send(.get, "/apis/batch/v1/jobs")
            #expect(answer.code == 503 && answer.headers.contains { $0.name == "Retry-After" && $0.value == "1" })
            #expect(answer.text.contains("redis is away"))
        }
        #expect(try await world.send(.get, "/readyz").code == 500)
        #expect(try await world.send(.get, "/livez").code == 200)
    }

    @Test func lostAnswerOfACreate() async throws {
        let world = World()
        world.broker.state.withLock { $0.losesCreateAnswer = true }
        #expect(try await world.send(.post, "/apis/batch/v1/namespaces/default/jobs", World.manifest("j")).code == 201)
    }

    @Test(arguments: [
        ("127.0.0.1:7480", "127.0.0.1", 7480), ("localhost:0", "127.0.0.1", 0), ("[::1]:65535", "::1", 65535), ("127.9.9.9:1", "127.9.9.9", 1),
    ])
    func listenAddresses(text: String, host: String, port: Int) throws {
        let address = try ListenAddress.parse(text)
        #expect(address.host == host && address.port == port)
    }

    @Test(arguments: [
        "0.0.0.0:7480", "10.0.0.1:1", "example.org:80", "[::]:7480", "[fe80::1]:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+5",
        "::1:80", "", ":", "[::1", "127.1:80", "127.0.0.1.evil.org:80", "127.0.0.256:80",
    ])
    func refusedAddresses(text: String) { #expect(throws: ListenAddress.ParseError.self) { try ListenAddress.parse(text) } }

    @Test func guardsAgainstPages() {
        func refuses(_ host: String?, origin: String? = nil, site: String? = nil) -> Bool {
            RequestGuard.refusal(host: host, origin: origin, fetchSite: site)?.code == 403
        }
        for host in ["127.0.0.1:7480", "localhost", "LOCALHOST:1", "[::1]:7480", "127.0.0.2"] { #expect(!refuses(host)) }
        for host in ["evil.org", "127.0.0.1.evil.org", "10.0.0.1:80", "", "[::2]", nil] { #expect(refuses(host)) }
        #expect(refuses("localhost", origin: "null"))
        #expect(refuses("localhost", site: "cross-site") && refuses("localhost", site: "same-site"))
        #expect(!refuses("localhost", site: "none") && !refuses("localhost", site: "same-origin"))
    }
}
