import Glibc
import Testing

@testable import Worker

/// Directories that serve one pod after the other.
@Suite struct SpareFolderTests {
    private let scratch = Scratch()
    private let spares: SpareFolders

    init() {
        mkdir(scratch.path + "/spares", 0o700)
        spares = SpareFolders(scratch.path + "/spares")
    }

    private func number(_ path: String) -> ino_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_ino : nil
    }
    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    @Test func serveAgainEmpty() throws {
        let first = scratch.path + "/a/first", second = scratch.path + "/a/second"
        #expect(spares.make(first, mode: 0o755) && mode(first) == 0o755)
        let made = try #require(number(first))
        _ = scratch.write("a/first/file", "x")
        mkdir(first + "/folder", 0o755)
        _ = scratch.write("a/first/folder/file", "x")
        symlink(scratch.path, first + "/link")
        spares.remove(first)
        #expect(number(first) == nil && number(scratch.path + "/a") != nil)
        #expect(spares.make(scratch.path + "/a/other", mode: 0o777) && number(scratch.path + "/a/other") != made, "its mode is another")
        #expect(spares.make(second, mode: 0o755) && number(second) == made && directoryEntries(second).isEmpty)
    }

    /// What a pod has changed of the directory itself does not come to the next.
    @Test(.enabled(if: geteuid() == 0)) func changesDoNotStay() async throws {
        let path = scratch.path + "/pod"
        #expect(spares.make(path, mode: 0o755))
        chmod(path, 0o700)
        spares.remove(path)
        #expect(spares.make(path, mode: 0o755) && mode(path) == 0o755)
        chown(path, 1000, 1000)
        spares.remove(path)
        #expect(directoryEntries(scratch.path + "/spares").count == 1, "one of mode 0700, none of another's")
        #expect(spares.make(path, mode: 0o755))
        let canMark = (try await run("setfattr -n user.mark -v x \(path)").status) == .exited(0)
        spares.remove(path)
        #expect(directoryEntries(scratch.path + "/spares").count == (canMark ? 1 : 2))
    }

    @Test func oneThatIsThereStays() {
        #expect(spares.make(scratch.path + "/pod", mode: 0o755))
        _ = scratch.write("pod/file", "x")
        #expect(spares.make(scratch.path + "/pod", mode: 0o755) && scratch.read("pod/file") == "x")
        removeTree(scratch.path + "/spares")
        spares.remove(scratch.path + "/pod")
        #expect(number(scratch.path + "/pod") == nil)
    }
}
