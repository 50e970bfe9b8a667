import Testing

@testable import DroverCLI

@Suite struct ResourceArgumentTests {
    @Test(arguments: [
        ("nvidia.com/gpu=2", "2", ["0", "1"]), ("nvidia.com/gpu=GPU-a,GPU-b", "2", ["GPU-a", "GPU-b"]), ("x.org/y=7,", "1", ["7"]),
        ("hugepages-2Mi=1Gi", "1Gi", []), ("ephemeral-storage=10Gi", "10Gi", []), ("x.org/y=0", "0", []),
    ] as [(String, String, [String])])
    func resources(_ text: String, amount: String, ids: [String]) throws {
        let argument = try #require(ResourceArgument(text))
        #expect(argument.amount.text == amount && argument.ids == ids)
    }

    @Test(arguments: ["gpu=2", "x.org/y", "x.org/y=", "x.org/y=a,a", "x.org/y=-1", "cpu=2"])
    func nonsense(_ text: String) { #expect(ResourceArgument(text) == nil) }
}
