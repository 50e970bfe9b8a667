import Glibc
import Testing

@testable import DroverCLI

/// The display on a real pseudo-terminal, a pipe, and descriptors that fail.
@Suite(.serialized) struct DisplayTests {
    /// Both ends of a pseudo-terminal of 60 columns.
    private struct Pair {
        let outer: Int32
        let inner: Int32

        init() throws {
            outer = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            // TIOCSPTLCK and TIOCGPTN: unlock the other end and ask for its number.
            var unlocked: Int32 = 0, number: Int32 = 0
            try #require(outer >= 0 && ioctl(outer, 0x4004_5431, &unlocked) == 0 && ioctl(outer, 0x8004_5430, &number) == 0)
            inner = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
            var size = winsize(ws_row: 20, ws_col: 60, ws_xpixel: 0, ws_ypixel: 0)
            try #require(inner >= 0 && ioctl(inner, UInt(TIOCSWINSZ), &size) == 0)
        }

        /// What was written so far.
        func read() -> String {
            var bytes = [UInt8](repeating: 0, count: 8192), wait = pollfd(fd: outer, events: Int16(POLLIN), revents: 0), result: [UInt8] = []
            while poll(&wait, 1, 0) == 1 {
                let count = Glibc.read(outer, &bytes, bytes.count)
                if count <= 0 { break }
                result += bytes.prefix(count)
            }
            return text(result)
        }

        func close() {
            Glibc.close(inner)
            Glibc.close(outer)
        }
    }

    init() {
        signal(SIGPIPE, SIG_IGN)
        setenv("TERM", "xterm", 1)
    }

    private let state = ProgressState(.init(done: 5, total: 10, active: 2), now: 0)

    @Test func theBarLeavesRoomForOutput() throws {
        let pair = try Pair()
        defer { pair.close() }
        let display = ProgressDisplay(.auto, on: Terminal(descriptor: pair.inner))
        #expect(display.style == .bar)
        display.show(state)
        let first = pair.read()
        #expect(first.hasPrefix("\r 50% [") && first.hasSuffix("\u{1b}[K"))
        #expect(first.dropFirst().dropLast(3).count <= 59)
        display.whileCleared { false }
        #expect(pair.read() == "\r\u{1b}[K")
        display.whileCleared { true }
        #expect(pair.read() == "", "there is no bar to take away")
        var later = state
        later.update(.init(done: 6, total: 10), now: 1000)
        display.show(later)
        #expect(pair.read().hasPrefix("\r\n 60%"), "the output's open line is kept (the terminal makes \\r\\n of \\n)")
        display.clear()
        later.update(.init(done: 7, total: 10), now: 2000)
        display.show(later)
        #expect(pair.read() == "\r\u{1b}[K", "right after clear() nothing is drawn")
        display.finish(later)
        #expect(pair.read() == "")
    }

    @Test func wholeLinesElsewhere() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let display = ProgressDisplay(.auto, on: Terminal(descriptor: ends[1]))
        #expect(display.style == .plain)
        display.show(state)
        display.clear()
        display.say("hello")
        display.finish(state)
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 1000)
        let count = read(ends[0], &bytes, bytes.count)
        close(ends[0])
        #expect(text(bytes.prefix(count)) == "hello\n 50% 5/10  active 2  failed 0  0.0s\n")
    }

    @Test func aReaderThatIsGoneDoesNoHarm() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        close(ends[0])
        for descriptor in [ends[1], -1] {
            let display = ProgressDisplay(.json, on: Terminal(descriptor: descriptor))
            for _ in 0..<3 { display.finish(state) }
            display.say("x")
        }
        close(ends[1])
    }

    @Test func widthWithoutATerminal() { #expect(Terminal(descriptor: -1).width == 80) }
}
