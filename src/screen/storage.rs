//! What a screen says of the phone's own storage.

use serde::{Deserialize, Serialize};

/// Something of the phone's storage that the member should know: what is shown may lack something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum StorageWarning {
    /// The file of session, methods and balances was damaged, or this phone's key does not open it (a backup
    /// of another phone's): it was put aside, and the member has to log in. Until somebody does.
    VaultPutAside,
    /// The file of deposits and payments was unusable and was put aside when the wallet was opened: what
    /// was under way is told by the history.
    TransfersPutAside,
    /// The file of stores was unusable and was put aside: stores are fetched anew. Until the first are.
    StoresPutAside,
    /// The phone's storage is full: nothing new is kept. Until something is.
    Full,
    /// The app may not write its own folder: nothing new is kept. Until something is.
    ReadOnly,
    /// The phone's storage fails otherwise: nothing new is kept. Until something is.
    Failing,
}
