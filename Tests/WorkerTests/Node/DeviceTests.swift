import BatchAPI
import Testing

@testable import Worker

/// Units of resources that have ids.
@Suite struct DeviceTests {
    private static func container(_ name: String, _ gpus: Int, _ restart: String? = nil) -> Value {
        var value: Value = ["name": .string(name), "resources": ["limits": ["nvidia.com/gpu": .string(String(gpus))]]]
        value["restartPolicy"] = restart.map { .string($0) }
        return value
    }

    @Test func eachPodHasIdsOfItsOwn() {
        let book = DeviceBook(["nvidia.com/gpu": ["a", "b", "c"]])
        let two = PodSpec(["containers": [Self.container("c", 2)]])
        let first = book.take(two)
        #expect(first == ["nvidia.com/gpu": ["a", "b"]])
        #expect(book.take(two) == nil, "there is only one left")
        #expect(book.take(PodSpec(["containers": [["name": "plain"]]])) == [:])
        book.giveBack(first ?? [:])
        #expect(book.take(two) == ["nvidia.com/gpu": ["c", "a"]])
    }

    @Test func containersShareThemOut() {
        let pod = PodSpec([
            "initContainers": [Self.container("early", 2), Self.container("side", 1, "Always"), Self.container("late", 1)],
            "containers": [Self.container("one", 1), Self.container("two", 1), ["name": "none"]],
        ])
        #expect(PodRequests.total(pod)["nvidia.com/gpu"]?.wholeUnits == 3)
        let shares = DeviceShares.split(["nvidia.com/gpu": ["0", "1", "2"]], pod).mapValues { $0["nvidia.com/gpu"] ?? [] }
        #expect(shares == ["early": ["0", "1"], "side": ["0"], "late": ["1"], "one": ["1"], "two": ["2"]])
    }

    @Test func theyAreToldByTheirNames() {
        let variables = DeviceShares.environment(["nvidia.com/gpu": ["0", "1"], "example.com/fpga-x": ["f"]])
        #expect(variables["DROVER_RESOURCE_NVIDIA_COM_GPU"] == "0,1" && variables["DROVER_RESOURCE_EXAMPLE_COM_FPGA_X"] == "f")
        #expect(variables["NVIDIA_VISIBLE_DEVICES"] == "0,1" && variables["CUDA_VISIBLE_DEVICES"] == "0,1" && variables.count == 4)
    }
}
