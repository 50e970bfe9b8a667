import CLinux
import Glibc

/// One PING over a Unix socket: whether a server that was just started serves yet.
enum RedisProbe {
    enum Answer: Sendable {
        /// PONG.
        case ready
        /// It reads its data: alive, and ready in a while.
        case loading
        /// Nobody listens, or nothing was heard within a fifth of a second.
        case silent
    }

    static func ping(_ path: String) -> Answer {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return .silent }
        defer { close(socket) }
        guard connect(socket, path), send(socket, "PING\r\n", 6, Int32(MSG_NOSIGNAL)) == 6, drover_wait_readable(socket, 200) == 1
        else { return .silent }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        if text.hasPrefix("+PONG") { return .ready }
        return text.hasPrefix("-LOADING") ? .loading : .silent
    }

    private static func connect(_ socket: Int32, _ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 }
        }
    }
}
