/// Recorded scenarios that are not replayed, each with its reason.
enum Exceptions {
    static let reasons: [String: String] = [
        "S040": "writes a running Job's counters by hand: here the ledger's own stand again",
        "S047": "writes a running Job's counters by hand: here the ledger's own stand again",
        "S258b": "a late pod of a finished Job loses its finalizer at once, which R26 calls as good",
        "S258d": "needs ConfigMaps, which are not served",
    ]
}
