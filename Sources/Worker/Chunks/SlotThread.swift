import Glibc

/// A thread that runs tasks one after the other.
package final class SlotThread: TaskExecutor, @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // Guarded by `mutex`.
    private var jobs: [UnownedJob] = []
    private var isClosed = false

    package init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        startThread(name: "drover-slot") { self.run() }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(wake)
        mutex.deallocate()
        wake.deallocate()
    }

    /// Ends the thread; what comes later runs in the common pool.
    package func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(wake)
        pthread_mutex_unlock(mutex)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        let isLate = isClosed
        if !isLate { jobs.append(job) }
        pthread_cond_signal(wake)
        pthread_mutex_unlock(mutex)
        if isLate { globalConcurrentExecutor.enqueue(job) }
    }

    private func run() {
        let executor = asUnownedTaskExecutor()
        while let batch = take() { for job in batch { job.runSynchronously(on: executor) } }
    }

    /// Waits for jobs; nil once it is closed and nothing is left.
    private func take() -> [UnownedJob]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while jobs.isEmpty {
            if isClosed { return nil }
            pthread_cond_wait(wake, mutex)
        }
        defer { jobs = [] }
        return jobs
    }
}
