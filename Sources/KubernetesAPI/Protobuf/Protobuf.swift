import BatchAPI

/// Request bodies in Kubernetes' protobuf form. They are read into the same trees as JSON bodies; nothing is ever written in it.
enum Protobuf {
    static let mediaType = "application/vnd.kubernetes.protobuf"
    /// Deeper nesting is refused. No object comes near it.
    static let maximumDepth = 64

    /// What a body starts with: "k8s" and a NUL.
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    /// The object that a body holds, with kind and apiVersion. `kind` is what the body is taken for if it names none itself.
    static func object(_ bytes: [UInt8], as kind: String? = nil) throws(APIStatus) -> Value {
        guard bytes.starts(with: magic) else { throw .badRequest("the body is no Kubernetes protobuf: it does not start with \"k8s\\0\"") }
        do throws(ProtobufError) {
            let envelope = try ProtobufEnvelope(bytes.dropFirst(magic.count))
            return try object(envelope, kind: envelope.kind.isEmpty ? kind ?? "" : envelope.kind)
        } catch {
            throw .badRequest(error.description)
        }
    }

    private static func object(_ envelope: ProtobufEnvelope, kind: String) throws(ProtobufError) -> Value {
        if kind.isEmpty { throw ProtobufError("the body does not name its kind") }
        let apiVersion = try ProtobufTable.apiVersion(of: kind, named: envelope.apiVersion)
        var members: [String: Value]
        let group = apiVersion.split(separator: "/").dropLast().joined(), type = OpenAPIKinds.type(kind, group: group)
        do throws(ProtobufError) { members = try ProtobufDecoder.members(of: envelope.object, as: type, depth: 0) } catch {
            throw error.within(kind)
        }
        members["kind"] = .string(kind)
        members["apiVersion"] = .string(apiVersion)
        return .object(members)
    }
}

/// What stands around an object: its type, and its bytes.
struct ProtobufEnvelope {
    private(set) var apiVersion = ""
    private(set) var kind = ""
    private(set) var object: ArraySlice<UInt8> = []

    /// Reads what follows the magic bytes.
    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let tag = try reader.nextTag() {
            switch tag.number {
            case 1: try readType(reader.bytes(tag.wire))
            case 2: object = try reader.bytes(tag.wire)
            case 3: try Self.check(reader.text(tag.wire), "content encoding", known: [""])
            case 4: try Self.check(reader.text(tag.wire), "content type", known: ["", Protobuf.mediaType])
            default: try reader.skip(tag.wire)
            }
        }
    }

    private mutating func readType(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let tag = try reader.nextTag() {
            switch tag.number {
            case 1: apiVersion = try reader.text(tag.wire)
            case 2: kind = try reader.text(tag.wire)
            default: try reader.skip(tag.wire)
            }
        }
    }

    private static func check(_ text: String, _ what: String, known: [String]) throws(ProtobufError) {
        if !known.contains(text) { throw ProtobufError("the \(what) \(Value.string(String(text.prefix(60))).encoded()) is not known") }
    }
}

/// Why a body can't be read, and where.
struct ProtobufError: Error, CustomStringConvertible {
    private let message: String
    /// The fields around the place, the innermost first.
    private var path: [String] = []

    init(_ message: String) { self.message = message }

    /// The same, seen from the field or type around it. What stands inline in JSON has no name.
    func within(_ name: String) -> ProtobufError {
        var error = self
        if !name.isEmpty { error.path.append(name) }
        return error
    }

    var description: String {
        "the protobuf body can't be read: " + (path.isEmpty ? message : "\(path.reversed().joined(separator: ".")): \(message)")
    }
}
