import Foundation

/// A small machine under software emulation: a Debian kernel whose root, in memory, holds busybox, redis-server and this build's `drover`.
/// `DROVER_TEST_VM=1 deploy/test` fetches what it takes.
enum VirtualMachine {
    static let kernel = ProcessInfo.processInfo.environment["DROVER_TEST_KERNEL"] ?? projectRoot + "/.build/vm/vmlinuz"
    private static let parts = ["qemu-system-x86_64", "busybox", "redis-server", "strip", "ldd"]

    /// What is missing to run one; nil: nothing.
    static let lack: String? = {
        let missing = parts.first { Shell.run("command -v \($0)") != 0 } ?? (FileManager.default.fileExists(atPath: kernel) ? nil : kernel)
        if let missing { print("no virtual machine, cgroup v2 with controllers is not tested: \(missing) is missing (DROVER_TEST_VM=1 deploy/test fetches it)") }
        return missing
    }()

    /// Boots it, runs a shell script with some files at hand in /files, and gives what was printed. It ends with the script.
    static func run(_ script: String, files: [String: String], limit: Double) async throws -> [String] {
        let scratch = try Scratch(), root = scratch.path("root")
        try FileManager.default.createDirectory(atPath: root + "/files", withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: root + "/files/" + name, atomically: false, encoding: .utf8) }
        try (start + script + "\necho the end\npoweroff -f\n").write(toFile: root + "/init", atomically: false, encoding: .utf8)
        guard Shell.run("root=\(root) drover=\(Drover.path)\n\(fill)") == 0 else { throw CocoaError(.fileWriteUnknown) }
        let arguments = [
            "qemu-system-x86_64", "-machine", "pc", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024", "-nic", "none", "-nographic", "-no-reboot",
            "-kernel", kernel, "-initrd", scratch.path("initrd"), "-append", "console=ttyS0 quiet panic=-1 rdinit=/init",
        ]
        let command = try Command("/usr/bin/env", arguments)
        defer { command.end() }
        let output = try await command.finish(limit: limit).output
        return output.split(whereSeparator: \.isNewline).map { String($0) }
    }

    /// Fills the root with programs and the libraries that they need, and packs it.
    private static let fill = """
        set -e
        mkdir -p $root/bin $root/proc $root/sys $root/dev $root/tmp $root/run $root/etc
        cp "$(readlink -f "$(command -v busybox)")" $root/bin/busybox
        cp "$(readlink -f "$(command -v redis-server)")" $root/bin/redis-server
        for program in $root/bin/busybox $root/bin/redis-server $drover; do
            for library in $(ldd $program | grep -o '/[^ ]*'); do mkdir -p $root${library%/*}; cp -L $library $root$library; done
        done
        strip -o $root/bin/drover $drover
        chmod +x $root/init
        cd $root
        find . | busybox cpio -o -H newc > ../initrd
        """

    private static let start = """
        #!/bin/busybox sh
        /bin/busybox --install -s /bin
        mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
        mkdir -p /dev/shm; mount -t tmpfs tmp /tmp; mount -t tmpfs run /run; mount -t tmpfs shm /dev/shm
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        ip link set lo up
        echo 1 > /proc/sys/kernel/printk
        export PATH=/bin HOME=/tmp TMPDIR=/tmp

        """
}
