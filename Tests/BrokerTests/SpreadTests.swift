import BatchAPI
import Testing

@testable import Broker

/// Attempts that must be spread over domains of nodes.
@Suite struct SpreadTests {
    private static func constraint(_ change: [String: Value] = [:]) -> Value {
        var value: Value = [
            "topologyKey": "zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": ["matchLabels": ["app": "x"]],
        ]
        for (key, member) in change { value[key] = member }
        return value
    }

    private static func terms(_ constraints: [Value], _ spec: Value = .object([:])) -> PlacementTerms {
        var spec = spec
        spec["topologySpreadConstraints"] = .array(constraints)
        return PlacementTerms(PodTemplate(metadata: ["labels": ["app": "x"]], spec: PodSpec(spec)))
    }

    private static let nodes = [
        PlacementNode(name: "a1", labels: ["zone": "a", "disk": "ssd"]), PlacementNode(name: "b1", labels: ["zone": "b", "disk": "hdd"]),
        PlacementNode(name: "b2", labels: ["zone": "b", "disk": "ssd"]), PlacementNode(name: "none", labels: ["disk": "ssd"]),
    ]

    @Test func domainsAreThoseOfTheNodesThatCount() {
        #expect(TopologySpread.domains(Self.terms([Self.constraint()]), Self.nodes).map(\.nodes) == [["a1": "a", "b1": "b", "b2": "b"]])
        let ssd = Self.terms([Self.constraint(), Self.constraint(["nodeAffinityPolicy": "Ignore"])], ["nodeSelector": ["disk": "ssd"]])
        #expect(TopologySpread.domains(ssd, Self.nodes).map(\.nodes.count) == [2, 3])
        var tainted = Self.nodes
        tainted[0].taints = [Taint(key: "k", effect: "NoSchedule")]
        let honouring = Self.terms([Self.constraint(["nodeTaintsPolicy": "Honor"]), Self.constraint()])
        #expect(TopologySpread.domains(honouring, tainted).map(\.nodes.count) == [2, 3])
    }

    @Test func onlyHardOnesAboutTheJobsOwnPodsBind() {
        let others = Self.constraint(["labelSelector": ["matchLabels": ["app": "y"]]])
        let constraints = [Self.constraint(), Self.constraint(["whenUnsatisfiable": "ScheduleAnyway"]), others, Self.constraint(["labelSelector": .null])]
        #expect(TopologySpread.required(Self.terms(constraints)) == [constraints[0]])
    }

    @Test(arguments: [
        (1, 1, ["a1": 0], true), (1, 1, ["a1": 1], false), (1, 1, ["a1": 1, "b1": 1], true), (1, 1, ["a1": 1, "b1": 1, "b2": 1], true), (2, 1, ["a1": 1], true),
        (2, 1, ["a1": 2, "b2": 0], false), (1, 3, ["a1": 1, "b1": 1], false),
    ] as [(Int, Int, [String: Int], Bool)])
    func skew(_ maxSkew: Int, minDomains: Int, attempts: [String: Int], allows: Bool) {
        let domains = TopologySpread.Domains(maxSkew: maxSkew, minDomains: minDomains, nodes: ["a1": "a", "b1": "b", "b2": "b"])
        #expect(domains.allows("a1", attempts: attempts) == allows)
        #expect(!domains.allows("other", attempts: [:]))
    }

    @Test(arguments: Kind.allCases)
    func theClaimKeepsTheSkew(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            for node in ["a", "b"] { try await stage.register(node) }
            var job = Stage.job("u", completions: 10)
            job.spec.template.labels = ["app": "x"]
            job.spec.template.spec.raw["topologySpreadConstraints"] = [Self.constraint()]
            _ = try await stage.broker.create(job, settings: LedgerSettings())
            let page = try await stage.broker.classes(node: "a", epoch: "", after: 0)
            let id = try #require(page.classes.first?.id)
            try await stage.open("u", permits: 8)
            #expect(try await stage.claim(0, node: "a", classes: [id]) == nil, "the domains are not known")
            try await stage.broker.spread(
                uid: "u", epoch: stage.epoch, [TopologySpread.Domains(maxSkew: 1, minDomains: 1, nodes: ["a": "za", "b": "zb"])])
            #expect(try await stage.claim(0, node: "n", classes: [id]) == nil, "in no domain")
            let first = try #require(try await stage.claim(0, node: "a", classes: [id]))
            #expect(try await stage.claim(1, node: "a", classes: [id]) == nil)
            // Others of other classes are not held up by it.
            try await stage.job("plain", completions: 1)
            #expect(try await stage.claim(1, node: "a", classes: ["", id])?.job == "plain")
            _ = try await stage.broker.waitForNews(node: "a", timeout: .milliseconds(10))
            #expect(try await stage.claim(2, node: "a", classes: [id]) == nil)
            #expect(try await stage.claim(0, node: "b", classes: [id]) != nil)
            #expect(try await stage.broker.waitForNews(node: "a", timeout: .seconds(5)).contains(.work), "it may start one now")
            #expect(try await stage.claim(2, node: "a", classes: [id]) != nil)
            #expect(try await stage.claim(3, node: "a", classes: [id]) == nil)
            // What ends makes room where it ran.
            #expect(try await stage.end(first, .succeeded, slot: 0, node: "a"))
            #expect(try await stage.claim(0, node: "a", classes: [id]) != nil)
            #expect(try await stage.claim(1, node: "b", job: "u", classes: [id]) != nil, "by its name, too")
            #expect(try await stage.claim(2, node: "b", job: "u", classes: [id]) != nil)
            #expect(try await stage.claim(3, node: "b", job: "u", classes: [id]) == nil)
        }
    }
}
