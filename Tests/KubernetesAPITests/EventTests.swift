import BatchAPI
import Broker
import Foundation
import Testing

@testable import KubernetesAPI

/// Events: those that the store notes, and those that clients post, in both forms.
struct EventTests {
    private static let core = "/api/v1/namespaces/default/events", new = "/apis/events.k8s.io/v1/namespaces/default/events"
    private static let posted = """
        {"metadata": {"name": "e", "namespace": "default"}, "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"},
        "reason": "Odd", "message": "m", "source": {"component": "me"}, "type": "Warning", "count": 3,
        "firstTimestamp": "2026-11-23T09:59:00Z", "lastTimestamp": "2026-11-23T09:59:30Z"}
        """
    private static let postedNew = """
        {"metadata": {"name": "n"}, "eventTime": "2026-11-23T09:58:00.000001Z", "reportingController": "me.org/c", "reportingInstance": "i",
        "action": "Look", "reason": "Odd", "regarding": {"kind": "Pod", "name": "p", "namespace": "default"}, "note": "m", "type": "Normal"}
        """

    private func world() -> World {
        let world = World()
        let time = World.now.advanced(by: .seconds(-60))
        let event = EventRecord(
            name: "j.1", namespace: "default", object: "j", uid: "u", type: "Normal", reason: "Completed", message: "Job completed", count: 2,
            first: time, last: time, resourceVersion: "5")
        world.broker.state.withLock { $0.events = [event] }
        return world
    }

    @Test func bothFormsOfANotedEvent() async throws {
        let world = world()
        let core = try await world.send(.get, "\(Self.core)/j.1").value
        #expect(core["apiVersion"] == "v1" && core["message"] == "Job completed" && core["count"] == 2 && core["eventTime"] == .null)
        #expect(core["firstTimestamp"] == "2026-11-23T09:59:00Z" && core["reportingInstance"] == "")
        let new = try await world.send(.get, "\(Self.new)/j.1").value
        #expect(new["apiVersion"] == "events.k8s.io/v1" && new["note"] == "Job completed" && new["deprecatedCount"] == 2)
        #expect(new.at("regarding.name") == "j" && new.at("deprecatedSource.component") == "job-controller" && new["eventTime"] == .null)
        #expect(new["deprecatedFirstTimestamp"] == "2026-11-23T09:59:00Z" && new["reportingController"] == "job-controller")
        #expect(new["message"] == nil && new["involvedObject"] == nil && new["reportingInstance"] == nil)
    }

    @Test func postedOnesStandNextToNotedOnes() async throws {
        let world = world()
        #expect(try await world.send(.post, Self.core, Self.posted).code == 201)
        #expect(try await world.send(.post, Self.core, Self.posted).code == 409)
        let made = try await world.send(.post, Self.new, Self.postedNew)
        #expect(made.code == 201 && made.value["apiVersion"] == "events.k8s.io/v1" && made.value.at("regarding.name") == "p")
        for list in [Self.core, Self.new] { #expect(try await world.send(.get, list).value.names == ["e", "j.1", "n"]) }
        #expect(try await world.send(.get, "\(Self.core)/n").value["involvedObject"]?["name"] == "p")
        #expect(try await world.send(.get, "\(Self.new)/e").value["deprecatedLastTimestamp"] == "2026-11-23T09:59:30Z")
        #expect(try await world.send(.delete, Self.core).value.names == ["e", "j.1", "n"])
    }

    @Test func selectors() async throws {
        let world = world()
        for body in [Self.posted] { #expect(try await world.send(.post, Self.core, body).code == 201) }
        for (query, names) in [
            ("involvedObject.kind=Pod,type=Warning", ["e"]), ("source=me", ["e"]), ("source=job-controller", ["j.1"]), ("reason!=Odd", ["j.1"]),
        ] { #expect(try await world.send(.get, "\(Self.core)?fieldSelector=\(query)").value.names == names) }
        #expect(try await world.send(.get, "\(Self.new)?fieldSelector=regarding.kind=Pod").value.names == ["e"])
        #expect(try await world.send(.get, "\(Self.new)?fieldSelector=involvedObject.kind=Pod").code == 400)
    }

    @Test func changes() async throws {
        let world = world()
        #expect(try await world.send(.post, Self.core, Self.posted).code == 201)
        let merge = "application/merge-patch+json"
        let patched = try await world.send(.patch, "\(Self.core)/e", "{\"count\": 4, \"metadata\": {\"labels\": {\"a\": \"b\"}}}", type: merge)
        #expect(patched.code == 200 && patched.value["count"] == 4 && patched.value["eventTime"] == .null)
        #expect(try await world.send(.patch, "\(Self.new)/e", "{\"note\": \"other\"}", type: merge).code == 422)
        let series = "{\"series\": {\"count\": 2, \"lastObservedTime\": \"2026-11-23T09:59:59.000000Z\"}}"
        #expect(try await world.send(.patch, "\(Self.new)/e", series, type: merge).value.at("series.count") == 2)
        #expect(try await world.send(.patch, "\(Self.new)/e", "{\"series\": {\"count\": 1}}", type: "application/strategic-merge-patch+json").code == 422)
        let put = try await world.send(.put, "\(Self.core)/e", Self.posted.replacingOccurrences(of: "\"Odd\"", with: "\"Even\""))
        #expect(put.code == 200 && put.value["reason"] == "Even" && put.value["series"] == nil)
        #expect(try await world.send(.delete, "\(Self.new)/e").code == 200)
        #expect(try await world.send(.get, "\(Self.core)/e").code == 404)
    }

    @Test(arguments: [
        ("\"involvedObject\": {\"namespace\": \"other\"}", "involvedObject.namespace"),
        ("\"eventTime\": \"2026-11-23T09:58:00.000000Z\", \"involvedObject\": {\"namespace\": \"default\"}", "reportingComponent"),
    ])
    func refusedInTheCoreGroup(fields: String, cause: String) async throws {
        let refused = try await world().send(.post, Self.core, "{\"metadata\": {\"name\": \"x\"}, \(fields)}")
        #expect(refused.code == 422 && refused.value.at("details.causes.0.field")?.string == cause)
    }

    @Test(arguments: [
        ("\"Look\"", "\"\"", "action"), ("\"Normal\"", "\"Odd\"", "type"), ("\"note\"", "\"deprecatedCount\": 1, \"note\"", "count"),
        ("\"2026-11-23T09:58:00.000001Z\"", "null", "eventTime"), ("me.org/c", "", "reportingController"),
    ])
    func refusedInTheNewGroup(old: String, new: String, cause: String) async throws {
        let refused = try await world().send(.post, Self.new, Self.postedNew.replacingOccurrences(of: old, with: new))
        let causes = (refused.value.at("details.causes")?.array ?? []).map { $0["field"]?.string }
        #expect(refused.code == 422 && causes.contains(cause))
    }

    @Test func tooLarge() async throws {
        let large = Self.posted.replacingOccurrences(of: "\"m\"", with: "\"\(String(repeating: "m", count: 16_384))\"")
        #expect(try await world().send(.post, Self.core, large).code == 413)
    }
}
