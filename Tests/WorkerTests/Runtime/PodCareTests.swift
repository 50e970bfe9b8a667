import BatchAPI
import Glibc
import Synchronization
import Testing

@testable import Worker

/// Rules, probes and last words, each by itself.
@Suite struct PodCareTests {
    private func rule(_ container: Value, pod: String = "Never", isInitial: Bool = false) throws(PodRefusal) -> RestartRule {
        try RestartRule(Container(container), of: PodSpec(["restartPolicy": .string(pod)]), isInitial: isInitial)
    }

    @Test func whoIsStartedAgain() throws {
        #expect(try !rule([:]).restarts(after: 1) && rule([:], pod: "OnFailure").restarts(after: 1) && !rule([:], pod: "OnFailure").restarts(after: 0))
        #expect(try rule(["restartPolicy": "Always"], isInitial: true).restarts(after: 0))
        #expect(try !rule([:], pod: "Always", isInitial: true).restarts(after: 0))
        let codes: Value = ["restartPolicy": "Never", "restartPolicyRules": [["action": "Restart", "exitCodes": ["operator": "NotIn", "values": [0, 3]]]]]
        #expect(try [0, 1, 3].map { try rule(codes).restarts(after: $0) } == [false, true, false])
        #expect(throws: PodRefusal.self) { try rule(["restartPolicyRules": [["action": "RestartAllContainers"]]]) }
    }

    @Test func actions() throws {
        let container = Container(["name": "c", "ports": [["name": "web", "containerPort": 8080]]])
        let get: Value = ["httpGet": ["port": "web", "path": "/ok", "httpHeaders": [["name": "A", "value": "b"]]]]
        #expect(try ContainerAction(get, container, "x") == .http(host: "127.0.0.1", port: 8080, path: "/ok", headers: ["A: b"]))
        for bad: Value in [["httpGet": ["port": 1, "scheme": "HTTPS"]], ["grpc": ["port": 1]], ["tcpSocket": ["port": "none"]]] {
            #expect(throws: PodRefusal.self) { try ContainerAction(bad, container, "x") }
        }
    }

    @Test(arguments: [(200, true), (302, true), (404, false), (500, false)])
    func answers(code: Int, isGood: Bool) async throws {
        let listener = try Listener()
        let serving = Task.detached { listener.answerOnce("HTTP/1.1 \(code) X\r\nContent-Length: 0\r\n\r\n") }
        let reach = Reach(time: HostTime(), timeout: .seconds(10))
        #expect(await reach.answers(host: "127.0.0.1", port: listener.port, path: "/a", headers: ["X-A: 1"]) == isGood)
        let request = await serving.value
        #expect(request.hasPrefix("GET /a HTTP/1.1\r\nHost: 127.0.0.1:\(listener.port)\r\nX-A: 1\r\n"))
    }

    @Test func nobodyListens() async throws {
        var listener: Listener? = try Listener()
        let port = listener!.port, reach = Reach(time: HostTime(), timeout: .seconds(10))
        #expect(await reach.connects(host: "127.0.0.1", port: port))
        listener = nil
        #expect(await !reach.connects(host: "127.0.0.1", port: port))
    }

    @Test func answersCountInARow() async throws {
        let probe: Value = ["livenessProbe": ["exec": ["command": ["x"]], "failureThreshold": 2]]
        var plan = try #require(try ProbePlan("livenessProbe", of: Container(probe)))
        (plan.period, plan.successes) = (.zero, 3)
        let answers = Mutex([false, true, true, false, true, true, true, false, true, false, false, true])
        let heard = Mutex<[Bool]>([])
        await Prober(plan: plan, time: HostTime()) { answers.withLock { $0.removeFirst() } }.run { answer in
            heard.withLock { $0.append(answer) }
            return answer
        }
        #expect(heard.withLock { $0 } == [true, false] && answers.withLock { $0 } == [true])
    }

    @Test func lastWordsAreShort() throws {
        let scratch = Scratch()
        var message = TerminationMessage()
        let log = scratch.write("log", (0..<200).map { "line \($0)\n" }.joined())
        #expect(message.read(nil, log: log, hasFailed: true) == "")
        message.fallsBack = true
        let text = message.read(nil, log: log, hasFailed: true)
        #expect(text.split(separator: "\n").count <= 80 && text.hasSuffix("line 199\n") && message.read(nil, log: log, hasFailed: false) == "")
        let file = scratch.write("file", String(repeating: "x", count: 5000))
        #expect(message.read(file, log: log, hasFailed: true).count == 4096 && scratch.read("file").isEmpty)
    }

    @Test func aFileIsMountedOnlyWhereItIsWanted() {
        func path(_ container: Value, mounted: Bool = false, _ arguments: String = "true", root: Bool = true) -> String? {
            TerminationMessage(Container(container), isMounted: mounted, arguments: [Array(arguments.utf8)], isRoot: root).path
        }
        #expect(path([:]) == nil && path([:], mounted: true) == "/dev/termination-log" && path([:], "echo > /dev/termination-log") == "/dev/termination-log")
        #expect(path(["terminationMessagePath": "/x"], root: false) == "/x" && path([:], "/dev/termination-log", root: false) == nil)
    }
}

/// A server that answers one connection.
private final class Listener: Sendable {
    private let socket: Descriptor
    let port: Int

    init() throws {
        socket = Descriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        (address.sin_family, address.sin_addr.s_addr) = (sa_family_t(AF_INET), UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = socket.number
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, size) == 0 && listen(number, 8) == 0 && getsockname(number, $0, &size) == 0 }
        }
        try #require(bound)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Answers one request, which it returns.
    func answerOnce(_ answer: String) -> String {
        let connection = Descriptor(owning: accept(socket.number, nil, nil))
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection.number, &buffer, buffer.count, 0)
        send(connection.number, answer, answer.utf8.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
