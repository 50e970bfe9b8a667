import BatchAPI
import Glibc
import JobController
import Support
import Testing

/// The recorded scenarios on the shipped API and coordinator: what a real Kubernetes 1.36.2 answered must be seen here, whichever broker
/// there is. `DROVER_SCENARIO=S095,S101` plays these alone.
@Suite struct ReplayTests {
    static let wanted = getenv("DROVER_SCENARIO").map { Set(String(cString: $0).split(separator: ",").map(String.init)) }
    static let files = ((try? ScenarioFile.all()) ?? []).filter { wanted?.contains($0.id) ?? (Exceptions.reasons[$0.id] == nil) }

    @Test(arguments: files)
    func inMemory(_ file: ScenarioFile) async throws { try await replay(file, on: MemoryStage()) }

    /// A quarter each one after the other, on a redis-server that is emptied in between.
    @Test(arguments: 0..<4)
    func onRedis(_ quarter: Int) async throws {
        let server = RedisServer()
        for (at, file) in Self.files.enumerated() where at % 4 == quarter {
            let stage = try await RedisStage(server)
            do { try await replay(file, on: stage) } catch { Issue.record("\(file.id): \(error)") }
            await stage.close()
        }
    }

    /// Endings, and what else takes several steps of the leader: however it dies on the way, whoever leads next comes to what is
    /// recorded (S50, S52, S94, S150).
    @Test(arguments: files.filter { wanted != nil || ["S019", "S051a", "S051c", "S056", "S078", "S125", "S161", "S167"].contains($0.id) })
    func leaderDiesAtEveryPoint(_ file: ScenarioFile) async throws {
        var points = 0
        for isAfter in [false, true] {
            for call in 1...2000 {
                let hasDied = try await replay(file, on: MemoryStage(), death: .init(call: call, isAfter: isAfter))
                if !hasDied { break }
                points += 1
            }
        }
        print("\(file.id): the leader died at \(points) points")
        #expect(points > 0)
    }

    @discardableResult
    private func replay(_ file: ScenarioFile, on stage: any BrokerStage, death: DyingBroker.Death? = nil) async throws -> Bool {
        let isStock = file.clock == "stock"
        let policy = Options(podFailureBackoffBase: isStock ? 10_000 : 100, podFailureBackoffMax: isStock ? 600_000 : 2_000)
        let world = try await ShippedWorld(stage, policy, death: death)
        let namespace = "scenario-\(file.id.lowercased())-abcdef"
        let made = await world.send("POST", "/api/v1/namespaces", ["metadata": ["name": .string(namespace)]], accept: "")
        #expect(made.code == 201, "\(made.value)")
        let player = Player(Sight(world: world, namespace: namespace))
        var before: [String] = []
        for (number, step) in file.steps.enumerated() {
            let seen: (refusals: [Value], then: Value)
            do { seen = try await player.play(step) } catch {
                Issue.record("\(file.id) step \(number + 1): \(error) \(death.map { "\($0)" } ?? "")")
                return false
            }
            let differences = Comparison(step: step, refusals: seen.refusals, now: seen.then, before: before).differences
            for line in differences { Issue.record("\(file.id) step \(number + 1): \(line) \(death.map { "\($0)" } ?? "")") }
            if !differences.isEmpty { return false }
            before = (step.then["trace"]?.strings ?? before).suffix(1)
        }
        return world.hasChanged
    }
}
