import BatchAPI
import Broker
import Redis

extension RedisBroker {
    public func register(_ node: NodeRegistration) async throws(BrokerError) {
        let arguments: [any RedisArgument] = [
            node.name, node.instance, node.machine, node.lease.wholeMilliseconds, node.slots, Value.strings(node.labels).encoded(),
            Value.strings(node.facts).encoded(), node.offer.value.encoded(),
        ]
        _ = try await call("register", arguments)
    }

    public func renew(_ heartbeat: Heartbeat) async throws(BrokerError) -> HeartbeatReply {
        let answered = heartbeat.answered.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        var arguments: [any RedisArgument] = [
            heartbeat.node, heartbeat.instance, answered, Value.strings(heartbeat.free.mapValues(\.text)).encoded(),
        ]
        for lease in heartbeat.held {
            arguments += [
                lease.slot, lease.job, lease.token, lease.items?.lowerBound ?? -1, lease.items?.upperBound ?? -1, lease.pod, lease.podUID,
            ] as [any RedisArgument]
        }
        var reply = try await list("renew", arguments)
        var revoked: [NodeNews] = []
        while !reply.isEmpty { if let news = NodeNews(message: try reply.bytes()) { revoked.append(news) } }
        return HeartbeatReply(revoked: revoked)
    }

    public func deregister(name: String, instance: String, lost: Bool) async throws(BrokerError) {
        while try await call("expire", [name, instance, "", lost ? "F" : "R", ""]).int ?? 0 > 0 {}
    }

    public func expire(node: String, instance: String, renewal: Int64, epoch: Int64) async throws(BrokerError) -> Int {
        try await call("expire", [node, instance, String(epoch), "F", String(renewal)]).int ?? 0
    }

    public func nodes() async throws(BrokerError) -> [NodeRecord] {
        var reply = try await list("nodes", [])
        var nodes: [NodeRecord] = []
        while !reply.isEmpty {
            let name = try reply.text(), instance = try reply.text(), renewal = Int64(try reply.int())
            let lease = Duration.milliseconds(try reply.int()), slots = try reply.int()
            var node = NodeRecord(
                name: name, instance: instance, renewal: renewal, lease: lease, slots: slots, labels: try reply.value().stringMap,
                facts: try reply.value().stringMap, registered: try reply.time())
            node.offer = NodeOffer(try reply.value())
            node.free = (try reply.value().object ?? [:]).compactMapValues { try? Quantity($0) }
            let written = try reply.bytes()
            if !written.isEmpty { node.written = try? Value.parse(json: written) }
            nodes.append(node)
        }
        return nodes
    }

    public func reserve(node: String, classes: [String]) async throws(BrokerError) -> String? {
        var arguments: [any RedisArgument] = [node]
        arguments += classes as [any RedisArgument]
        return try await call("reserve", arguments).string.flatMap { $0.isEmpty ? nil : $0 }
    }

    public func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage {
        var reply = try await list("classes", [node, epoch, String(number)])
        let epoch = try reply.text(), written = try reply.text()
        var page = ClassPage(epoch: epoch, number: number, classes: [], isPart: try reply.int() == 1, written: nil)
        if !written.isEmpty { page.written = try? Value.parse(json: Array(written.utf8)) }
        while !reply.isEmpty {
            page.number = Int64(try reply.int())
            page.classes.append(PlacementClass(id: try reply.text(), terms: PlacementTerms(try reply.value())))
        }
        return page
    }
}

extension RedisBroker {
    public func elect(_ candidate: Candidate) async throws(BrokerError) -> LeaderRecord {
        let dead = candidate.deadRenewal.map { String($0) } ?? ""
        var reply = try await list("elect", [candidate.instance, candidate.address, dead])
        let instance = try reply.text(), address = try reply.text()
        return LeaderRecord(
            instance: instance, address: address, epoch: Int64(try reply.int()), renewal: Int64(try reply.int()), acquired: try reply.time(),
            version: try reply.text())
    }

    public func resign(instance: String) async throws(BrokerError) { _ = try await call("resign", [instance]) }

    public func agenda(limit: Int, rebuild: Bool, epoch: Int64) async throws(BrokerError) -> Agenda {
        var reply = try await list("agenda", [limit, rebuild ? 1 : 0, String(epoch)])
        var agenda = Agenda(jobs: [], next: nil, now: try reply.time())
        agenda.next = try reply.optionalTime()
        while !reply.isEmpty { agenda.jobs.append(try reply.text()) }
        return agenda
    }

    public func remind(uid: String, at time: Timestamp) async throws(BrokerError) { _ = try await call("remind", [uid, time.milliseconds]) }
}
