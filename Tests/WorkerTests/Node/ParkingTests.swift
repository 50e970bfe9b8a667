import Broker
import Testing

@testable import Worker

/// Where slots wait.
@Suite struct ParkingTests {
    @Test func aSignalThatFindsNobodyIsKept() async {
        let parking = Parking()
        parking.signal()
        parking.signal()
        #expect(await parking.park(0, after: 0) != nil)
        parking.close()
        #expect(await parking.park(0, after: 0) == nil)
    }

    @Test func closingSendsAllHome() async {
        let parking = Parking()
        await withTaskGroup(of: Bool.self) { group in
            for slot in 0..<10 { group.addTask { await parking.park(slot, after: 0) != nil } }
            parking.close()
            for await answer in group { #expect(!answer) }
        }
    }

    @Test func everySignalWakesOne() async {
        let parking = Parking()
        await withTaskGroup(of: Bool.self) { group in
            for slot in 0..<5 { group.addTask { await parking.park(slot, after: 0) != nil } }
            var woken = 0
            while woken < 5 {
                parking.signal()
                if await group.next() == true { woken += 1 }
            }
        }
    }

    private static func handout(_ sequence: Int64) -> Parking.Word {
        .take(.init(sequence: sequence, grant: Grant(job: "u", token: 1, items: 0...0, pod: "", podUID: "", revision: "1", failures: 0), registration: 0))
    }

    private static func sequence(_ word: Parking.Word?) -> Int64? {
        if case .take(let handout)? = word { handout.sequence } else { nil }
    }

    @Test func aWordIsForOneSlot() async {
        let parking = Parking()
        async let first = parking.park(1, after: 0)
        #expect(parking.tell(2, Self.handout(5)))
        #expect(parking.tell(2, .ask), "it is to ask, and has an answer already")
        #expect(await Self.sequence(parking.park(2, after: 4)) == 5)
        #expect(parking.tell(1, Self.handout(1)))
        #expect(await Self.sequence(first) == 1)
    }

    @Test func whatIsVoidIsDropped() async {
        let parking = Parking()
        #expect(parking.tell(1, Self.handout(3)))
        parking.signal()
        #expect(await Self.sequence(parking.park(1, after: 3)) == nil)
        #expect(parking.tell(1, Self.handout(4)))
        #expect(parking.close().mapValues(Self.sequence) == [1: 4])
        #expect(!parking.tell(1, .ask))
    }

    @Test func admissionWaitsForEveryObstacle() async {
        let admission = Admission()
        admission.shut(.lease)
        let passed = Task { await admission.pass() }
        admission.clear(.unregistered)
        admission.clear(.lease)
        await passed.value
        await admission.pass()
    }
}
