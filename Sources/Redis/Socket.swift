import CHiredis
import Glibc

/// A connected, non-blocking, close-on-exec socket; its descriptor is closed with the last reference.
final class Socket: Sendable {
    /// What a read or write came to.
    enum Transfer {
        case bytes(Int)
        case wouldBlock
        case failed(String)
    }

    let descriptor: Int32

    /// Owns `descriptor`.
    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Reads what there is; the end of the stream counts as a failure.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count == 0 { return .failed("the server closed the connection") }
        return Self.transfer(count)
    }

    /// Writes what the socket takes. A peer that has gone gives an error, never SIGPIPE.
    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        Self.transfer(Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)))
    }

    private static func transfer(_ count: Int) -> Transfer {
        if count >= 0 { return .bytes(count) }
        if errno == EAGAIN || errno == EINTR { return .wouldBlock }
        return .failed(errorText(errno))
    }

    /// The system's words for an error number.
    static func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
}
