//! The screens of this wallet: draws them, counts them, and shows newer ones to the app.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Ask, Money, Store, StoreId, Timestamp};
use uuid::Uuid;

use super::{
    code::LastCode,
    deposits::Deposits,
    judge::Judge,
    member::{Known, Member},
    payments::Payments,
    scanned::Scanned,
    stores::NearbyStores,
};
use crate::{
    cache::CellKey,
    entry::{CodePlace, Judgement, Nearby, State},
    error::WalletError,
    screen::{
        Alarm, CodeNote, DepositScreen, Draw, DrawDeposits, DrawMethods, DrawPayment,
        MethodsScreen, PaymentScreen, Place, ServerState, SettlementScreen, StorageWarning,
        StoreSays, draw, draw_deposits, draw_methods, draw_payment, draw_why,
    },
    standing::Stores,
};

/// Balances younger than this are as good as asked now.
const LIVE_FOR_MS: i64 = 10_000;
/// A server that lets a question wait so long may not be there: nothing is live meanwhile.
const UNSURE_AFTER_MS: i64 = 1_000;
/// And after this time it is not.
const AWAY_AFTER_MS: i64 = 4_000;

/// Is told when a newer screen than the one a call returned can be shown.
#[uniffi::export(rust, foreign)]
pub trait ScreenListener: Send + Sync {
    /// Called from a thread of the core, one call at a time. It may call the wallet back.
    fn on_screen(&self, screen: SettlementScreen);

    /// The same for the deposit screen: what became of a deposit.
    fn on_deposits(&self, screen: DepositScreen);

    /// The same for the payment screen: what became of the newest payment.
    fn on_payment(&self, screen: PaymentScreen);
}

/// What a screen is drawn from.
pub(super) struct Sources<'a> {
    pub judge: &'a Judge,
    pub stores: &'a NearbyStores,
    pub member: &'a Member,
    pub code: &'a LastCode,
    pub ask: Ask,
    /// What the time is at the server, as far as that is known.
    pub server_now: Timestamp,
    pub storage: Vec<StorageWarning>,
}

impl Sources<'_> {
    fn place_of(&self, scanned: &Scanned) -> CodePlace {
        let Some((store, proof)) = scanned.store() else { return CodePlace::Unknown };
        let at = self.stores.cache.by_id(store).map(|known| known.position);
        self.judge.code_place(proof, at)
    }

    /// What the screen says of a scanned sign, with what the member typed where the sign names no amount.
    fn note<'a>(
        &self,
        scanned: &Scanned,
        place: CodePlace,
        judgement: &Judgement,
        in_question: impl Iterator<Item = &'a Store>,
    ) -> CodeNote {
        let note = scanned.note(place, in_question);
        // Anybody can paste another store's code over one that hangs there for years.
        let up_to = scanned
            .store()
            .filter(|_| judgement.alarm.is_none())
            .and_then(|(store, _)| self.stores.cache.by_id(store))
            .and_then(|known| self.stores.cache.stores([known.key]).into_iter().next())
            .and_then(|held| scanned.typed_up_to(place, held.store.currency));
        let Some(most) = up_to else { return note };
        let fits = |typed: &Money| {
            typed.currency == most.currency && (1..=most.amount).contains(&typed.amount)
        };
        let amount = self.ask.amount.filter(fits).map(Into::into);
        CodeNote { amount, typed_up_to: Some(most.into()), ..note }
    }

    /// The judgement's stores with what the member saw there, and the cells that they are in.
    fn stores_of(&self, judgement: &Judgement, known: &Known) -> (Stores, Vec<CellKey>) {
        let experienced = |store: Arc<Store>| {
            known.reports.overlaid(&store, self.server_now).map_or(store, Arc::new)
        };
        let mut cells = Vec::new();
        let stores = Stores::of(judgement, |keys| {
            let held = self.stores.cache.stores(keys.iter().copied());
            cells.extend(held.iter().map(|held| held.cell));
            held.into_iter().map(|held| (held.key, experienced(held.store))).collect()
        });
        (stores, cells)
    }

    /// What is asked, by the server's clock: when a card expires and how old a claim is are the server's
    /// to say, this clock may be off.
    fn ask_by_server(&self) -> Ask {
        Ask { now: self.server_now, ..self.ask.clone() }
    }
}

/// Owns the drawing.
pub(super) struct Screens {
    language: String,
    /// How many screens were drawn. Held from the first look at the state to the last, so that what
    /// a larger number shows is never older. Nothing in between waits for a server, or calls the
    /// app; every other lock is taken after it.
    drawings: Mutex<u64>,
    /// Who is told of newer screens. Never held while calling the app.
    listener: Mutex<Option<Arc<dyn ScreenListener>>>,
}

impl Screens {
    /// Screens with suggestions in `language`.
    pub fn new(language: String) -> Self {
        Self { language, drawings: 0.into(), listener: None.into() }
    }

    /// The language of what is written on this phone.
    pub fn language(&self) -> &str {
        &self.language
    }

