import Glibc
import Testing

@testable import Worker

/// What a process sees and may do, as the child makes it between clone and exec.
@Suite(.enabled(if: geteuid() == 0)) struct ViewTests {
    private func bind(_ source: String, _ subPath: String? = nil, at target: String, isReadOnly: Bool = false) -> FileView.Mount {
        .init(.bind(source, subPath: subPath), at: target, isReadOnly: isReadOnly)
    }

    private func mountTable() -> String { readSmallFile("/proc/self/mountinfo") ?? "" }

    @Test func mountsAreThePodsAlone() async throws {
        let scratch = Scratch(), before = mountTable()
        mkdir(scratch.path + "/source", 0o755)
        _ = scratch.write("source/file", "hello\n")
        let target = scratch.path + "/a/b"
        let result = try await run("cat \(target)/file; echo x > \(target)/new; { echo y > \(target)/ro/new; } 2>/dev/null || echo shut; cat \(target)/one") {
            $0.view = FileView(mounts: [
                bind(scratch.path + "/source", at: target + "/ro", isReadOnly: true), bind(scratch.path + "/source/file", at: target + "/one"),
                bind(scratch.path + "/source", at: target),
            ])
        }
        #expect(result.output == "hello\nshut\nhello\n")
        #expect(scratch.read("source/new") == "x\n" && directoryEntries(target).isEmpty, "the host sees the mount")
        #expect(mountTable() == before)
    }

    @Test func noLinkLeadsOutOfAVolume() async throws {
        let scratch = Scratch()
        mkdir(scratch.path + "/volume", 0o755)
        symlink("/etc", scratch.path + "/volume/out")
        symlink("inner", scratch.path + "/volume/in")
        mkdir(scratch.path + "/volume/inner", 0o755)
        for part in ["out", "out/x", "../volume2"] {
            var spec = shell("true")
            spec.view = FileView(mounts: [bind(scratch.path + "/volume", part, at: scratch.path + "/t")])
            let error = #expect(throws: SpawnError.self) { try reaper.spawn(spec) }
            #expect(error?.stage == .mounts && error?.code == EXDEV && error?.subject == scratch.path + "/t", "\(part): \(String(describing: error))")
        }
        let result = try await run("echo 1 > \(scratch.path)/t/x; echo 2 > \(scratch.path)/u/y") {
            $0.view = FileView(mounts: [
                bind(scratch.path + "/volume", "in", at: scratch.path + "/t"), bind(scratch.path + "/volume", "new/deep", at: scratch.path + "/u"),
            ])
        }
        #expect(result.status == .exited(0) && scratch.read("volume/inner/x") == "1\n" && scratch.read("volume/new/deep/y") == "2\n", "\(result.output)")
    }

    @Test func readOnlyRoot() async throws {
        let result = try await run("touch /x /var/x /usr/x 2>&1 | grep -c Read-only; echo 1 > /dev/null && touch /tmp/y && ls /tmp | wc -l") {
            $0.view = FileView(mounts: [.init(.memory(bytes: nil, mode: 0o1777, group: nil), at: "/tmp")], isRootReadOnly: true)
        }
        #expect(result.output == "3\n1\n")
        #expect(access("/tmp/y", F_OK) != 0)
    }

    @Test func memoryIsLimitedAndStaysWithItsPod() async throws {
        let scratch = Scratch(), before = mountTable()
        let place = scratch.path + "/memory"
        mkdir(place, 0o755)
        let base = try FileView(mounts: [.init(.memory(bytes: 1 << 20, mode: 0o777, group: nil), at: place)]).make()
        var view = FileView(mounts: [bind(place, at: scratch.path + "/seen")])
        view.base = base
        let first = try await run("stat -f -c %T \(scratch.path)/seen; head -c 2000000 /dev/zero > \(scratch.path)/seen/big 2>/dev/null || echo full; echo kept > \(scratch.path)/seen/f") { $0.view = view }
        #expect(first.output.hasPrefix("tmpfs\nfull\n"), "\(first.output)")
        #expect(try await run("cat \(scratch.path)/seen/f 2>&1; ls \(scratch.path)/seen") { $0.view = view }.output.contains("big"))
        #expect(directoryEntries(place).isEmpty && mountTable() == before)
    }

    @Test func capabilitiesAreBounded() async throws {
        let status = "grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)|NoNew|^Seccomp:' /proc/self/status | cut -f2 | sort | uniq -c | tr -s ' '"
        let none = try await run(status) { ($0.capabilities, $0.noNewPrivileges) = (0, true) }
        #expect(none.output == " 1 0\n 5 0000000000000000\n 1 1\n")
        let one = try await run("grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | cut -f2 | uniq") { $0.capabilities = 1 << 5 }
        #expect(one.output == "0000000000000020\n")
    }

    @Test func filterDeniesWhatRuntimesDeny() async throws {
        let script = "grep ^Seccomp: /proc/self/status | cut -f2; unshare -n true 2>/dev/null || echo denied; id -u; echo ok | cat"
        for user: UInt32? in [nil, 65534] {
            let result = try await run(script) { ($0.filter, $0.user) = (.runtimeDefault, user) }
            #expect(result.output == "2\ndenied\n\(user ?? 0)\nok\n")
        }
        let administrator = try await run("unshare -n true && echo allowed") { $0.filter = .administrator }
        #expect(administrator.output == "allowed\n")
    }

    /// As one who is not root: a user namespace in which it is itself.
    @Test func ordinaryUser() async throws {
        let view = "id -u; touch /x 2>/dev/null || echo shut; grep CapEff /proc/self/status | cut -f2"
        let helper = try await run("setpriv --reuid 65534 --regid 65534 --clear-groups unshare -U -m true && echo able")
        guard helper.output == "able\n" else { return }
        var own = FileView(isRootReadOnly: true)
        own.usesUserNamespace = true
        // This process is root, so the map is root's: what counts is that the way through a namespace works.
        let result = try await run(view) { ($0.view, $0.capabilities) = (own, 0) }
        #expect(result.output == "0\nshut\n0000000000000000\n")
    }
}
