import BatchAPI
import Testing

@testable import KubernetesAPI

struct ReviewTests {
    private let access = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

    @Test func whoAndWhat() async throws {
        let world = World()
        let asked = #"{"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"resourceAttributes":{"verb":"get"}}}"#
        let allowed = try await world.send(.post, access, asked)
        #expect(allowed.code == 201 && allowed.value.at("status.allowed")?.bool == true && allowed.value.at("spec.resourceAttributes.verb") != nil)
        let rules = try await world.send(
            .post, "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", #"{"spec":{"namespace":"default"}}"#)
        #expect(rules.value.at("status.resourceRules.0.verbs")?.strings == ["*"] && rules.value.at("status.incomplete")?.bool == false)
        let own = try await world.send(.post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")
        #expect(own.value.at("status.userInfo.username")?.string == "drover:local" && own.value["kind"]?.string == "SelfSubjectReview")
    }

    @Test func whatIsNoQuestion() async throws {
        let world = World()
        #expect(try await world.send(.post, access, "{}").code == 422)
        #expect(try await world.send(.get, access).code == 405)
        #expect(try await world.send(.post, "/apis/authorization.k8s.io/v1/namespaces/default/selfsubjectaccessreviews", "{}").code == 404)
        #expect(try await world.send(.post, "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", "{}").code == 400)
    }

    @Test(arguments: ["exec", "attach", "portforward"])
    func noStreams(name: String) async throws {
        let answer = try await World().send(.post, "/api/v1/namespaces/default/pods/p/\(name)?command=sh")
        #expect(answer.code == 400 && answer.value["message"]?.string?.hasPrefix("pods/\(name) is not served") == true)
    }
}
