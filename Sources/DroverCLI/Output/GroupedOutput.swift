import Broker
import Glibc
import Worker

/// Shows the output of each attempt in one piece when it is over: `drover run -- COMMAND`.
struct GroupedOutput: Sendable {
    let output: StandardOutput

    /// Shows a log, in pieces of bounded size, and removes it.
    func show(_ log: String, removing: Bool = true) async {
        var state = stat()
        // An empty one goes with the run's folder, or is used again.
        guard stat(log, &state) == 0, state.st_size > 0 else { return }
        defer { if removing { LogFile.remove(path: log) } }
        guard let reader = try? LogReader(path: log) else { return }
        var cursor = reader.cursor(LogOptions())
        while true {
            let bytes = reader.read(&cursor, chunk: 1 << 20, ended: true)
            if bytes.isEmpty { return }
            await output.write(bytes)
        }
    }
}
