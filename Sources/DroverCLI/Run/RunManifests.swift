import ArgumentParser
import BatchAPI
import Glibc
import Worker

/// The Jobs of manifest files, checked as an API server would: nothing is taken unless all is right.
struct RunManifests {
    private(set) var jobs: [Job] = []
    private(set) var warnings: [String] = []
    private(set) var objects = ManifestObjects()
    private var errors: [String] = []
    private let takesItems: Bool

    /// - Throws: exit status 2, after an error line for each thing that is wrong.
    /// - Parameter takesItems: there is to be one Job, which gets its items pushed.
    init(files: [String], now: Timestamp, takesItems: Bool = false) throws {
        self.takesItems = takesItems
        for file in files { load(file, now) }
        if takesItems, jobs.count > 1 { errors.append("\(files.joined(separator: ", ")): --items goes with one Job, and there are \(jobs.count)") }
        if errors.isEmpty && jobs.isEmpty { errors.append("\(files.joined(separator: ", ")): no Job to run") }
        guard errors.isEmpty else {
            for error in errors { complain(error + "") }
            throw ExitStatus.invalid
        }
    }

    private mutating func load(_ file: String, _ now: Timestamp) {
        do {
            let bytes = try InputFile.read(file, limit: Manifest.maximumBytes + 1)
            for document in try Manifest.load(bytes, file: file) { add(document, now) }
        } catch let error as ManifestErrors {
            errors += error.errors.map(\.description)
        } catch {
            errors.append("\(file):1: \(error)")
        }
    }

    private mutating func add(_ document: ManifestDocument, _ now: Timestamp) {
        if objects.take(document) { return }
        guard document.kind == "Job" else {
            let message = "kind \(document.kind) can't be run: only Job, ConfigMap, Secret and PersistentVolumeClaim"
            return errors.append(ManifestError(file: document.file, line: document.line, field: "kind", message: message).description)
        }
        var value = document.value
        if takesItems {
            var annotations = value["metadata"]?["annotations"] ?? .object([:])
            annotations[Job.itemsAnnotation] = "true"
            value["metadata"]?["annotations"] = annotations
        }
        let suffix = String((0..<5).map { _ in JobDefaults.suffixAlphabet.randomElement()! })
        let job = Job(JobDefaults.apply(to: value, uid: makeUUID(), now: now, nameSuffix: suffix))
        let wrong = JobValidation.validate(create: job)
        errors += wrong.map { document.error($0).description }
        if wrong.isEmpty { take(job, document) }
    }

    private mutating func take(_ job: Job, _ document: ManifestDocument) {
        if jobs.contains(where: { $0.metadata.name == job.metadata.name && $0.metadata.namespace == job.metadata.namespace }) {
            let message = "job \(job.metadata.name) is there twice"
            return errors.append(ManifestError(file: document.file, line: document.line, field: "metadata.name", message: message).description)
        }
        warnings += JobValidation.warnings(create: job)
        jobs.append(job)
    }
}

/// Reads whole files, bounded.
enum InputFile {
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        guard let file = path == "-" ? Descriptor(owning: dup(0)) : Descriptor(path: path, flags: O_RDONLY) else {
            throw WorkerError(errorText(errno))
        }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 65536)
        while bytes.count < limit {
            let count = Glibc.read(file.number, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw WorkerError(errorText(errno)) }
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
