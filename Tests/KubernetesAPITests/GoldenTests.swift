import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

/// Pure parts against what a real Kubernetes answered.
struct GoldenTests {
    /// Ages in the recorded table count from its own moment, so "now" is looked for in the seconds around.
    @Test(arguments: ["jobs", "pods"])
    func tableOfAList(name: String) throws {
        let recorded = try Fixtures.load("tables/\(name)"), list = try Fixtures.load("tables/\(name)-list")
        let layout = name == "jobs" ? TableLayout.jobs : .pods
        let objects = try #require(list["items"]?.array)
        let start = try #require(Timestamp(rfc3339: "2026-11-23T09:51:00Z"))
        let made = (0..<15).map { second in
            layout.table(objects, metadata: ["resourceVersion": "1443"], included: .metadata, now: start.adding(milliseconds: Int64(second) * 1000))
        }
        let table = try #require(made.first { $0.at("rows.1.cells") == recorded.at("rows.1.cells") }, "no second gives the recorded ages")
        #expect(table["columnDefinitions"] == recorded["columnDefinitions"])
        for (own, theirs) in zip(try #require(table["rows"]?.array), try #require(recorded["rows"]?.array)) {
            // Ages of different objects need not round alike.
            #expect(withoutTimes(own) == withoutTimes(theirs))
        }
    }

    private func withoutTimes(_ row: Value) -> Value {
        var row = row
        row["cells"] = .array((row["cells"]?.array ?? []).filter { !($0.string?.last == "s" && Int($0.string!.dropLast()) != nil) })
        return row
    }

    @Test(arguments: [
        Catalog.configMaps, Catalog.secrets, Catalog.serviceAccounts, Catalog.claims, Catalog.events, Catalog.newEvents, Catalog.nodes, Catalog.leases,
        Catalog.namespaces,
    ])
    func tableOfOthers(kind: ResourceKind) throws {
        let name = kind == Catalog.newEvents ? "events-v1" : kind.name
        let recorded = try Fixtures.load("tables/\(name)"), list = try Fixtures.load("tables/\(name)-list")
        let rows = try #require(recorded["rows"]?.array), objects = try #require(list["items"]?.array), now = Timestamp(rfc3339: "2026-11-23T09:51:05Z")!
        let table = API.layout(kind).table(objects, metadata: .null, included: .metadata, now: now)
        #expect(table["columnDefinitions"] == recorded["columnDefinitions"])
        #expect(table["rows"]?.array?.count == rows.count)
        for (own, theirs) in zip(table["rows"]?.array ?? [], rows) { #expect(withoutTimes(own) == withoutTimes(theirs)) }
    }

    /// None was recorded.
    @Test func rowsOfSecretsAndClaims() throws {
        let now = Timestamp(rfc3339: "2026-11-23T09:51:05Z")!, metadata: Value = ["name": "x", "creationTimestamp": "2026-11-23T09:51:00Z"]
        func cells(_ kind: ResourceKind, _ members: Value) throws -> Value? {
            var object = members
            object["metadata"] = metadata
            return API.layout(kind).table([object], metadata: .null, included: .none, now: now).at("rows.0.cells")
        }
        #expect(try cells(Catalog.secrets, ["type": "Opaque", "data": ["a": "", "b": ""]]) == ["x", "Opaque", 2, "5s"])
        let status: Value = ["phase": "Bound", "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce", "ReadOnlyMany"]]
        let claim = try cells(Catalog.claims, ["spec": ["volumeName": "v", "volumeMode": "Filesystem"], "status": status])
        #expect(claim == ["x", "Bound", "v", "1Gi", "RWO,ROX", "", "<unset>", "5s", "Filesystem"])
    }

    @Test(arguments: ["indexed", "failed", "workqueue", "indexed-blpi", "pi"])
    func podsOfAJob(name: String) throws {
        let fixture = try Fixtures.load("pods/\(name)")
        let job = Job(try #require(fixture["job"]))
        for recorded in try #require(fixture["pods"]?.array) {
            let own = PodObject.value(job, record(of: recorded))
            #expect(comparable(own["metadata"]) == comparable(recorded["metadata"]))
            #expect(comparable(own["spec"]) == comparable(recorded["spec"]))
            #expect(statusParts(own["status"]) == statusParts(recorded["status"]))
        }
    }

    /// The record that a pod would have here.
    private func record(of pod: Value) -> PodRecord {
        func time(_ path: String) -> Timestamp? { pod.at(path)?.string.flatMap { Timestamp(rfc3339: $0) } }
        var record = PodRecord(token: 1, name: pod.objectName, created: time("metadata.creationTimestamp")!)
        record.uid = pod.at("metadata.uid")!.string!
        record.resourceVersion = pod.at("metadata.resourceVersion")!.string!
        record.index = pod.at("metadata.annotations")?[PodObject.completionIndex]?.string.flatMap { Int($0) }
        record.isCounted = pod.at("metadata.finalizers") == nil
        record.failures = pod.at("metadata.annotations")?[PodObject.failureCount]?.string.flatMap { Int($0) } ?? 0
        record.node = pod.at("spec.nodeName")?.string ?? ""
        record.phase = pod.at("status.phase")!.string!
        record.isRunning = record.phase == "Running"
        let state = pod.at("status.containerStatuses.0.state") ?? .null
        record.started = (state.at("terminated.startedAt") ?? state.at("running.startedAt"))?.string.flatMap { Timestamp(rfc3339: $0) }
        record.finished = state.at("terminated.finishedAt")?.string.flatMap { Timestamp(rfc3339: $0) }
        record.exitCode = state.at("terminated.exitCode")?.int
        record.reason = state.at("terminated.reason")?.string ?? ""
        return record
    }

    /// Without what only a cluster adds.
    private func comparable(_ value: Value?) -> Value? {
        var value = value
        for key in ["serviceAccount", "serviceAccountName", "tolerations", "priority", "preemptionPolicy", "volumes"] { value?[key] = nil }
        guard let containers = value?["containers"]?.array else { return value }
        value?["containers"] = .array(containers.map { container in
            var container = container
            container["volumeMounts"] = nil
            return container
        })
        return value
    }

    private func statusParts(_ status: Value?) -> [Value?] {
        let conditions = (status?["conditions"]?.array ?? []).map { condition -> Value in
            var condition = condition
            condition["lastTransitionTime"] = nil
            return condition
        }
        let container = status?.at("containerStatuses.0") ?? .null
        var terminated = container.at("state.terminated")
        terminated?["containerID"] = nil
        return [
            status?["phase"], status?["qosClass"], .array(conditions.sorted { $0.encoded() < $1.encoded() }), terminated,
            container.at("state.running"), container["ready"], container["restartCount"], container["started"], container["lastState"],
        ]
    }

    @Test func durations() {
        let cases = [
            (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (250, "4m10s"), (600, "10m"), (10_799, "179m"), (10_800, "3h"),
            (11_100, "3h5m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (190_800, "2d5h"), (700_000, "8d"), (63_072_000, "2y"),
            (63_158_400, "2y1d"), (315_360_000, "10y"),
        ]
        for (seconds, text) in cases { #expect(HumanDuration.text(.seconds(seconds)) == text, "\(seconds)") }
    }
}
