@testable import BatchAPI

/// Any bytes as a manifest file, and as the body of a request: they are refused or understood, and what is understood keeps its meaning
/// when it is written out and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzManifest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    load(bytes)
    body(bytes)
    return 0
}

private func load(_ bytes: [UInt8]) {
    let documents: [ManifestDocument]
    do throws(ManifestErrors) { documents = try Manifest.load(bytes, file: "f") } catch {
        if error.errors.isEmpty { fatalError("refused without a reason") }
        for line in error.description.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("f:") {
            fatalError("an error of several lines: \(line)")
        }
        return
    }
    for document in documents {
        reads(document.value)
        guard document.kind == "Job" else { continue }
        for error in job(document.value) { _ = document.error(error).description }
        guard let again = try? Manifest.load(document.value.encodedBytes, file: "f") else { fatalError("a loaded manifest is refused as JSON") }
        if again.map(\.value) != [document.value] { fatalError("a loaded manifest reads as another in JSON") }
    }
}

private func body(_ bytes: [UInt8]) {
    let node: Node
    do throws(SyntaxError) { node = try Value.parseNode(json: bytes) } catch {
        if (try? Value.parse(json: bytes)) != nil { fatalError("JSON is read without places, but not with them: \(error)") }
        return
    }
    guard let value = try? Value.parse(json: bytes) else { fatalError("JSON is read with places, but not without them") }
    if value.encodedBytes != node.value.encodedBytes { fatalError("JSON means another thing with places than without them") }
    reads(value)
    let problems = Schema.check(node, as: "Job")
    for problem in problems { _ = problem.decodingText }
    if !problems.contains(where: \.isFatal) { _ = job(value) }
    if !Schema.check(node, as: "Pod").contains(where: \.isFatal) { pod(value) }
}

/// What is written reads as the same, byte for byte.
private func reads(_ value: Value) {
    let written = value.encodedBytes
    guard let again = try? Value.parse(json: written) else { fatalError("can't read what was written: \(value.encoded())") }
    if again != value || again.encodedBytes != written { fatalError("reads as another value: \(value.encoded()), \(again.encoded())") }
}

private let uid = "0d9cb9a9-0000-4000-8000-000000000000", now = Timestamp(milliseconds: 0)

/// Jobs that are replaced.
private let others: [Job] = [
    [:], ["spec": ["completionMode": "Indexed", "completions": 3, "parallelism": 3, "suspend": true]],
    ["spec": ["template": ["spec": ["schedulingGates": [["name": "a"]]]]], "status": ["startTime": "1970-01-01T00:00:00Z"]],
].map { Job(JobDefaults.apply(to: $0, uid: uid, now: now)) }

/// The life of a Job's object; what is wrong with it.
private func job(_ value: Value) -> [FieldError] {
    let full = JobDefaults.apply(to: value, uid: uid, now: now, nameSuffix: "abcde")
    reads(full)
    let spec = full["spec"] ?? .null
    if JobDefaults.applyToSpec(spec) != spec { fatalError("defaults of defaults differ: \(spec.encoded())") }
    let job = Job(full)
    if Job(job.value) != job { fatalError("a Job reads as another: \(job.value.encoded())") }
    let errors = JobValidation.validate(create: job)
    _ = JobValidation.warnings(create: job)
    if errors.isEmpty, case let update = JobValidation.validateUpdate(old: job, new: job), !update.isEmpty {
        fatalError("a sound Job may not stay as it is: \(update)")
    }
    for old in others { _ = JobValidation.validateUpdate(old: old, new: job) }
    var written = job
    written.status = JobStatus(value["status"] ?? .object([:]))
    _ = JobStatusValidation.validate(old: job, new: written)
    _ = JobStatusValidation.validate(old: written, new: job)
    return errors
}

/// The life of a Pod that a client makes.
private func pod(_ value: Value) {
    let full = BarePodDefaults.apply(to: value, uid: uid, now: now, nameSuffix: "abcde")
    reads(full)
    if PodValidation.validate(create: full).isEmpty, case let update = PodValidation.validateUpdate(old: full, new: full), !update.isEmpty {
        fatalError("a sound Pod may not stay as it is: \(update)")
    }
    _ = (PodValidation.validateUpdate(old: full, new: value), PodValidation.validateStatus(old: full, new: value))
    let facts = PodFacts(status: value["status"] ?? .null, spec: PodSpec(full["spec"] ?? .null))
    _ = (facts.phase, facts.isReady, facts.restarts, facts.exits, facts.readinessTime, facts.disruption)
    _ = facts.finishTime(deletion: nil, created: now)
}
