/// Why there is no private Redis, and what to do.
struct EmbeddedRedisError: Error, Sendable, Equatable, CustomStringConvertible {
    enum Kind: Sendable {
        /// No redis-server was found.
        case missing
        /// It is older than 7.0, or does not tell its version.
        case unsuitable
        /// Its folder can't be made, or is in use.
        case folder
        /// It ended, or did not answer in time.
        case start
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }
}
