import BatchAPI
import Broker
import Testing

@testable import Redis
@testable import RedisBroker

/// Replies that once broke their reader (`bench/fuzz.sh`).
@Suite struct FuzzFindingTests {
    @Test func numbersFewerThanNone() {
        var reply = reply("*1\r\n$2\r\n-1\r\n")
        #expect(throws: BrokerError.self) { try reply.numbers() }
    }

    @Test func fieldsFewerThanNone() {
        var reply = reply("*2\r\n:7\r\n:-2\r\n")
        #expect(throws: BrokerError.self) { try reply.pod() }
    }

    @Test func itemsThatEndBeforeTheyBegin() {
        var reply = reply("*9\r\n$1\r\nG\r\n$3\r\nuid\r\n:7\r\n:9\r\n:0\r\n$3\r\npod\r\n$4\r\npuid\r\n$3\r\nrev\r\n:0\r\n")
        #expect(throws: BrokerError.self) { try reply.claim() }
    }

    /// Any grace that a Job may ask for, which is any Int64 that is not negative.
    @Test func theLongestGraceEndsWithTime() throws {
        var reply = reply("*6\r\n:7\r\n:4\r\n$8\r\ndeletion\r\n$1\r\n1\r\n$5\r\ngrace\r\n$19\r\n9223372036854775807\r\n")
        let metadata = PodForm.metadata(Job(.object([:])), try reply.pod())
        #expect(metadata.deletionTimestamp == Timestamp(milliseconds: .max))
        #expect(metadata.deletionGracePeriodSeconds == .max)
    }

    private func reply(_ stream: String) -> Reply {
        let decoder = ReplyDecoder()
        let bytes = Array(stream.utf8)
        let value = bytes.withUnsafeBytes { raw -> RedisValue? in
            try? decoder.feed(raw)
            return try? decoder.next()
        }
        return Reply(value?.array ?? [])
    }
}
