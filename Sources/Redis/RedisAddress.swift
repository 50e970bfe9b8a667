/// Where a Redis server is and how to log in to it.
///
/// Written as `redis://[user[:password]@]host[:port][/db]` or `unix://[user[:password]@]/path/to.sock[?db=N]`.
/// User and password may be percent-encoded. A name without a colon is the user; `:password@` gives a password alone.
public struct RedisAddress: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The socket to connect to.
    public enum Endpoint: Sendable, Hashable {
        /// A host name or numeric address, and a port.
        case tcp(host: String, port: Int)
        /// The absolute path of a Unix domain socket.
        case unix(path: String)
    }

    /// The socket to connect to.
    public var endpoint: Endpoint
    /// The ACL user, nil for Redis' default user.
    public var username: String?
    /// The password, nil if none is to be sent.
    public var password: String?
    /// The number of the database, 0 by default.
    public var database: Int

    /// Makes an address from its parts.
    public init(endpoint: Endpoint, username: String? = nil, password: String? = nil, database: Int = 0) {
        self.endpoint = endpoint
        self.username = username
        self.password = password
        self.database = database
    }

    /// Reads an address from its URL.
    /// - Throws: `RedisError.Code.invalidURL`; the message never repeats the password.
    public init(_ url: String) throws(RedisError) {
        guard let colon = url.firstRange(of: "://") else { throw Self.invalid("has no scheme; write redis://host or unix:///path") }
        let rest = url[colon.upperBound...]
        switch url[..<colon.lowerBound] {
        case "redis": try self.init(tcp: rest)
        case "unix", "redis+unix": try self.init(unix: rest)
        case "rediss": throw Self.invalid("asks for TLS (rediss://), which is not supported; use redis:// or unix://")
        default: throw Self.invalid("has an unknown scheme; only redis:// and unix:// are known")
        }
    }

    private init(tcp text: Substring) throws(RedisError) {
        let (login, rest) = Self.splitLogin(text)
        let (authority, tail) = rest.split(at: "/")
        if rest.contains("?") || rest.contains("#") { throw Self.invalid("has a query; write the database as redis://host/N") }
        endpoint = try Self.hostAndPort(authority)
        (username, password) = try Self.credentials(login)
        database = try Self.database(tail ?? "")
    }

    private init(unix text: Substring) throws(RedisError) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        let (login, rest) = Self.splitLogin(text[..<slash])
        guard rest.isEmpty else { throw Self.invalid("needs an absolute path: unix:///path/to.sock") }
        let (path, query) = text[slash...].split(at: "?")
        guard path.count > 1 else { throw Self.invalid("names no socket: unix:///path/to.sock") }
        guard path.utf8.count < 108 else { throw Self.invalid("has a socket path longer than 107 bytes") }
        endpoint = .unix(path: try Self.decoded(path))
        (username, password) = try Self.credentials(login)
        database = try Self.database(query: query)
    }

    /// The address as a URL, with the password hidden.
    public var description: String {
        var login = username ?? ""
        if password != nil { login += ":***" }
        if !login.isEmpty { login += "@" }
        switch endpoint {
        case .tcp(let host, let port):
            let name = host.contains(":") ? "[\(host)]" : host
            return "redis://\(login)\(name):\(port)/\(database)"
        case .unix(let path): return "unix://\(login)\(path)?db=\(database)"
        }
    }

    /// The same as `description`: the password stays hidden.
    public var debugDescription: String { description }
}
