import BatchAPI
import Broker
import Testing

/// Placement classes: who may claim what.
@Suite struct ClassTests {
    private static func asking(_ label: String) -> Value { ["nodeSelector": ["disk": .string(label)]] }

    @Test(arguments: Kind.allCases)
    func jobsGoToWhoNamesTheirClass(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("a")
            try await stage.job("b", asking: Self.asking("ssd"))
            try await stage.job("c", asking: Self.asking("hdd"))
            let ids = try await stage.classes()
            #expect(Set(ids.keys) == ["ssd", "hdd"] && Set(ids.values).count == 2)
            let (ssd, hdd) = (ids["ssd"]!, ids["hdd"]!)
            #expect(try await stage.claim(0)?.job == "a")
            #expect(try await stage.claim(1, classes: [ssd])?.job == "b")
            #expect(try await stage.claim(2, classes: [hdd])?.job == "c")
            #expect(try await stage.claim(3, job: "b") == nil, "also by its name")
            #expect(try await stage.claim(4, job: "b", classes: ["", ssd])?.job == "b")
            // b has had one more than the others; a stands there longer than c.
            #expect(try await stage.claim(5, classes: [hdd, ssd, ""])?.job == "a")
            #expect(try await stage.claim(6, classes: [hdd, ssd])?.job == "c")
            #expect(try await stage.claim(7, classes: [hdd, ssd])?.job == "b")
        }
    }

    @Test(arguments: Kind.allCases)
    func aReportGoesOnWithItsJobOnlyInAClassThatTheNodeStillTakes(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("ssd", asking: Self.asking("ssd"))
            try await stage.job("plain")
            let ssd = try #require(try await stage.classes()["ssd"])
            let grant = try #require(try await stage.claim(0, classes: [ssd]))
            var report = stage.report(grant, .succeeded)
            report.request.classes = [""]
            let next = try #require(try await stage.broker.report(report, claiming: true).next?.grant)
            #expect(next.job == "plain")
            report = stage.report(next, .succeeded)
            report.request.classes = [ssd]
            #expect(try await stage.broker.report(report, claiming: true).next?.grant?.job == "ssd")
        }
    }

    /// Many workers that have left do not take the place of one that waits.
    @Test(arguments: Kind.allCases)
    func nodesThatAreGoneKeepNobodyAsleep(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job("a", permits: nil, asking: Self.asking("ssd"))
            let ssd = try #require(try await stage.classes()["ssd"]), gone = (0..<20).map { "gone\($0)" }
            for name in gone {
                try await stage.register(name)
                #expect(try await stage.claim(0, node: name, classes: [ssd]) == nil)
                try await stage.broker.deregister(name: name, instance: name + "1", lost: false)
            }
            #expect(try await stage.claim(0, classes: [ssd]) == nil)
            _ = try await stage.broker.waitForNews(node: "n", timeout: .milliseconds(10))
            try await stage.open("a", permits: 2)
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .milliseconds(500)) == [.work])
        }
    }

    @Test(arguments: Kind.allCases)
    func nodesHearOfANewClassOnce(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .milliseconds(10)).isEmpty)
            try await stage.job("a", permits: nil, asking: Self.asking("ssd"))
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .seconds(5)) == [.classes])
            let first = try await stage.broker.classes(node: "n", epoch: "", after: 0)
            try await stage.job("b", permits: nil, asking: Self.asking("ssd"))
            try await stage.job("c", permits: nil)
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .milliseconds(10)).isEmpty)
            try await stage.job("d", permits: nil, asking: Self.asking("hdd"))
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .seconds(5)) == [.classes])
            let second = try await stage.broker.classes(node: "n", epoch: first.epoch, after: first.number)
            #expect(second.classes.map(\.terms.nodeSelector) == [["disk": "hdd"]] && second.epoch == first.epoch && !second.isPart)
            #expect(try await stage.broker.classes(node: "n", epoch: "older", after: second.number).classes.count == 2)
        }
    }

    @Test(arguments: Kind.allCases)
    func workWakesANodeThatTakesIt(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("o")
            try await stage.job("ssd", completions: 1, permits: nil, asking: Self.asking("ssd"))
            let ssd = try #require(try await stage.classes()["ssd"])
            #expect(try await stage.claim(0) == nil)
            #expect(try await stage.claim(0, node: "o", classes: [ssd]) == nil)
            for node in ["n", "o"] { _ = try await stage.broker.waitForNews(node: node, timeout: .milliseconds(10)) }
            try await stage.open("ssd", permits: 1)
            #expect(try await stage.broker.waitForNews(node: "o", timeout: .seconds(5)) == [.work])
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .milliseconds(10)).isEmpty)
        }
    }

    @Test(arguments: Kind.allCases)
    func anEditMovesAJobToAnotherClass(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            var job = try await stage.job("j", permits: 1, asking: Self.asking("ssd"))
            let ssd = try #require(try await stage.classes()["ssd"])
            job = try #require(try await stage.broker.job(uid: "j"))
            job.spec.template.spec.raw["nodeSelector"] = ["disk": "hdd"]
            _ = try await stage.broker.update(job)
            try await stage.open("j", permits: 1)
            let hdd = try #require(try await stage.classes()["hdd"])
            #expect(try await stage.claim(0, classes: ["", ssd]) == nil)
            #expect(try await stage.claim(0, classes: [hdd])?.job == "j")
        }
    }

    @Test(arguments: Kind.allCases)
    func whatIsWrittenAboutANodeReachesIt(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            let broker = try #require(stage.broker as? any ObjectStore)
            let value: Value = ["metadata": ["name": "n", "labels": ["disk": "ssd"]], "spec": ["unschedulable": true]]
            _ = try await broker.put(StoredObject(resource: "nodes", namespace: "", name: "n", value: value))
            #expect(try await stage.broker.waitForNews(node: "n", timeout: .seconds(5)) == [.classes])
            let written = try await stage.broker.classes(node: "n", epoch: "", after: 0).written
            #expect(written?["metadata"]?["labels"]?["disk"] == "ssd" && written?["spec"]?["unschedulable"] == true)
            #expect(try await stage.broker.classes(node: "o", epoch: "", after: 0).written == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func oneNodeKeepsRoomForAClass(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.register("o")
            try await stage.job("j", asking: Self.asking("ssd"))
            try await stage.job("k", asking: Self.asking("hdd"))
            let ids = try await stage.classes(), ssd = try #require(ids["ssd"]), hdd = try #require(ids["hdd"])
            func reserve(_ node: String, _ classes: [String]) async throws -> String? { try await stage.broker.reserve(node: node, classes: classes) }
            #expect(try await reserve("n", [ssd, hdd]) == ssd)
            #expect(try await reserve("o", [ssd]) == nil)
            #expect(try await reserve("o", [ssd, hdd]) == hdd)
            #expect(try await reserve("n", [hdd, ssd]) == ssd, "what it has")
            #expect(try await reserve("n", []) == nil)
            #expect(try await reserve("o", [hdd]) == hdd)
            try await stage.broker.deregister(name: "o", instance: "o1", lost: false)
            #expect(try await reserve("n", [hdd]) == hdd)
            try await stage.broker.delete(uid: "k")
            #expect(try await reserve("n", [hdd]) == nil, "nothing of it waits")
        }
    }
}
