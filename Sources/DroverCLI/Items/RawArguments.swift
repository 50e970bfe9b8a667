/// The program's own arguments as bytes. As text they would not be what was given, where they are not UTF-8.
enum RawArguments {
    /// The last `count` arguments: a command after `--` as it was given.
    static func last(_ count: Int) -> [[UInt8]] {
        let total = Int(CommandLine.argc)
        precondition((0...total).contains(count), "there are only \(total) arguments")
        return (total - count..<total).map { index in
            guard let text = CommandLine.unsafeArgv[index] else { return [] }
            return UnsafeRawBufferPointer(start: text, count: length(of: text)).map { $0 }
        }
    }

    private static func length(of text: UnsafePointer<CChar>) -> Int {
        var length = 0
        while text[length] != 0 { length += 1 }
        return length
    }
}
