/// Encoded commands that the socket has not taken yet, with their places in the stream.
struct OutputBuffer {
    private var bytes: [UInt8] = []
    private var head = 0
    /// The place in the stream of the first byte not taken yet.
    private(set) var start: UInt64 = 0

    /// The number of bytes not taken yet.
    var count: Int { bytes.count - head }
    /// The place in the stream where the next command will begin.
    var end: UInt64 { start + UInt64(count) }

    /// Adds a command.
    mutating func append(_ command: RedisCommand) { command.encode(into: &bytes) }

    /// Drops the first `count` bytes: the socket has them.
    mutating func consume(_ count: Int) {
        start += UInt64(count)
        head += count
        guard head == bytes.count else { return compact() }
        head = 0
        // A batch with a huge value must not hold its memory for ever.
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
    }

    /// Under steady load the buffer may never run empty.
    private mutating func compact() {
        guard head >= 1 << 20 else { return }
        bytes.removeFirst(head)
        head = 0
    }

    /// Lends the bytes not taken yet.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[head...])) }
    }
}
