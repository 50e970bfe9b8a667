/// Recorded scenarios that are not replayed, each with its reason.
enum Exceptions {
    static let reasons: [String: String] = [
        "S040": "writes a running Job's counters by hand: here the ledger's own stand again",
        "S047": "writes a running Job's counters by hand: here the ledger's own stand again",
        "S258d": "needs ConfigMaps, which are not served",
    ]
}
