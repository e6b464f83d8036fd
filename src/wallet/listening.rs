//! Listens to the server from when a code is shown to a till until the member has agreed to the charge: a
//! thread whose call waits at the server, so that the charge, and that it was declined, is shown as soon as
//! it comes, over whatever transport the app lends.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

use super::{
    parts::Parts,
    worker::{Mailbox, Wanted},
};
use crate::{
    phone::Token,
    server::{EVENT_WAIT_S, WalletServer},
};

/// The shortest time from call to call: what stands between may answer at once, and what a call told is
/// asked for meanwhile.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest, where calls fail one after the other.
const LONGEST: Duration = Duration::from_secs(8);

/// Owns the thread.
#[derive(Default)]
pub(super) struct Listening(
    /// Whether the thread goes on. Held while it looks for a payment that awaits a till and turns this
    /// off for want of one: what is begun after that look finds it off, before it the look finds that.
    Arc<Mutex<bool>>,
);

impl Listening {
    /// Starts the thread where a payment awaits a till and nobody listens; it ends by itself once none
    /// does. Where the system gives no thread, the end of the payment's time is still asked after.
    pub fn while_awaited(&mut self, parts: &Arc<Parts>, mailbox: &Arc<Mailbox>) {
        let mut goes_on = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *goes_on || parts.listens_to().is_none() {
            return;
        }
        let (parts, mailbox) = (Arc::downgrade(parts), Arc::clone(mailbox));
        let listening = Self(Arc::clone(&self.0));
        let thread = thread::Builder::new().name("tillsight-events".to_owned());
        *goes_on = thread.spawn(move || listening.listen(&parts, &mailbox)).is_ok();
    }

    /// Whom to listen to next, or the thread ends.
    fn next(&self, parts: &Weak<Parts>) -> Option<(WalletServer, Token)> {
        let mut goes_on = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = parts.upgrade().and_then(|parts| parts.listens_to());
        *goes_on = next.is_some();
        next
    }

    /// The wallet may be freed while a call waits: between two calls alone it is held.
    fn listen(&self, parts: &Weak<Parts>, mailbox: &Mailbox) {
        let (mut after, mut pause) = (None, SHORTEST);
        while let Some((server, token)) = self.next(parts) {
            let begun = Instant::now();
            let is_news = match server.events(&token, after, EVENT_WAIT_S) {
                Ok(heard) => {
                    pause = SHORTEST;
                    // What happened before the first call is asked for once.
                    let is_first = after.replace(heard.after).is_none();
                    is_first || heard.missed || !heard.events.is_empty()
                }
                // Perhaps it is the events alone that do not come through.
                Err(_) => {
                    pause = LONGEST.min(pause * 2);
                    thread::sleep(pause);
                    true
                }
            };
            if is_news {
                mailbox.add(Wanted { transfers: true, events: true, ..Wanted::default() });
            }
            thread::sleep(pause.saturating_sub(begun.elapsed()));
        }
    }
}
