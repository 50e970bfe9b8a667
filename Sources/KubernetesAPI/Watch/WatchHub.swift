import BatchAPI
import Broker
import Logging

/// Reads the log of changes once for all watches of this server: what changed is fetched once and handed to whoever watches its kind. It
/// keeps the objects of the kinds that are watched, so that a deletion still shows the object, and a watch can begin at once.
actor WatchHub {
    /// A watch as the hub sees it.
    private struct Watcher {
        var resource: String
        var events: AsyncStream<WatchEvent>.Continuation
    }

    /// The objects of one kind.
    private struct Shelf {
        var objects: [String: (value: Value, version: Int64)] = [:]
        /// Those that were newer than the change for which they were fetched, until the log comes to their own version.
        var ahead: [String: Value] = [:]
        /// The last that were deleted, oldest first: for watches that begin before that.
        var deleted: [(key: String, value: Value, version: Int64)] = []
    }

    private let log: any ChangeLog
    private let sources: [String: WatchSource]
    private let logger: Logger
    private var shelves: [String: Shelf] = [:]
    private var watchers: [Int: Watcher] = [:]
    private var lastID = 0
    /// The version up to which the shelves have followed the log.
    private(set) var position: Int64 = 0
    private var reader: Task<Void, Never>?
    /// Listings under way.
    private var fillings: [String: Task<Void, any Error>] = [:]
    /// A watch that is so many events behind is dropped: its client lists again.
    private static let backlog = 10_000
    private static let page = 500

    init(log: any ChangeLog, sources: [String: WatchSource], logger: Logger) { (self.log, self.sources, self.logger) = (log, sources, logger) }

    /// A watch that has begun.
    struct Subscription: Sendable {
        var id: Int
        /// What is there, or what happened since the version that was asked for.
        var first: [WatchEvent]
        /// The version of all that.
        var version: Int64
        var events: AsyncStream<WatchEvent>
    }

    /// Begins a watch of a kind: with all there is (`version` nil), or with what happened after a version.
    /// - Throws: 410 if the log does not reach back that far.
    func watch(_ resource: String, after version: Int64?) async throws -> Subscription {
        try await open(resource)
        // Up to here the log is read; what comes later comes as it happens.
        var first: [WatchEvent]
        if let version { first = try await replay(resource, after: version) } else { first = all(resource) }
        first.sort { ($0.version, $0.object.watchKey) < ($1.version, $1.object.watchKey) }
        lastID += 1
        let (events, continuation) = AsyncStream.makeStream(of: WatchEvent.self, bufferingPolicy: .bufferingOldest(Self.backlog))
        watchers[lastID] = Watcher(resource: resource, events: continuation)
        return Subscription(id: lastID, first: first, version: position, events: events)
    }

    func end(_ id: Int) { watchers.removeValue(forKey: id)?.events.finish() }

    /// Ends all: the server stops.
    func stop() {
        reader?.cancel()
        for watcher in watchers.values { watcher.events.finish() }
        watchers = [:]
    }

    private func all(_ resource: String) -> [WatchEvent] {
        (shelves[resource]?.objects ?? [:]).values.map { WatchEvent(.added, $0.value, old: nil, version: 0) }
    }

    // MARK: Beginning

    private func open(_ resource: String) async throws {
        guard let source = sources[resource] else { throw APIStatus.methodNotAllowed }
        if reader == nil {
            position = try await log.changes(after: 0, limit: 1).newest
            reader = Task { [weak self] in await self?.read() }
        }
        if shelves[resource] == nil { try await fill(resource, source) }
        try await catchUp()
    }

    /// Lists a kind, once for all watches that begin meanwhile.
    private func fill(_ resource: String, _ source: WatchSource) async throws {
        let filling =
            fillings[resource]
            ?? Task {
                defer { fillings[resource] = nil }
                let found = try await source.list()
                var shelf = Shelf()
                for object in found.objects { shelf.objects[object.watchKey] = (object, object.watchVersion) }
                shelves[resource] = shelf
            }
        fillings[resource] = filling
        try await filling.value
    }

    /// What happened after a version, each object once, as it is now.
    private func replay(_ resource: String, after version: Int64) async throws -> [WatchEvent] {
        var last: [String: Change] = [:], isNew: Set<String> = []
        var from = version
        while from < position {
            let page = try await log.changes(after: from, limit: Self.page)
            guard page.isWhole else { throw APIStatus.expired(version, position) }
            if page.changes.isEmpty { break }
            for change in page.changes where change.resource == resource && change.version <= position {
                if change.operation == .added { isNew.insert(change.key) }
                last[change.key] = change
            }
            from = page.changes.last!.version
        }
        if from == version, version < position, try await !log.changes(after: version, limit: 1).isWhole { throw APIStatus.expired(version, position) }
        let shelf = shelves[resource] ?? Shelf()
        return try last.compactMap { key, change in
            if let known = shelf.objects[key] {
                return WatchEvent(isNew.contains(key) ? .added : .modified, known.value, old: nil, version: known.version)
            }
            if isNew.contains(key) { return nil }
            guard let gone = shelf.deleted.last(where: { $0.key == key }) else {
                // It went before this server looked: the client learns of it by listing again.
                if change.operation == .deleted { throw APIStatus.expired(version, position) }
                return nil
            }
            return WatchEvent(.deleted, gone.value.with(version: String(change.version)), old: gone.value, version: change.version)
        }
    }

    // MARK: Following

    private func read() async {
        while !Task.isCancelled {
            do {
                try await log.waitForChanges(after: position, timeout: .seconds(10))
                try await catchUp()
            } catch {
                if Task.isCancelled { return }
                logger.debug("watch: \(error)")
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private var isCatchingUp = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private func endTurn() {
        isCatchingUp = false
        for turn in waiting { turn.resume() }
        waiting = []
    }

    /// Follows the log to its end.
    private func catchUp() async throws {
        // One at a time; whoever else comes waits until it is done, and looks for what is newer than that.
        while isCatchingUp { await withCheckedContinuation { waiting.append($0) } }
        isCatchingUp = true
        defer { endTurn() }
        while true {
            let page = try await log.changes(after: position, limit: Self.page)
            guard page.isWhole else { return lose(page.newest) }
            for change in page.changes { try await follow(change) }
            position = max(position, page.changes.last?.version ?? page.newest)
            if page.changes.count < Self.page { return }
        }
    }

    /// The log does not reach back: every watch begins anew.
    private func lose(_ newest: Int64) {
        (shelves, position) = ([:], newest)
        for watcher in watchers.values { watcher.events.finish() }
        watchers = [:]
    }

    /// Shows what a change has made of an object, under the version of the change: versions ascend in every watch, so that a client which
    /// begins again after the last that it saw misses nothing.
    private func follow(_ change: Change) async throws {
        guard let source = sources[change.resource], let known = shelves[change.resource] else { return }
        let before = known.objects[change.key]
        if change.operation != .deleted {
            if let before, before.version >= change.version { return }
            if let ahead = known.ahead[change.key] {
                if ahead.watchVersion == change.version { show(ahead, change) }
                if ahead.watchVersion >= change.version { return }
            }
        }
        let now = try await source.one(change.namespace, change.name)
        if change.operation == .deleted || now == nil {
            guard let before, now == nil || now?.watchUID != before.value.watchUID || change.operation == .deleted else { return }
            if let now, now.watchUID == before.value.watchUID { return }
            remove(change, before.value)
        } else if let now {
            if let before, before.value.watchUID != now.watchUID { remove(change, before.value) }
            show(now, change)
        }
    }

    private func show(_ value: Value, _ change: Change) {
        let isAhead = value.watchVersion > change.version
        let shown = isAhead ? value.with(version: String(change.version)) : value
        let old = shelves[change.resource]?.objects[change.key]?.value
        shelves[change.resource]?.ahead[change.key] = isAhead ? value : nil
        shelves[change.resource]?.objects[change.key] = (shown, change.version)
        emit(change.resource, WatchEvent(old == nil ? .added : .modified, shown, old: old, version: change.version))
    }

    private func remove(_ change: Change, _ value: Value) {
        shelves[change.resource]?.objects[change.key] = nil
        shelves[change.resource]?.ahead[change.key] = nil
        shelves[change.resource]?.deleted.append((change.key, value, change.version))
        if shelves[change.resource]!.deleted.count > 1000 { shelves[change.resource]!.deleted.removeFirst(500) }
        emit(change.resource, WatchEvent(.deleted, value.with(version: String(change.version)), old: value, version: change.version))
    }

    private func emit(_ resource: String, _ event: WatchEvent) {
        for (id, watcher) in watchers where watcher.resource == resource {
            if case .dropped = watcher.events.yield(event) { end(id) }
        }
    }
}

extension Change {
    /// As `Value.watchKey`.
    fileprivate var key: String { namespace + "/" + name }
}

extension Value {
    var watchKey: String { "\(self["metadata"]?["namespace"]?.string ?? "")/\(objectName)" }
    var watchVersion: Int64 { self["metadata"]?["resourceVersion"]?.string.flatMap { Int64($0) } ?? 0 }
    var watchUID: String { self["metadata"]?["uid"]?.string ?? "" }
}
