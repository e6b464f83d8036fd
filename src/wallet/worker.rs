//! The thread that does what calls leave to be done, and its mailbox.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError, mpsc::Sender},
    thread,
    time::Duration,
};

use domain::Position;

use crate::{entry::Signal, error::WalletError, sensed::BeaconReport};

/// A wait that never ends in fact; some systems cannot add the longest there is to their clock.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// A call that waits until it is heard what a push was of: whether anything was new.
pub(super) type Pushed = Sender<Result<bool, WalletError>>;

/// What calls want from the server, newest wish of each kind.
#[derive(Default)]
pub(super) struct Wanted {
    pub balances: bool,
    /// A store code signed with a key this phone does not know: fetch the keys and read it again.
    /// The text, and whether it came from a tag.
    pub unproven: Option<(String, bool)>,
    /// What the phone should know of this place: its stores.
    pub round: Option<Position>,
    /// A sign of a store that this phone does not know: where that store is, and the signal to judge again
    /// once its tile is here.
    pub sign: Option<(Position, Signal)>,
    /// The id of a rotating beacon that this phone does not know, in this report.
    pub rotating: Option<([u8; 8], BeaconReport)>,
    /// Deposits and payments that are under way are to be sent or asked after.
    pub transfers: bool,
    /// The server has news of what is under way.
    pub events: bool,
    /// What happened at the server since it was asked before is to be heard.
    pub hears: bool,
    /// The same after a push, for each call that waits for it.
    pub pushed: Vec<Pushed>,
    /// Sessions that were logged out are to be ended at the server.
    pub log_outs: bool,
    pub stop: bool,
}

impl Wanted {
    pub fn balances() -> Self {
        Self { balances: true, ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        let asked = self.balances || self.transfers || self.events;
        !(asked || self.hears || self.log_outs || self.stop)
            && self.pushed.is_empty()
            && self.unproven.is_none()
            && self.round.is_none()
            && self.sign.is_none()
            && self.rotating.is_none()
    }

    fn add(&mut self, wanted: Self) {
        self.balances |= wanted.balances;
        self.transfers |= wanted.transfers;
        self.events |= wanted.events;
        self.hears |= wanted.hears;
        self.pushed.extend(wanted.pushed);
        self.log_outs |= wanted.log_outs;
        self.stop |= wanted.stop;
        self.unproven = wanted.unproven.or_else(|| self.unproven.take());
        self.round = wanted.round.or(self.round);
        self.sign = wanted.sign.or_else(|| self.sign.take());
        self.rotating = wanted.rotating.or_else(|| self.rotating.take());
    }
}

/// Wishes that wait for the thread.
#[derive(Default)]
pub(super) struct Mailbox {
    /// At most one wish of each kind, and the calls that wait, so it cannot grow. Held only to add or take.
    wishes: Mutex<Wanted>,
    arrived: Condvar,
}

impl Mailbox {
    pub fn add(&self, wanted: Wanted) {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner).add(wanted);
        self.arrived.notify_one();
    }

    /// Waits for wishes, or until transfers are due; `None` when the thread is to end.
    fn next(&self, transfers_in: Option<Duration>) -> Option<Wanted> {
        let wishes = self.wishes.lock().unwrap_or_else(PoisonError::into_inner);
        let longest = transfers_in.unwrap_or(LONGEST);
        let (mut wishes, waited) = self
            .arrived
            .wait_timeout_while(wishes, longest, |wanted| wanted.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        let mut wanted = std::mem::take(&mut *wishes);
        wanted.transfers |= waited.timed_out();
        (!wanted.stop).then_some(wanted)
    }
}

/// The thread's owner.
pub(super) struct Worker {
    mailbox: Arc<Mailbox>,
}

impl Worker {
    /// Starts the thread, which calls `fulfil` with all that was wanted since the call before and where
    /// to want more, and again for transfers after the time that it returns.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(
        mut fulfil: impl FnMut(Wanted, &Arc<Mailbox>) -> Option<Duration> + Send + 'static,
    ) -> std::io::Result<Self> {
        let mailbox = Arc::new(Mailbox::default());
        let theirs = Arc::clone(&mailbox);
        let run = move || {
            let mut transfers_in = None;
            while let Some(wanted) = theirs.next(transfers_in) {
                transfers_in = fulfil(wanted, &theirs);
            }
        };
        thread::Builder::new().name("tillsight".to_owned()).spawn(run)?;
        Ok(Self { mailbox })
    }

    pub fn want(&self, wanted: Wanted) {
        self.mailbox.add(wanted);
    }
}

impl Drop for Worker {
    /// The thread ends after the call it is in; nobody waits for it, because the app frees the
    /// wallet on a thread that must not hang.
    fn drop(&mut self) {
        self.want(Wanted { stop: true, ..Wanted::default() });
    }
}
