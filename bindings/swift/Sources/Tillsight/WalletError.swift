import Foundation
import TillsightCore

/// Why a call gave no screen. The words for the person are the app's; ``advice`` says which.
public enum WalletError: Error, Equatable, Sendable {
    /// What was sensed cannot be used; the screen before it stands and the next signal is welcome.
    case signalRefused(SignalProblem, Advice)
    /// User id and password do not belong together, or too many were tried.
    case loginRefused(Advice)
    /// No member is logged in, or the session has ended.
    case notLoggedIn(Advice)
    /// The link code is not valid, is for another scheme, was used by someone else, or too many were
    /// tried.
    case linkRefused(Advice)
    /// The deposit cannot be asked for like this; nothing was written down and nothing is sent.
    case depositRefused(DepositProblem, Advice)
    /// The payment cannot be begun, agreed to or given up like this. Nothing was paid by the call.
    case paymentRefused(PaymentProblem, Advice)
    /// The wallet server does not do what was asked of the account or of a method; nothing was changed.
    case requestRefused(RequestProblem, Advice)
    /// The stores of an area are not fetched like this: it is too wide, or they take too many bytes.
    case areaRefused(AreaProblem, Advice)
    /// The wallet server gave no usable answer. What the phone knows is still shown.
    case serverAway(ServerProblem, Advice)
    /// What the app gave when it opened the wallet cannot be used.
    case configRefused(ConfigProblem, Advice)
    /// The platform's key store is locked: the phone was not unlocked yet.
    case keyStoreLocked(Advice)
    /// The phone's storage cannot be written: full, or not permitted.
    case storageUnusable(Advice)

    /// What the app does about it.
    public var advice: Advice {
        switch self {
        case .signalRefused(_, let advice), .loginRefused(let advice), .notLoggedIn(let advice),
            .linkRefused(let advice), .depositRefused(_, let advice), .paymentRefused(_, let advice),
            .requestRefused(_, let advice), .areaRefused(_, let advice), .serverAway(_, let advice), .configRefused(_, let advice), .keyStoreLocked(let advice),
            .storageUnusable(let advice):
            advice
        }
    }

    init(_ error: TillsightCore.WalletError) {
        self =
            switch error {
            case .Signal(let problem, let advice): .signalRefused(problem, advice)
            case .LoginRefused(let advice): .loginRefused(advice)
            case .NotLoggedIn(let advice): .notLoggedIn(advice)
            case .LinkRefused(let advice): .linkRefused(advice)
            case .DepositRefused(let problem, let advice): .depositRefused(problem, advice)
            case .PaymentRefused(let problem, let advice): .paymentRefused(problem, advice)
            case .RequestRefused(let problem, let advice): .requestRefused(problem, advice)
            case .AreaRefused(let problem, let advice): .areaRefused(problem, advice)
            case .ServerAway(let kind, let advice): .serverAway(kind, advice)
            case .Config(let problem, let advice): .configRefused(problem, advice)
            case .KeyStoreLocked(let advice): .keyStoreLocked(advice)
            case .Storage(let advice): .storageUnusable(advice)
            }
    }
}

/// What an app does about an error: whether and when the same call may work, what the person can do,
/// and a reference that is safe to log.
public typealias Advice = TillsightCore.Advice

extension Retry {
    /// How long to wait before the same call may work; `nil` when waiting changes nothing.
    public var delay: Duration? {
        if case .after(let ms) = self { .milliseconds(Int(ms)) } else { nil }
    }
}

/// Runs `body` and turns the core's errors into this package's.
func translated<T>(_ body: () throws -> T) throws -> T {
    do {
        return try body()
    } catch let error as TillsightCore.WalletError {
        throw WalletError(error)
    }
}
