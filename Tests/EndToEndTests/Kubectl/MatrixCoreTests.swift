import Testing

/// What people do with Jobs all day, with each kubectl of this machine.
@Suite(.serialized, .sharedUp, .enabled(if: !KubectlVersion.all.isEmpty, "needs a kubectl.1.NN")) struct MatrixCoreTests {
    /// Three indexes that say which one they are.
    static func items(_ name: String, parallelism: Int = 2) -> String {
        """
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "\(name)", "labels": {"app": "pi"}}, "spec": {
          "completions": 3, "parallelism": \(parallelism), "completionMode": "Indexed",
          "template": {"metadata": {"labels": {"app": "pi"}}, "spec": {"restartPolicy": "Never", "containers": [
            {"name": "main", "image": "busybox:1", "command": ["/bin/sh", "-c", "echo item $JOB_COMPLETION_INDEX"]}]}}}}
        """
    }

    /// One that stays until it is stopped.
    static func slow(_ name: String) -> String {
        Manifests.job(name, script: "echo one\nsleep 600", pod: ["terminationGracePeriodSeconds: 1"])
    }

    @Test(arguments: KubectlVersion.all) func makesAndReads(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "reads")
        await session.check("create job made --image=busybox -- echo 'hello from made'", "job.batch/made created")
        await session.check("apply -f -", "job.batch/pi created", input: Self.items("pi"))
        await session.check("apply -f -", "job.batch/pi unchanged", input: Self.items("pi"))
        await session.check("apply -f -", "job.batch/pi configured", input: Self.items("pi", parallelism: 3))
        for parallelism in [2, 2, 3] {
            await session.check("apply --server-side -f -", "job.batch/ssa serverside-applied", input: Self.items("ssa", parallelism: parallelism))
        }
        await session.check("wait --for=condition=complete job/pi --timeout=30s", "job.batch/pi condition met")
        await session.check(
            "wait --for=condition=complete job --all --timeout=30s", "job.batch/made condition met\njob.batch/pi condition met\njob.batch/ssa condition met")
        try await tables(session)
        try await forms(session)
        try await pods(session)
    }

    private func tables(_ session: KubectlSession) async throws {
        let rows = "made Complete 1/1 * *\npi Complete 3/3 * *\nssa Complete 3/3 * *"
        await session.check("get jobs", "NAME STATUS COMPLETIONS DURATION AGE\n" + rows)
        await session.check("get job pi", "NAME STATUS COMPLETIONS DURATION AGE\npi Complete 3/3 * *")
        await session.check(
            "get jobs pi -o wide",
            "NAME STATUS COMPLETIONS DURATION AGE CONTAINERS IMAGES SELECTOR\npi Complete 3/3 * * main busybox:1 *")
        try await session.find("get jobs -A", "NAMESPACE NAME STATUS COMPLETIONS DURATION AGE\n\(session.namespace) pi Complete 3/3 * *")
        await session.check(
            "get all",
            """
            NAME READY STATUS RESTARTS AGE
            pod/made-* 0/1 Completed 0 *
            pod/pi-0-* 0/1 Completed 0 *
            pod/pi-1-* 0/1 Completed 0 *
            pod/pi-2-* 0/1 Completed 0 *
            pod/ssa-0-* 0/1 Completed 0 *
            pod/ssa-1-* 0/1 Completed 0 *
            pod/ssa-2-* 0/1 Completed 0 *
            NAME STATUS COMPLETIONS DURATION AGE
            job.batch/made Complete 1/1 * *
            job.batch/pi Complete 3/3 * *
            job.batch/ssa Complete 3/3 * *
            """)
    }

    private func forms(_ session: KubectlSession) async throws {
        await session.check("get jobs -o name", "job.batch/made\njob.batch/pi\njob.batch/ssa")
        await session.check("get jobs -o 'jsonpath={.items[*].metadata.name}'", "made pi ssa")
        await session.check("get jobs -o custom-columns=N:.metadata.name,S:.status.succeeded", "N S\nmade 1\npi 3\nssa 3")
        await session.check("get jobs -o 'go-template={{range .items}}{{.metadata.name}} {{end}}'", "made pi ssa")
        try await session.find("get job pi -o yaml", "apiVersion: batch/v1\nkind: Job\nname: pi\ncompletedIndexes: 0-2\nsucceeded: 3\ntype: Complete")
        try await session.find("get job pi -o json", "\"apiVersion\": \"batch/v1\",\n\"kind\": \"Job\",\n\"completedIndexes\": \"0-2\",")
        try await session.find(
            "describe job pi",
            """
            Name: pi
            Namespace: \(session.namespace)
            Selector: *
            Labels: app=pi
            Parallelism: 3
            Completions: 3
            Completion Mode: Indexed
            Start Time: **
            Completed At: **
            Duration: *
            Pods Statuses: 0 Active (0 Ready) / 3 Succeeded / 0 Failed
            Completed Indexes: 0-2
            Image: busybox:1
            Normal SuccessfulCreate * job-controller Created pod: *
            Normal Completed * job-controller Job completed
            """)
    }

    private func pods(_ session: KubectlSession) async throws {
        await session.check(
            "get pods -l job-name=pi", "NAME READY STATUS RESTARTS AGE\npi-0-* 0/1 Completed 0 *\npi-1-* 0/1 Completed 0 *\npi-2-* 0/1 Completed 0 *")
        await session.check("logs -l job-name=pi", "item 0\nitem 1\nitem 2", inAnyOrder: true)
        await session.check("logs job/made", "hello from made")
        let pod = try await session.run("get pods -l job-name=made -o name").lines.first ?? ""
        await session.check("logs \(pod) --timestamps --tail=1", "* hello from made")
        try await session.find(
            "describe \(pod)",
            "Name: *\nStatus: Succeeded\nControlled By: Job/made\nImage: busybox\nState: Terminated\nReason: Completed\nExit Code: 0\nReady: False")
    }

    @Test(arguments: KubectlVersion.all) func followsARun(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "follows")
        // A deletion between kubectl's list and its watch is only shown by a server that has been watched before.
        _ = try await session.up.send("GET", "/api/v1/pods?watch=true&timeoutSeconds=1")
        await session.check("create -f -", "job.batch/slow created", input: Self.slow("slow"))
        await session.check("wait '--for=jsonpath={.status.ready}=1' job/slow --timeout=30s", "job.batch/slow condition met")
        let log = try session.start("logs -f job/slow")
        defer { log.end() }
        #expect(await wait(seconds: 30) { log.output == "one\n" }, "\(log.output) \(log.errors)")
        try await session.watch("get jobs -w", "NAME STATUS COMPLETIONS DURATION AGE\nslow Running 0/1 * *\nslow Suspended 0/1 *") {
            try await session.watch("get pods -w", "NAME READY STATUS RESTARTS AGE\nslow-* 1/1 Running 0 *\nslow-* **") {
                await session.check("patch job slow -p {\"spec\":{\"suspend\":true}}", "job.batch/slow patched")
            }
        }
        await session.check("wait --for=condition=Suspended job/slow --timeout=30s", "job.batch/slow condition met")
        let ended = try await log.finish(limit: 30)
        #expect(ended.status == 0 && ended.output == "one\n", "\(ended)")
    }

    @Test(arguments: KubectlVersion.all) func edits(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "edits")
        await session.check("apply -f -", "job.batch/pi created", input: Self.items("pi"))
        await session.check("wait --for=condition=complete job/pi --timeout=30s", "job.batch/pi condition met")
        await session.check("patch job pi -p {\"metadata\":{\"labels\":{\"s\":\"1\"}}}", "job.batch/pi patched")
        await session.check("patch job pi --type=merge -p {\"metadata\":{\"labels\":{\"m\":\"1\"}}}", "job.batch/pi patched")
        await session.check(
            "patch job pi --type=json -p [{\"op\":\"add\",\"path\":\"/metadata/labels/j\",\"value\":\"1\"}]", "job.batch/pi patched")
        await session.check("label job pi l=1", "job.batch/pi labeled")
        await session.check("label job pi m-", "job.batch/pi unlabeled")
        await session.check("label job pi l=2", "error: 'l' already has a value (1), and --overwrite is false", status: 1)
        let word = version.release == "1.27" ? "annotate" : "annotated"
        await session.check("annotate job pi note=hi", "job.batch/pi \(word)")
        await session.check("get job pi --show-labels", "NAME STATUS COMPLETIONS DURATION AGE LABELS\npi Complete 3/3 * * app=pi,j=1,l=1,s=1")
        await session.check("edit job pi", "job.batch/pi edited", editor: "sed -i s/parallelism:.2/parallelism:\\ 5/")
        await session.check("edit job pi", "Edit cancelled, no changes made.", editor: "true")
        await session.check("get job pi -o 'jsonpath={.spec.parallelism} {.metadata.annotations.note}'", "5 hi")
        try await session.find("diff -f -", "- parallelism: 5\n+ parallelism: 1", status: 1, input: Self.items("pi", parallelism: 1))
        await session.check("diff -f -", "", input: Self.items("pi", parallelism: 5))
        let written = try await session.run("get job pi -o json").output.replacing("\"parallelism\": 5", with: "\"parallelism\": 4")
        await session.check("replace -f -", "job.batch/pi replaced", input: written)
        let stale = "Error from server (Conflict): error when replacing \"STDIN\": Operation cannot be fulfilled on jobs.batch \"pi\": the object has been modified; **"
        await session.check("replace -f -", stale, status: 1, input: written)
        await session.check("replace --force -f -", "job.batch \"pi\" deleted **\njob.batch/pi replaced", input: Self.items("pi"))
    }

    @Test(arguments: KubectlVersion.all) func deletes(_ version: KubectlVersion) async throws {
        let session = try await KubectlSession(version, "deletes")
        for name in ["background", "foreground", "orphan"] {
            await session.check("create -f -", "job.batch/\(name) created", input: Self.slow(name))
            await session.check("wait '--for=jsonpath={.status.ready}=1' job/\(name) --timeout=30s", "job.batch/\(name) condition met")
        }
        for cascade in ["background", "foreground", "orphan"] {
            await session.check("delete job \(cascade) --cascade=\(cascade)", "job.batch \"\(cascade)\" deleted **")
            await session.check("get job \(cascade)", "Error from server (NotFound): jobs.batch \"\(cascade)\" not found", status: 1)
        }
        // It says something only about pods that are still there.
        let gone = try await session.run("wait --for=delete pod -l job-name=background --timeout=30s")
        #expect(gone.status == 0, "\(gone)")
        await session.check("get pods -l job-name=foreground", "No resources found in \(session.namespace) namespace.")
        await session.check("get pods", "NAME READY STATUS RESTARTS AGE\n* 1/1 Running 0 *")
        await session.check("delete pods --all", "pod * deleted **")
        await session.check("get pods", "No resources found in \(session.namespace) namespace.")
    }
}
