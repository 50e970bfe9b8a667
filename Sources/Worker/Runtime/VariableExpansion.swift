/// `$(NAME)` in commands, arguments and values: replaced if the variable is known, else left as it is; `$$` is a dollar sign.
enum VariableExpansion {
    static func expand(_ text: String, _ variables: [String: String]) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var output = "", rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            output += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                output += "$"
                rest = rest.dropFirst()
            } else if rest.first == "(", let close = rest.firstIndex(of: ")") {
                let name = String(rest[rest.index(after: rest.startIndex)..<close])
                output += variables[name] ?? "$(\(name))"
                rest = rest[rest.index(after: close)...]
            } else {
                output += "$"
            }
        }
        return output + rest
    }
}
