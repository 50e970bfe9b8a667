/// A command with placeholders, read once and filled in for each item. There is no shell: an argument stays one argument,
/// whatever the item holds.
///
/// `{}` the item, `{.}` without extension, `{/}` its last path component, `{//}` its folder, `{/.}` the last component without
/// extension, `{#}` its number from 1, `{index}` from 0; any other braces stay as they are. If the whole command has none,
/// ` {}` is appended.
struct Placeholders: Sendable {
    enum Part: Sendable, Equatable {
        case text([UInt8])
        case item
        case withoutExtension
        case name
        case folder
        case nameWithoutExtension
        case number
        case index
    }

    private let arguments: [[Part]]
    /// Where messages say that items come from.
    private let source: String

    /// - Parameters:
    ///   - command: the command and its arguments as bytes, at least one.
    ///   - source: the name of the items' file.
    init(command: [[UInt8]], source: String) {
        var arguments = command.map(Self.parse)
        let isFilledIn = arguments.contains { $0.contains { if case .text = $0 { false } else { true } } }
        if !isFilledIn { arguments.append([.item]) }
        (self.arguments, self.source) = (arguments, source)
    }

    /// The command for the item at `index` (from 0).
    /// - Throws: if the item holds a NUL byte, or an argument would be longer than the system takes.
    func arguments(for item: [UInt8], at index: Int) throws(ItemError) -> [[UInt8]] {
        if item.contains(0) { throw .nulByte(source, line: index + 1) }
        var result: [[UInt8]] = []
        result.reserveCapacity(arguments.count)
        for (position, parts) in arguments.enumerated() {
            var bytes: [UInt8] = []
            for part in parts { bytes += Self.value(of: part, item[...], index) }
            guard bytes.count <= argumentLimit else { throw .argumentTooLong(position: position + 1, bytes: bytes.count) }
            result.append(bytes)
        }
        return result
    }

    private static func value(of part: Part, _ item: ArraySlice<UInt8>, _ index: Int) -> ArraySlice<UInt8> {
        switch part {
        case .text(let text): text[...]
        case .item: item
        case .withoutExtension: PathParts.withoutExtension(item)
        case .name: PathParts.name(item)
        case .folder: PathParts.folder(item)
        case .nameWithoutExtension: PathParts.withoutExtension(PathParts.name(item))
        case .number: Array(String(index + 1).utf8)[...]
        case .index: Array(String(index).utf8)[...]
        }
    }

    private static let known: [(token: [UInt8], part: Part)] = [
        (Array("{}".utf8), .item), (Array("{.}".utf8), .withoutExtension), (Array("{/}".utf8), .name), (Array("{//}".utf8), .folder),
        (Array("{/.}".utf8), .nameWithoutExtension), (Array("{#}".utf8), .number), (Array("{index}".utf8), .index),
    ]

    private static func parse(_ argument: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var text: [UInt8] = []
        var rest = argument[...]
        while let byte = rest.first {
            guard byte == UInt8(ascii: "{"), let found = known.first(where: { rest.starts(with: $0.token) }) else {
                text.append(rest.removeFirst())
                continue
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = []
            parts.append(found.part)
            rest = rest.dropFirst(found.token.count)
        }
        if !text.isEmpty { parts.append(.text(text)) }
        return parts
    }
}
