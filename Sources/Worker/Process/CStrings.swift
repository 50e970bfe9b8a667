import Glibc

/// argv or envp as C wants it: one block of NUL-terminated strings and a NULL-terminated list of pointers to them.
struct CStrings: ~Copyable {
    private var bytes: UnsafeMutablePointer<CChar>
    /// The NULL-terminated list.
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    /// The strings as they are; nil if one holds a NUL byte.
    init?(_ strings: [[UInt8]]) {
        self.init(count: strings.count, size: strings.reduce(0) { $0 + $1.count + 1 })
        for (index, string) in strings.enumerated() {
            guard string.withUnsafeBufferPointer({ append($0, at: index) }) else { return nil }
        }
    }

    /// "key=value" strings; nil if one holds a NUL byte.
    init?(environment: [String: String]) {
        self.init(count: environment.count, size: environment.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 2 })
        var index = 0
        for (key, value) in environment {
            guard append(key, at: index) else { return nil }
            bytes[-1] = CChar(bitPattern: UInt8(ascii: "="))
            guard append(value, at: nil) else { return nil }
            index += 1
        }
    }

    private init(count: Int, size: Int) {
        bytes = .allocate(capacity: size + 1)
        pointers = .allocate(capacity: count + 2)
        // The first slot remembers the block, since `bytes` moves on as strings are added.
        pointers[0] = bytes
        for index in 1...count + 1 { pointers[index] = nil }
    }

    private mutating func append(_ string: String, at index: Int?) -> Bool {
        var string = string
        return string.withUTF8 { append($0, at: index) }
    }

    private mutating func append(_ text: UnsafeBufferPointer<UInt8>, at index: Int?) -> Bool {
        if let index { pointers[index + 1] = bytes }
        if text.count > 0 {
            guard memchr(text.baseAddress!, 0, text.count) == nil else { return false }
            memcpy(bytes, text.baseAddress!, text.count)
        }
        bytes[text.count] = 0
        bytes += text.count + 1
        return true
    }

    /// The list that exec takes.
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> { pointers + 1 }

    deinit {
        pointers[0]!.deallocate()
        pointers.deallocate()
    }
}
