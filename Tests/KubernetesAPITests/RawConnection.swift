import Dispatch
import Foundation

/// A socket that sends and receives text as it is, off the tasks' threads.
final class RawConnection: Sendable {
    private let descriptor: Int32

    /// What went wrong, as errno has it.
    struct Failure: Error { var code = errno }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isConnected else { throw Failure() }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(bytes: Array(text.utf8)) }

    func send(bytes: [UInt8]) throws {
        guard Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw Failure() }
    }

    /// Sends pieces, and then no more if it `finishes`; all that arrives before the connection ends.
    func exchange(_ pieces: [[UInt8]], finishes: Bool) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                for piece in pieces { try? self.send(bytes: piece) }
                if finishes { shutdown(self.descriptor, Int32(SHUT_WR)) }
                continuation.resume(with: Result { try self.blockingReadAll() })
            }
        }
    }

    private func blockingReadAll() throws -> [UInt8] {
        var seen: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || (count < 0 && [ECONNRESET, EPIPE].contains(errno)) { return seen }
            guard count > 0 else { throw Failure() }
            seen += buffer[..<count]
        }
    }

    /// Whether a text arrives before the connection ends.
    func readUntil(_ text: String) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try self.blockingReadUntil(text) }) }
        }
    }

    private func blockingReadUntil(_ text: String) throws -> Bool {
        var seen: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: seen, as: UTF8.self).contains(text) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return false }
            guard count > 0 else { throw Failure() }
            seen += buffer[..<count]
        }
        return true
    }
}
