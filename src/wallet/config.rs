//! What an app gives when it opens a wallet.

/// Where a wallet keeps its files and whom it talks to.
#[derive(Clone, Debug, uniffi::Record)]
pub struct WalletConfig {
    /// An existing folder of the app's own: the store cache and the sealed vault go there.
    pub folder: String,
    /// Base address of the wallet server, `https://...`; empty for a wallet that stays offline.
    pub server_url: String,
    /// ISO 639-1 code of the words in suggestions: `en` or `ja`; anything else is shown in English.
    pub language: String,
    /// For debug builds: fixes of a simulator or a test tool are taken instead of refused, and the
    /// screen's evidence says so. Never in a build that members get: whoever makes fixes up would
    /// choose where they are.
    #[uniffi(default = false)]
    pub accept_simulated_fixes: bool,
}
