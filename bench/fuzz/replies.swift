import BatchAPI
import Broker
@testable import Redis
@testable import RedisBroker

/// Any bytes as what a server sends, in pieces whose size the first byte tells. Replies do not depend on the pieces, and the broker either
/// understands a reply or says that it can't be read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReplies(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard let first = bytes.first else { return 0 }
    let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let whole = replies(stream, pieces: max(1, stream.count))
    let cut = replies(stream, pieces: Int(first) + 1)
    if whole != cut { fatalError("pieces of \(Int(first) + 1) bytes read as \(cut), not \(whole)") }
    for reply in whole { understand(reply) }
    return 0
}

/// The replies up to the first error.
private func replies(_ stream: UnsafeRawBufferPointer, pieces: Int) -> [RedisValue] {
    let decoder = ReplyDecoder()
    var values: [RedisValue] = []
    do throws(RedisError) {
        for start in stride(from: 0, to: stream.count, by: pieces) {
            try decoder.feed(UnsafeRawBufferPointer(rebasing: stream[start..<min(start + pieces, stream.count)]))
            while let value = try decoder.next() { values.append(value) }
        }
    } catch {
        if (try? decoder.next()) != nil { fatalError("a reply after \(error)") }
    }
    return values
}

private func understand(_ value: RedisValue) {
    _ = (try? value.expectInt(), try? value.expectString(), try? value.expectBytes(), try? value.expectArray(), value.error.map { BrokerError($0) })
    if let text = value.string, case .logs(let request)? = NodeNews(message: text), LogRequest(request.value) != request {
        fatalError("a request for logs reads as another: \(text)")
    }
    if let bytes = value.bytes, let part = LogPart(encoded: bytes) { _ = part.encoded }
    let elements = value.array ?? [value]
    read(elements) { reply throws(BrokerError) in _ = try reply.claim() }
    read(elements) { reply throws(BrokerError) in _ = try reply.numbers() }
    read(elements) { reply throws(BrokerError) in (_, _) = (try reply.optionalTime()?.rfc3339, try reply.time().wholeSecond) }
    read(elements) { reply throws(BrokerError) in _ = try reply.int() == 1 ? try reply.claim() : nil }
    read(elements) { reply throws(BrokerError) in
        let job = try reply.job()
        _ = job.value.encodedBytes
        while !reply.isEmpty { show(try reply.pod(), of: job) }
    }
    read(elements) { reply throws(BrokerError) in while !reply.isEmpty { show(try reply.pod(), of: Job(.object([:]))) } }
    for element in elements where element.array != nil { understand(element) }
}

private func read(_ elements: [RedisValue], _ decode: (inout Reply) throws(BrokerError) -> Void) {
    var reply = Reply(elements)
    do throws(BrokerError) { try decode(&reply) } catch {
        if error.code != .malformed { fatalError("an unreadable reply is \(error.code): \(error)") }
    }
}

/// A pod as clients see it.
private func show(_ pod: PodRecord, of job: Job) {
    _ = PodForm.metadata(job, pod).value.encodedBytes
    _ = PodForm.spec(job, pod).encodedBytes
}
