//! The wallet's calls about a till's reader: the app hands on what it says, and nothing waits for a server.

use super::object::Wallet;

#[uniffi::export]
impl Wallet {
    /// The payment screen was opened or closed. While it is closed a reader gets nothing; it is closed when
    /// the app begins.
    pub fn payment_open(&self, open: bool) {
        self.parts.reader.open(open);
    }

    /// What to answer a reader's command, an APDU of ISO 7816-4 that came to the phone's name
    /// `F054494C4C5349474854`: always an answer, with a status word that says why there is no more.
    /// `unlocked`: whether the member has unlocked the phone.
    pub fn answer_reader(&self, command: Vec<u8>, unlocked: bool) -> Vec<u8> {
        let token = self.parts.handed_over();
        self.parts.reader.answer(&command, token.as_deref(), unlocked)
    }

    /// The phone has left the reader's field.
    pub fn reader_left(&self) {
        self.parts.reader.left();
    }
}
