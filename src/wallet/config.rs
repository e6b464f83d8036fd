//! What an app gives when it opens a wallet.

use domain::wire::{DeviceDescription, public_key};

use crate::error::{ConfigProblem, WalletError};

/// Where a wallet keeps its files and whom it talks to.
#[derive(Clone, Debug, uniffi::Record)]
pub struct WalletConfig {
    /// An existing folder of the app's own: the store cache and the sealed vault go there.
    pub folder: String,
    /// Base address of the wallet server, `https://...`; empty for a wallet that stays offline.
    pub server_url: String,
    /// The root public key of the wallet company's store register, 64 hexadecimal digits as
    /// `wallet-server keys show` prints them. What is known of stores is believed only if a key
    /// signed it that this one vouches for. With another root key the store cache begins anew.
    pub root_key: String,
    /// ISO 639-1 code of the words in suggestions: `en` or `ja`; anything else is shown in English.
    pub language: String,
    /// For debug builds: fixes of a simulator or a test tool are taken instead of refused, and the
    /// screen's evidence says so. Never in a build that members get: whoever makes fixes up would
    /// choose where they are.
    #[uniffi(default = false)]
    pub accept_simulated_fixes: bool,
    /// What the member knows this phone by in the list of devices: its model, or the name it was given.
    #[uniffi(default = "")]
    pub device_name: String,
    /// The app with its version, for the same list.
    #[uniffi(default = "")]
    pub app: String,
    /// Address of an HTTP proxy that the built-in client goes through, `http://host:port` without name
    /// and password; empty for none. It does not ask the system for one: a transport of the platform
    /// does.
    #[uniffi(default = "")]
    pub proxy: String,
    /// The most bytes that stores may take on this phone, about 500 each; the places visited longest ago are
    /// forgotten for new ones.
    #[uniffi(default = 268435456)]
    pub most_store_bytes: u64,
}

/// Characters of each part of a device's description that the wallet server takes.
const LONGEST_DESCRIPTION: usize = 64;

impl WalletConfig {
    /// What this phone says of itself to the server, for the member's list of devices.
    pub(super) fn description(&self) -> DeviceDescription {
        let text = |text: &str| {
            let shown = text.trim().chars().filter(|c| !c.is_control());
            shown.take(LONGEST_DESCRIPTION).collect()
        };
        let system = std::env::consts::OS.to_owned();
        DeviceDescription { name: text(&self.device_name), system, app: text(&self.app) }
    }

    /// The root key.
    pub(super) fn root(&self) -> Result<[u8; 32], WalletError> {
        if self.root_key.is_empty() {
            return Err(ConfigProblem::RootKeyMissing.error());
        }
        let key = public_key(&self.root_key).ok_or(ConfigProblem::RootKeyMalformed);
        key.map(|key| key.to_bytes()).map_err(ConfigProblem::error)
    }
}
