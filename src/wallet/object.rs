//! The wallet: opened over its parts, and given up when the app frees it.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use super::{
    answers::Answers,
    ask::Asked,
    code::LastCode,
    config::WalletConfig,
    deposits::Deposits,
    judge::Judge,
    listening::Listening,
    member::Member,
    news::News,
    notices::Notices,
    parts::Parts,
    payments::Payments,
    planning::Planning,
    reader::Reader,
    screens::Screens,
    storage::{Storage, TRANSFERS_FILE, lost_cache},
    stores::NearbyStores,
    worker::{Wanted, Worker},
};
use crate::{
    error::WalletError,
    phone::{Clock, HttpTransport, KeyStore, Log, LogEvent, SystemClock},
    sensed::{MockedFixes, camera::Decoder},
    transfers::Outbox,
};

/// A member's wallet on this phone. Safe to share between threads.
#[derive(uniffi::Object)]
pub struct Wallet {
    pub(super) parts: Arc<Parts>,
    pub(super) worker: Worker,
    /// The thread that calls the plan's listener. Held from its start until the signals call it, so
    /// that two listeners set at once do not cross.
    pub(super) planning: Mutex<Option<Planning>>,
    /// Reads one picture at a time, and remembers the strategy that read the last. Taken alone.
    pub(super) decoder: Mutex<Decoder>,
    pub(super) mocked_fixes: MockedFixes,
}

#[uniffi::export]
impl Wallet {
    /// Opens the wallet in `config.folder`, or makes it. A damaged store cache is put aside and an
    /// empty one begun; so is a vault that is damaged or that this phone's key does not open, and the member
    /// logs in again. Where the storage is full or cannot be written, the wallet goes on with what it can
    /// read. The screen says so.
    ///
    /// `clock` replaces the operating system's, `transport` the built-in HTTP client.
    ///
    /// # Errors
    /// [`WalletError::Config`] without a root key, [`WalletError::Storage`] when there is no such folder
    /// or the vault in it cannot be read, [`WalletError::KeyStoreLocked`] until the phone is unlocked.
    #[uniffi::constructor]
    pub fn open(
        config: WalletConfig,
        key_store: Arc<dyn KeyStore>,
        clock: Option<Arc<dyn Clock>>,
        log: Arc<dyn Log>,
        transport: Option<Arc<dyn HttpTransport>>,
    ) -> Result<Arc<Self>, WalletError> {
        let root = config.root()?;
        let folder = Path::new(&config.folder);
        let most_bytes = config.most_store_bytes;
        let (stores, lost) = NearbyStores::open(folder, root, most_bytes)
            .map_err(|_| WalletError::storage("cache/open"))?;
        let outbox = Arc::new(Outbox::open(&folder.join(TRANSFERS_FILE)));
        let note = |event: LogEvent| log.log(event.level(), event);
        lost.map(lost_cache).into_iter().for_each(note);
        outbox.has_put_aside().then_some(LogEvent::OutboxPutAside).into_iter().for_each(note);
        let member = Arc::new(Member::open(folder, key_store)?);
        member.has_put_aside().then_some(LogEvent::VaultPutAside).into_iter().for_each(note);
        let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
        let answers = Answers::new(
            &config,
            transport,
            Arc::clone(&log),
            Arc::clone(&clock),
            Arc::clone(&member) as _,
        );
        let parts = Arc::new(Parts {
            judge: Judge::default(),
            stores,
            member,
            code: LastCode::default(),
            asked: Asked::default(),
            answers,
            screens: Screens::new(config.language),
            clock,
            log,
            plan_callback: None.into(),
            deposits: Deposits::of(Arc::clone(&outbox)),
            payments: Payments::of(Arc::clone(&outbox)),
            news: News::of(Arc::clone(&outbox)),
            storage: Storage::of(folder, outbox, most_bytes),
            reader: Reader::default(),
            unreached: Default::default(),
            notices: Notices::default(),
            lately: Default::default(),
        });
        parts.sense_habits(parts.now());
        let theirs = Arc::clone(&parts);
        let mut listening = Listening::default();
        let fulfil = move |wanted, mailbox: &_| {
            let again_in = theirs.fulfil(wanted);
            listening.while_awaited(&theirs, mailbox);
            again_in
        };
        let worker = Worker::start(fulfil).map_err(|_| WalletError::storage("worker"))?;
        let log_outs = !parts.member.known().log_outs.is_empty();
        // What was under way when the app ended is looked after at once.
        worker.want(Wanted { log_outs, transfers: true, hears: true, ..Wanted::default() });
        let decoder = Decoder::new().into();
        let mocked_fixes = MockedFixes::accepted_if(config.accept_simulated_fixes);
        Ok(Arc::new(Self { parts, worker, planning: None.into(), decoder, mocked_fixes }))
    }
}

impl Drop for Wallet {
    /// The worker may still be in a call; what comes of it is not kept.
    fn drop(&mut self) {
        self.parts.member.give_up();
        self.parts.answers.give_up();
    }
}
