import Synchronization

/// Shows the progress on stderr. A terminal that pods' output goes to as well shows both: who writes output takes the bar away first.
///
/// Writes may block as long as a terminal is held up (Ctrl-S): call it from a task that may wait. SIGPIPE must be ignored.
final class ProgressDisplay: Sendable {
    private struct Shown {
        var pace: ProgressPace
        var isBarVisible = false
        /// No frame before this, in ms: output is being written.
        var quietUntil = Int64.min
        /// Nobody reads stderr any more.
        var isDead = false
        /// Output ended in the middle of a line, which a bar would overwrite.
        var isLineOpen = false
    }

    let style: ProgressMode.Style
    private let terminal: Terminal
    private let shown: Mutex<Shown>
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    init(_ mode: ProgressMode, on terminal: Terminal = .stderr) {
        style = mode.style(isTerminal: terminal.isCapable)
        self.terminal = terminal
        shown = Mutex(Shown(pace: ProgressPace(style)))
    }

    /// Milliseconds for `ProgressState`.
    var now: Int64 {
        let (seconds, attoseconds) = start.duration(to: clock.now).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// Shows a state if a frame or line is due. Call it some ten times a second with a bar, else once a second.
    func show(_ state: ProgressState) {
        shown.withLock { shown in
            guard !shown.isDead, now >= shown.quietUntil, shown.pace.isDue(state) else { return }
            draw(state, &shown)
        }
    }

    /// The last state of a run: a last line, or the bar taken away for the summary.
    func finish(_ state: ProgressState) {
        shown.withLock { shown in
            if style == .bar || style == .none { return erase(&shown) }
            draw(state, &shown)
        }
    }

    /// Takes the bar away so that output can be written at once after; it stays away for a tenth of a second.
    func clear() {
        shown.withLock { shown in
            erase(&shown)
            if style == .bar { shown.quietUntil = now + 100 }
        }
    }

    /// Writes output with the bar away for exactly as long. `body` says whether what it wrote ended in the middle of a line;
    /// it must not call the display.
    func whileCleared(_ body: () -> Bool) {
        shown.withLock { shown in
            erase(&shown)
            shown.isLineOpen = body() && style == .bar
        }
    }

    /// Writes a line of text of its own to stderr.
    func say(_ line: String) {
        shown.withLock { shown in
            erase(&shown)
            write(line + "\n", &shown)
        }
    }

    private func draw(_ state: ProgressState, _ shown: inout Shown) {
        switch style {
        case .none: return
        case .plain: write(ProgressLine.plain(state) + "\n", &shown)
        case .json: write(state.json + "\n", &shown)
        case .bar:
            // The last column stays free: some terminals wrap as soon as it is written.
            write((shown.isLineOpen ? "\n" : "\r") + ProgressLine.bar(state, width: terminal.width - 1) + "\u{1b}[K", &shown)
            (shown.isBarVisible, shown.isLineOpen) = (true, false)
        }
    }

    private func erase(_ shown: inout Shown) {
        if shown.isBarVisible { write("\r\u{1b}[K", &shown) }
        shown.isBarVisible = false
    }

    private func write(_ text: String, _ shown: inout Shown) {
        if !shown.isDead { shown.isDead = !terminal.write(Array(text.utf8)) }
    }
}
