import CLinux
import Glibc

/// How pods end. "Nothing survives its pod": an attempt counts as ended when `finish` has returned.
public enum Termination {
    /// Waits for the main process, then ends what it left behind. The usual case, nothing left, costs one read.
    public static func finish(_ pod: PodProcesses) async -> RunningProcess.End {
        let end = await pod.main.end()
        await clear(pod)
        return end
    }

    /// SIGTERM to every process; what still runs after `grace`, or after the main process's end, is killed.
    /// Zero grace kills at once.
    public static func end(_ pod: PodProcesses, grace: Duration) async -> RunningProcess.End {
        if grace > .zero {
            pod.send(signal: SIGTERM)
            // A stopped process would take its SIGTERM only when continued.
            pod.send(signal: SIGCONT)
            _ = await poll(timeout: grace) { pod.main.status != nil }
        }
        if pod.main.status == nil { pod.kill() }
        return await finish(pod)
    }

    /// Kills whatever is left, again and again until nothing is. False after `timeout`: a process hangs in the kernel (state D).
    @discardableResult
    public static func clear(_ pod: PodProcesses, timeout: Duration = .seconds(10)) async -> Bool {
        if pod.isEmpty { return true }
        return await poll(timeout: timeout) {
            if pod.isEmpty { return true }
            pod.kill()
            return false
        }
    }
}
