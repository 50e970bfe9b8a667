import CZlib
import Testing

/// What a client makes of compressed answers.
enum Gunzip {
    static func bytes(_ compressed: [UInt8]) throws -> [UInt8] {
        var stream = z_stream(), result: [UInt8] = [], input = compressed, code = Z_OK
        try #require(inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        input.withUnsafeMutableBufferPointer { input in
            (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
            while code == Z_OK {
                let part = [UInt8](unsafeUninitializedCapacity: 65_536) { output, count in
                    (stream.next_out, stream.avail_out) = (output.baseAddress, 65_536)
                    code = inflate(&stream, Z_NO_FLUSH)
                    count = 65_536 - Int(stream.avail_out)
                }
                result += part
            }
        }
        try #require(code == Z_STREAM_END)
        return result
    }
}
