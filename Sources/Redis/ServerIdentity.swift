/// Which Redis answered: it changes when the server restarts, fails over or is replaced.
public struct ServerIdentity: Sendable, Hashable {
    /// `run_id`: new at each start of the server process.
    public var runID: String
    /// `master_replid`: the history of the data set, shared by a master and its replicas.
    public var replicationID: String
    /// `redis_version`, such as `7.0.15`.
    public var version: String
    /// `maxmemory_policy`, such as `noeviction`; nil if the server does not tell.
    public var evictionPolicy: String?

    /// Makes an identity from its parts.
    public init(runID: String, replicationID: String, version: String, evictionPolicy: String? = nil) {
        self.runID = runID
        self.replicationID = replicationID
        self.version = version
        self.evictionPolicy = evictionPolicy
    }

    /// Reads the sections `server`, `replication` and `memory` of INFO; nil if an id is missing.
    init?(info text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let (key, value) = line.split(at: ":")
            fields[key] = value
        }
        guard let runID = fields["run_id"], let replicationID = fields["master_replid"] else { return nil }
        self.runID = String(runID)
        self.replicationID = String(replicationID)
        version = fields["redis_version"].map(String.init) ?? ""
        evictionPolicy = fields["maxmemory_policy"].map(String.init)
    }
}
