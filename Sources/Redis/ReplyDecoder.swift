import CHiredis

/// Cuts the byte stream of a server into replies with hiredis' reader.
///
/// The reader's callbacks build `RedisValue`s at once: no redisReply objects are made.
final class ReplyDecoder {
    private struct Frame {
        var missing: Int
        var elements: [RedisValue]
    }

    private let reader: UnsafeMutablePointer<redisReader>
    private var frames: [Frame] = []
    private var finished: RedisValue?

    init() {
        guard let made = redisReaderCreateWithFunctions(replyFunctions) else { fatalError("out of memory") }
        reader = made
        reader.pointee.maxbuf = 0
        reader.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { redisReaderFree(reader) }

    /// Takes bytes as read from the socket.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        if redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count) != REDIS_OK { throw failure() }
    }

    /// The next whole reply, nil if more bytes are needed.
    func next() throws(RedisError) -> RedisValue? {
        var marker: UnsafeMutableRawPointer?
        if redisReaderGetReply(reader, &marker) != REDIS_OK { throw failure() }
        guard marker != nil, let value = finished else { return nil }
        finished = nil
        return value
    }

    private func failure() -> RedisError {
        let text = withUnsafeBytes(of: reader.pointee.errstr) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(.unexpectedReply, "bad protocol: \(text)")
    }

    fileprivate func open(_ count: Int) {
        if count == 0 { return add(.array([])) }
        var elements: [RedisValue] = []
        elements.reserveCapacity(min(count, 4096))
        frames.append(Frame(missing: count, elements: elements))
    }

    fileprivate func add(_ value: RedisValue) {
        var value = value
        while let last = frames.indices.last {
            frames[last].elements.append(value)
            frames[last].missing -= 1
            if frames[last].missing > 0 { return }
            value = .array(frames.removeLast().elements)
        }
        finished = value
    }

    fileprivate static func text(_ type: Int32, _ bytes: UnsafeRawBufferPointer) -> RedisValue {
        switch type {
        case REDIS_REPLY_ERROR: .error(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_STATUS: .status(String(decoding: bytes, as: UTF8.self))
        default: String(validating: bytes, as: UTF8.self).map(RedisValue.string) ?? .binary(Array(bytes))
        }
    }
}

/// What hiredis is told to have made; it needs some pointer that is not null.
nonisolated(unsafe) private let made = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)

nonisolated(unsafe) private let replyFunctions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
    let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    functions.initialize(
        to: redisReplyObjectFunctions(
            createString: { task, bytes, count in
                deliver(task, ReplyDecoder.text(task!.pointee.type, UnsafeRawBufferPointer(start: bytes, count: count)))
            },
            createArray: { task, count in
                decoder(task).open(Int(count))
                return made
            },
            createInteger: { task, number in deliver(task, .integer(number)) },
            createNil: { task in deliver(task, .null) },
            freeObject: { _ in }))
    return functions
}()

private func decoder(_ task: UnsafePointer<redisReadTask>?) -> ReplyDecoder {
    Unmanaged<ReplyDecoder>.fromOpaque(task!.pointee.privdata).takeUnretainedValue()
}

private func deliver(_ task: UnsafePointer<redisReadTask>?, _ value: RedisValue) -> UnsafeMutableRawPointer? {
    decoder(task).add(value)
    return made
}
