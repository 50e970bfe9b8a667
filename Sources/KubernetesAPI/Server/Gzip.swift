import CZlib

/// Compression of large answers (RFC 1952), as Kubernetes does it.
enum Gzip {
    /// Answers up to this size, in bytes, go as they are.
    static let threshold = 128 << 10
    /// Fast rather than small.
    private static let level: Int32 = 1
    /// The largest window, with gzip's own header and checksum.
    private static let window: Int32 = 15 + 16

    /// Whether an Accept-Encoding header names it.
    static func isAccepted(_ header: String?) -> Bool {
        (header ?? "").split(separator: ",").contains { $0.trimmingSpaces == "gzip" }
    }

    /// The bytes, smaller; nil if zlib can't: there is no memory, or it is too much at once.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard bytes.count < Int32.max, deflateInit2_(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
            return nil
        }
        defer { deflateEnd(&stream) }
        let limit = Int(deflateBound(&stream, UInt(bytes.count)))
        var result = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            bytes.withUnsafeBufferPointer { input in
                (stream.next_in, stream.avail_in) = (UnsafeMutablePointer(mutating: input.baseAddress), UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(limit))
                result = deflate(&stream, Z_FINISH)
            }
            count = limit - Int(stream.avail_out)
        }
        return result == Z_STREAM_END ? output : nil
    }
}
