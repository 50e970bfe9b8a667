import Broker
import CLinux
import Glibc

/// Asks a port of this host, without holding a thread up.
struct Reach {
    let time: any Timekeeper
    let timeout: Duration

    /// Whether somebody listens.
    func connects(host: String, port: Int) async -> Bool { await connect(host, port) != nil }

    /// Whether the answer is from 200 to 399.
    func answers(host: String, port: Int, path: String, headers: [String]) async -> Bool {
        guard let socket = await connect(host, port) else { return false }
        let hasHost = headers.contains { $0.lowercased().hasPrefix("host:") }
        let lines = ["GET \(path.hasPrefix("/") ? path : "/" + path) HTTP/1.1"] + (hasHost ? [] : ["Host: \(host):\(port)"]) + headers
            + ["User-Agent: kube-probe/1.36", "Accept: */*", "Connection: close", "", ""]
        let request = Array(lines.joined(separator: "\r\n").utf8)
        guard send(socket.number, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return false }
        guard await becomes(socket, POLLIN) else { return false }
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = recv(socket.number, &buffer, buffer.count, 0)
        let words = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard words.count > 1, words[0].hasPrefix("HTTP/"), let code = Int(words[1].prefix(3)) else { return false }
        return (200..<400).contains(code)
    }

    private func connect(_ host: String, _ port: Int) async -> Descriptor? {
        var hints = addrinfo(), list: UnsafeMutablePointer<addrinfo>?
        (hints.ai_socktype, hints.ai_flags) = (Int32(SOCK_STREAM.rawValue), AI_NUMERICSERV)
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else { return nil }
        defer { freeaddrinfo(first) }
        let number = socket(first.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return nil }
        let descriptor = Descriptor(owning: number)
        if Glibc.connect(number, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 { return descriptor }
        guard errno == EINPROGRESS, await becomes(descriptor, POLLOUT) else { return nil }
        var error: Int32 = 0, size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0 ? descriptor : nil
    }

    private func becomes(_ descriptor: Descriptor, _ event: Int32) async -> Bool {
        await time.poll(timeout: timeout) {
            var one = pollfd(fd: descriptor.number, events: Int16(event), revents: 0)
            return Glibc.poll(&one, 1, 0) > 0
        }
    }
}
