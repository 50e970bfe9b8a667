import BatchAPI
import Broker

extension Plan {
    /// - Parameter keeping: which of the drawn events are kept; nil: all.
    public init(seed: UInt64, keeping: Set<Int>? = nil, quiet: Bool = false) {
        self.seed = seed
        var lot = SplitMix(state: seed)
        (workers, slots, coordinators) = (lot.within(1...3), lot.within(1...6), lot.within(1...2))
        lease = lot.chance(80) ? .seconds(3) : .seconds(10)
        if lot.chance(70) { noise = Network.Noise(lostRequests: lot.below(4), lostReplies: lot.below(4), doubled: lot.below(6), late: lot.below(4)) }
        if quiet { noise = Network.Noise() }
        for number in 0..<lot.within(1...3) { jobs.append(Self.submission(number, seed, &lot)) }
        let drawn = (0..<lot.below(14)).map { _ in event(&lot) }.sorted { $0.at < $1.at }
        events = drawn.enumerated().filter { keeping?.contains($0.offset) ?? true }.map(\.element)
    }

    /// How many events the seed draws.
    public static func eventCount(seed: UInt64) -> Int { Plan(seed: seed).events.count }

    private static func submission(_ number: Int, _ seed: UInt64, _ lot: inout SplitMix) -> Submission {
        var job = RandomJob.make("j\(number)", uid: "uid-\(String(seed, radix: 36))-\(number)", &lot)
        var conduct = Conduct()
        conduct.failing = lot.pick([0, 0, 3, 15, 40])
        conduct.codes = lot.pick([[1], [1, 2, 42], [42]])
        conduct.life = lot.pick([5...50, 10...3000, 2000...9000])
        conduct.deaf = lot.pick([0, 5, 40])
        var settings = LedgerSettings()
        if lot.chance(15), job.spec.isIndexed {
            settings = LedgerSettings(yieldsPlace: true, retryDelay: lot.pick([0, 300]), ignoresDisruptions: true, isPerIndex: true)
            (job.spec.backoffLimitPerIndex, job.spec.backoffLimit) = (lot.below(3), Int(Int32.max))
            (job.spec.podFailurePolicy, job.spec.successPolicy) = (nil, nil)
        }
        // One that nothing ends would never end.
        let endsFailures = job.spec.podFailurePolicy == nil && (job.spec.template.spec.restartPolicy == "Never" || job.spec.backoffLimit ?? 6 <= 6)
        if lot.chance(30), endsFailures, let completions = job.spec.completions, completions > 0 {
            conduct.stubborn = Set((0..<lot.within(1...3)).map { _ in lot.below(completions) })
        }
        // Drawn apart: what came before the handlers goes on as it went.
        var apart = SplitMix(state: seed &* 31 &+ UInt64(number))
        var items: Int?
        if apart.chance(20), job.spec.completions != nil, settings == LedgerSettings() {
            makeHandled(&job, &conduct, &apart)
            if apart.chance(50) { items = takeItems(&job) }
        }
        if settings.yieldsPlace, apart.chance(50) { (settings.runsInChunks, conduct.failing, conduct.stubborn) = (true, 0, []) }
        return Submission(at: lot.milliseconds(0...8000), job: job, conduct: conduct, settings: settings, items: items)
    }

    /// As many items as it would have are pushed.
    private static func takeItems(_ job: inout Job) -> Int? {
        defer { (job.spec.completions, job.spec.completionMode, job.spec.successPolicy) = (0, .indexed, nil) }
        job.metadata.annotations[Job.itemsAnnotation] = "true"
        return job.spec.completions
    }

    /// More items, in chunks, which succeed.
    private static func makeHandled(_ job: inout Job, _ conduct: inout Conduct, _ lot: inout SplitMix) {
        job.spec.template.spec.raw["runtimeClassName"] = "handler"
        job.spec.completions = lot.within(1...400)
        (conduct.failing, conduct.stubborn) = (0, [])
    }

    private func event(_ lot: inout SplitMix) -> Event {
        Event(at: lot.milliseconds(500...45_000), what: lot.chance(50) ? fault(&lot) : .edit(job: lot.below(jobs.count), Self.edit(&lot)))
    }

