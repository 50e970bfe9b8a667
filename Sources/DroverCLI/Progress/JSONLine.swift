import BatchAPI

/// A JSON object on one line, its members in the order given: `type` first, so that people can read it as well.
struct JSONLine: Sendable {
    private var text = ""

    init(type: String) { add("type", .string(type)) }

    mutating func add(_ name: String, _ value: Value) {
        text += (text.isEmpty ? "{" : ",") + Value.string(name).encoded() + ":" + value.encoded()
    }

    /// The line, without a newline.
    var line: String { text + "}" }
}

extension Value {
    /// A number of seconds with at most three decimals.
    static func seconds(_ seconds: Double) -> Value { .double((seconds * 1000).rounded() / 1000) }
}
