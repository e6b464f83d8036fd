import Dispatch

/// Runs blocking `work` on a thread that may block, and gives up waiting when the task is cancelled:
/// the work then ends unseen.
func beside<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try Task.checkCancellation()
    let waiting = Guarded<CheckedContinuation<T, any Error>?>(nil)
    // Taken by whoever comes first: the work, or the cancellation.
    @Sendable func resume(_ outcome: Result<T, any Error>) {
        let taken = waiting.with { slot in
            defer { slot = nil }
            return slot
        }
        taken?.resume(with: outcome)
    }
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            waiting.with { $0 = continuation }
            // Not the cooperative pool: a call may wait for the server.
            DispatchQueue.global(qos: .userInitiated).async { resume(Result { try work() }) }
            // Cancelled between the check above and here: the handler found nobody waiting.
            if Task.isCancelled { resume(.failure(CancellationError())) }
        }
    } onCancel: {
        resume(.failure(CancellationError()))
    }
}
