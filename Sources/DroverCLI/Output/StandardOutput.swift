/// Writes pods' output to stdout, in whole pieces, one after the other, and on threads that may wait for a slow reader.
actor StandardOutput {
    private let queue = OutputQueue()
    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Gives way to output.
    private let display: ProgressDisplay
    /// Nobody reads any more.
    private(set) var isClosed = false

    init(display: ProgressDisplay) { self.display = display }

    func write(_ bytes: [UInt8]) {
        guard !isClosed, !bytes.isEmpty else { return }
        display.whileCleared {
            isClosed = !Terminal(descriptor: 1).write(bytes)
            return bytes.last != UInt8(ascii: "\n")
        }
    }
}
