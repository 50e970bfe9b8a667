import Broker
import Synchronization

/// Where slots wait for work. A signal that finds nobody waiting lets the next one through, so none is lost; of many idle slots one at
/// a time asks the store.
final class Parking: Sendable {
    /// Why a slot goes on.
    enum Word: Sendable {
        /// There may be work: it is to ask.
        case ask
        case take(Handout)
    }

    /// The answer to a slot's next call, which came with the news.
    struct Handout: Sendable {
        var sequence: Int64
        var grant: Grant
        /// The node's registration when it came.
        var registration: Int
    }

    private struct State {
        var waiting: [(slot: Int, continuation: CheckedContinuation<Word?, Never>)] = []
        /// What slots that did not wait have been told.
        var words: [Int: Word] = [:]
        var isSignalled = false
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Waits for a signal, or a word for this slot; nil when the worker drains.
    /// - Parameter sequence: of the slot's last call; what was handed out for an earlier one is void.
    func park(_ slot: Int, after sequence: Int64) async -> Word? {
        await withCheckedContinuation { continuation in
            let answer: Word?? = state.withLock { state in
                if state.isClosed { return .some(nil) }
                switch state.words.removeValue(forKey: slot) {
                case .take(let handout) where handout.sequence > sequence: return .take(handout)
                case .ask: return .ask
                default: break
                }
                if state.isSignalled {
                    state.isSignalled = false
                    return .ask
                }
                state.waiting.append((slot, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// There may be work for one more.
    func signal() {
        let next = state.withLock { state -> CheckedContinuation<Word?, Never>? in
            if state.waiting.isEmpty { state.isSignalled = true }
            return state.waiting.popLast()?.continuation
        }
        next?.resume(returning: .ask)
    }

    /// A word for one slot, now or when it comes to wait.
    /// - Returns: false if it will not, as the worker drains.
    func tell(_ slot: Int, _ word: Word) -> Bool {
        let (isTaken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Word?, Never>?) in
            if state.isClosed { return (false, nil) }
            if let at = state.waiting.firstIndex(where: { $0.slot == slot }) { return (true, state.waiting.remove(at: at).continuation) }
            if case .take? = state.words[slot], case .ask = word { return (true, nil) }
            state.words[slot] = word
            return (true, nil)
        }
        waiter?.resume(returning: word)
        return isTaken
    }

    /// Sends all home, now and later.
    /// - Returns: the words for slots that did not come to wait.
    @discardableResult
    func close() -> [Int: Word] {
        let (all, words) = state.withLock { state in
            state.isClosed = true
            defer { (state.waiting, state.words) = ([], [:]) }
            return (state.waiting, state.words)
        }
        for one in all { one.continuation.resume(returning: nil) }
        return words
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
}
