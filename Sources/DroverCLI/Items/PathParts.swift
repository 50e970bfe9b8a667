/// What `{.}`, `{/}` and `{//}` make of an item, as GNU parallel does; paths are bytes.
enum PathParts {
    typealias Bytes = ArraySlice<UInt8>
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// Without the last dot and what follows it, unless that is nothing or holds a slash (`s:\.[^/.]+$::`): `a/.rc` becomes `a/`.
    static func withoutExtension(_ path: Bytes) -> Bytes {
        guard let last = path.lastIndex(where: { $0 == dot || $0 == slash }), path[last] == dot, last + 1 < path.endIndex else { return path }
        return path[..<last]
    }

    /// What stands after the last slash (`s:.*/::`): nothing for `a/`.
    static func name(_ path: Bytes) -> Bytes {
        guard let last = path.lastIndex(of: slash) else { return path }
        return path[(last + 1)...]
    }

    /// As dirname(1): `.` for `a` and `a/`, `/` for `/a`, `a` for `a//b/`.
    static func folder(_ path: Bytes) -> Bytes {
        guard let last = trimmed(path).lastIndex(of: slash) else { return path.first == slash ? [slash] : [dot] }
        let folder = trimmed(path[..<last])
        return folder.isEmpty ? [slash] : folder
    }

    private static func trimmed(_ path: Bytes) -> Bytes {
        let end = path.lastIndex { $0 != slash }
        return end.map { path[...$0] } ?? path[..<path.startIndex]
    }
}
