import Glibc

@testable import Redis

/// A server that answers exactly what the test tells it to. Its methods block.
final class FakeServer {
    let path: String
    private let listener: Int32
    private var client: Int32 = -1
    private let decoder = ReplyDecoder()

    var address: RedisAddress { RedisAddress(endpoint: .unix(path: path)) }

    init() {
        path = "/tmp/redis-fake-\(UInt64.random(in: 0 ... .max)).sock"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        listen(listener, 8)
    }

    deinit {
        close(client)
        close(listener)
        unlink(path)
    }

    /// Accepts a connection in place of the present one, and answers its handshake.
    func accept() throws {
        close(client)
        client = Glibc.accept(listener, nil, nil)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        for _ in 0..<4 { _ = try command() }
        send("+PONG\r\n$0\r\n\r\n$0\r\n\r\n$0\r\n\r\n")
    }

    /// The next command's words.
    func command() throws -> [String] {
        while true {
            if let words = try decoder.next() { return words.array?.compactMap(\.string) ?? [] }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(client, &buffer, buffer.count)
            guard count > 0 else { return [] }
            try buffer[..<count].withUnsafeBytes { try decoder.feed($0) }
        }
    }

    /// Sends bytes of the protocol.
    func send(_ text: String) { _ = Glibc.send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

    /// Closes the present connection.
    func hangUp() {
        close(client)
        client = -1
    }
}
