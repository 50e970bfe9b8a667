import BatchAPI
import Testing

/// What made-up input once broke (`bench/fuzz.sh`).
@Suite struct FuzzFindingTests {
    /// The second before the first moment there is does not begin.
    @Test func theFirstMomentsHaveAWholeSecond() {
        #expect(Timestamp(milliseconds: .min).wholeSecond == Timestamp(milliseconds: .min))
        #expect(Timestamp(milliseconds: .min + 807).wholeSecond == Timestamp(milliseconds: .min))
        #expect(Timestamp(milliseconds: .min + 808).wholeSecond.milliseconds == -9_223_372_036_854_775_000)
        #expect(Timestamp(milliseconds: -1).wholeSecond.milliseconds == -1000)
    }
}
