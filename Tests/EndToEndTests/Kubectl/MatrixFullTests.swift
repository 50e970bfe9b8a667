import Testing

/// The other commands, with the oldest and the newest kubectl of this machine.
@Suite(.serialized, .sharedUp, .enabled(if: !KubectlVersion.all.isEmpty, "needs a kubectl.1.NN")) struct MatrixFullTests {
    private static let heading = "NAME STATUS COMPLETIONS DURATION AGE"

    /// Two Jobs that are done.
    private func done(_ session: KubectlSession) async {
        await session.check("create job made --image=busybox -- echo hello", "job.batch/made created")
        await session.check("apply -f -", "job.batch/pi created", input: MatrixCoreTests.items("pi"))
        await session.check("wait --for=condition=complete job --all --timeout=30s", "job.batch/made condition met\njob.batch/pi condition met")
    }

    @Test(arguments: KubectlVersion.ends) func selects(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "selects")
        await done(session)
        let both = Self.heading + "\nmade Complete 1/1 * *\npi Complete 3/3 * *", pi = Self.heading + "\npi Complete 3/3 * *"
        await session.check("get jobs --sort-by=.metadata.name", both)
        await session.check("get jobs --chunk-size=1", both)
        await session.check("get jobs --server-print=false", "NAME AGE\nmade *\npi *")
        await session.check("get jobs -L app", Self.heading + " APP\nmade Complete 1/1 * *\npi Complete 3/3 * * pi")
        for selector in ["-l app=pi", "-l app==pi", "-l 'app in (pi,x),!foo'", "-l app", "--field-selector status.successful=3", "--field-selector metadata.name=pi"] {
            await session.check("get jobs \(selector)", pi)
        }
        await session.check("get jobs -l app!=pi", Self.heading + "\nmade Complete 1/1 * *")
        await session.check("get jobs -l app=none", "No resources found in \(session.namespace) namespace.")
        await session.check(
            "get jobs --field-selector spec.foo=1",
            """
            Error from server (BadRequest): Unable to find "batch/v1, Resource=jobs" that match label selector "", field selector "spec.foo=1": field label "spec.foo" not supported for Job
            """, status: 1)
        await session.check("get pods --field-selector status.phase=Succeeded -l job-name=made", "NAME READY STATUS RESTARTS AGE\n* 0/1 Completed 0 *")
        await session.check(
            "get pods -l batch.kubernetes.io/job-completion-index=1 -o wide",
            "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES\n* 0/1 Completed 0 * <none> * <none> <none>")
        await session.check("get job,cm -o name", "job.batch/made\njob.batch/pi\nconfigmap/kube-root-ca.crt")
    }

    @Test(arguments: KubectlVersion.ends) func readsLogsAndEvents(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "logs")
        await done(session)
        try await session.find(
            "events", "LAST SEEN TYPE REASON OBJECT MESSAGE\n* Normal SuccessfulCreate Job/made Created pod: *\n* Normal Completed Job/pi Job completed")
        try await session.find("events --for job/pi", "* Normal SuccessfulCreate Job/pi Created pod: *\n* Normal Completed Job/pi Job completed")
        try await session.find("get events", "LAST SEEN TYPE REASON OBJECT MESSAGE\n* Normal Completed job/made Job completed")
        try await session.watch("events -w", "LAST SEEN TYPE REASON OBJECT MESSAGE\n* Normal Suspended Job/later Job suspended") {
            await session.check("create -f -", "job.batch/later created", input: Manifests.job("later", spec: ["suspend: true"], script: "true"))
        }
        try await session.find("logs job/pi", "item *")
        await session.check(
            "logs -l job-name=pi --all-containers --prefix", "* item 0\n* item 1\n* item 2", inAnyOrder: true)
        let pod = try await session.run("get pods -l job-name=made -o name").lines.first ?? ""
        await session.check("logs \(pod) --since=1h", "hello")
        await session.check("logs \(pod) --since-time=2020-01-01T00:00:00Z --tail=5", "hello")
        await session.check("logs \(pod) --limit-bytes=3", "hel")
        await session.check(
            "logs \(pod) --previous", "Error from server (BadRequest): previous terminated container \"made\" in pod \"\(pod.dropFirst(4))\" not found", status: 1)
        try await session.find("get pod none", "Error from server (NotFound): pods \"none\" not found", status: 1)
        #expect(try await session.run("logs none").errors.contains("(NotFound): pods \"none\" not found"))
    }

    @Test(arguments: KubectlVersion.ends) func waits(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "waits")
        await session.check("create -f -", "job.batch/slow created", input: MatrixCoreTests.slow("slow"))
        await session.check("wait --for=condition=Ready pod -l job-name=slow --timeout=30s", "pod/* condition met")
        await session.check("wait --for=condition=complete job/slow --timeout=1s", "error: timed out waiting for the condition on jobs/slow", status: 1)
        await session.check("wait --for=condition=complete job -l a=b --timeout=1s", "error: no matching resources found", status: 1)
        await session.check("wait --for=condition=complete job/none", "Error from server (NotFound): jobs.batch \"none\" not found", status: 1)
        let deletion = try session.start("wait --for=delete job/slow --timeout=30s")
        await session.check("delete job slow --wait=false", "job.batch \"slow\" deleted **")
        let gone = try await deletion.finish(limit: 60)
        #expect(gone.status == 0, "\(gone)")
        await session.check("create -f -", "job.batch/slow created", input: MatrixCoreTests.slow("slow"))
        await session.check("delete job slow --now", "job.batch \"slow\" deleted **")
        await session.check("create -f -", "job.batch/slow created", input: MatrixCoreTests.slow("slow"))
        try await session.find("delete job slow --grace-period=0 --force", "job.batch \"slow\" force deleted **")
        await session.check("delete job slow --ignore-not-found", "")
        await session.check("delete jobs -l a=b", "No resources found")
    }

    @Test(arguments: KubectlVersion.ends) func refusesWhatIsWrong(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "refuses")
        await done(session)
        func job(_ spec: String) -> String {
            """
            {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "neg"}, "spec": {\(spec), "template": {"spec": {"restartPolicy": "Never",
              "containers": [{"name": "a", "image": "b", "command": ["true"]}]}}}}
            """
        }
        await session.check(
            "apply -f -", "The Job \"neg\" is invalid: spec.parallelism: Invalid value: -1: must be greater than or equal to 0", status: 1,
            input: job("\"parallelism\": -1"))
        try await session.find(
            "apply -f -",
            "Error from server (BadRequest): error when creating \"STDIN\": Job in version \"v1\" cannot be handled as a Job: strict decoding error: unknown field \"spec.bogus\"",
            status: 1, input: job("\"bogus\": 1"))
        await session.check("apply --validate=warn -f -", "job.batch/neg created\nWarning: unknown field \"spec.bogus\"", input: job("\"bogus\": 1"))
        await session.check("create job made --image=x -- true", "error: failed to create job: jobs.batch \"made\" already exists", status: 1)
        await session.check("scale job/pi --replicas=2", "Error from server (NotFound): the server could not find the requested resource", status: 1)
        try await session.find("set image job/pi main=x", "error: failed to patch image update to pod template: Job.batch \"pi\" is invalid: spec.template: **", status: 1)
        await session.check("rollout status job/pi", "error: no status viewer has been implemented for Job.batch", status: 1)
        await session.check(
            "autoscale job/pi --max=3",
            "error: cannot autoscale a Job: could not find scale subresource for batch/v1, Resource=jobs in discovery information", status: 1)
        await session.check("expose job/pi --port=80", "error: cannot expose a Job.batch", status: 1)
        await session.check(
            "patch job pi --type=json -p [{\"op\":\"test\",\"path\":\"/spec/parallelism\",\"value\":9}]",
            "The request is invalid: the server rejected our request due to an error in our request", status: 1)
        try await session.find("edit job pi", "error: jobs.batch \"pi\" is invalid", status: 1, editor: "sed -i s/image:.*/image:\\ other/")
        await session.check("get jobs.v2.batch", "error: the server doesn't have a resource type \"jobs\"", status: 1)
        await session.check("get foo", "error: the server doesn't have a resource type \"foo\"", status: 1)
        try await session.find(
            "apply -f -", "error: resource mapping not found for name: \"x\" namespace: \"\" from \"STDIN\": no matches for kind \"JobSet\" in version \"jobset.x/v1\"",
            status: 1, input: "{\"apiVersion\": \"jobset.x/v1\", \"kind\": \"JobSet\", \"metadata\": {\"name\": \"x\"}}")
    }

    @Test(arguments: KubectlVersion.ends) func refusesStreams(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "streams")
        await session.check("create -f -", "job.batch/slow created", input: MatrixCoreTests.slow("slow"))
        await session.check("wait --for=condition=Ready pod -l job-name=slow --timeout=30s", "pod/* condition met")
        let pod = try await session.run("get pods -o name").lines.first ?? ""
        let rest = "is not served: Drover runs commands on plain hosts and opens no connection to them; read pods/log instead"
        await session.check("exec \(pod) -- ls", "Error from server (BadRequest): pods/exec \(rest)", status: 1)
        try await session.find("attach \(pod)", "Error from server (BadRequest): pods/attach \(rest)", status: 1)
        try await session.find("port-forward \(pod) 18080:80", "error: error upgrading connection: pods/portforward \(rest)", status: 1)
        try await session.find("cp \(pod.dropFirst(4)):/etc/hostname copy", "Error from server (BadRequest): pods/exec \(rest)", status: 1)
    }

    @Test(arguments: KubectlVersion.ends) func appliesOnTheServer(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "applies")
        await session.check("apply --server-side -f -", "job.batch/pi serverside-applied", input: MatrixCoreTests.items("pi"))
        let other = MatrixCoreTests.items("pi", parallelism: 1)
        try await session.find(
            "apply --server-side --field-manager=other -f -",
            "error: Apply failed with 1 conflict: conflict with \"kubectl\": .spec.parallelism", status: 1, input: other)
        await session.check("apply --server-side --field-manager=other --force-conflicts -f -", "job.batch/pi serverside-applied", input: other)
        await session.check("apply --server-side --dry-run=server -f -", "job.batch/dry serverside-applied (server dry run)", input: MatrixCoreTests.items("dry"))
        await session.check("create --dry-run=server -f -", "job.batch/dry created (server dry run)", input: MatrixCoreTests.items("dry"))
        await session.check("get job dry", "Error from server (NotFound): jobs.batch \"dry\" not found", status: 1)
        try await session.find("get job pi -o yaml --show-managed-fields", "manager: other\nmanager: kubectl\noperation: Apply")
        let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\(MatrixCoreTests.items("one")), \(MatrixCoreTests.items("two"))]}"
        await session.check("create -f -", "job.batch/one created\njob.batch/two created", input: list)
        await session.check("delete jobs --all", "job.batch \"one\" deleted **\njob.batch \"pi\" deleted **\njob.batch \"two\" deleted **")
    }

    @Test(arguments: KubectlVersion.ends) func keepsOtherObjects(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "keeps")
        await session.check("create configmap conf --from-literal=a=b", "configmap/conf created")
        await session.check("create secret generic key --from-literal=a=b", "secret/key created")
        await session.check("create serviceaccount robot", "serviceaccount/robot created")
        await session.check("get cm conf", "NAME DATA AGE\nconf 1 *")
        await session.check("get secret key", "NAME TYPE DATA AGE\nkey Opaque 1 *")
        try await session.find("get sa", "robot *\ndefault *")
        await session.check("get secret key -o 'jsonpath={.data.a}'", "Yg==")
        try await session.find("describe cm conf", "Name: conf\na:\nb")
        await session.check("patch cm conf -p {\"data\":{\"c\":\"d\"}}", "configmap/conf patched")
        await session.check("get cm conf -o 'jsonpath={.data}'", "{\"a\":\"b\",\"c\":\"d\"}")
        let claim = """
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "disk"},
             "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
            """
        await session.check("apply -f -", "persistentvolumeclaim/disk created", input: claim)
        try await session.find("get pvc", "disk Bound **")
        let gone = ["configmap \"conf\"", "secret \"key\"", "serviceaccount \"robot\"", "persistentvolumeclaim \"disk\""]
        await session.check("delete cm/conf secret/key sa/robot pvc/disk", gone.map { $0 + " deleted **" }.joined(separator: "\n"))
        await session.check("run single --image=busybox --restart=Never --command -- echo alone", "pod/single created")
        await session.check("wait '--for=jsonpath={.status.phase}=Succeeded' pod/single --timeout=30s", "pod/single condition met")
        await session.check("logs single", "alone")
        try await session.find("delete namespace \(session.namespace)", "namespace \"\(session.namespace)\" deleted")
        await session.check("create job late --image=x -- true", "error: failed to create job: namespaces \"\(session.namespace)\" not found", status: 1)
    }

    @Test(arguments: KubectlVersion.ends) func readsTheSystem(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "system")
        try await session.find(
            "api-resources",
            """
            NAME SHORTNAMES APIVERSION NAMESPACED KIND
            jobs batch/v1 true Job
            pods po v1 true Pod
            nodes no v1 false Node
            configmaps cm v1 true ConfigMap
            events ev v1 true Event
            leases coordination.k8s.io/v1 true Lease
            """)
        try await session.find("api-versions", "batch/v1\nv1")
        try await session.find("explain job.spec", "parallelism <integer>\nsuccessPolicy <SuccessPolicy>\ntemplate <PodTemplateSpec> -required-")
        try await session.find("explain job.spec.template.spec.containers.command", "FIELD: command <[]string>")
        await session.check("auth can-i create jobs", "yes")
        try await session.find("auth can-i --list", "Resources Non-Resource URLs Resource Names Verbs\n*.* [] [] [*]")
        if version.release != "1.27" { try await session.find("auth whoami", "Username drover:local") }
        try await session.find("version", "Server Version: **")
        let node = try await session.run("get nodes -o 'jsonpath={.items[0].metadata.name}'").output
        await session.check("get nodes", "NAME STATUS ROLES AGE VERSION\n\(node) Ready <none> * *")
        await session.check("cordon \(node)", "node/\(node) cordoned")
        await session.check("get nodes", "NAME STATUS ROLES AGE VERSION\n\(node) Ready,SchedulingDisabled <none> * *")
        await session.check("create job held --image=busybox -- true", "job.batch/held created")
        await session.check("wait --for=condition=complete job/held --timeout=2s", "error: timed out waiting for the condition on jobs/held", status: 1)
        await session.check("uncordon \(node)", "node/\(node) uncordoned")
        await session.check("wait --for=condition=complete job/held --timeout=30s", "job.batch/held condition met")
        await session.check("taint node \(node) a=b:NoSchedule", "node/\(node) tainted")
        await session.check("taint node \(node) a-", "node/\(node) untainted")
        try await session.find("describe node \(node)", "Name: \(node)\nTaints: <none>\nReady True **")
        try await session.find("get lease -n kube-system", "drover * *")
    }
}
