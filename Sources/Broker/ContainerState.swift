import BatchAPI

/// How one container of a pod is. Pods of one container need it only while they wait; for others their worker tells it of each.
public struct ContainerState: Sendable, Hashable {
    /// How a run ended.
    public struct Exit: Sendable, Hashable {
        public var code: Int
        public var reason: String
        public var message: String
        /// nil if it never started.
        public var started: Timestamp?
        public var finished: Timestamp

        public init(code: Int, reason: String, message: String = "", started: Timestamp?, finished: Timestamp) {
            (self.code, self.reason, self.message, self.started, self.finished) = (code, reason, message, started, finished)
        }
    }

    public enum Stage: Sendable, Hashable {
        case waiting(reason: String, message: String)
        case running(since: Timestamp)
        case ended(Exit)
    }

    public var name: String
    public var stage: Stage
    /// The run before this one.
    public var last: Exit?
    public var restarts = 0
    public var isReady = false
    /// Its startup probe, if it has one, has succeeded.
    public var isStarted = false

    public init(_ name: String, _ stage: Stage) { (self.name, self.stage) = (name, stage) }

    public var exit: Exit? { if case .ended(let exit) = stage { exit } else { nil } }
}

/// Container states as one text. Times are told as ms before the moment of telling, since a worker's clock is not the store's; the store puts
/// that moment, by its own clock, and a blank in front.
extension ContainerState {
    /// That there is nothing to tell any more.
    public static let none = "-"

    public static func text(_ states: [ContainerState], now: Timestamp) -> String {
        Value.array(states.map { $0.value(now) }).encoded()
    }

    /// - Returns: none if it is no such text.
    public static func read(_ text: String, now: Timestamp) -> [ContainerState] {
        guard case .array(let list)? = try? Value.parse(json: Array(text.utf8)) else { return [] }
        return list.compactMap { ContainerState($0.array ?? [], now) }
    }

    /// As the store keeps it.
    public static func read(stored text: String) -> [ContainerState] {
        guard let blank = text.firstIndex(of: " "), let time = Int64(text[..<blank]) else { return [] }
        return read(String(text[text.index(after: blank)...]), now: Timestamp(milliseconds: time))
    }

    private func value(_ now: Timestamp) -> Value {
        let head: [Value] = [.string(name), .int(Int64(restarts)), .int((isReady ? 1 : 0) + (isStarted ? 2 : 0)), last?.value(now) ?? .null]
        switch stage {
        case .waiting(let reason, let message): return .array(head + [.string(reason), .string(message)])
        case .running(let since): return .array(head + [.int(now.milliseconds - since.milliseconds)])
        case .ended(let exit): return .array(head + [exit.value(now)])
        }
    }

    private init?(_ parts: [Value], _ now: Timestamp) {
        guard parts.count >= 5, let name = parts[0].string, let restarts = parts[1].int, let flags = parts[2].int else { return nil }
        (self.name, self.restarts, isReady, isStarted) = (name, restarts, flags & 1 == 1, flags & 2 == 2)
        last = Exit(parts[3].array ?? [], now)
        if let reason = parts[4].string {
            stage = .waiting(reason: reason, message: parts.count > 5 ? parts[5].string ?? "" : "")
        } else if let ago = parts[4].int {
            stage = .running(since: now.adding(milliseconds: -Int64(ago)))
        } else if let exit = Exit(parts[4].array ?? [], now) {
            stage = .ended(exit)
        } else {
            return nil
        }
    }
}

extension ContainerState.Exit {
    fileprivate func value(_ now: Timestamp) -> Value {
        let startedAgo = started.map { Value.int(now.milliseconds - $0.milliseconds) } ?? .null
        return [.int(Int64(code)), .string(reason), .string(message), startedAgo, .int(now.milliseconds - finished.milliseconds)]
    }

    fileprivate init?(_ parts: [Value], _ now: Timestamp) {
        guard parts.count == 5, let code = parts[0].int, let finishedAgo = parts[4].int else { return nil }
        self.init(
            code: code, reason: parts[1].string ?? "", message: parts[2].string ?? "",
            started: parts[3].int.map { now.adding(milliseconds: -Int64($0)) }, finished: now.adding(milliseconds: -Int64(finishedAgo)))
    }
}
