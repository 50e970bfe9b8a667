import Glibc
import Worker

/// Where the results of items go, a line each: `--results FILE`.
struct ResultFile: Sendable {
    private let file: Descriptor
    private let path: String

    /// Makes the file, or empties it.
    init(path: String) throws(ItemError) {
        guard let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644) else {
            throw .unreadable("--results \(path)", reason: errorText(errno))
        }
        (self.file, self.path) = (file, path)
    }

    func write(_ bytes: [UInt8]) throws(ItemError) {
        let failure = Terminal(descriptor: file.number, patience: -1).put(bytes)
        if failure != 0 { throw .unreadable("--results \(path)", reason: errorText(failure)) }
    }
}
