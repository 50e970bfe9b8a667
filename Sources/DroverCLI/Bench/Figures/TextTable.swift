/// Lines in columns: the first one to the left, the others to the right. Columns without a value are left out.
struct TextTable {
    private let heads: [String]
    private var rows: [[String]] = []

    init(_ heads: [String]) { self.heads = heads }

    /// nil is shown as `-`.
    mutating func add(_ row: [String?]) { rows.append(row.map { $0 ?? "-" }) }

    var isEmpty: Bool { rows.isEmpty }

    /// With a line break after each line.
    var text: String {
        let shown = heads.indices.filter { column in rows.contains { $0[column] != "-" } }
        let widths = shown.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
        return ([heads] + rows).map { row in
            zip(shown, widths).map { column, width in
                let space = String(repeating: " ", count: width - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ") + "\n"
        }.joined()
    }
}
