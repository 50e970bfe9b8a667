import Foundation

/// The source tree as the tests see it.
struct Tree {
    let root: URL

    init() { root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent() }

    struct File {
        /// From the project's root.
        var path: String
        var lines: [Substring]
        /// The folder under Sources.
        var module: String { path.split(separator: "/").dropFirst().first.map { String($0) } ?? "" }
    }

    /// Files below a folder with one of these endings, in order.
    func files(_ folder: String, _ endings: [String]) throws -> [File] {
        let base = root.appending(path: folder)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try paths.sorted().filter { path in endings.contains { path.hasSuffix("." + $0) } }.map { path in
            let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
            return File(path: folder + "/" + path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }
}
