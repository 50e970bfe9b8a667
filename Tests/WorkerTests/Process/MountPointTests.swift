import Foundation
import Testing

@testable import Worker

/// Mount points that the host does not have.
@Suite struct MountPointTests {
    private let root: String
    private let points: MountPoints

    init() throws {
        root = NSTemporaryDirectory() + "/mount-points-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: root + "/host", withIntermediateDirectories: true)
        points = MountPoints(folder: root + "/points")
    }

    private func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + name) }
    private func place(_ name: String, file: Bool = false) -> MountPoints.Place { .init(path: root + "/" + name, isDirectory: !file) }
    private func clean() { try? FileManager.default.removeItem(atPath: root) }

    @Test func goWithTheLastWhoNeedsThem() throws {
        defer { clean() }
        let first = try #require(points.hold([place("a/b"), place("a/c", file: true)])), second = try #require(points.hold([place("a/b")]))
        #expect(isThere("a/b") && isThere("a/c"))
        first.release()
        first.release()
        #expect(isThere("a/b") && !isThere("a/c"))
        points.sweep()
        #expect(isThere("a/b"))
        second.release()
        #expect(!isThere("a") && isThere("host"))
    }

    @Test func whatTheHostHasStays() throws {
        defer { clean() }
        #expect(points.hold([place("host")]) == nil, "nothing is to be made")
        let below = try #require(points.hold([place("host/x")]))
        try Data("mine".utf8).write(to: URL(filePath: root + "/host/x/kept"))
        below.release()
        #expect(isThere("host/x/kept"))
        #expect(points.hold([place("host/x")]) == nil, "it is the host's now")
    }

    @Test func linksLeadToOnePlace() throws {
        defer { clean() }
        try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: root + "/host")
        let first = try #require(points.hold([place("link/x")])), second = try #require(points.hold([place("host/x")]))
        first.release()
        #expect(isThere("host/x"))
        second.release()
        #expect(!isThere("host/x"))
    }

    @Test func aDeadHoldersAreSwept() throws {
        defer { clean() }
        do {
            let hold = points.hold([place("a/b")])
            #expect(hold != nil)
        }
        // Its descriptors are closed, as if its process had been killed; a process that another test starts may have them for a moment.
        #expect(isThere("a/b"))
        for _ in 0..<1000 where isThere("a") {
            points.sweep()
            usleep(10_000)
        }
        #expect(!isThere("a"))
    }
}
