import Dispatch

/// A thread of its own for writes that may block.
final class OutputQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "stdout")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
