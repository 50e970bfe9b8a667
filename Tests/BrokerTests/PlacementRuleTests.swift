import BatchAPI
import Testing

@testable import Broker

/// The rules of placement, one table each.
@Suite struct PlacementRuleTests {
    private static func terms(_ spec: Value, labels: [String: String] = [:]) -> PlacementTerms {
        PlacementTerms(PodTemplate(metadata: ["labels": .strings(labels)], spec: PodSpec(spec)))
    }

    private static func node(_ change: (inout PlacementNode) -> Void = { _ in }) -> PlacementNode {
        var node = PlacementNode(name: "n1", labels: ["disk": "ssd", "cores": "8", "zone": "a"])
        node.capacity = ["cpu": quantity("4"), "memory": quantity("8Gi"), "nvidia.com/gpu": quantity("2")]
        change(&node)
        return node
    }

    private static func quantity(_ text: String) -> Quantity { try! Quantity(text) }

    // MARK: NodeSelector, NodeAffinity

    @Test(arguments: [
        (["disk": "ssd"], true), (["disk": "hdd"], false), (["disk": "ssd", "zone": "b"], false), (["gpu": ""], false), ([:], true),
    ] as [([String: String], Bool)])
    func nodeSelector(_ selector: [String: String], fits: Bool) {
        let terms = Self.terms(["nodeSelector": .strings(selector)])
        #expect(Placement.refusal(terms, Self.node()) == (fits ? [] : ["node(s) didn't match Pod's node affinity/selector"]))
    }

