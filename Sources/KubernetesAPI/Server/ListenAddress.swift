/// An address to listen on. Without TLS and credentials only loopback will do.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, without brackets.
    public var host: String
    /// 0 lets the system choose.
    public var port: Int

    /// Why a text is no address to listen on.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        public var description: String
    }

    private init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    /// Reads `127.0.0.1:7480`, `localhost:7480` or `[::1]:7480`.
    public static func parse(_ text: String) throws(ParseError) -> ListenAddress {
        guard let (host, portText) = HostAndPort.split(text), let portText else {
            throw ParseError(description: "\"\(text)\" is no address to listen on: expected HOST:PORT, as 127.0.0.1:7480 or [::1]:7480")
        }
        guard let port = UInt16(portText), portText.allSatisfy(\.isNumber) else {
            throw ParseError(description: "\"\(text)\": the port must be a number from 0 to 65535")
        }
        guard HostAndPort.isLoopback(host) else {
            throw ParseError(
                description: "\"\(text)\": the API has neither TLS nor credentials yet, so it listens on loopback only: "
                    + "use 127.0.0.1:\(port) or [::1]:\(port), and a tunnel (as ssh -L) to reach it from elsewhere")
        }
        return ListenAddress(host: host.lowercased() == "localhost" ? "127.0.0.1" : host, port: Int(port))
    }

    /// As in a URL.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The address of the port that the system chose.
    public func with(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }
}

/// The two parts of a Host header or a listen address.
enum HostAndPort {
    /// Host without brackets, port nil where none is written; nil for what is neither.
    static func split(_ text: String) -> (host: String, port: String?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end]), rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil) }
            return rest.hasPrefix(":") ? (host, String(rest.dropFirst())) : nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, !host.isEmpty else { return nil }
        return (String(host), parts.count == 2 ? String(parts[1]) : nil)
    }

    /// localhost, 127.0.0.0/8 or ::1. No other name: who controls its resolution could point it here.
    static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && $0.allSatisfy { ("0"..."9").contains($0) } }
    }
}
