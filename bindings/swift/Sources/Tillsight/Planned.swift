import Foundation
import TillsightCore

/// Who reads the plans, or the notices: one reader at a time.
final class OneReader<Value: Sendable>: Sendable {
    private struct Reader {
        let id: UUID
        let values: AsyncStream<Value>.Continuation
    }

    private let reader = Guarded<Reader?>(nil)

    /// A stream for a new reader, whom the core is told of by `listen`; with `nil` when it leaves.
    func stream(
        _ kept: AsyncStream<Value>.Continuation.BufferingPolicy,
        _ listen: @escaping @Sendable (AsyncStream<Value>.Continuation?) throws -> Void
    ) throws -> AsyncStream<Value> {
        let (stream, values) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: kept)
        let id = UUID()
        replace(Reader(id: id, values: values))
        values.onTermination = { [weak self] _ in
            guard let self, self.leave(id) else { return }
            try? listen(nil)
        }
        try listen(values)
        return stream
    }

    func finish() { replace(nil) }

    private func replace(_ next: Reader?) {
        let last = reader.with { slot in
            defer { slot = next }
            return slot
        }
        last?.values.finish()
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
final class PlanRelay: TillsightCore.PlanListener {
    private let plans: AsyncStream<SensingPlan>.Continuation

    init(plans: AsyncStream<SensingPlan>.Continuation) { self.plans = plans }

    func onPlan(plan: SensingPlan) { plans.yield(plan) }
}
