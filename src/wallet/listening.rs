//! Listens to the server while a code is shown to a till: a thread whose call waits at the server, so that
//! the charge is shown as soon as it comes, over whatever transport the app lends.

use std::{
    sync::{Arc, Weak},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    parts::Parts,
    worker::{Mailbox, Wanted},
};
/// The shortest time from call to call: what stands between may answer at once, and what a call told is
/// asked for meanwhile.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest, where calls fail one after the other.
const LONGEST: Duration = Duration::from_secs(8);

/// Owns the thread.
#[derive(Default)]
pub(super) struct Listening(Option<JoinHandle<()>>);

impl Listening {
    /// Starts the thread where a code is shown and nobody listens; it ends by itself once none is. Where
    /// the system gives no thread, the code's end is still asked after.
    pub fn while_shown(&mut self, parts: &Arc<Parts>, mailbox: &Arc<Mailbox>) {
        let listens = self.0.as_ref().is_some_and(|thread| !thread.is_finished());
        if listens || parts.listens_to().is_none() {
            return;
        }
        let (parts, mailbox) = (Arc::downgrade(parts), Arc::clone(mailbox));
        let thread = thread::Builder::new().name("tillsight-events".to_owned());
        self.0 = thread.spawn(move || listen(&parts, &mailbox)).ok();
    }
}

/// The wallet may be freed while a call waits: between two calls alone it is held.
fn listen(parts: &Weak<Parts>, mailbox: &Mailbox) {
    let (mut after, mut pause) = (None, SHORTEST);
    while let Some((server, token)) = parts.upgrade().and_then(|parts| parts.listens_to()) {
        let begun = Instant::now();
        let is_news = match server.events(&token, after) {
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
