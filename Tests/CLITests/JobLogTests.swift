import Glibc
import Testing

@testable import DroverCLI

@Suite struct JobLogTests {
    private func line(_ sequence: Int, exit: Int = 0, signal: Int = 0, _ command: [String] = ["true"]) -> JobLogLine {
        JobLogLine(
            sequence: sequence, host: "h1", startedAt: 1_700_000_000_042, runtime: 2500, exitCode: exit, signal: signal, command: command.map(bytes))
    }

    private let header = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"

    @Test func writesTheFormatOfGNUParallel() throws {
        let scratch = Scratch()
        let log = try JobLog(path: scratch.path + "/log", resume: false)
        try log.append(line(3, exit: 1, ["echo", "a b", "it's", "", "x\ny\t"]))
        #expect(
            text(scratch.read("log")) == header + "3\th1\t1700000000.042\t     2.500\t0\t0\t1\t0\techo 'a b' 'it'\\''s' '' 'x\0y\t'\n")
    }

    @Test func resumesWithWhatSucceeded() throws {
        let scratch = Scratch()
        let path = scratch.path + "/log"
        do {
            let log = try JobLog(path: path, resume: true)
            #expect(log.succeeded.count == 0)
            for line in [line(4), line(2, exit: 1), line(1, signal: 9), line(7, exit: 3), line(7), line(7, exit: 1)] { try log.append(line) }
        }
        let log = try JobLog(path: path, resume: true)
        #expect(log.succeeded == ItemSet([3, 6]))
        try log.append(line(2))
        #expect(text(scratch.read("log")).split(separator: "\n").count == 8, "the header is written once")
    }

    @Test func withoutResumeAJobLogIsReplaced() throws {
        let scratch = Scratch()
        do { try JobLog(path: scratch.path + "/log", resume: false).append(line(1)) }
        #expect(try JobLog(path: scratch.path + "/log", resume: false).succeeded.count == 0)
        #expect(text(scratch.read("log")) == header)
    }

    @Test func aTornLastLineIsCutOff() throws {
        let whole = header + text(line(1).bytes)
        let torn = whole + "2\th1\t17000000"
        for length in 0...torn.utf8.count {
            let scratch = Scratch()
            let path = scratch.write("log", torn.utf8.prefix(length))
            let log = try JobLog(path: path, resume: true)
            #expect(log.succeeded.count == (length >= whole.utf8.count ? 1 : 0))
            try log.append(line(2))
            let content = text(scratch.read("log"))
            #expect(content == (length >= whole.utf8.count ? whole : header) + text(line(2).bytes))
        }
    }

    @Test(arguments: [false, true]) func whatIsNoJobLogIsLeftAlone(_ resume: Bool) {
        let scratch = Scratch()
        for content in ["precious\n", "precious", "\n", "Seq\tHost\n"] {
            let path = scratch.write("file", content.utf8)
            let error = #expect(throws: JobLogError.self) { try JobLog(path: path, resume: resume) }
            #expect(error?.description.contains("\(path):1: not a job log") == true)
            #expect(text(scratch.read("file")) == content)
        }
    }

    @Test(arguments: [
        "x", "0\th\t1.0\t1.0\t0\t0\t0\t0\tc", "1\th\t1.0\t1.0\t0\t0\tx\t0\tc", "100000001\th\t1\t1\t0\t0\t0\t0\tc", "1\th\t1\t1\t0\t0\t0",
    ])
    func aBadLineIsNamed(_ bad: String) {
        let scratch = Scratch()
        let path = scratch.write("log", (header + text(line(1).bytes) + bad + "\n" + text(line(2).bytes)).utf8)
        let error = #expect(throws: JobLogError.self) { try JobLog(path: path, resume: true) }
        #expect(error?.description.contains("\(path):3: ") == true)
    }

    @Test func readsWhatGNUParallelWrote() throws {
        let scratch = Scratch()
        let lines = "2\t:\t1700000000.123\t     0.002\t0\t2\t0\t0\techo 2\n1\tserver\t1700000000.1\t0\t0\t0\t0\t15\tsleep\t1\n"
        let path = scratch.write("log", (header + lines).utf8)
        #expect(try JobLog(path: path, resume: true).succeeded == ItemSet([1]))
    }

    @Test func twoRunsDoNotShareOne() throws {
        let scratch = Scratch()
        let first = try JobLog(path: scratch.path + "/log", resume: false)
        let error = #expect(throws: JobLogError.self) { try JobLog(path: scratch.path + "/log", resume: true) }
        #expect(error?.description.contains("another run") == true)
        try first.append(line(1))
    }

    @Test func aFullDiskIsAnError() throws {
        let log = try JobLog(path: "/dev/null", resume: false)
        try log.append(line(1))
        let error = #expect(throws: JobLogError.self) { try JobLog(path: "/dev/full", resume: false) }
        #expect(error?.description.contains("No space left") == true)
    }
}
