import BatchAPI
import Broker
import Foundation
import Testing

@testable import KubernetesAPI

/// Objects recorded from a real Kubernetes 1.36.2, without managedFields.
enum Fixtures {
    static func load(_ name: String) throws -> Value {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name).json")
        return try Value.parse(json: Array(Data(contentsOf: url)))
    }
}

/// An API on a fake store, asked without a socket.
struct World {
    static let now = Timestamp(rfc3339: "2026-11-23T10:00:00Z")!
    let broker = FakeBroker()
    let api: API

    init(logs: FakeLogs = FakeLogs(), change: (inout APIOptions) -> Void = { _ in }) {
        var options = APIOptions()
        options.now = { Self.now }
        change(&options)
        api = API(broker: broker, leader: broker, logs: logs, options: options)
    }

    @discardableResult
    func send(
        _ method: APIRequest.Method, _ target: String, _ body: String = "", type: String = "application/json", accept: String = "",
        agent: String = ""
    ) async throws -> Answer {
        let request = APIRequest(method, target, accept: accept, contentType: type, userAgent: agent, body: Array(body.utf8))
        return try await Answer(api.answer(request))
    }

    /// Makes a namespace.
    func namespace(_ name: String) async throws {
        _ = try await send(.post, "/api/v1/namespaces", "{\"metadata\": {\"name\": \"\(name)\"}}")
    }

    /// Stores a small Job and answers it.
    @discardableResult
    func job(_ name: String, namespace: String = "default", spec: String = "") async throws -> Job {
        if namespace != "default" { try await self.namespace(namespace) }
        try #require(try await send(.post, "/apis/batch/v1/namespaces/\(namespace)/jobs", Self.manifest(name, spec: spec)).code == 201)
        return try #require(try await broker.job(namespace: namespace, name: name))
    }

    /// A Job in JSON; `spec` are further members, each with a comma at its end.
    static func manifest(_ name: String, spec: String = "", metadata: String = "") -> String {
        """
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {\(metadata) "name": "\(name)"}, "spec": {\(spec) "template": {"spec":
        {"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox", "command": ["true"]}]}}}}
        """
    }

    /// Gives a Job a pod.
    @discardableResult
    func pod(_ job: Job, _ suffix: String = "abcde", change: (inout PodRecord) -> Void = { _ in }) -> PodRecord {
        var pod = PodRecord(token: 1, name: "\(job.metadata.name)-\(suffix)", created: Self.now.advanced(by: .seconds(-30)))
        (pod.uid, pod.node, pod.phase, pod.isRunning) = ("pod-\(suffix)", "node-1", "Running", true)
        (pod.started, pod.resourceVersion) = (Self.now.advanced(by: .seconds(-29)), "7")
        change(&pod)
        let record = pod
        broker.state.withLock { $0.pods[job.metadata.uid, default: []].append(record) }
        return pod
    }
}

/// An answer, taken apart.
struct Answer {
    var code: Int
    var headers: [(name: String, value: String)]
    var contentType: String
    var text: String

    init(_ response: APIResponse) async throws {
        (code, headers, contentType) = (response.code, response.headers, response.contentType)
        switch response.body {
        case .bytes(let bytes): text = String(decoding: bytes, as: UTF8.self)
        case .stream(let stream, _):
            text = ""
            for try await part in stream { text += String(decoding: part, as: UTF8.self) }
        }
    }

    var value: Value { (try? Value.parse(json: Array(text.utf8))) ?? .null }
    var warnings: [String] { headers.filter { $0.name == "Warning" }.map(\.value) }
}

extension Value {
    /// The member at a dotted path; numbers are positions.
    func at(_ path: String) -> Value? {
        path.split(separator: ".").reduce(self as Value?) { value, step in
            guard case .array(let elements)? = value else { return value?[String(step)] }
            return Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        }
    }

    var names: [String] { (self["items"]?.array ?? []).map(\.objectName) }
}
