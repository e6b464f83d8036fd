/// Whether a sense can be used: something to show and to act on, never an error.
public enum PermissionState: Equatable, Sendable {
    /// It can be used.
    case ready
    /// The person allows an approximate position only: too coarse to name a store.
    case approximate
    /// The person was not asked yet.
    case notAsked
    /// The person said no, or may not decide: point to the settings.
    case refused
    /// Allowed, but switched off in the system.
    case switchedOff
    /// This phone has none.
    case absent
}
