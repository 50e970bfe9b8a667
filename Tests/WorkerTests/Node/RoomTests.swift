import BatchAPI
import Broker
import Testing

@testable import Worker

/// What a node's slots leave for others.
@Suite final class RoomTests {
    private static func asking(_ id: String, _ cpu: String?) -> PlacementClass {
        var terms = PlacementTerms()
        if let cpu { terms.requests = ["cpu": try! Quantity(cpu)] }
        return PlacementClass(id: id, terms: terms)
    }

    private static func use(_ cpu: String) -> [String: Quantity] { ["cpu": try! Quantity(cpu)] }
    private let classes = [asking("", nil), asking("small", "1"), asking("big", "3")]
    private var room = Room(capacity: ["cpu": try! Quantity("4")])

    private func ask(_ slot: Int, _ classes: [PlacementClass]) -> [String] { room.ask(slot, of: classes, now: now) }
    private var now = Duration.zero

    private func keep(_ id: String?) -> Bool { room.keep(id) }

    private func settle(_ slot: Int, _ use: [String: Quantity]) -> Bool { room.settle(slot, use, of: classes) }

    @Test func whoAsksHoldsTheLargestThatItMayGet() {
        #expect(ask(0, classes) == ["", "small", "big"])
        #expect(ask(1, classes) == ["", "small"], "3 of 4 are held")
        #expect(ask(2, classes) == [""])
        // The first got a small one: what it held beyond that is free for who had to leave it out.
        #expect(settle(0, Self.use("1")))
        #expect(!settle(2, [:]))
        #expect(ask(2, classes) == ["", "small"])
    }

    @Test func aFruitlessCallSendsNobodyToAskAgain() {
        #expect(ask(0, classes).count == 3)
        #expect(!settle(0, Self.use("3")))
        for _ in 0..<3 {
            #expect(ask(1, classes) == ["", "small"])
            #expect(!settle(1, [:]), "nothing has changed")
        }
    }

    @Test func whatEndsMakesRoom() {
        for slot in 0..<4 {
            _ = ask(slot, classes)
            _ = settle(slot, Self.use("1"))
        }
        #expect(ask(4, classes) == [""])
        _ = settle(4, [:])
        #expect(ask(0, classes) == ["", "small"], "its own attempt has ended")
        #expect(!settle(0, [:]))
        #expect(room.free["cpu"] == (try! Quantity("1")))
        #expect(settle(1, [:]) == false)
        #expect(settle(2, [:]), "the big one fits now")
    }

    @Test func manyClassesTakeTurns() {
        let many = (0..<1200).map { Self.asking("c\($0)", nil) }
        var seen: Set<String> = []
        for _ in 0..<3 {
            let named = ask(0, many)
            #expect(named.count == Room.limit)
            seen.formUnion(named)
        }
        #expect(seen.count == 1200)
    }

    @Test func roomIsKeptForWhoHasWaitedLong() {
        for slot in 0..<4 {
            _ = ask(slot, classes)
            _ = settle(slot, Self.use("1"))
        }
        _ = ask(4, classes)
        _ = settle(4, [:])
        #expect(room.late(now: .seconds(9)).isEmpty)
        now = .seconds(11)
        #expect(room.late(now: now) == ["big", "small"])
        #expect(!keep("big"))
        for slot in 0..<2 {
            #expect(ask(slot, classes) == [""], "what needs no cpu goes on")
            #expect(!settle(slot, [:]))
        }
        #expect(ask(2, classes) == ["", "big"], "three of four are free")
        _ = settle(2, Self.use("3"))
        #expect(keep(nil), "others may ask again")
        #expect(room.late(now: .seconds(12)) == ["small"])
    }
}
