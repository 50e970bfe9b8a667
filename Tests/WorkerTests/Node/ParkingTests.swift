import Testing

@testable import Worker

/// Where slots wait.
@Suite struct ParkingTests {
    @Test func aSignalThatFindsNobodyIsKept() async {
        let parking = Parking()
        parking.signal()
        parking.signal()
        #expect(await parking.park())
        parking.close()
        #expect(await !parking.park())
    }

    @Test func closingSendsAllHome() async {
        let parking = Parking()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 { group.addTask { await parking.park() } }
            parking.close()
            for await answer in group { #expect(!answer) }
        }
    }

    @Test func everySignalWakesOne() async {
        let parking = Parking()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 { group.addTask { await parking.park() } }
            var woken = 0
            while woken < 5 {
                parking.signal()
                if await group.next() == true { woken += 1 }
            }
        }
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
