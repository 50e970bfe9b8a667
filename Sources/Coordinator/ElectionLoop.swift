import Broker
import Logging

/// Keeps the lead, or takes it once the leader's renewal number has stood still for a whole lease on this replica's own clock.
struct ElectionLoop {
    let broker: any Broker
    let options: CoordinatorOptions
    let office: Office
    let time: any Timekeeper
    let logger: Logger

    /// Runs until cancelled.
    func run() async {
        let start = time.now
        var liveness = Liveness()
        var dead: Int64?
        var renewed = start
        while !Task.isCancelled {
            let sent = time.now
            do throws(BrokerError) {
                let leader = try await broker.elect(Candidate(instance: options.instance, address: options.address, deadRenewal: dead))
                if leader.instance == options.instance { renewed = sent }
                note(leader)
                let lost = liveness.observe([(leader.instance, leader.instance, leader.renewal, options.lease)], now: sent - start)
                dead = leader.instance != options.instance && !lost.isEmpty ? leader.renewal : nil
            } catch {
                // The store was away: nobody could renew.
                liveness.reset()
                if time.now - renewed >= options.lease { office.hold(nil) }
            }
            try? await time.sleep(for: options.lease / (office.epoch == nil ? 6 : 3))
        }
        office.hold(nil)
    }

    private func note(_ leader: LeaderRecord) {
        let isMine = leader.instance == options.instance
        if isMine && office.epoch != leader.epoch { logger.info("leading", metadata: ["epoch": "\(leader.epoch)"]) }
        if !isMine && office.epoch != nil { logger.warning("\(leader.instance) leads now") }
        office.hold(isMine ? leader.epoch : nil)
    }
}
