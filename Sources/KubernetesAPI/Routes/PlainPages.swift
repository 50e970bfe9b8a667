import BatchAPI

/// What lies outside of the API groups: health, version, OpenAPI, discovery.
extension API {
    func plainPage(_ request: APIRequest) async throws -> APIResponse {
        switch request.path.first {
        case nil: return .object(["paths": .strings(Self.pages)])
        case "version" where request.path.count == 1: return .object(DiscoveryDocuments.version(options.version))
        case "healthz" where request.path.count == 1, "livez" where request.path.count == 1: return .text("ok")
        case "readyz" where request.path.count == 1: return await readiness()
        case "metrics" where request.path.count == 1: return await metricsPage()
        case "openapi": return openAPI(request)
        default: return .pageNotFound
        }
    }

    private static let pages =
        ["/api", "/api/v1", "/apis"] + Catalog.groups.flatMap { ["/apis/\($0)", "/apis/\($0)/v1"] }
        + ["/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]

    /// Ready as long as the store answers.
    private func readiness() async -> APIResponse {
        do {
            _ = try await leader.leader()
            return .text("ok")
        } catch {
            return .text("[-]store failed: \(error)\nreadyz check failed\n", code: 500)
        }
    }

    private func openAPI(_ request: APIRequest) -> APIResponse {
        switch request.path.dropFirst().first {
        case "v2" where request.path.count == 2: return document(OpenAPI.v2.bytes, OpenAPI.v2Type, etag: OpenAPI.v2.hash)
        case "v3": return openAPI(OpenAPI.answer(path: Array(request.path.dropFirst(2)), query: request.query["hash"]))
        default: return .pageNotFound
        }
    }

    private func openAPI(_ answer: OpenAPI.Answer) -> APIResponse {
        switch answer {
        case .index(let bytes, let etag): return document(bytes, "text/plain; charset=utf-8", etag: etag)
        case .document(let bytes, let etag, let isPinned):
            var response = document(bytes, "application/json", etag: etag)
            guard isPinned else { return response }
            let expiry = HTTPDate.text(now.advanced(by: .seconds(365 * 86_400)))
            response.headers += [("Cache-Control", "public, immutable"), ("Expires", expiry)]
            return response
        case .moved(let address): return APIResponse(code: 301, contentType: "text/plain", headers: [("Location", address)], body: .bytes([]))
        case .notFound: return .pageNotFound
        }
    }

    private func document(_ bytes: [UInt8], _ type: String, etag: String) -> APIResponse {
        let headers = [("Etag", "\"\(etag)\""), ("Vary", "Accept-Encoding"), ("Vary", "Accept")]
        return APIResponse(code: 200, contentType: type, headers: headers, body: .bytes(bytes))
    }

    /// /api, /apis and what ends at a group or a version.
    func discovery(_ request: APIRequest) throws -> APIResponse {
        let path = request.path
        if path.count == 1 { return try discoveryRoot(request, isCore: path == ["api"]) }
        let isCore = path[0] == "api"
        let group = isCore ? "" : path[1]
        guard isCore || Catalog.groups.contains(group) else { return .pageNotFound }
        switch path.dropFirst(isCore ? 1 : 2) {
        case []: return .object(DiscoveryDocuments.group(group))
        case ["v1"]: return .object(DiscoveryDocuments.resources(group: group))
        default: throw APIStatus.noSuchResource
        }
    }

    private func discoveryRoot(_ request: APIRequest, isCore: Bool) throws -> APIResponse {
        guard try request.representation(of: [.object, .discovery]) == .discovery else {
            return .object(isCore ? DiscoveryDocuments.versions(address: options.address) : DiscoveryDocuments.groups)
        }
        var response = APIResponse.object(DiscoveryDocuments.aggregated(groups: isCore ? [""] : Catalog.groups))
        response.contentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        response.headers.append(("Vary", "Accept"))
        return response
    }
}
