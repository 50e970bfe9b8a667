import Simulation

/// Writes small messages.
enum ProtobufWire {
    static func body(_ kind: String, _ apiVersion: String, _ object: [UInt8]) -> [UInt8] {
        [0x6B, 0x38, 0x73, 0x00] + piece(1, text(1, apiVersion) + text(2, kind)) + piece(2, object)
    }

    static func piece(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] { varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes }

    static func text(_ number: UInt64, _ text: String) -> [UInt8] { piece(number, Array(text.utf8)) }

    static func number(_ number: UInt64, _ value: Int64) -> [UInt8] { varint(number << 3) + varint(UInt64(bitPattern: value)) }

    private static func varint(_ number: UInt64) -> [UInt8] {
        number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7F) | 0x80] + varint(number >> 7)
    }
}

/// Repeatable random changes.
extension SplitMix {
    /// A body with one to eight bytes changed, taken out or put in.
    mutating func changed(_ body: [UInt8]) -> [UInt8] {
        var body = body
        for _ in 0..<Int.random(in: 1...8, using: &self) where !body.isEmpty {
            let position = Int.random(in: 0..<body.count, using: &self), byte = UInt8.random(in: 0...255, using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0: body.remove(at: position)
            case 1: body.insert(byte, at: position)
            case 2: body[position] ^= 1 << (byte & 7)
            case 3: body[position] = [0, 0x7F, 0x80, 0xFF][Int(byte & 3)]
            default: body[position] = byte
            }
        }
        return body
    }
}
