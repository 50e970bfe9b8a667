import Glibc

@testable import Redis

/// A server that answers exactly what the test tells it to. Its waits hold no thread: the tests beside it need them.
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
        if client >= 0 { close(client) }
        close(listener)
        unlink(path)
    }

    /// Accepts a connection in place of the present one, and answers its handshake.
    func accept() async throws {
        hangUp()
        try await readable(listener)
        client = Glibc.accept(listener, nil, nil)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        for _ in 0..<4 { _ = try await command() }
        send("+PONG\r\n$0\r\n\r\n$0\r\n\r\n$0\r\n\r\n")
    }

    /// The next command's words.
    func command() async throws -> [String] {
        while true {
            if let words = try decoder.next() { return words.array?.compactMap(\.string) ?? [] }
            try await readable(client)
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(client, &buffer, buffer.count)
            guard count > 0 else { return [] }
            try buffer[..<count].withUnsafeBytes { try decoder.feed($0) }
        }
    }

    private func readable(_ descriptor: Int32) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 0) != 0 { return }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw RedisError(.timedOut, "nobody came to the fake server")
    }

    /// Sends bytes of the protocol.
    func send(_ text: String) { _ = Glibc.send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

    /// Closes the present connection.
    func hangUp() {
        if client >= 0 { close(client) }
        client = -1
    }
}
