import Foundation
import Testing

/// Limits where cgroup v2 has the controllers: in a virtual machine, since the host that runs the tests may not have it so.
/// A dollar sign is written twice: `$$` stands for one in commands.
@Suite(.enabled("needs qemu and a kernel") { VirtualMachine.lack == nil }) struct UnifiedCgroupTests {
    /// Says where a process is, by the names of a shell.
    private static let here = "g=/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)"

    private static func job(_ name: String, spec: [String] = ["backoffLimit: 0"], limits: String? = nil, beside: String = "", script: String) -> String {
        let fields = "        image: busybox" + (limits.map { "\n        resources: {limits: {\($0)}}" } ?? "")
        return Manifests.job(name, spec: spec, script: script).replacing("        image: busybox", with: fields) + beside
    }

    private static let files = [
        "memory.yaml": job(
            "memory", limits: "memory: 64Mi", script: "sleep 600 &\nhead -c 200000000 /dev/zero | tail -c 190000000 | wc -c; echo survived; wait"),
        "cores.yaml": job(
            "cores", limits: "cpu: 250m",
            script: """
                \(here)
                read start rest < /proc/uptime; timeout 4 sh -c 'while :; do :; done'; read end rest < /proc/uptime
                echo cores $(grep usage_usec $g/cpu.stat | cut -d' ' -f2) $start $end $(grep nr_throttled $g/cpu.stat | cut -d' ' -f2)
                """),
        "pids.yaml": job(
            "pids",
            script: """
                \(here)
                (i=0; while [ $i -lt 40 ]; do sleep 30 & i=$((i+1)); done; echo all) 2> /dev/null
                read limit < $g/pids.max; while read word count; do echo pids $limit $word $count; done < $g/pids.events
                """),
        "one.yaml": job(
            "one", spec: ["completions: 6", "parallelism: 1"], limits: "memory: 32Mi, cpu: 500m", script: "\(here); echo one $(cat $g/memory.max) $g"),
        "free.yaml": job("free", spec: ["completions: 6", "parallelism: 1"], script: "\(here); echo free $(cat $g/memory.max) $g"),
        "two.yaml": job(
            "two", spec: ["completions: 6", "parallelism: 1"], limits: "memory: 48Mi",
            beside: "      - {name: side, image: busybox, command: [/bin/sh, -c, '\(here); echo side $(cat $g/memory.max) $g'], resources: {limits: {memory: 24Mi}}}\n",
            script: "\(here); echo two $(cat $g/memory.max) $g"),
    ]

    private static let script = """
        cat /sys/fs/cgroup/cgroup.controllers
        find /sys/fs/cgroup -type d | sort > /tmp/before
        jobs=http://127.0.0.1:7480/apis/batch/v1/namespaces/default/jobs
        run() { drover run -f /files/$1.yaml --progress none; echo "status $?"; }
        post() { wget -qO /dev/null --header 'Content-Type: application/yaml' --post-file /files/$1.yaml $jobs || echo "not taken"; }
        over() { i=0; until [ $i -gt 100 ] || wget -qO- $jobs/$1 | grep -qE '"type": *"(Complete|Failed)"'; do sleep 0.3; i=$((i+1)); done; }
        up() { # FLAGS JOBS
            rm -rf /tmp/up*; drover up --data /tmp/up $1 > /tmp/up.out 2>&1 & up=$!
            until grep -q ^ready /tmp/up.out; do sleep 0.2; done
            for job in $2; do post $job; done; for job in $2; do over $job; done
            cat /tmp/up/worker/logs/*/*.log; kill $up; wait $up; echo "status $?"
        }
        echo "case memory"; run memory; echo "left $(ps | grep -c '[s]leep 600')"
        echo "case cores"; run cores
        echo "case mixed"; up "--slots 1" "one free two"
        echo "case pids"; up "--pod-pids-limit 20" pids; echo "left $(ps | grep -c '[s]leep 30')"
        echo "case after"; find /sys/fs/cgroup -type d | sort | diff /tmp/before - && echo same
        """

    @Test func limitsAreKept() async throws {
        let lines = try await VirtualMachine.run(Self.script, files: Self.files, limit: 240)
        #expect(lines.contains("the end"), "\(lines.joined(separator: "\n"))")
        var cases: [String: [String]] = [:], name = "boot"
        for line in lines { if line.hasPrefix("case ") { name = String(line.dropFirst(5)) } else { cases[name, default: []].append(line) } }
        #expect(cases["boot"]?.contains { $0.contains("cpu") && $0.contains("memory") && $0.contains("pids") } == true)
        let memory = cases["memory"] ?? []
        #expect(memory.contains { $0.contains("OOMKilled") } && !memory.contains("survived") && memory.contains("status 1") && memory.contains("left 0"), "\(memory)")
        try cores(cases["cores"] ?? [])
        try mixed(cases["mixed"] ?? [])
        let pids = cases["pids"] ?? []
        #expect(pids.contains { $0.hasPrefix("pids 20 max ") && !$0.hasSuffix(" 0") } && !pids.contains("all"), "\(pids)")
        #expect(pids.contains("left 0") && pids.contains("status 0"), "\(pids)")
        #expect(cases["after"]?.first == "same", "\(cases["after"] ?? [])")
    }

    /// A quarter of a core, as the kernel counts it.
    private func cores(_ lines: [String]) throws {
        let words = try #require(lines.first { $0.hasPrefix("cores ") }, "\(lines)").split(separator: " ").dropFirst().compactMap { Double($0) }
        try #require(words.count == 4)
        let share = words[0] / 1e6 / (words[2] - words[1])
        print("cgroup v2: a cpu hog under 250m takes \(share) of a core")
        #expect(share > 0.15 && share < 0.32 && words[3] > 0, "\(lines)")
    }

    /// Pods of one slot, by turns with limits, without any, and of several containers: each has its own.
    private func mixed(_ lines: [String]) throws {
        let told = Dictionary(grouping: lines.map { $0.split(separator: " ").map { String($0) } }.filter { $0.count == 3 }) { $0[0] }
        for (name, count, limit) in [("one", 6, "33554432"), ("free", 6, "max"), ("two", 6, "50331648"), ("side", 6, "25165824")] {
            #expect(told[name]?.count == count && told[name]?.allSatisfy { $0[1] == limit } == true, "\(name): \(lines)")
        }
        #expect(lines.contains("status 0"), "\(lines)")
    }
}
