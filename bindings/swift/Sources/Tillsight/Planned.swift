import Foundation
import TillsightCore

/// Who reads the plans: one reader at a time.
final class Planned: Sendable {
    private struct Reader {
        let id: UUID
        let plans: AsyncStream<SensingPlan>.Continuation
    }

    private let reader = Guarded<Reader?>(nil)

    /// A stream for a new reader, whom the core is told of by `listen`; with `nil` when it leaves.
    func stream(
        _ listen: @escaping @Sendable (TillsightCore.PlanListener?) throws -> Void
    ) throws -> AsyncStream<SensingPlan> {
        let (stream, plans) = AsyncStream.makeStream(
            of: SensingPlan.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        replace(Reader(id: id, plans: plans))
        plans.onTermination = { [weak self] _ in
            guard let self, self.leave(id) else { return }
            try? listen(nil)
        }
        try listen(PlanRelay(plans: plans))
        return stream
    }

    func finish() { replace(nil) }

    private func replace(_ next: Reader?) {
        let last = reader.with { slot in
            defer { slot = next }
            return slot
        }
        last?.plans.finish()
    }

    /// Whether it was this reader that read.
    private func leave(_ id: UUID) -> Bool {
        reader.with { slot in
            guard slot?.id == id else { return false }
            slot = nil
            return true
        }
    }
}

/// The core's listener: passes each plan on from the core's own thread.
private final class PlanRelay: TillsightCore.PlanListener {
    private let plans: AsyncStream<SensingPlan>.Continuation

    init(plans: AsyncStream<SensingPlan>.Continuation) { self.plans = plans }

    func onPlan(plan: SensingPlan) { plans.yield(plan) }
}
