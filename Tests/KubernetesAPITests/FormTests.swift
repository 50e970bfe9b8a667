import BatchAPI
import Foundation
import Testing

@testable import KubernetesAPI

/// Bodies and documents in the forms that kubectl sends and fetches.
struct FormTests {
    @Test func protobufBodies() async throws {
        let recorded = try #require(try Fixtures.load("protobuf-bodies").array?.first?["body"]?.string)
        let job = Array(try #require(Data(base64Encoded: recorded)))
        let options = [UInt8]("k8s\0".utf8) + [0x0A, 0x13, 0x0A, 2] + [UInt8]("v1".utf8) + [0x12, 13] + [UInt8]("DeleteOptions".utf8)
        let world = World()
        let posted = APIRequest(.post, "/apis/batch/v1/namespaces/default/jobs", contentType: Protobuf.mediaType, body: job)
        #expect(await world.api.answer(posted).code == 201)
        let request = APIRequest(.delete, "/apis/batch/v1/namespaces/default/jobs/pi", contentType: Protobuf.mediaType, body: options)
        #expect(await world.api.answer(request).code == 200)
        let broken = APIRequest(.post, "/apis/batch/v1/namespaces/default/jobs", contentType: Protobuf.mediaType, body: [1, 2])
        #expect(await world.api.answer(broken).code == 400)
    }

    @Test func pinnedDocumentsAreKept() async throws {
        let world = World()
        let address = try #require(try await world.send(.get, "/openapi/v3").value.at("paths.apis/batch/v1.serverRelativeURL")?.string)
        let pinned = try await world.send(.get, address)
        func header(_ answer: Answer, _ name: String) -> String? { answer.headers.first { $0.name == name }?.value }
        #expect(pinned.code == 200 && header(pinned, "Cache-Control") == "public, immutable")
        #expect(header(pinned, "Expires") == "Tue, 23 Nov 2027 10:00:00 GMT")
        let moved = try await world.send(.get, "/openapi/v3/apis/batch/v1?hash=x")
        #expect(header(moved, "Location") == address)
        let plain = try await world.send(.get, "/openapi/v3/apis/batch/v1")
        #expect(plain.code == 200 && header(plain, "Expires") == nil && header(plain, "Etag") != nil)
        #expect(try await world.send(.get, "/openapi/v2").contentType == OpenAPI.v2Type)
    }
}
