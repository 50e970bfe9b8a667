/// Bytes as text (RFC 4648), as Secrets hold them.
public enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of bytes, padded.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let number = part.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
            for place in 0..<4 { text.append(place <= part.count ? digits[Int(number >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, line breaks left out; nil if it is none.
    public static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = [], number: UInt32 = 0, count = 0, padding = 0
        for character in text.utf8 where character != UInt8(ascii: "\n") && character != UInt8(ascii: "\r") {
            count += 1
            if character == UInt8(ascii: "=") {
                padding += 1
                number <<= 6
            } else if padding == 0, let digit = digits.firstIndex(of: character) {
                number = number << 6 | UInt32(digit)
            } else {
                return nil
            }
            guard count % 4 == 0 else { continue }
            bytes += [UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
            number = 0
        }
        guard count % 4 == 0, padding <= 2 else { return nil }
        return Array(bytes.dropLast(padding))
    }
}
