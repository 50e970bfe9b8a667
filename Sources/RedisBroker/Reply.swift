import BatchAPI
import Broker
import Redis

/// Reads a flat reply from left to right.
struct Reply {
    private var elements: ArraySlice<RedisValue>

    init(_ elements: [RedisValue]) { self.elements = elements[...] }

    var isEmpty: Bool { elements.isEmpty }

    mutating func text() throws(BrokerError) -> String {
        guard let element = elements.popFirst() else { throw .malformed("a function: too short") }
        if let string = element.string { return string }
        if let int = element.int { return String(int) }
        if let bytes = element.bytes { return String(decoding: bytes, as: UTF8.self) }
        throw .malformed("a function: not a text")
    }

    mutating func bytes() throws(BrokerError) -> [UInt8] {
        guard let bytes = elements.popFirst()?.bytes else { throw .malformed("a function: no bytes") }
        return bytes
    }

    /// Numbers between commas.
    mutating func indexes() throws(BrokerError) -> [Int] { try text().split(separator: ",").compactMap { Int($0) } }

    mutating func int() throws(BrokerError) -> Int {
        guard let element = elements.popFirst(), let int = element.int else { throw .malformed("a function: no number") }
        return int
    }

    /// How many of something follow.
    mutating func count() throws(BrokerError) -> Int {
        let count = try int()
        guard count >= 0 else { throw .malformed("a function: fewer than none") }
        return count
    }

    mutating func time() throws(BrokerError) -> Timestamp { Timestamp(milliseconds: Int64(try int())) }

    /// 0 stands for none.
    mutating func optionalTime() throws(BrokerError) -> Timestamp? {
        let milliseconds = try int()
        return milliseconds == 0 ? nil : Timestamp(milliseconds: Int64(milliseconds))
    }

    /// A Job: object, status, resourceVersion.
    mutating func job(_ cache: JobCache) throws(BrokerError) -> Job {
        var rest = self
        let object = try rest.bytes(), status = try rest.bytes(), version = try rest.text()
        let job = try cache.job(object, status, version) { () throws(BrokerError) -> Job in
            var reply = self
            return try reply.job()
        }
        self = rest
        return job
    }

    /// The same, parsed in any case.
    mutating func job() throws(BrokerError) -> Job {
        let object = try value(), status = try value(), version = try text()
        var whole = object
        whole["status"] = status
        // What is pushed is counted with the status.
        if let items = status["items"] { whole["spec"]?["completions"] = items }
        var job = Job(whole)
        job.metadata.resourceVersion = version
        return job
    }

    mutating func value() throws(BrokerError) -> Value {
        let bytes = try bytes()
        do { return try Value.parse(json: bytes) } catch { throw BrokerError(.malformed, "stored JSON: \(error)") }
    }

    /// Named numbers: how many, then name and value of each.
    mutating func numbers() throws(BrokerError) -> [String: Int64] {
        var numbers: [String: Int64] = [:]
        for _ in 0..<(try count()) { numbers[try text()] = Int64(try int()) }
        return numbers
    }

    /// A pod: its token, the number of its fields, its fields.
    mutating func pod() throws(BrokerError) -> PodRecord {
        let token = Token(try int())
        return PodRecord(token: token, fields: try fields())
    }

    /// A hash: twice the number of its fields, then name and value of each.
    mutating func fields() throws(BrokerError) -> [String: String] {
        var fields: [String: String] = [:]
        for _ in 0..<(try count() / 2) { fields[try text()] = try text() }
        return fields
    }

    mutating func claim() throws(BrokerError) -> ClaimReply {
        guard try text() == "G" else { return .nothing(next: try optionalTime()) }
        let job = try text(), token = Token(try int()), first = try int(), last = try int()
        guard first < 0 || first <= last else { throw .malformed("a function: items that end before they begin") }
        return .granted(
            Grant(
                job: job, token: token, items: first < 0 ? nil : first...last, pod: try text(), podUID: try text(), revision: try text(),
                failures: try int(), payloads: try bytes()))
    }
}

extension PodRecord {
    init(token: Token, fields: [String: String]) {
        func time(_ key: String) -> Timestamp? { fields[key].flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) } }
        self.init(token: token, name: fields["name"] ?? "", created: time("created") ?? Timestamp(milliseconds: 0))
        uid = fields["uid"] ?? ""
        index = fields["index"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
        node = fields["node"] ?? ""
        phase = fields["phase"] ?? "Pending"
        (started, finished, failedAt, deletion) = (time("started"), time("finished"), time("failedAt"), time("deletion"))
        exitCode = fields["exit"].flatMap { Int($0) }
        container = fields["container"] ?? ""
        states = fields["states"].map { ContainerState.read(stored: $0) } ?? []
        (reason, message, disruption) = (fields["reason"] ?? "", fields["message"] ?? "", fields["disruption"] ?? "")
        (restarts, isRunning) = (fields["restarts"].flatMap { Int($0) } ?? 0, fields["running"] == "1")
        (failures, ignores) = (fields["failures"].flatMap { Int($0) } ?? 0, fields["ignores"].flatMap { Int($0) } ?? 0)
        waits = fields["waits"] ?? ""
        (tail, grace) = (fields["tail"] ?? "", fields["grace"].flatMap { Int($0) })
        (isCounted, isDisowned) = (fields["counted"] == "1", fields["disowned"] == "1")
        func value(_ key: String) -> Value? { fields[key].flatMap { try? Value.parse(json: Array($0.utf8)) } }
        (metadata, status, spec) = (value("metadata"), value("status"), value("spec"))
        resourceVersion = fields["rv"] ?? ""
    }
}
