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

/// Carries calls to the wallet server, for an app that would rather use the platform's HTTP client.
public protocol HttpTransport: Sendable {
    /// Sends `request` with its header fields as they are and waits for the whole answer, 8 seconds at
    /// most. Every status is an answer, not a failure; redirects are not followed. The reply has all
    /// header fields, at most 64 of 16 KiB together. Called on a thread that may block.
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

final class LentKeyStore: TillsightCore.KeyStore {
    private let lent: any KeyStore

    init(lent: any KeyStore) { self.lent = lent }

    func seal(secret: Data) throws -> Data { try guarded { () throws(KeyStoreProblem) in try lent.seal(secret) } }

    func unseal(sealed: Data) throws -> Data { try guarded { () throws(KeyStoreProblem) in try lent.open(sealed) } }

    func forget() throws { try guarded { () throws(KeyStoreProblem) in try lent.forget() } }

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

final class LentClock: TillsightCore.Clock {
    private let lent: @Sendable () -> Date

    init(lent: @escaping @Sendable () -> Date) { self.lent = lent }

    func nowMs() -> Int64 { lent().millisecondsSince1970 }
}

final class LentLog: TillsightCore.Log {
    private let lent: @Sendable (LogLevel, LogEvent) -> Void

    init(lent: @escaping @Sendable (LogLevel, LogEvent) -> Void) { self.lent = lent }

    func log(level: LogLevel, event: LogEvent) { lent(level, event) }
}

final class LentTransport: TillsightCore.HttpTransport {
    private let lent: any HttpTransport

    init(_ lent: any HttpTransport) { self.lent = lent }

    func send(request: HttpRequest) throws -> HttpReply {
        do {
            return try lent.send(request)
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
