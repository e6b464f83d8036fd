import Foundation

/// The newest screen and who is told of it.
final class Shown<Screen: Drawn>: Sendable {
    private struct State {
        var newest: Screen
        var readers: [UUID: AsyncStream<Screen>.Continuation] = [:]
        var finished = false
    }

    private let state: Guarded<State>

    init(_ first: Screen) { state = Guarded(State(newest: first)) }

    var newest: Screen { state.with { $0.newest } }

    func show(_ screen: Screen) {
        state.with { state in
            // A call's answer and the listener's may cross on their way here.
            if let drawing = screen.drawing, let newest = state.newest.drawing, drawing < newest {
                return
            }
            state.newest = screen
            for reader in state.readers.values { reader.yield(screen) }
        }
    }

    func stream() -> AsyncStream<Screen> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { reader in
            let id = UUID()
            reader.onTermination = { [weak self] _ in
                self?.state.with { $0.readers[id] = nil }
            }
            let over = state.with { state in
                reader.yield(state.newest)
                if !state.finished { state.readers[id] = reader }
                return state.finished
            }
            if over { reader.finish() }
        }
    }

    func finish() {
        let readers = state.with { state in
            state.finished = true
            return Array(state.readers.values)
        }
        for reader in readers { reader.finish() }
    }
}

/// A value that one thread at a time may touch.
final class Guarded<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func with<T>(_ body: (inout Value) throws -> T) rethrows -> T {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}

/// A screen that says which drawing it is.
protocol Drawn: Sendable {
    /// Of two screens the one with the larger number is newer; `nil` when there is nothing to draw.
    var drawing: UInt64? { get }
}

extension SettlementScreen: Drawn {
    var drawing: UInt64? { revision }
}
extension DepositScreen: Drawn {
    var drawing: UInt64? { revision }
}
extension Optional: Drawn where Wrapped == PaymentScreen {
    var drawing: UInt64? { self?.revision }
}
