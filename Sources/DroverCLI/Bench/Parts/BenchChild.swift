import CLinux
import Glibc
import Synchronization
import Worker

/// A process of a benchmark as its starter sees it.
final class BenchChild: Sendable {
    let part: BenchPart
    let process: RunningProcess
    private let input: Mutex<Descriptor?>
    private let output: Descriptor

    private static let patience: Int32 = 2000

    init(_ part: BenchPart, _ reaper: ProcessReaper) throws {
        let (theirInput, ourInput) = try Self.pipe(), (ourOutput, theirOutput) = try Self.pipe()
        var environment = currentEnvironment()
        environment[BenchPart.variable] = part.text
        let spec = ProcessSpec(
            arguments: ["/proc/self/exe", BenchPart.argument], environment: environment, input: theirInput.number,
            output: .descriptor(theirOutput.number), errorOutput: .descriptor(2))
        process = try reaper.spawn(spec)
        withExtendedLifetime((theirInput, theirOutput)) {}
        input = Mutex(ourInput)
        (self.part, output) = (part, ourOutput)
    }

    private static func pipe() throws(WorkerError) -> (read: Descriptor, write: Descriptor) {
        var ends: [Int32] = [-1, -1]
        let state = drover_pipe(&ends, 0)
        guard state == 0 else { throw WorkerError("no pipe: \(errorText(-state))") }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// What it has used so far; nil if it does not say.
    func usage() -> ProcessUsage? {
        let isAsked = input.withLock { $0?.write("?") ?? false }
        guard isAsked, drover_wait_readable(output.number, Self.patience) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(output.number, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "\n").last.flatMap { ProcessUsage(line: $0) }
    }

    /// Lets it end in order.
    func dismiss() { input.withLock { $0 = nil } }

    /// Ends it, in order if it does so in time.
    func end() async {
        dismiss()
        if await !eventually(within: .seconds(10), { process.status != nil }) { process.send(signal: SIGKILL) }
        _ = await process.end()
    }

    /// As if its host had died.
    func kill() async {
        process.send(signal: SIGKILL)
        _ = await process.end()
    }
}
