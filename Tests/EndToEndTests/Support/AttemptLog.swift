import Foundation

/// What the items of a test wrote about themselves. Each attempt holds a lock while it lives, so two live ones of an item betray themselves
/// at once; the kernel lets go of the lock with the last of the attempt's processes.
struct AttemptLog {
    let folder: String

    /// The script of an item that takes `seconds`.
    func script(seconds: Double) -> String {
        """
        i=$JOB_COMPLETION_INDEX
        exec 9>>\(folder)/lock.$i
        flock -n 9 || echo "overlap $i" >> \(folder)/log
        echo "start $i" >> \(folder)/log
        sleep \(seconds)
        echo "end $i" >> \(folder)/log
        """
    }

    private var lines: [Substring] {
        ((try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "").split(separator: "\n")
    }

    func count(_ word: String) -> Int { lines.filter { $0.hasPrefix(word + " ") }.count }
    var overlaps: [Substring] { lines.filter { $0.hasPrefix("overlap ") } }
    /// Items that reached their end.
    var ended: Set<Int> { Set(lines.filter { $0.hasPrefix("end ") }.compactMap { Int($0.dropFirst(4)) }) }
}
