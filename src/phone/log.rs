//! Where the core's log lines go, and the closed list of what they can say.

use crate::error::{ServerProblem, SignatureProblem};

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// Normal course.
    Info,
    /// Something was refused or put off; the core carries on.
    Warning,
}

/// Everything the core can log. No event holds a text, so none can hold a position, a name, a
/// store, a balance or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum LogEvent {
    /// The store cache was another root key's and is fetched anew.
    CacheReplaced,
    /// The file of the store cache was damaged or none of ours: it was put aside and is fetched anew.
    CachePutAside,
    /// Stores could not be kept in the cache.
    StoresNotKept,
    /// The register's keys could not be kept in the cache.
    KeysNotKept,
    /// A tile was not believed; the one the phone had stays.
    TileRefused {
        /// Why.
        problem: SignatureProblem,
    },
    /// The list of the register's keys was not believed; the one the phone had stays.
    KeysRefused {
        /// Why.
        problem: SignatureProblem,
    },
    /// The description of the network was not believed; the one the phone had stays.
    NetworkRefused {
        /// Why.
        problem: SignatureProblem,
    },
    /// The list of the keys that rights to report are given by was not believed; none is asked for.
    ReportKeysRefused {
        /// Why.
        problem: SignatureProblem,
    },
    /// The description of the network could not be kept in the cache.
    NetworkNotKept,
    /// The file of transfers was unusable and was put aside.
    OutboxPutAside,
    /// The vault did not open and was put aside; nobody has logged in since.
    VaultPutAside,
    /// What became of a transfer could not be kept, and is asked for again.
    TransferNotKept,
    /// A visit could not be kept in the vault.
    VisitNotKept,
    /// A log-out could not be said to the server and is said later.
    LogOutPutOff {
        /// Why.
        problem: ServerProblem,
    },
    /// A log-out that is to be said later could not be kept in the vault.
    LogOutNotKept,
    /// The recording is full and was ended.
    RecordingFull,
    /// The recording could not be written and was ended.
    RecordingNotWritable,
    /// The wallet server does not know the member's session any more.
    SessionEnded,
    /// The wallet server gave no usable answer.
    ServerAway {
        /// In which way.
        problem: ServerProblem,
    },
    /// The wallet server did not take the push token; it pushes nothing to this phone.
    PushTokenRefused,
}

impl LogEvent {
    /// How much it matters.
    pub const fn level(self) -> LogLevel {
        match self {
            Self::RecordingFull | Self::LogOutPutOff { .. } => LogLevel::Info,
            _ => LogLevel::Warning,
        }
    }
}

/// Where the core's log lines go.
#[uniffi::export(rust, foreign)]
pub trait Log: Send + Sync {
    /// One line, safe to keep and to send.
    fn log(&self, level: LogLevel, event: LogEvent);
}
