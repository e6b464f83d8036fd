//! The wallet's calls about a payment. Each that changes something waits for the server, a few seconds at
//! most; what the server has not answered then is a state of the screen, and asked after.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::{Channel, Timestamp, wire::SignedApproval};

use super::{
    agreement::{Agreement, ApprovalSignature},
    object::Wallet,
    worker::Wanted,
};
use crate::{error::WalletError, screen::PaymentScreen};

/// What a payment is begun with. Whom and how much, the code scanned last or the till says, and then the
/// server.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PaymentAsk {
    /// A UUID that the app makes when it shows what was scanned, or opens the page of the code:
    /// however often the member taps, it is one payment.
    pub id: String,
    /// The id of an active method of the settlement screen; for a code to be shown, of any registered
    /// method that pays so.
    pub method_id: String,
}

#[uniffi::export]
impl Wallet {
    /// The screen of the member's newest payment, whether it has ended or not; `None` when this phone
    /// has none. After the app was killed it tells what became of the payment.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn payment(&self) -> Result<Option<PaymentScreen>, WalletError> {
        let screen = self.parts.payment_screen(None);
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
        screen
    }

    /// Begins to pay what the payment code scanned last asks for; or, where that is the store's own code, the
    /// amount that the member asked for ([`Wallet::ask`]): only up to a limit, while its signature is proven,
    /// the phone is known to be where it hangs, and no alarm stands. Nothing is paid until the member
    /// agrees ([`Wallet::approve_payment`]) to what the screen then shows: payee and amount in the
    /// server's words. It is written down on this phone before anything is sent. The same id again, and
    /// the same code while it is being paid or once it is, give the payment there is. Waits for the
    /// server.
    ///
    /// # Errors
    /// [`WalletError::PaymentRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`] when
    /// there is no server, [`WalletError::Storage`]; nothing is sent then.
    pub fn begin_payment(&self, ask: PaymentAsk) -> Result<PaymentScreen, WalletError> {
        self.looked_after(self.parts.begin_payment(&ask))
    }

    /// Begins a payment by a code that this phone shows to a till, with a registered method that pays so
    /// (a ride on [`ChannelKind::Code`](crate::screen::ChannelKind)). The screen then shows the code for a
    /// minute at most; once a till has charged it, the screen asks the member to agree
    /// ([`Wallet::approve_payment`]) to payee and amount. It is written down on this phone before anything
    /// is sent, but the code is not. The same id again, and a second tap for the same method, give the
    /// payment there is. A code whose time is over is renewed by a new payment. Waits for the server.
    ///
    /// # Errors
    /// As [`Wallet::begin_payment`].
    pub fn show_payment_code(&self, ask: PaymentAsk) -> Result<PaymentScreen, WalletError> {
        self.looked_after(self.parts.give_code(&ask, Channel::Code))
    }

    /// Begins a payment by holding this phone to a till's reader, with a registered method that pays so (a ride
    /// on [`ChannelKind::Contactless`](crate::screen::ChannelKind)): as [`Wallet::show_payment_code`], but the
    /// code goes over the air, and only while the payment screen is open ([`Wallet::payment_open`]). Waits for
    /// the server.
    ///
    /// # Errors
    /// As [`Wallet::show_payment_code`].
    pub fn hold_to_reader(&self, ask: PaymentAsk) -> Result<PaymentScreen, WalletError> {
        self.looked_after(self.parts.give_code(&ask, Channel::Contactless))
    }

    /// The member agrees to the payee, the amount and the method as the screen shows them, and proves it
    /// by the settlement code, which is not kept. A second call for the same payment sends nothing. When
    /// the answer is lost the state is `unknown`, and the wallet asks until it is known: the code is not
    /// sent again by itself. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::PaymentRefused`], [`WalletError::NotLoggedIn`]: nothing was paid.
    /// [`WalletError::ServerAway`] when there is no server, [`WalletError::Storage`].
    pub fn approve_payment(
        &self,
        id: String,
        settlement_code: String,
    ) -> Result<PaymentScreen, WalletError> {
        self.looked_after(self.parts.approve_payment(&id, Agreement::Code(settlement_code)))
    }

    /// As [`Wallet::approve_payment`], proven by the signature of the device's key over what
    /// [`Wallet::approval_to_sign`] gave.
    ///
    /// # Errors
    /// As [`Wallet::approve_payment`].
    pub fn approve_payment_signed(
        &self,
        id: String,
        approval: ApprovalSignature,
    ) -> Result<PaymentScreen, WalletError> {
        let signature = Base64UrlUnpadded::encode_string(&approval.signature);
        let signed = SignedApproval { at: Timestamp(approval.at_ms), signature };
        self.looked_after(self.parts.approve_payment(&id, Agreement::Signed(signed)))
    }

    /// Gives a payment up that the member has not agreed to. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::PaymentRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`] when
    /// there is no server, [`WalletError::Storage`].
    pub fn cancel_payment(&self, id: String) -> Result<PaymentScreen, WalletError> {
        self.looked_after(self.parts.cancel_payment(&id))
    }
}

impl Wallet {
    /// What is still under way is left to the worker; balances may be old.
    fn looked_after(
        &self,
        screen: Result<PaymentScreen, WalletError>,
    ) -> Result<PaymentScreen, WalletError> {
        self.worker.want(Wanted { transfers: true, ..Wanted::balances() });
        screen
    }
}