    private func fault(_ lot: inout SplitMix) -> Deed {
        let worker = lot.below(workers), coordinator = lot.below(coordinators), pause = lot.milliseconds(200...12_000)
        switch lot.below(100) {
        case 0..<18: return .killWorker(worker, back: pause)
        case 18..<32: return .pauseWorker(worker, pause)
        case 32..<46: return .cutWorker(worker, pause)
        case 46..<52: return .drainWorker(worker)
        case 52..<64: return .killCoordinator(coordinator, back: pause)
        case 64..<74: return .pauseCoordinator(coordinator, pause)
        case 74..<80: return .cutCoordinator(coordinator, pause)
        case 80..<90: return .restartStore(away: pause)
        case 90..<95: return .rollBackStore(away: pause)
        default: return .jumpClock(worker, Int64(lot.within(-3_600_000...3_600_000)))
        }
    }

    private static func edit(_ lot: inout SplitMix) -> Edit {
        switch lot.below(100) {
        case 0..<22: .parallelism(lot.pick([0, 1, 2, 5, 9]))
        case 22..<40: .suspend
        case 40..<58: .resume
        case 58..<68: .completions(lot.within(0...12))
        case 68..<72: .deadline(lot.within(1...30))
        case 72..<78: .backoffLimit(lot.below(8))
        case 78..<92: .deletePod(lot.below(100), grace: lot.pick([0, 1, 30]))
        default: .delete(lot.pick(["Background", "Foreground", "Orphan"]))
        }
    }
}

/// Jobs over all policies.
enum RandomJob {
    static func make(_ name: String, uid: String, _ lot: inout SplitMix) -> Job {
        let restart = lot.chance(25) ? "OnFailure" : "Never"
        let template: Value = [
            "spec": [
                "restartPolicy": .string(restart), "terminationGracePeriodSeconds": .int(Int64(lot.pick([0, 1, 3, 30]))),
                "containers": [["name": "c", "image": "i"]],
            ]
        ]
        var spec = JobSpec(["template": template])
        (spec.parallelism, spec.backoffLimit) = (lot.within(1...7), lot.pick([0, 1, 3, 6, 100, 100]))
        let shape = lot.below(100)
        if shape < 60 { (spec.completions, spec.completionMode) = (lot.within(1...12), .indexed) }
        if shape >= 60, shape < 80 { spec.completions = lot.within(1...12) }
        if spec.isIndexed { addIndexPolicies(&spec, &lot) }
        if restart == "Never", lot.chance(25) { addFailurePolicy(&spec, &lot) }
        if spec.podFailurePolicy != nil || lot.chance(20) { spec.podReplacementPolicyText = "Failed" }
        if lot.chance(10) { spec.activeDeadlineSeconds = lot.within(3...40) }
        if lot.chance(8) { spec.suspend = true }
        if lot.chance(10) { spec.ttlSecondsAfterFinished = lot.within(0...20) }
        // Some are of a placement class, which every worker matches, some use up room; told by the uid, so that seeds still draw the same.
        let number = uid.utf8.reduce(0) { $0 &+ Int($1) }
        if number % 3 == 0 { spec.template.spec.raw["nodeSelector"] = ["kubernetes.io/os": "linux"] }
        if number % 4 == 0 { spec.template.spec.raw["resources"] = ["requests": ["cpu": number % 8 == 0 ? "1" : "500m"]] }
        var metadata = ObjectMeta(name: name, namespace: "default", uid: uid)
        metadata.generation = 1
        return Job(metadata: metadata, spec: spec)
    }

    private static func addIndexPolicies(_ spec: inout JobSpec, _ lot: inout SplitMix) {
        let completions = spec.completions ?? 1
        if lot.chance(40) {
            (spec.backoffLimitPerIndex, spec.backoffLimit) = (lot.below(4), lot.chance(80) ? Int(Int32.max) : lot.below(9))
            if lot.chance(50) { spec.maxFailedIndexes = lot.below(completions + 1) }
        }
        if lot.chance(20) {
            let rule: Value = lot.chance(50) ? ["succeededCount": .int(Int64(lot.within(1...completions)))] : ["succeededIndexes": .string("0")]
            spec.successPolicy = ["rules": [rule]]
        }
    }

    private static func addFailurePolicy(_ spec: inout JobSpec, _ lot: inout SplitMix) {
        var rules: [Value] = []
        if lot.chance(50) { rules.append(["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]]) }
        let actions = spec.backoffLimitPerIndex == nil ? ["FailJob", "Ignore", "Count"] : ["FailJob", "FailIndex", "Ignore", "Count"]
        rules.append(["action": .string(lot.pick(actions)), "onExitCodes": ["operator": "In", "values": [42]]])
        spec.podFailurePolicy = ["rules": .array(rules)]
    }
}
