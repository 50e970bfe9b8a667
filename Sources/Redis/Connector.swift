import CHiredis
import Glibc

/// Makes sockets. It blocks, in name look-up even without bound, and so runs on a thread of its own for each attempt.
enum Connector {
    /// Connects on a new thread and then calls `done` there.
    /// - Parameter timeout: nanoseconds for all addresses of the host together, name look-up not counted.
    static func start(_ endpoint: RedisAddress.Endpoint, timeout: Int64, done: @escaping @Sendable (Result<Socket, RedisError>) -> Void) {
        let started = Threads.start {
            do throws(RedisError) { done(.success(try connect(endpoint, timeout: timeout))) } catch { done(.failure(error)) }
        }
        if !started { done(.failure(RedisError(.connectionFailed, "no thread could be started to connect"))) }
    }

    private static func connect(_ endpoint: RedisAddress.Endpoint, timeout: Int64) throws(RedisError) -> Socket {
        switch endpoint {
        case .unix(let path): try connectUnix(path, deadline: Clock.add(timeout, to: Clock.now()))
        case .tcp(let host, let port): try connectTCP(host, port, timeout)
        }
    }

    private static func connectUnix(_ path: String, deadline: Int64) throws(RedisError) -> Socket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw RedisError(.connectionFailed, "socket path too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return try withUnsafePointer(to: &address) { (pointer) throws(RedisError) in
            try connect(UnsafeRawPointer(pointer), MemoryLayout<sockaddr_un>.size, AF_UNIX, path, deadline)
        }
    }

    private static func connectTCP(_ host: String, _ port: Int, _ timeout: Int64) throws(RedisError) -> Socket {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw RedisError(.connectionFailed, "look-up of \(host): \(String(cString: gai_strerror(code)))") }
        defer { freeaddrinfo(list) }
        let deadline = Clock.add(timeout, to: Clock.now())
        var failure = RedisError(.connectionFailed, "\(host) has no address")
        for info in sequence(first: list, next: { $0?.pointee.ai_next }).compactMap({ $0?.pointee }) {
            do throws(RedisError) {
                return tuned(try connect(UnsafeRawPointer(info.ai_addr), Int(info.ai_addrlen), info.ai_family, "\(host):\(port)", deadline))
            } catch { failure = error }
        }
        throw failure
    }

    private static func connect(
        _ address: UnsafeRawPointer, _ length: Int, _ family: Int32, _ name: String, _ deadline: Int64
    ) throws(RedisError) -> Socket {
        // hiredis' own connect leaves the descriptor open to children started meanwhile.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(family, type, 0)
        guard descriptor >= 0 else { throw RedisError(.connectionFailed, "socket: \(Socket.errorText(errno))") }
        let socket = Socket(owning: descriptor)
        if Glibc.connect(descriptor, address.assumingMemoryBound(to: sockaddr.self), socklen_t(length)) == 0 { return socket }
        guard errno == EINPROGRESS else { throw RedisError(.connectionFailed, "\(name): \(Socket.errorText(errno))") }
        try awaitConnected(socket, name, deadline)
        return socket
    }

    private static func awaitConnected(_ socket: Socket, _ name: String, _ deadline: Int64) throws(RedisError) {
        var entry = pollfd(fd: socket.descriptor, events: Int16(POLLOUT), revents: 0)
        while poll(&entry, 1, Clock.pollTimeout(until: deadline, now: Clock.now())) <= 0 {
            if Clock.now() >= deadline { throw RedisError(.connectionFailed, "\(name): connecting timed out") }
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        if code != 0 { throw RedisError(.connectionFailed, "\(name): \(Socket.errorText(code))") }
    }

    private static func tuned(_ socket: Socket) -> Socket {
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
        setsockopt(socket.descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, size)
        return socket
    }
}
