/// Writes pods' output to stdout, in whole pieces, one after the other, and on threads that may wait for a slow reader.
actor StandardOutput {
    private let queue = OutputQueue()
    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Gives way to output.
    private let display: ProgressDisplay
    private let failed: @Sendable (Int32) -> Void
    /// The errno of the write that failed; nothing is written after it.
    private(set) var failure: Int32 = 0

    /// - Parameter failed: told once if output can't be written: the errno.
    init(display: ProgressDisplay, failed: @escaping @Sendable (Int32) -> Void = { _ in }) { (self.display, self.failed) = (display, failed) }

    func write(_ bytes: [UInt8]) {
        guard failure == 0, !bytes.isEmpty else { return }
        display.whileCleared {
            failure = Terminal.stdout.put(bytes)
            return bytes.last != UInt8(ascii: "\n")
        }
        if failure != 0 { failed(failure) }
    }
}
