import CLinux
import Glibc

/// The guardian process: outlives a killed worker by as long as it takes to end the worker's attempts and its private redis-server.
public enum GuardianMain {
    /// Guards until the worker is gone, then exits with 0. To be called first thing in a process started by ``GuardianClient``.
    ///
    /// - Parameters:
    ///   - input: The read end of the worker's pipe (descriptor 3).
    ///   - output: The write end of the pipe back (descriptor 4).
    ///   - tree: The node's cgroups; nil if it has none.
    ///   - sessions: The file that keeps the sessions of attempts without a cgroup; nil: none is kept.
    ///   - release: Called on a thread of its own with the ids of attempts that were just ended, to free their leases if it can. At the end the
    ///     guardian waits up to 3 s for it, then ends the redis-server.
    public static func run(input: Int32, output: Int32, tree: CgroupTree?, sessions: String? = nil, release: (@Sendable ([UInt64]) -> Void)? = nil) -> Never {
        drover_ignore_signals()
        // A pod that eats the host's memory must not take its guardian along.
        Descriptor(path: "/proc/self/oom_score_adj", flags: O_WRONLY)?.write("-900")
        drover_set_cloexec(input, 1)
        drover_set_cloexec(output, 1)
        var process = GuardianProcess(input: input, output: output, tree: tree, sessions: sessions, release: release)
        process.run()
        exit(0)
    }
}

/// The I/O around ``GuardianState``.
private struct GuardianProcess {
    let input: Int32
    let output: Int32
    let tree: CgroupTree?
    let releases: Releases?
    var book: SessionBook?
    let epoll = drover_epoll_create()
    let timer = drover_timerfd()
    var state = GuardianState()
    var partial: [UInt8] = []
    var ended: [UInt64] = []
    var isOpen = true
    var isFinished = false

    init(input: Int32, output: Int32, tree: CgroupTree?, sessions: String?, release: (@Sendable ([UInt64]) -> Void)?) {
        (self.input, self.output, self.tree) = (input, output, tree)
        releases = release.map(Releases.init)
        book = tree == nil ? sessions.flatMap(SessionBook.init) : nil
    }

    mutating func run() {
        drover_epoll_add(epoll, input, UInt32(DROVER_READABLE), 1)
        drover_epoll_add(epoll, timer, UInt32(DROVER_READABLE), 2)
        while !isFinished {
            drover_timerfd_set(timer, state.nextDue ?? 0)
            var events = (drover_event(), drover_event())
            _ = withUnsafeMutablePointer(to: &events) {
                $0.withMemoryRebound(to: drover_event.self, capacity: 2) { drover_epoll_wait(epoll, $0, 2, -1) }
            }
            drover_drain(timer)
            // What the worker wrote before a deadline is heard first: it may be a renewal.
            readInput()
            handle(.tick)
            flushReleases()
        }
    }

    private mutating func readInput() {
        while isOpen && drover_wait_readable(input, 0) == 1 {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(input, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return closeInput() }
            partial += buffer.prefix(count)
            while partial.count >= GuardianRecord.size {
                let record = GuardianRecord(partial.prefix(GuardianRecord.size))
                partial.removeFirst(GuardianRecord.size)
                if let record { take(identified(record)) }
            }
        }
    }

    private mutating func take(_ record: GuardianRecord) {
        switch record {
        case .add(let attempt): if case .session(let leader) = attempt.place { book?.add(attempt.id, leader) }
        case .remove(let id): book?.remove(id)
        case .renewAll, .redis, .bye: break
        }
        handle(.record(record))
    }

    private mutating func closeInput() {
        isOpen = false
        drover_epoll_remove(epoll, input)
        handle(.closed)
    }

    /// The child that announces itself knows its pid, not its start time.
    private func identified(_ record: GuardianRecord) -> GuardianRecord {
        guard case .add(var attempt) = record, case .session(let leader) = attempt.place, leader.startTicks == 0 else { return record }
        attempt.place = .session(ProcessIdentity(pid: leader.pid) ?? leader)
        return .add(attempt)
    }

    private mutating func handle(_ event: GuardianState.Event) {
        var actions = state.handle(event, now: drover_boottime_ms())[...]
        while let action = actions.popFirst() {
            guard let next = perform(action) else { continue }
            actions += state.handle(next, now: drover_boottime_ms())
        }
    }

    private mutating func perform(_ action: GuardianState.Action) -> GuardianState.Event? {
        switch action {
        case .kill(let attempt): return kill(attempt.place) ? .ended(attempt.id) : nil
        case .release(let id):
            book?.remove(id)
            ended.append(id)
            return nil
        case .tell(let id):
            var record = id
            // The worker may be stopped, its pipe full or closed: the cgroup that is gone tells it as well.
            write(output, &record, MemoryLayout.size(ofValue: record))
            return nil
        case .endRedis(let process):
            flushReleases()
            releases?.wait(milliseconds: 3000)
            endRedis(process)
            return .redisEnded
        case .finish:
            finish()
            return nil
        }
    }

    /// True once nothing is left.
    private func kill(_ place: GuardianAttempt.Place) -> Bool {
        switch place {
        case .cgroup(let name):
            guard let tree else { return true }
            killCgroup(tree.path + "/" + name)
            return removeCgroup(tree.path + "/" + name)
        case .session(let leader):
            let session = Session(leader: leader)
            session.send(signal: SIGKILL)
            return session.processes().isEmpty
        }
    }

    /// SIGTERM lets Redis write out its append-only file.
    private func endRedis(_ process: ProcessIdentity) {
        let number = drover_pidfd_open(process.pid)
        guard number >= 0 else { return }
        let pidfd = Descriptor(owning: number)
        guard process.exists else { return }
        drover_pidfd_signal(pidfd.number, SIGTERM)
        drover_pidfd_signal(pidfd.number, SIGCONT)
        if drover_wait_readable(pidfd.number, 8000) == 1 { return }
        drover_pidfd_signal(pidfd.number, SIGKILL)
        _ = drover_wait_readable(pidfd.number, 1000)
    }

    private mutating func flushReleases() {
        guard !ended.isEmpty else { return }
        releases?.start(ended)
        ended = []
    }

    private mutating func finish() {
        flushReleases()
        releases?.wait(milliseconds: 3000)
        isFinished = true
        book?.close()
        defer { MountPoints().sweep() }
        guard let tree else { return }
        defer { if let instance = tree.path.split(separator: "/").last { LimitHost.clear(instance: String(instance)) } }
        leaveTree(tree)
        for _ in 0..<200 {
            if tree.endOnce() { break }
            usleep(5000)
        }
    }

    /// A cgroup cannot be removed, nor its tree killed, from inside.
    private func leaveTree(_ tree: CgroupTree) {
        var base = tree.path
        for _ in 0..<2 { base = String(base[..<(base.lastIndex(of: "/") ?? base.startIndex)]) }
        Descriptor(path: base + "/cgroup.procs", flags: O_WRONLY)?.write("0")
    }
}