    pub fn set_listener(&self, listener: Option<Arc<dyn ScreenListener>>) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = listener;
    }

    /// Shows the app what `draw` gives, if anybody wants to see it.
    pub fn show(&self, draw: impl FnOnce() -> SettlementScreen) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener.on_screen(draw());
        }
    }

    /// Shows the app the deposit screen that `draw` gives, if anybody wants to see it.
    pub fn show_deposits(&self, draw: impl FnOnce() -> Option<DepositScreen>) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener
            && let Some(screen) = draw()
        {
            listener.on_deposits(screen);
        }
    }

    /// Shows the app the payment screen that `draw` gives, if anybody wants to see it.
    pub fn show_payment(&self, draw: impl FnOnce() -> Option<PaymentScreen>) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener
            && let Some(screen) = draw()
        {
            listener.on_payment(screen);
        }
    }

    /// A payment of the member's, or the newest; `None` when this phone has none.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn draw_payment(
        &self,
        member: &Member,
        payments: &Payments,
        id: Option<Uuid>,
        (now, is_elsewhere): (Timestamp, &dyn Fn(StoreId) -> bool),
    ) -> Result<Option<PaymentScreen>, WalletError> {
        let mut revision = self.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        let known = member.known();
        let Some(payment) = payments.known(&known, id)? else { return Ok(None) };
        *revision += 1;
        Ok(Some(draw_payment(&DrawPayment {
            payment: &payment,
            code: payments.code_of(&payment),
            elsewhere: payment.told.as_ref().is_some_and(|told| is_elsewhere(told.store)),
            registered: known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice()),
            now,
            revision: *revision,
        })))
    }

    /// What the member can deposit from, and what became of each deposit.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn draw_deposits(
        &self,
        member: &Member,
        deposits: &Deposits,
        now: Timestamp,
    ) -> Result<DepositScreen, WalletError> {
        let mut revision = self.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        let known = member.known();
        let transfers = deposits.newest(&known)?;
        *revision += 1;
        Ok(draw_deposits(&DrawDeposits {
            registered: known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice()),
            transfers: &transfers,
            server: server_state(&known, now),
            now,
            revision: *revision,
        }))
    }

    /// The judgement as it stands, drawn over what the phone knows.
    pub fn draw(&self, from: &Sources<'_>) -> SettlementScreen {
        let mut revision = self.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        *revision += 1;
        let now = from.ask.now;
        let judgement = from.judge.judgement();
        let known = from.member.known();
        let (stores, cells) = from.stores_of(&judgement, &known);
        let registered = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
        let scanned = from.code.at(now);
        let place_of_code = scanned.as_ref().map_or(CodePlace::Unknown, |code| from.place_of(code));
        let says = scanned.as_ref().map(|scanned| scanned.says(place_of_code));
        let answer = stores.judge(registered, says.as_ref(), &from.ask_by_server());
        let in_question = || stores.in_question().iter().map(|known| &*known.store);
        draw(&Draw {
            place: place(judgement.state),
            code: scanned
                .as_ref()
                .map(|it| from.note(it, place_of_code, &judgement, in_question())),
            stores: &stores,
            alarm: alarm(&judgement, from.stores),
            registered,
            answer: &answer,
            server: server_state(&known, now),
            stores_as_of: from.stores.cache.vouched_until(cells, from.server_now),
            storage: from.storage.clone(),
            language: &self.language,
            now,
            revision: *revision,
        })
    }
}

/// What each store in question says of a method; `None` when it is not registered.
pub(super) fn why(from: &Sources<'_>, method: &str) -> Option<Vec<StoreSays>> {
    let known = from.member.known();
    let methods = known.methods.as_ref()?;
    let registered = methods.methods.iter().find(|one| one.method.id.0 == method)?;
    let (stores, _) = from.stores_of(&from.judge.judgement(), &known);
    let scanned = from.code.at(from.ask.now);
    let says = scanned.as_ref().map(|scanned| scanned.says(from.place_of(scanned)));
    Some(draw_why(&stores, registered, says.as_ref(), &from.ask_by_server()))
}

/// What the member has registered, as far as this phone knows.
pub(super) fn draw_registered(member: &Member, now: Timestamp) -> MethodsScreen {
    let known = member.known();
    let methods = known.methods.as_ref();
    draw_methods(&DrawMethods {
        registered: methods.map_or(&[][..], |methods| methods.methods.as_slice()),
        deposit_source: methods.and_then(|methods| methods.deposit_source.as_ref()),
        server: server_state(&known, now),
        now,
    })
}

fn place(state: State) -> Place {
    match state {
        State::Here { .. } => Place::Here,
        State::Choose => Place::Choose,
        State::Nowhere => Place::Nowhere,
    }
}

fn alarm(judgement: &Judgement, stores: &NearbyStores) -> Option<Alarm> {
    let alarm = judgement.alarm?;
    Some(Alarm {
        code_says: stores.name(alarm.code_says),
        surroundings_say: alarm.senses_say.map(|key| stores.name_by_key(key)).unwrap_or_default(),
    })
}

fn server_state(known: &Known, now: Timestamp) -> ServerState {
    let age = known.methods.as_ref().map(|methods| now.millis_since(methods.as_of));
    let waits_ms = known.waits_ms(now).unwrap_or(0);
    match known.server_answered {
        _ if known.token.is_none() => ServerState::LoggedOut,
        Some(false) => ServerState::Away,
        _ if waits_ms >= AWAY_AFTER_MS => ServerState::Away,
        _ if waits_ms >= UNSURE_AFTER_MS => ServerState::Awaited,
        Some(true) if age.is_some_and(|age| age.abs() <= LIVE_FOR_MS) => ServerState::Live,
        _ => ServerState::Awaited,
    }
}
