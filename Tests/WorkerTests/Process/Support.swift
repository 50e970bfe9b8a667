import Glibc
import Testing

@testable import Worker

/// Testing has a type of this name, too.
typealias ExitStatus = Worker.ExitStatus

/// One reaper for all tests.
let reaper = ProcessReaper()

/// Where all scratch directories are; removed when the test run exits.
private let scratchRoot: String = {
    atexit { system("rm -rf /tmp/drover-worker-tests-\(getpid())") }
    let path = "/tmp/drover-worker-tests-\(getpid())"
    mkdir(path, 0o755)
    return path
}()

/// A directory of its own.
struct Scratch {
    let path: String

    init() {
        var template = Array("\(scratchRoot)/XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        // Tests drop privileges, so others may look in.
        chmod(path, 0o755)
    }

    func write(_ name: String, _ text: String, mode: mode_t = 0o644) -> String {
        let file = Descriptor(path: path + "/" + name, flags: O_WRONLY | O_CREAT | O_TRUNC)!
        Glibc.write(file.number, text, text.utf8.count)
        fchmod(file.number, mode)
        return path + "/" + name
    }

    func read(_ name: String) -> String { readSmallFile(path + "/" + name) ?? "" }
}

let systemPath = "/usr/local/bin:/usr/bin:/bin"

func shell(_ script: String) -> ProcessSpec {
    ProcessSpec(arguments: ["/bin/sh", "-c", script], environment: ["PATH": systemPath])
}

/// Runs a script and gives its end and output.
func run(_ script: String, _ change: (inout ProcessSpec) -> Void = { _ in }) async throws -> (status: ExitStatus, output: String) {
    let scratch = Scratch()
    var spec = shell(script)
    (spec.output, spec.errorOutput) = (.file(scratch.path + "/out"), .file(scratch.path + "/out"))
    change(&spec)
    let status = try await reaper.spawn(spec).exit()
    return (status, scratch.read("out"))
}

/// Waits until a condition holds, for up to 5 s.
func eventually(_ condition: () -> Bool) async -> Bool {
    await poll(timeout: .seconds(5), condition)
}

/// Whether a process lives and is no zombie.
func isAlive(_ pid: Int32) -> Bool {
    ProcessStatus(pid: pid).map { $0.state != "Z" } ?? false
}

/// A cgroup tree of this test run; nil where the host has none.
func makeTree(_ name: String = #function) -> CgroupTree? {
    CgroupTree.make(instance: "test-\(getpid())-\(name.filter { $0.isLetter })")
}

let hasCgroups = CgroupTree.make(instance: "test-probe-\(getpid())").map { $0.endOnce() } ?? false
