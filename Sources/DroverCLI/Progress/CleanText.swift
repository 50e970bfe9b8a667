/// Text from programs and files made safe for a terminal: no control characters, no escape sequences, nothing that turns the line's direction.
enum CleanText {
    /// One line of at most `columns` columns; what is cut off is shown as `...`.
    static func line(_ bytes: some Sequence<UInt8>, columns: Int) -> String {
        let scalars = clean(String(decoding: Array(bytes), as: UTF8.self).unicodeScalars)
        if scalars.reduce(0, { $0 + width(of: $1) }) <= columns { return text(scalars) }
        var used = 0
        let kept = scalars.prefix { scalar in
            used += width(of: scalar)
            return used <= columns - 3
        }
        return text(kept) + "..."
    }

    /// The last lines that hold anything, oldest first.
    static func lastLines(_ bytes: [UInt8], count: Int, columns: Int) -> [String] {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).suffix(4 * count).map { line(shown($0), columns: columns) }
        return Array(lines.filter { !$0.allSatisfy(\.isWhitespace) }.suffix(count))
    }

    /// What a terminal would show last of a line that overwrites itself.
    private static func shown(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let carriageReturn = UInt8(ascii: "\r")
        let end = line.lastIndex { $0 != carriageReturn }.map { $0 + 1 } ?? line.startIndex
        let whole = line[..<end]
        return whole.lastIndex(of: carriageReturn).map { whole[($0 + 1)...] } ?? whole
    }

    private static func clean(_ scalars: String.UnicodeScalarView) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var rest = Substring.UnicodeScalarView(scalars)
        while let scalar = rest.popFirst() {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\u{1b}" && rest.first == "[": rest = afterSequence(rest.dropFirst())
            case .control: result.append(scalar == "\t" ? " " : "?")
            case .lineSeparator, .paragraphSeparator: result.append("?")
            case .format: continue
            default: result.append(scalar)
            }
        }
        return result
    }

    /// A control sequence ends with a byte from @ to ~.
    private static func afterSequence(_ rest: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        guard let end = rest.firstIndex(where: { !("\u{20}"..."\u{3f}").contains($0) }) else { return rest.suffix(0) }
        return rest[rest.index(after: end)...]
    }

    /// Columns on a terminal: none for marks that combine, two for East Asian characters and emoji.
    static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            let category = scalar.properties.generalCategory
            return category == .nonspacingMark || category == .enclosingMark ? 0 : 1
        }
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