    private static func required(_ terms: Value) -> PlacementTerms {
        Self.terms(["affinity": ["nodeAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": terms]]]])
    }

    @Test(arguments: [
        ("In", "disk", ["hdd", "ssd"], true), ("In", "disk", ["hdd"], false), ("In", "none", ["x"], false), ("NotIn", "disk", ["hdd"], true),
        ("NotIn", "disk", ["ssd"], false), ("NotIn", "none", ["x"], true), ("Exists", "disk", [], true), ("Exists", "none", [], false),
        ("DoesNotExist", "none", [], true), ("DoesNotExist", "disk", [], false), ("Gt", "cores", ["7"], true), ("Gt", "cores", ["8"], false),
        ("Lt", "cores", ["9"], true), ("Lt", "cores", ["8"], false), ("Gt", "disk", ["7"], false), ("Gt", "none", ["7"], false),
        ("Near", "disk", [], false),
    ] as [(String, String, [String], Bool)])
    func nodeAffinityOperators(_ name: String, key: String, values: [String], fits: Bool) {
        let terms = Self.required([["matchExpressions": [["key": .string(key), "operator": .string(name), "values": .strings(values)]]]])
        #expect(Placement.fits(terms, Self.node()) == fits)
    }

    @Test func termsAreAlternativesAndRequirementsAreNot() {
        let ssd: Value = ["key": "disk", "operator": "In", "values": ["ssd"]], west: Value = ["key": "zone", "operator": "In", "values": ["b"]]
        #expect(!Placement.fits(Self.required([["matchExpressions": [ssd, west]]]), Self.node()))
        #expect(Placement.fits(Self.required([["matchExpressions": [west]], ["matchExpressions": [ssd]]]), Self.node()))
        #expect(!Placement.fits(Self.required([[:]]), Self.node()), "a term of nothing matches nothing")
        #expect(!Placement.fits(Self.required([]), Self.node()))
    }

    @Test func fieldsTellTheName() {
        for (name, fits) in [("n1", true), ("n2", false)] {
            let terms = Self.required([["matchFields": [["key": "metadata.name", "operator": "In", "values": [.string(name)]]]]])
            #expect(Placement.fits(terms, Self.node()) == fits)
        }
    }

    @Test func preferencesAddUp() {
        let preferred: Value = [
            ["weight": 10, "preference": ["matchExpressions": [["key": "disk", "operator": "In", "values": ["ssd"]]]]],
            ["weight": 5, "preference": ["matchExpressions": [["key": "zone", "operator": "In", "values": ["b"]]]]],
            ["weight": 3, "preference": ["matchExpressions": [["key": "cores", "operator": "Exists"]]]],
        ]
        let terms = Self.terms(["affinity": ["nodeAffinity": ["preferredDuringSchedulingIgnoredDuringExecution": preferred]]])
        #expect(NodeAffinity.preference(terms, Self.node()) == 13 && Placement.fits(terms, Self.node()))
    }

    @Test func betterNodesBeatOthersOnlyIfTheyMayRunIt() {
        let preferred: Value = [["weight": 10, "preference": ["matchExpressions": [["key": "disk", "operator": "In", "values": ["ssd"]]]]]]
        let terms = Self.terms(["affinity": ["nodeAffinity": ["preferredDuringSchedulingIgnoredDuringExecution": preferred]]])
        let other = Self.node { ($0.name, $0.labels) = ("n2", [:]) }, full = Self.node { $0.isUnschedulable = true }
        #expect(Preference.matters(terms, other) && !Preference.matters(PlacementTerms(), other))
        #expect(Preference.isBeaten(other, by: [Self.node(), other], for: terms) && !Preference.isBeaten(other, by: [full], for: terms))
        #expect(!Preference.isBeaten(Self.node(), by: [Self.node(), other], for: terms))
        let tainted = Self.node { ($0.name, $0.taints) = ("n3", [Taint(key: "k", effect: "PreferNoSchedule")]) }
        #expect(Preference.isBeaten(tainted, by: [Self.node()], for: PlacementTerms()))
    }

    // MARK: Taints

    @Test(arguments: [
        ([:], false), (["operator": "Exists"], true), (["key": "team", "value": "ml"], true), (["key": "team", "value": "web"], false),
        (["key": "team", "operator": "Exists"], true), (["key": "other", "operator": "Exists"], false),
        (["key": "team", "operator": "Exists", "effect": "NoExecute"], false), (["key": "team", "value": "ml", "effect": "NoSchedule"], true),
    ] as [(Value, Bool)])
    func tolerations(_ toleration: Value, fits: Bool) {
        let node = Self.node { $0.taints = [Taint(key: "team", value: "ml", effect: "NoSchedule")] }
        let terms = Self.terms(["tolerations": toleration == [:] ? [] : [toleration]])
        #expect(Placement.refusal(terms, node) == (fits ? [] : ["node(s) had untolerated taint {team: ml}"]))
    }

    @Test func aMildTaintOnlyCounts() {
        let node = Self.node { $0.taints = [Taint(key: "old", effect: "PreferNoSchedule"), Taint(key: "slow", effect: "PreferNoSchedule")] }
        #expect(Placement.fits(PlacementTerms(), node) && TaintToleration.disfavour(PlacementTerms(), node) == 2)
        #expect(TaintToleration.disfavour(Self.terms(["tolerations": [["key": "old", "operator": "Exists"]]]), node) == 1)
    }

    @Test(arguments: [
        ([], 0), ([["key": "team", "operator": "Exists"]], nil), ([["key": "team", "operator": "Exists", "tolerationSeconds": 30]], 30),
        ([["operator": "Exists", "tolerationSeconds": 60], ["key": "team", "operator": "Exists", "tolerationSeconds": 5]], 5),
        ([["key": "team", "operator": "Exists", "effect": "NoSchedule"]], 0), ([["operator": "Exists", "tolerationSeconds": -1]], 0),
    ] as [([Value], Int?)])
    func patienceUnderANoExecuteTaint(_ tolerations: [Value], seconds: Int?) {
        let taints = [Taint(key: "team", effect: "NoExecute"), Taint(key: "other", effect: "NoSchedule")]
        #expect(TaintToleration.patience(tolerations.map { Toleration($0) }, taints) == seconds.map { .seconds($0) })
        #expect(TaintToleration.patience(tolerations.map { Toleration($0) }, [taints[1]]) == nil)
    }

    @Test func taintsAsFlags() {
        #expect(Taint(flag: "team=ml:NoSchedule") == Taint(key: "team", value: "ml", effect: "NoSchedule"))
        #expect(Taint(flag: "team:NoExecute") == Taint(key: "team", effect: "NoExecute"))
        for text in ["team", "team:Never", "=x:NoSchedule", ""] { #expect(Taint(flag: text) == nil) }
    }

    // MARK: Cordons and names

    @Test func aCordonedNodeTakesWhatToleratesThat() {
        let node = Self.node { $0.isUnschedulable = true }
        #expect(Placement.refusal(PlacementTerms(), node) == ["node(s) were unschedulable"])
        #expect(Placement.fits(Self.terms(["tolerations": [["key": "node.kubernetes.io/unschedulable", "operator": "Exists"]]]), node))
    }

    @Test func bindingByNamePassesOverAllButRoomAndNoExecute() {
        let node = Self.node {
            $0.isUnschedulable = true
            $0.taints = [Taint(key: "a", effect: "NoSchedule")]
        }
        #expect(Placement.fits(Self.terms(["nodeName": "n1", "nodeSelector": ["disk": "hdd"]]), node))
        #expect(Placement.refusal(Self.terms(["nodeName": "n2"]), Self.node()) == ["node(s) didn't match the requested node name"])
        let large: Value = ["nodeName": "n1", "containers": [["resources": ["requests": ["cpu": "5"]]]]]
        #expect(Placement.refusal(Self.terms(large), node) == ["Insufficient cpu"])
        let evicting = Self.node { $0.taints = [Taint(key: "a", effect: "NoExecute")] }
        #expect(!Placement.fits(Self.terms(["nodeName": "n1"]), evicting))
    }

    // MARK: Resources

    @Test(arguments: [
        (["cpu": "4"], []), (["cpu": "4001m"], ["Insufficient cpu"]), (["memory": "9Gi", "cpu": "5"], ["Insufficient cpu", "Insufficient memory"]),
        (["nvidia.com/gpu": "2"], []), (["nvidia.com/gpu": "3"], ["Insufficient nvidia.com/gpu"]),
        (["example.com/fpga": "1"], ["Insufficient example.com/fpga"]),
        (["example.com/fpga": "0"], []),
    ] as [([String: String], [String])])
    func resources(_ requests: [String: String], reasons: [String]) {
        let terms = Self.terms(["containers": [["resources": ["requests": .strings(requests)]]]])
        #expect(Placement.refusal(terms, Self.node()) == reasons)
    }

    @Test func whatAPodAsksForIsTheMostThatItNeedsAtATime() {
        func container(_ cpu: String, _ restart: String? = nil) -> Value {
            var value: Value = ["resources": ["requests": ["cpu": .string(cpu)], "limits": ["cpu": "9", "memory": "1Gi"]]]
            value["restartPolicy"] = restart.map { .string($0) }
            return value
        }
        let cases: [(Value, String)] = [
            (["containers": [container("1"), container("500m")]], "1500m"),
            (["containers": [container("1")], "initContainers": [container("3"), container("2")]], "3"),
            (["containers": [container("1")], "initContainers": [container("2", "Always")]], "3"),
            (["containers": [container("1")], "initContainers": [container("1", "Always"), container("3")]], "4"),
            (["containers": [container("1")], "initContainers": [container("3"), container("1", "Always")]], "3"),
            (["containers": [container("1")], "resources": ["requests": ["cpu": "2"]]], "2"),
            (["containers": [container("1")], "overhead": ["cpu": "250m"]], "1250m"),
        ]
        for (spec, cpu) in cases { #expect(PodRequests.total(PodSpec(spec))["cpu"] == Self.quantity(cpu), "\(spec.encoded())") }
        let both = PodSpec(["containers": [container("1"), container("1")]])
        #expect(PodRequests.total(both)["memory"] == Self.quantity("2Gi"), "limits stand for requests")
    }

    // MARK: Classes

    @Test func equalTermsAreOneClass() {
        let one = Self.terms(["containers": [["resources": ["requests": ["cpu": "500m"]]]], "nodeSelector": ["a": "b"]])
        let other = Self.terms(["nodeSelector": ["a": "b"], "containers": [["name": "x", "resources": ["requests": ["cpu": "0.5", "memory": "0"]]]]])
        #expect(one.text == other.text && !one.text.isEmpty)
        #expect(PlacementTerms(try! Value.parse(json: Array(one.text.utf8))) == one)
        #expect(Self.terms(["containers": [["image": "i"]], "runtimeClassName": "process"]).text.isEmpty)
        #expect(Self.terms(["nodeSelector": ["a": "b"], "schedulerName": "other"]).text.isEmpty, "agents outside place those")
    }

    @Test func handlersRunWhereTheyAreOffered() {
        let terms = Self.terms(["runtimeClassName": "handler", "containers": [["image": "resize"]]])
        #expect(Placement.refusal(terms, Self.node()) == ["node(s) had no runtime handler"])
        #expect(Placement.refusal(terms, Self.node { $0.runtimes = [.handler] }) == ["node(s) had no handler for image resize"])
        let program = Self.node { ($0.runtimes, $0.handlers) = ([.handler], ["resize"]) }
        #expect(Placement.fits(terms, program))
        #expect(Placement.refusal(PlacementTerms(), program) == ["node(s) had no runtime process"])
    }

    @Test func spreadNeedsALabel() {
        func terms(_ conduct: String) -> PlacementTerms {
            Self.terms(["topologySpreadConstraints": [["topologyKey": "rack", "maxSkew": 1, "whenUnsatisfiable": .string(conduct)]]])
        }
        let reason = ["node(s) didn't match pod topology spread constraints (missing required label)"]
        #expect(Placement.refusal(terms("DoNotSchedule"), Self.node()) == reason)
        #expect(Placement.fits(terms("ScheduleAnyway"), Self.node()))
        #expect(Placement.fits(terms("DoNotSchedule"), Self.node { $0.labels["rack"] = "r1" }))
    }

    @Test func whatClientsWriteOfANodeAddsToItsOwn() {
        let offer = NodeOffer(capacity: ["cpu": Self.quantity("2")], taints: [Taint(key: "own", effect: "NoSchedule")])
        #expect(NodeOffer(offer.value) == offer)
        #expect(PlacementNode(name: "n", labels: ["a": "own"], offer: offer, written: nil).taints == offer.taints)
        let written: Value = ["metadata": ["labels": ["a": "theirs", "b": "theirs"]], "spec": ["unschedulable": true, "taints": []]]
        let node = PlacementNode(name: "n", labels: ["a": "own"], offer: offer, written: written)
        #expect(node.labels == ["a": "own", "b": "theirs"] && node.taints.isEmpty && node.isUnschedulable)
    }
}
