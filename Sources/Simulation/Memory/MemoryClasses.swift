import BatchAPI
import Broker

/// Placement classes: Classes. A class is named by the text of its terms here.
extension MemoryBroker {
    /// A Job has this class from now on. The nodes hear of one that is new.
    func use(_ placement: String) {
        if placement.isEmpty || classNumbers[placement] != nil { return }
        classNumbers[placement] = (classNumbers.values.max() ?? 0) + 1
        for node in members.keys.sorted() { tell(node, .classes) }
    }

    public func classes(node: String, epoch: String, after number: Int64) async throws(BrokerError) -> ClassPage {
        // A store that came back older counts anew.
        let present = String(incarnation), after = epoch == present ? number : 0
        let new = classNumbers.filter { $0.value > after }.sorted { $0.value < $1.value }
        let classes = new.map { text, _ in
            PlacementClass(id: text, terms: PlacementTerms((try? Value.parse(json: Array(text.utf8))) ?? .null))
        }
        let written = kept[["nodes", "", node]]?.value
        return ClassPage(epoch: present, number: new.last?.value ?? after, classes: classes, isPart: false, written: written)
    }
}
