import BatchAPI
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", 0, "0"), ("1", 1_000_000_000, "1"), ("100m", 100_000_000, "100m"), ("0.5", 500_000_000, "500m"), (".5", 500_000_000, "500m"),
        ("1.", 1_000_000_000, "1"), ("-1.5", -1_500_000_000, "-1500m"), ("+2k", 2_000_000_000_000, "2k"), ("1e3", 1_000_000_000_000, "1e3"),
        ("1E3", 1_000_000_000_000, "1e3"), ("1E", 1_000_000_000_000_000_000_000_000_000, "1E"), ("128Mi", 134_217_728_000_000_000, "128Mi"),
        ("1024Ki", 1_048_576_000_000_000, "1Mi"), ("1.5Gi", 1_610_612_736_000_000_000, "1536Mi"), ("0.5Ki", 512_000_000_000, "512"),
        ("1000m", 1_000_000_000, "1"), ("5u", 5000, "5u"), ("3n", 3, "3n"), ("0.3n", 1, "1n"), ("1500M", 1_500_000_000_000_000_000, "1500M"),
        ("12e-1", 1_200_000_000, "1200e-3"), ("100000000000000000000", 9_223_372_036_854_775_807_000_000_000, "9223372036854775807"),
    ] as [(String, Int128, String)])
    func reads(text: String, nanos: Int128, canonical: String) throws {
        let quantity = try Quantity(text)
        #expect(quantity.nanos == nanos)
        #expect(quantity.text == canonical)
    }

    @Test(arguments: ["", "abc", "1x", "1 Mi", "1Mi ", "1.2.3", "0x10", "1e3.5", "Mi!"])
    func refusesTheForm(text: String) {
        #expect(throws: Quantity.ParseError.self) { try Quantity(text) }
        do { _ = try Quantity(text) } catch { #expect("\(error)".hasPrefix("quantities must match the regular expression '^([+-]?")) }
    }

    @Test(arguments: ["--1", "1KMi", "1mi", "1ee3", "1Kii", "1K"])
    func refusesTheSuffix(text: String) {
        do { _ = try Quantity(text); Issue.record("accepted") } catch { #expect("\(error)" == "unable to parse quantity's suffix") }
    }

    @Test func numbersAndUnits() throws {
        #expect(try Quantity(.double(0.5)).milliUnits == 500)
        #expect(try Quantity(.int(2)).wholeUnits == 2)
        #expect(try Quantity("100m").wholeUnits == 1)
        #expect(try Quantity("1Gi") == Quantity("1024Mi"))
        #expect(try Quantity("900m") < Quantity("1"))
        #expect(throws: Quantity.ParseError.self) { try Quantity(.bool(true)) }
    }
}
