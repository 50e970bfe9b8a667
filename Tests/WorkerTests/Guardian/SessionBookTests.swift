import Glibc
import Testing

@testable import Worker

/// What a guardian notes of sessions, for whoever comes after a crash.
@Suite struct SessionBookTests {
    private let path = Scratch().path + "/sessions"

    @Test func namesWhatIsThere() throws {
        defer { unlink(path) }
        var book = try #require(SessionBook(path: path))
        for id in 1...3 as ClosedRange<UInt64> { book.add(id, ProcessIdentity(pid: Int32(id) * 10, startTicks: id)) }
        book.remove(2)
        book.add(4, ProcessIdentity(pid: 40, startTicks: 4))
        book.add(5, ProcessIdentity(pid: 50, startTicks: 0))
        #expect(Set(SessionBook.sessions(path).map(\.leader.pid)) == [10, 30, 40])
        for id in [1, 3, 4] as [UInt64] { book.remove(id) }
        for id in 6...7 as ClosedRange<UInt64> { book.add(id, ProcessIdentity(pid: Int32(id) * 10, startTicks: id)) }
        #expect(Set(SessionBook.sessions(path).map(\.leader.pid)) == [60, 70])
        let other = Descriptor(path: path, flags: O_WRONLY)
        _ = other?.write("another-boot")
        #expect(SessionBook.sessions(path).isEmpty, "pids of another boot say nothing")
        book.close()
        #expect(access(path, F_OK) != 0 && SessionBook.sessions(path).isEmpty)
    }

    @Test func exactlyThoseAreEnded() async throws {
        defer { unlink(path) }
        let (ours, others) = (try reaper.spawn(shell("sleep 300 & sleep 300; true")), try reaper.spawn(shell("sleep 300; true")))
        defer { Session(leader: ProcessIdentity(pid: others.pid)!).send(signal: SIGKILL) }
        let ticks = try #require(ProcessIdentity(pid: others.pid)).startTicks
        var book = try #require(SessionBook(path: path))
        book.add(1, try #require(ProcessIdentity(pid: ours.pid)))
        book.add(2, ProcessIdentity(pid: others.pid, startTicks: ticks - 1))
        #expect(await SessionBook.end(path))
        #expect(await ours.exit() == .signaled(SIGKILL))
        #expect(Session(leader: ProcessIdentity(pid: ours.pid, startTicks: 0)).processes().isEmpty && others.status == nil && access(path, F_OK) != 0)
    }
}
