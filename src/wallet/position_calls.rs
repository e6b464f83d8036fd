//! Calls about what the server learns of where the phone is: asking for its judgement, and the log.

use super::{object::Wallet, sensed_lately::JudgedBy};
use crate::{error::WalletError, phone::PositionUse, screen::SettlementScreen};

#[uniffi::export]
impl Wallet {
    /// Has the server judge which store this is, by what was sensed in the last two minutes. Only this
    /// call tells the server where the member is; it is for an app whose member wants that, for instance
    /// where the phone knows no store of a sign. Waits for the server, then fetches the stores it
    /// names; the phone judges over them as always.
    ///
    /// # Errors
    /// [`WalletError::Signal`] when nothing of the kind was sensed lately, or the server knows no store of
    /// it; [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn ask_server(&self, by: JudgedBy) -> Result<SettlementScreen, WalletError> {
        self.parts.ask_server(by)
    }

    /// Every look-up that left the phone and told something of where it is, the newest first, at most the
    /// last 200. Kept sealed with the member, without one until the app ends, and forgotten at log-out.
    pub fn position_uses(&self) -> Vec<PositionUse> {
        self.parts.member.position_uses()
    }

    /// Forgets the look-ups.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when the vault keeps them; they are forgotten until the app ends.
    pub fn clear_position_uses(&self) -> Result<(), WalletError> {
        self.parts.member.clear_position_uses()
    }
}
