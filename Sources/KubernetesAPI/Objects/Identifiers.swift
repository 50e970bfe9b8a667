import BatchAPI

/// Names that nobody else has.
enum Identifiers {
    /// A random UUID (version 4), in lower case.
    static func uid() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { (($0 < 16 ? "0" : "") + String($0, radix: 16)) }
        return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]].map { $0.joined() }.joined(separator: "-")
    }

    /// What completes `generateName` (§1.1).
    static func suffix() -> String {
        let alphabet = Array(JobDefaults.suffixAlphabet)
        return String((0..<5).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }
}
