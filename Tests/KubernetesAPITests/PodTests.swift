import BatchAPI
import Broker
import Testing

@testable import KubernetesAPI

struct PodTests {
    private let pods = "/api/v1/namespaces/default/pods"

    @Test func listedBySelectors() async throws {
        let world = World()
        let first = try await world.job("a"), second = try await world.job("b")
        world.pod(first)
        world.pod(second) { ($0.phase, $0.isRunning, $0.exitCode, $0.reason) = ("Failed", false, 3, "Error") }
        func names(_ query: String) async throws -> [String] { try await world.send(.get, "\(pods)?\(query)").value.names }
        #expect(try await names("") == ["a-abcde", "b-abcde"])
        #expect(try await names("labelSelector=job-name%3Da") == ["a-abcde"])
        #expect(try await names("labelSelector=batch.kubernetes.io/job-name%3Db") == ["b-abcde"])
        #expect(try await names("labelSelector=batch.kubernetes.io/controller-uid%3D\(first.metadata.uid)") == ["a-abcde"])
        #expect(try await names("labelSelector=batch.kubernetes.io/job-completion-index") == [])
        #expect(try await names("fieldSelector=status.phase%3DFailed") == ["b-abcde"])
        #expect(try await names("fieldSelector=metadata.name%3Da-abcde,spec.nodeName%3Dnode-1") == ["a-abcde"])
        #expect(try await world.send(.get, "/api/v1/pods").value.names.count == 2)
        #expect(try await world.send(.get, "\(pods)/a-abcde").value.at("metadata.ownerReferences.0.uid")?.string == first.metadata.uid)
        #expect(try await world.send(.get, "\(pods)/none").code == 404)
        let table = try await world.send(.get, pods, accept: "application/json;as=Table;v=v1;g=meta.k8s.io").value
        #expect(table.at("rows.1.cells")?.strings.prefix(5) == ["b-abcde", "0/1", "Error", "0", "30s"])
    }

