import Foundation
import TillsightCore

/// Seals and opens small secrets with a key that never leaves the platform. Called from any thread,
/// one secret of 32 bytes at a time.
public protocol KeyStore: Sendable {
    /// Encrypts and authenticates `secret` for this app on this phone.
    func seal(_ secret: Data) throws(KeyStoreProblem) -> Data

    /// The reverse of ``seal(_:)``.
    func open(_ sealed: Data) throws(KeyStoreProblem) -> Data

    /// Deletes the platform's key: nothing it sealed opens ever again, and the next ``seal(_:)`` makes
    /// another. Called at log-out. A key that is gone already is no failure.
    func forget() throws(KeyStoreProblem)
}

/// Why the platform's key store gave nothing.
public enum KeyStoreProblem: Error, Equatable, Sendable {
    /// Locked until the phone is unlocked; the same call may work later.
    case locked
    /// The key is gone (restored backup, changed lock screen): the member logs in again.
    case lost
}

/// Carries calls to the wallet server, for an app that would rather use the platform's HTTP client: with
/// its proxy and its trust. ``UrlSessionTransport`` is one.
public protocol HttpTransport: Sendable {
    /// Sends `request` with its header fields as they are and waits for the whole answer, 8 seconds at
    /// most, and for its head as long as the request says. Every status is an answer, not a failure;
    /// redirects are not followed. The reply has all header fields, at most 64 of 16 KiB together. Called
    /// on a thread that may block; several calls may be under way at once.
    func send(_ request: HttpRequest) throws(HttpProblem) -> HttpReply
}

/// Why nothing usable came back.
public enum HttpProblem: Error, Equatable, Sendable {
    /// No connection, or it broke.
    case unreachable
    /// No complete answer in time.
    case timeout
    /// The answer is larger than 8 MiB.
    case tooLarge
}

final class KeyStoreAdapter: TillsightCore.KeyStore {
    private let delegate: any KeyStore

    init(delegate: any KeyStore) { self.delegate = delegate }

    func seal(secret: Data) throws -> Data { try guarded { () throws(KeyStoreProblem) in try delegate.seal(secret) } }

    func unseal(sealed: Data) throws -> Data { try guarded { () throws(KeyStoreProblem) in try delegate.open(sealed) } }

    func forget() throws { try guarded { () throws(KeyStoreProblem) in try delegate.forget() } }

    private func guarded<T>(_ call: () throws(KeyStoreProblem) -> T) throws -> T {
        do {
            return try call()
        } catch .locked {
            throw KeyStoreError.Locked
        } catch {
            throw KeyStoreError.Lost
        }
    }
}

final class ClockAdapter: TillsightCore.Clock {
    private let delegate: @Sendable () -> Date

    init(delegate: @escaping @Sendable () -> Date) { self.delegate = delegate }

    func nowMs() -> Int64 { delegate().millisecondsSince1970 }
}

final class LogAdapter: TillsightCore.Log {
    private let delegate: @Sendable (LogLevel, LogEvent) -> Void

    init(delegate: @escaping @Sendable (LogLevel, LogEvent) -> Void) { self.delegate = delegate }

    func log(level: LogLevel, event: LogEvent) { delegate(level, event) }
}

final class TransportAdapter: TillsightCore.HttpTransport {
    private let delegate: any HttpTransport

    init(_ delegate: any HttpTransport) { self.delegate = delegate }

    func send(request: HttpRequest) throws -> HttpReply {
        do {
            return try delegate.send(request)
        } catch .unreachable {
            throw HttpFailure.Unreachable
        } catch .timeout {
            throw HttpFailure.Timeout
        } catch {
            throw HttpFailure.TooLarge
        }
    }
}

extension Date {
    /// Milliseconds since 1970, held within what 64 bits say.
    var millisecondsSince1970: Int64 {
        Int64(exactly: (timeIntervalSince1970 * 1000).rounded()) ?? (self < Date() ? .min : .max)
    }
}
