/// When the next line or frame of the progress is due; pure, times in ms.
struct ProgressPace: Sendable {
    private let style: ProgressMode.Style
    private var shown: (at: Int64, counts: ProgressState.Counts, tenth: Int)?

    init(_ style: ProgressMode.Style) { self.style = style }

    /// Whether the state is to be shown now. Says yes once for each: the caller shows it.
    ///
    /// A bar is drawn ten times a second at most. Plain lines come at each tenth of the total, and every 5 s if something changed;
    /// JSON every second if something changed. Both once a minute, so that nobody takes a long item for a hang.
    mutating func isDue(_ state: ProgressState) -> Bool {
        let tenth = Int((state.fraction ?? 0) * 10)
        guard let last = shown else {
            shown = (state.now, state.counts, tenth)
            return style == .bar || style == .json
        }
        guard isDue(state, after: last, tenth) else { return false }
        shown = (state.now, state.counts, tenth)
        return true
    }

    private func isDue(_ state: ProgressState, after last: (at: Int64, counts: ProgressState.Counts, tenth: Int), _ tenth: Int) -> Bool {
        let passed = state.now - last.at, changed = state.counts != last.counts
        switch style {
        case .none: return false
        case .bar: return passed >= 100
        case .json: return passed >= (changed ? 1000 : 60_000)
        case .plain: return tenth > last.tenth && !state.isComplete || passed >= (changed ? 5000 : 60_000)
        }
    }
}
