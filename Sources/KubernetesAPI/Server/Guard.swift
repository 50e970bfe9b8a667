import BatchAPI

/// Keeps web pages out: on loopback without credentials any page that the user opens could send requests here, directly or by a name
/// that it points at 127.0.0.1. Clients like kubectl send none of these headers.
enum RequestGuard {
    /// Why a request is refused; nil if it may pass.
    static func refusal(host: String?, origin: String?, fetchSite: String?) -> APIStatus? {
        if origin != nil { return .forbidden("requests from web pages are refused (an Origin header was sent)") }
        if let fetchSite, !["none", "same-origin"].contains(fetchSite.lowercased()) {
            return .forbidden("requests from web pages are refused (Sec-Fetch-Site: \(fetchSite))")
        }
        guard let host, let parts = HostAndPort.split(host), HostAndPort.isLoopback(parts.host) else {
            return .forbidden("the Host header must name a loopback address, as 127.0.0.1 or localhost, not \"\(host ?? "")\"")
        }
        return nil
    }
}