    /// S212: a pod that has ended is not ready, and says how it ended (P8).
    @Test func readinessOfEndedPods() throws {
        let job = Job(try #require(try Fixtures.load("pods/failed")["job"]))
        for (phase, reason) in [("Failed", "PodFailed"), ("Succeeded", "PodCompleted")] {
            var pod = PodRecord(token: 1, name: "failed-abcde", created: World.now)
            (pod.node, pod.phase, pod.finished) = ("n", phase, World.now)
            let ready = PodObject.value(job, pod).at("status.conditions")?.array?.first { $0["type"]?.string == "Ready" }
            #expect(ready?["status"]?.string == "False" && ready?["reason"]?.string == reason)
        }
    }

    @Test func states() throws {
        let job = Job(try #require(try Fixtures.load("pods/failed")["job"]))
        func status(_ change: (inout PodRecord) -> Void) -> (cell: String, value: Value) {
            var pod = PodRecord(token: 1, name: "failed-abcde", created: World.now)
            pod.node = "n"
            change(&pod)
            let value = PodObject.value(job, pod)
            return (PodSummary(value).status, value["status"] ?? .null)
        }
        #expect(status { _ in }.cell == "ContainerCreating")
        #expect(status { $0.node = "" }.cell == "Pending")
        #expect(status { $0.node = "" }.value["containerStatuses"] == nil)
        let waiting = status { ($0.phase, $0.restarts, $0.exitCode, $0.started) = ("Running", 2, 1, World.now) }
        #expect(waiting.cell == "CrashLoopBackOff")
        #expect(waiting.value.at("containerStatuses.0.lastState.terminated.exitCode")?.int == 1)
        #expect(status { ($0.phase, $0.isRunning, $0.deletion) = ("Running", true, World.now) }.cell == "Terminating")
        let late = status { ($0.phase, $0.exitCode, $0.reason, $0.message) = ("Failed", 143, "DeadlineExceeded", "too long") }
        #expect(late.cell == "Error" && late.value["reason"]?.string == "DeadlineExceeded" && late.value["message"]?.string == "too long")
        let lost = status { ($0.phase, $0.disruption, $0.message) = ("Failed", "DeletionByTaintManager", "node lost") }
        #expect(lost.value.at("containerStatuses.0.state.terminated.exitCode")?.int == 137)
        #expect(lost.value["conditions"]?.array?.contains { $0["type"]?.string == "DisruptionTarget" } == true)
    }

    /// Pods of several containers, as `kubectl get pods` sums them up.
    @Test func severalContainers() throws {
        let job = Job([
            "metadata": ["name": "a", "namespace": "default", "uid": "u"],
            "spec": ["template": ["spec": ["initContainers": [["name": "i"], ["name": "s", "restartPolicy": "Always"]], "containers": [["name": "a"], ["name": "b"]]]]],
        ])
        let exit = ContainerState.Exit(code: 3, reason: "Error", started: World.now, finished: World.now), good = ContainerState.Exit(code: 0, reason: "Completed", started: World.now, finished: World.now)
        func state(_ name: String, _ stage: ContainerState.Stage, _ change: (inout ContainerState) -> Void = { _ in }) -> ContainerState {
            var state = ContainerState(name, stage)
            change(&state)
            return state
        }
        func row(_ phase: String, _ states: [ContainerState]) -> (cells: String, pod: Value) {
            var pod = PodRecord(token: 1, name: "a-abcde", created: World.now)
            (pod.node, pod.phase, pod.states) = ("n", phase, states)
            let value = PodObject.value(job, pod), summary = PodSummary(value)
            return ("\(summary.ready)/\(summary.total) \(summary.status) \(summary.restarts(World.now))", value["status"] ?? .null)
        }
        let initializing = ContainerState.Stage.waiting(reason: "PodInitializing", message: ""), running = ContainerState.Stage.running(since: World.now)
        let rest = ["s", "a", "b"].map { state($0, initializing) }, others = ["a", "b"].map { state($0, initializing) }
        let first = row("Pending", [state("i", running)] + rest)
        #expect(first.cells == "0/3 Init:0/2 0")
        #expect(first.pod.at("conditions.1.status")?.string == "False" && first.pod.at("conditions.1.message")?.string == "containers with incomplete status: [i s]")
        #expect(first.pod.at("initContainerStatuses.0.state.running") != nil && first.pod.at("containerStatuses.0.state.waiting.reason")?.string == "PodInitializing")
        let crashed = state("i", .waiting(reason: "CrashLoopBackOff", message: "back-off")) { ($0.restarts, $0.last) = (2, exit) }
        #expect(row("Pending", [crashed] + rest).cells == "0/3 Init:CrashLoopBackOff 2 (0s ago)")
        #expect(row("Failed", [state("i", .ended(exit))] + rest).cells == "0/3 Init:Error 0")
        let sidecar = state("s", running) { ($0.isStarted, $0.isReady) = (true, true) }
        #expect(row("Pending", [state("i", .ended(good)), state("s", running)] + others).cells == "0/3 Init:1/2 0")
        let ready = state("a", running) { ($0.isStarted, $0.isReady) = (true, true) }
        #expect(row("Running", [state("i", .ended(good)), sidecar, ready, state("b", running)]).cells == "2/3 Running 0")
        let half = row("Running", [state("i", .ended(good)), sidecar, ready, state("b", .ended(exit))])
        #expect(half.cells == "2/3 Error 0" && half.pod.at("containerStatuses.1.state.terminated.exitCode")?.int == 3)
        #expect(half.pod.at("initContainerStatuses.0.ready")?.bool == true)
        let done = row("Succeeded", [state("i", .ended(good)), state("s", .ended(exit)), state("a", .ended(good)), state("b", .ended(good))])
        #expect(done.cells == "0/3 Completed 0", "a sidecar's end does not matter")
        let lost = row("Failed", [state("i", .ended(good)), sidecar, ready, state("b", running)])
        #expect(lost.pod.at("containerStatuses.0.state.terminated.reason")?.string == "ContainerStatusUnknown" && lost.pod.at("containerStatuses.0.ready")?.bool == false)
    }

    @Test func logs() async throws {
        let world = World()
        let job = try await world.job("a")
        world.pod(job)
        world.pod(job, "fghij") { ($0.phase, $0.started, $0.isRunning) = ("Pending", nil, false) }
        func log(_ query: String, pod: String = "a-abcde") async throws -> Answer { try await world.send(.get, "\(pods)/\(pod)/log?\(query)") }
        #expect(try await log("tailLines=2").text == "c line 9\nc line 10\n")
        #expect(try await log("container=c&sinceSeconds=5&limitBytes=100&timestamps=true").code == 200)
        #expect(try await log("container=x").code == 400)
        #expect(try await log("tailLines=-1").code == 422)
        #expect(try await log("sinceSeconds=5&sinceTime=2026-11-23T10:00:00Z").code == 422)
        #expect(try await log("sinceTime=yesterday").code == 400)
        #expect(try await log("limitBytes=x").code == 400)
        #expect(try await log("previous=true").text.contains(#"previous terminated container \"c\" in pod \"a-abcde\" not found"#))
        let early = try await log("", pod: "a-fghij")
        #expect(early.code == 400 && early.text.contains(#"container \"c\" in pod \"a-fghij\" is waiting to start: ContainerCreating"#))
        #expect(try await world.send(.post, "\(pods)/a-abcde/log").code == 405)
    }

    @Test(arguments: [(LogError.notFound, 400), (.notStarted(reason: "ContainerCreating"), 400), (.unavailable("node-1 is silent"), 503)])
    func logErrors(error: LogError, code: Int) async throws {
        let world = World(logs: FakeLogs(failure: error))
        world.pod(try await world.job("a"))
        #expect(try await world.send(.get, "\(pods)/a-abcde/log").code == code)
    }

    @Test func logParameters() throws {
        let query = Query("sinceTime=2026-11-23T09%3A00%3A00Z&follow=true&previous=0&timestamps")
        let log = try LogParameters.parse(query, pod: "p", now: World.now)
        #expect(log.since == Timestamp(rfc3339: "2026-11-23T09:00:00Z") && log.follows && !log.isPrevious && log.timestamps)
        #expect(try LogParameters.parse(Query("sinceSeconds=60"), pod: "p", now: World.now).since == World.now.advanced(by: .seconds(-60)))
        #expect(try LogParameters.parse(Query("sinceSeconds=9223372036854775807"), pod: "p", now: World.now).since != nil)
    }
}
