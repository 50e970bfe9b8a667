/// What is asked on each new connection before any caller's command; pure.
///
/// All commands are sent at once, and their replies fed in order to `receive`.
struct Handshake {
    /// What a reply leads to.
    enum Progress {
        case more
        case complete(ServerIdentity?)
        case failed(RedisError)
    }

    private enum Step { case auth, select, name, ping, info }

    private var steps: ArraySlice<Step> = []
    private var info = ""
    private var infoError: RedisError?
    private let needsIdentity: Bool

    /// The commands to send, in order.
    let commands: [RedisCommand]

    /// - Parameter needsIdentity: whether a server that does not tell its identity is refused.
    init(address: RedisAddress, clientName: String?, needsIdentity: Bool) {
        var plan: [(Step, RedisCommand)] = []
        if let command = Self.authCommand(address) { plan.append((.auth, command)) }
        // PING stands before SELECT as it alone tells a missing password from a wrong database.
        plan.append((.ping, RedisCommand("PING")))
        if address.database != 0 { plan.append((.select, RedisCommand("SELECT", address.database))) }
        if let clientName { plan.append((.name, RedisCommand("CLIENT", "SETNAME", clientName))) }
        for section in ["server", "replication", "memory"] { plan.append((.info, RedisCommand("INFO", section))) }
        steps = plan.map(\.0)[...]
        commands = plan.map(\.1)
        self.needsIdentity = needsIdentity
    }

    private static func authCommand(_ address: RedisAddress) -> RedisCommand? {
        if let username = address.username { return RedisCommand("AUTH", username, address.password ?? "") }
        return address.password.map { RedisCommand("AUTH", $0) }
    }

    /// Takes the reply of the next command.
    mutating func receive(_ result: Result<RedisValue, RedisError>) -> Progress {
        guard let step = steps.popFirst() else { return .failed(RedisError(.unexpectedReply, "a reply too many while connecting")) }
        switch result {
        case .success(let value): if step == .info, let text = value.string { info += text }
        case .failure(let error): if let failure = failure(error, at: step) { return .failed(failure) }
        }
        return steps.isEmpty ? finish() : .more
    }

    /// The error to give up with, nil if the connection is usable nevertheless.
    private mutating func failure(_ error: RedisError, at step: Step) -> RedisError? {
        if step == .auth || error.serverCode == "NOAUTH" { return Self.authentication(error) }
        if error.serverCode == "LOADING" { return RedisError(.connectionFailed, error.message, serverCode: "LOADING") }
        switch step {
        case .select: return RedisError(.connectionFailed, "SELECT failed: \(error.message)", serverCode: error.serverCode)
        case .info:
            infoError = error
            return nil
        case .auth, .name, .ping: return nil
        }
    }

    private static func authentication(_ error: RedisError) -> RedisError {
        let what = error.serverCode == "NOAUTH" ? "the server asks for a password" : "the server refused the login"
        return RedisError(.authentication, "\(what): \(error.message)", serverCode: error.serverCode)
    }

    private func finish() -> Progress {
        let identity = ServerIdentity(info: info)
        guard identity == nil, needsIdentity else { return .complete(identity) }
        let reason = infoError?.message ?? "no run_id in INFO"
        return .failed(RedisError(.connectionFailed, "the server does not tell its identity: \(reason)", serverCode: infoError?.serverCode))
    }
}
