import BatchAPI
import Foundation
import Simulation
import Testing

@testable import KubernetesAPI

/// Bodies that kubectl 1.32 and 1.33 sent, with the objects they stand for, and small ones made here.
@Suite struct ProtobufTests {
    private typealias Wire = ProtobufWire

    private struct Recorded {
        var command: String
        var body: [UInt8]
        var object: Value
    }

    private static func recorded(_ file: String) throws -> [Recorded] {
        try (Fixtures.load(file).array ?? []).map { entry in
            let body = try #require(Data(base64Encoded: entry["body"]?.string ?? ""))
            return Recorded(command: entry["command"]?.string ?? "", body: Array(body), object: try #require(entry["object"]))
        }
    }

    /// `protobuf-every-field` is a Job made from a CronJob in which each field of kubectl 1.33 has a value.
    @Test(arguments: ["protobuf-bodies", "protobuf-every-field"])
    func bodiesOfKubectl(file: String) throws {
        let entries = try Self.recorded(file)
        #expect(!entries.isEmpty)
        for entry in entries { #expect(try Protobuf.object(entry.body) == entry.object, "\(entry.command)") }
    }

    @Test func zeroValues() throws {
        let unset = Wire.text(1, "") + Wire.piece(8, []) + Wire.number(7, 0)
        #expect(try read("ConfigMap", "v1", Wire.piece(1, unset) + Wire.number(4, 0))["metadata"] == nil)
        #expect(try read("ConfigMap", "v1", Wire.number(4, 0))["immutable"] == false)
        let emptied = Wire.piece(2, Wire.text(1, "a")) + Wire.piece(2, Wire.text(2, "b"))
        #expect(try read("ConfigMap", "v1", emptied)["data"] == ["a": "", "": "b"])
        #expect(try read("Job", "batch/v1", Wire.piece(2, Wire.number(1, 0) + Wire.piece(4, [])))["spec"] == ["parallelism": 0, "selector": [:]])
    }

    @Test func numbers() throws {
        let packed = Wire.piece(2, Wire.text(2, "In") + [0x1A, 3, 0x2A, 0xAC, 0x02] + Wire.number(3, -1))
        let job = try read("Job", "batch/v1", Wire.piece(2, Wire.number(7, -7) + Wire.piece(11, Wire.piece(1, packed))))
        #expect(job["spec"]?["backoffLimit"]?.int == -7)
        #expect(job["spec"]?["podFailurePolicy"] == ["rules": [["onExitCodes": ["operator": "In", "values": [42, 300, -1]]]]])
    }

    @Test func times() throws {
        let moment = Wire.number(1, 1_795_427_438) + Wire.number(2, 120_456_789)
        let lease = try read("Lease", "coordination.k8s.io/v1", Wire.piece(2, Wire.text(1, "me") + Wire.number(2, 0) + Wire.piece(4, moment)))
        #expect(lease["spec"] == ["holderIdentity": "me", "leaseDurationSeconds": 0, "renewTime": "2026-11-23T09:50:38.120456Z"])
        let event = try read("Event", "v1", Wire.piece(6, moment) + Wire.piece(7, []) + Wire.piece(10, Wire.number(1, -1)))
        #expect(event["firstTimestamp"] == "2026-11-23T09:50:38Z" && event["lastTimestamp"] == nil)
        #expect(event["eventTime"] == "1969-12-31T23:59:59.000000Z")
        #expect(message("Event", "v1", Wire.piece(6, Wire.number(1, .max))).hasPrefix("Event.firstTimestamp: the time 9223372036854775807 s"))
    }

    @Test func managedFields() throws {
        let entry = Wire.text(1, "kubectl") + Wire.piece(7, Wire.text(1, #"{"f:spec":{}}"#))
        let object = try read("Pod", "v1", Wire.piece(1, Wire.piece(17, entry)))
        #expect(object["metadata"]?["managedFields"] == [["manager": "kubectl", "fieldsV1": ["f:spec": [:]]]])
        let broken = Wire.piece(1, Wire.piece(17, Wire.piece(7, Wire.text(1, "{"))))
        #expect(message("Pod", "v1", broken).hasPrefix("Pod.metadata.managedFields.fieldsV1: it holds no JSON"))
    }

    @Test func podStatus() throws {
        let state = Wire.piece(3, Wire.number(1, 0) + Wire.text(3, "Completed"))
        let status = Wire.text(1, "Succeeded") + Wire.piece(8, Wire.text(1, "c") + Wire.piece(2, state) + Wire.number(4, 0) + Wire.number(9, 0))
        #expect(
            try read("Pod", "v1", Wire.piece(3, status))["status"] == [
                "phase": "Succeeded", "containerStatuses": [["name": "c", "started": false, "state": ["terminated": ["reason": "Completed"]]]],
            ])
    }

    @Test func kinds() throws {
        let options = Wire.number(1, 0) + Wire.text(4, "Background")
        #expect(
            try Protobuf.object(Wire.body("", "", options), as: "DeleteOptions") == [
                "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0, "propagationPolicy": "Background",
            ])
        #expect(try Protobuf.object(Wire.body("DeleteOptions", "batch/v1", []), as: "Job")["apiVersion"] == "batch/v1")
        #expect(try read("Eviction", "policy/v1", Wire.piece(2, []))["deleteOptions"] == .object([:]))
        #expect(message("Job", "v1", []) == #"no kind "Job" is registered for version "v1""#)
        #expect(message("Deployment", "apps/v1", []) == #"no kind "Deployment" is registered for version "apps/v1""#)
        #expect(message("", "", []) == "the body does not name its kind")
    }

    @Test func refusals() throws {
        #expect(throws: APIStatus.self) { try Protobuf.object([]) }
        #expect(throws: APIStatus.self) { try Protobuf.object(Array(#"{"kind":"Job"}"#.utf8)) }
        #expect(throws: APIStatus.self) { try Protobuf.object(Wire.body("Job", "batch/v1", []) + Wire.text(3, "gzip")) }
        #expect(message("ConfigMap", "v1", [0x0A, 0x05, 0x00]) == "ConfigMap.metadata: 5 bytes are announced, 1 are left")
        let endless = [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(message("ConfigMap", "v1", endless).hasPrefix("ConfigMap.metadata: 18446744073709551615 bytes are announced"))
        #expect(message("ConfigMap", "v1", [UInt8](repeating: 0xFF, count: 20)) == "ConfigMap: a number is longer than 10 bytes")
        #expect(message("ConfigMap", "v1", [0x0B]) == "ConfigMap: field 1 has the unknown wire type 3")
        #expect(message("ConfigMap", "v1", [0x02]) == "ConfigMap: the field number 0 is not valid")
        #expect(message("ConfigMap", "v1", Wire.number(1, 1)) == "ConfigMap.metadata: expected bytes, found wire type 0")
        #expect(message("ConfigMap", "v1", Wire.piece(1, [0x0A, 1, 0xFF])) == "ConfigMap.metadata.name: a text is not valid UTF-8")
        let inline = Wire.piece(2, Wire.piece(2, Wire.piece(10, Wire.piece(1, [0x0A, 9]))))
        #expect(message("Pod", "v1", inline) == "Pod.spec.containers.livenessProbe.exec: 9 bytes are announced, 0 are left")
        #expect(throws: ProtobufError.self) { try ProtobufDecoder.members(of: [], as: "Job", depth: Protobuf.maximumDepth) }
    }

    @Test func unknownFieldsArePassedOver() throws {
        let unknown = Wire.number(900, 7) + Wire.text(901, "x") + [0xB1, 0x38] + [UInt8](repeating: 1, count: 8) + [0xBD, 0x38, 1, 2, 3, 4]
        #expect(try read("ConfigMap", "v1", unknown + Wire.number(4, 1)) == ["kind": "ConfigMap", "apiVersion": "v1", "immutable": true])
    }

    /// Each type that a table names has a table, and no two fields of one type share a name.
    @Test func tablesAreWhole() {
        for (type, fields) in ProtobufTable.types {
            #expect(Set(fields.values.map(\.name)).count == fields.count, "\(type)")
            for field in fields.values {
                for name in field.kind.typeNames { #expect(ProtobufTable.types[name] != nil, "\(type).\(field.name): \(name)") }
            }
        }
    }

    /// Where both know a type, the schema that JSON bodies are checked with has each field of the table.
    @Test func tablesAndSchemaAgree() {
        for (type, fields) in ProtobufTable.types {
            guard let schema = Schema.fields(of: type) else { continue }
            for field in fields.values where !field.kind.isInline { #expect(schema[field.name] != nil, "\(type).\(field.name)") }
        }
    }

    /// What a cut body still gives is all of the object, where only empty fields around it are gone, or nothing of it.
    @Test func cutBodies() throws {
        for entry in try Self.recorded("protobuf-bodies") {
            for length in 0..<entry.body.count {
                guard let object = try? Protobuf.object(Array(entry.body.prefix(length))) else { continue }
                #expect(object == entry.object || object.object?.count == 2, "\(entry.command): \(length) bytes")
            }
        }
    }

    @Test func randomChanges() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("ProtobufTests.randomChanges: seed \(seed)")
        var noise = SplitMix(state: seed)
        let bodies = try Self.recorded("protobuf-bodies").map(\.body)
        for _ in 0..<20_000 {
            let body = noise.changed(bodies[Int.random(in: 0..<bodies.count, using: &noise)])
            guard let object = try? Protobuf.object(body, as: "Pod") else { continue }
            #expect(object["kind"]?.string != nil)
        }
    }

    /// Many small elements take time and space in proportion to the body.
    @Test(.timeLimit(.minutes(1))) func manySmallElements() throws {
        let pieces = [UInt8]((0..<300_000).flatMap { _ in [0x12, 0x00] as [UInt8] })
        let job = try read("Pod", "v1", Wire.piece(2, pieces))
        #expect(job["spec"]?["containers"]?.array?.count == 300_000)
    }

    private func read(_ kind: String, _ apiVersion: String, _ object: [UInt8]) throws -> Value {
        try Protobuf.object(Wire.body(kind, apiVersion, object))
    }

    /// What the refusal of an object says, without its beginning.
    private func message(_ kind: String, _ apiVersion: String, _ object: [UInt8]) -> String {
        do throws(APIStatus) {
            return "accepted: \(try Protobuf.object(Wire.body(kind, apiVersion, object)).encoded())"
        } catch {
            return error.code == 400 ? error.message.replacingOccurrences(of: "the protobuf body can't be read: ", with: "") : "\(error.code)"
        }
    }
}

extension ProtobufTable.Kind {
    fileprivate var isInline: Bool {
        if case .inline = self { return true }
        return false
    }

    /// The types that it names.
    fileprivate var typeNames: [String] {
        switch self {
        case .object(let name), .inline(let name): [name]
        case .list(let kind), .map(let kind), .optional(let kind): kind.typeNames
        default: []
        }
    }
}
