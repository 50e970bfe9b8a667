import BatchAPI

/// Reads one message by its table into the members of a JSON object.
struct ProtobufDecoder {
    private let depth: Int
    private var members: [String: Value] = [:]
    // Repeated fields come one element at a time: they are collected apart, so that none is ever copied whole.
    private var lists: [String: [Value]] = [:]
    private var maps: [String: [String: Value]] = [:]

    private init(depth: Int) { self.depth = depth }

    /// The members of a message of a type. Fields that its table lacks are passed over.
    static func members(of bytes: ArraySlice<UInt8>, as type: String, depth: Int) throws(ProtobufError) -> [String: Value] {
        guard depth < Protobuf.maximumDepth else { throw ProtobufError("nested more than \(Protobuf.maximumDepth) levels deep") }
        var decoder = ProtobufDecoder(depth: depth), reader = ProtobufReader(bytes)
        let fields = ProtobufTable.fields(of: type)
        while let tag = try reader.nextTag() {
            guard let field = fields[tag.number] else {
                try reader.skip(tag.wire)
                continue
            }
            do throws(ProtobufError) { try decoder.read(field, tag.wire, from: &reader) } catch { throw error.within(field.name) }
        }
        return decoder.result
    }

    private var result: [String: Value] {
        var result = members
        for (name, elements) in lists { result[name] = .array(elements) }
        for (name, entries) in maps { result[name] = .object(entries) }
        return result
    }

    private mutating func read(_ field: ProtobufTable.Field, _ wire: ProtobufReader.Wire, from reader: inout ProtobufReader) throws(ProtobufError) {
        switch field.kind {
        case .list(let element): try readElements(element, of: field.name, wire, from: &reader)
        case .map(let element):
            let (key, value) = try entry(reader.bytes(wire), element)
            maps[field.name, default: [:]][key] = value
        case .inline(let type):
            let inner = try Self.members(of: reader.bytes(wire), as: type, depth: depth + 1)
            members.merge(inner, uniquingKeysWith: { $1 })
        case .optional(let kind): members[field.name] = try value(kind, wire, from: &reader)
        default:
            // Go writes a plain field even if nobody set it, so its zero value is no statement: defaults must still apply.
            let value = try value(field.kind, wire, from: &reader)
            members[field.name] = value.flatMap { $0.isZero && field.kind != .intOrString ? nil : $0 }
        }
    }

    /// One element, or a packed run of numbers.
    private mutating func readElements(
        _ kind: ProtobufTable.Kind, of name: String, _ wire: ProtobufReader.Wire, from reader: inout ProtobufReader
    ) throws(ProtobufError) {
        guard kind.isNumber, wire == .piece else {
            if let value = try value(kind, wire, from: &reader) { lists[name, default: []].append(value) }
            return
        }
        var run = ProtobufReader(try reader.bytes(wire))
        while !run.isAtEnd {
            if let value = try value(kind, .varint, from: &run) { lists[name, default: []].append(value) }
        }
    }

    /// An entry of a map: key and value are fields 1 and 2; what is missing is empty.
    private func entry(_ bytes: ArraySlice<UInt8>, _ kind: ProtobufTable.Kind) throws(ProtobufError) -> (String, Value) {
        var reader = ProtobufReader(bytes), key = ""
        var value: Value?
        while let tag = try reader.nextTag() {
            switch tag.number {
            case 1: key = try reader.text(tag.wire)
            case 2: value = try self.value(kind, tag.wire, from: &reader)
            default: try reader.skip(tag.wire)
            }
        }
        return (key, value ?? (kind == .quantity ? "0" : ""))
    }

    /// One value; nil where the bytes stand for nothing.
    private func value(
        _ kind: ProtobufTable.Kind, _ wire: ProtobufReader.Wire, from reader: inout ProtobufReader
    ) throws(ProtobufError) -> Value? {
        switch kind {
        case .string: .string(try reader.text(wire))
        case .bool: .bool(try reader.number(wire) != 0)
        case .int32: .int(Int64(Int32(truncatingIfNeeded: try reader.number(wire))))
        case .int64: .int(Int64(bitPattern: try reader.number(wire)))
        case .object(let type): .object(try Self.members(of: reader.bytes(wire), as: type, depth: depth + 1))
        default: try ProtobufScalars.value(kind, try reader.bytes(wire))
        }
    }
}

extension Value {
    /// Whether this is what Go writes for a field that nobody set.
    fileprivate var isZero: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .int(let number): number == 0
        case .bool(let flag): !flag
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
