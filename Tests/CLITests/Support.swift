import Glibc

/// A folder for one test, removed with the last reference.
final class Scratch {
    let path: String

    init(below base: String = "/tmp") {
        var template = Array("\(base)/drover-cli-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no folder below \(base)")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file and gives its path.
    @discardableResult
    func write(_ name: String, _ text: some Collection<UInt8>, mode: UInt32 = 0o644) -> String {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, mode)
        defer { close(file) }
        var rest = Array(text)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            precondition(count > 0, "writing \(name) failed")
            rest = rest.dropFirst(count)
        }
        return path + "/" + name
    }

    func read(_ name: String) -> [UInt8] { readAll(path + "/" + name) }

    deinit { remove(path) }

    private func remove(_ path: String) {
        for name in entries(path) where unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
        rmdir(path)
    }
}

func readAll(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while true {
        let byte = getc(file)
        if byte == EOF { return bytes }
        bytes.append(UInt8(byte))
    }
}

func entries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
