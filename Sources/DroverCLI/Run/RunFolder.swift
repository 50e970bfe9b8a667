import Glibc
import Worker

/// The private folder of one run; gone with it unless it is to be kept.
struct RunFolder {
    let path: String
    private let keeps: Bool

    init(keeps: Bool) throws(WorkerError) {
        self.keeps = keeps
        let base = environment("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array((base + "/drover-run-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw WorkerError("\(base): \(errorText(errno))") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() {
        if keeps { complain("kept: \(path)") } else { removeTree(path) }
    }
}
