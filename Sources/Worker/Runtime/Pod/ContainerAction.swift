import BatchAPI

/// What a hook does, or a probe asks.
public enum ContainerAction: Sendable, Hashable {
    /// A command beside the container's own, as it is run.
    case exec([String])
    case tcp(host: String, port: Int)
    /// Good is an answer from 200 to 399.
    case http(host: String, port: Int, path: String, headers: [String])
    case sleep(Duration)

    /// - Throws: for kinds that this worker does not have, by name.
    init(_ value: Value, _ container: Container, _ place: String) throws(PodRefusal) {
        func refusal(_ why: String) -> PodRefusal { .configuration("container \(container.name): \(place): \(why)") }
        if let command = value["exec"]?["command"]?.strings, !command.isEmpty {
            self = .exec(command)
        } else if let seconds = value["sleep"]?["seconds"]?.int {
            self = .sleep(.seconds(seconds))
        } else if let socket = value.present("tcpSocket") {
            guard let port = Self.port(socket["port"], container) else { throw refusal("there is no port of that name") }
            self = .tcp(host: socket["host"]?.string ?? "127.0.0.1", port: port)
        } else if let get = value.present("httpGet") {
            guard let port = Self.port(get["port"], container) else { throw refusal("there is no port of that name") }
            if get["scheme"]?.string == "HTTPS" { throw refusal("scheme HTTPS can't be had on this worker") }
            let headers = (get["httpHeaders"]?.array ?? []).map { "\($0["name"]?.string ?? ""): \($0["value"]?.string ?? "")" }
            self = .http(host: get["host"]?.string ?? "127.0.0.1", port: port, path: get["path"]?.string ?? "/", headers: headers)
        } else {
            throw refusal("\(value.object?.keys.sorted().first ?? "nothing") can't be had on this worker")
        }
    }

    /// A number, or the name of one of the container's ports.
    private static func port(_ value: Value?, _ container: Container) -> Int? {
        if let number = value?.int { return number }
        guard let name = value?.string else { return nil }
        let named = container.raw["ports"]?.array?.first { $0["name"]?.string == name }
        return named?["containerPort"]?.int ?? Int(name)
    }
}

/// How a container is asked again and again.
public struct ProbePlan: Sendable, Hashable {
    public var action: ContainerAction
    public var delay: Duration
    public var period: Duration
    public var timeout: Duration
    /// How often in a row an answer has to be given to count.
    public var successes: Int
    public var failures: Int
    /// For a container that is ended because of it; nil: the pod's.
    public var grace: Duration?

    /// The probe of that name; nil if the container has none.
    init?(_ name: String, of container: Container) throws(PodRefusal) {
        guard let value = container.raw.present(name) else { return nil }
        action = try ContainerAction(value, container, name)
        delay = .seconds(value["initialDelaySeconds"]?.int ?? 0)
        (period, timeout) = (.seconds(max(1, value["periodSeconds"]?.int ?? 10)), .seconds(max(1, value["timeoutSeconds"]?.int ?? 1)))
        (successes, failures) = (max(1, value["successThreshold"]?.int ?? 1), max(1, value["failureThreshold"]?.int ?? 3))
        grace = value["terminationGracePeriodSeconds"]?.int.map { .seconds($0) }
    }
}

/// What is done beside a container's own process.
public struct ContainerCare: Sendable, Hashable {
    public var startup: ProbePlan?
    public var readiness: ProbePlan?
    public var liveness: ProbePlan?
    public var postStart: ContainerAction?
    public var preStop: ContainerAction?

    public init() {}

    init(_ container: Container) throws(PodRefusal) {
        startup = try ProbePlan("startupProbe", of: container)
        readiness = try ProbePlan("readinessProbe", of: container)
        liveness = try ProbePlan("livenessProbe", of: container)
        guard let lifecycle = container.raw.present("lifecycle") else { return }
        if let signal = lifecycle["stopSignal"]?.string, signal != "SIGTERM" {
            throw .configuration("container \(container.name): lifecycle.stopSignal \(signal) can't be had on this worker")
        }
        if let hook = lifecycle.present("postStart") { postStart = try ContainerAction(hook, container, "lifecycle.postStart") }
        if let hook = lifecycle.present("preStop") { preStop = try ContainerAction(hook, container, "lifecycle.preStop") }
    }

    var isNone: Bool { self == ContainerCare() }
}
