//! The member's deposits: written down before the first send, then pursued until they have ended.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use domain::{Currency, MethodId, Money, Timestamp};
use uuid::Uuid;

use super::member::Known;
use crate::{
    error::{DepositProblem, WalletError},
    phone::Token,
    screen::is_source,
    server::{Unanswered, WalletServer},
    transfers::{Answer, NotWritten, Outbox, OutboxError, Retries, Stage, Step, Transfer},
};

/// What a deposit is asked for with.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DepositAsk {
    /// A UUID that the app makes when it opens its form: however often the member taps, it is one
    /// deposit.
    pub id: String,
    /// The id of a source of the deposit screen.
    pub source_id: String,
    /// Above zero, in the minor unit of `currency`.
    pub amount_minor: i64,
    /// ISO 4217 code; there must be a wallet of this currency.
    pub currency: String,
}

/// What came of a look at what is under way.
#[derive(Default)]
pub(super) struct Pursued {
    /// Whether anything is known that was not before.
    pub news: bool,
    /// Whether money moved, so that balances are old.
    pub moved: bool,
    /// Whether something could not be written down; it is asked for again.
    pub not_kept: bool,
    /// When to look again, if anything is still under way.
    pub again_in: Option<Duration>,
    /// Why the server gave no answer.
    pub unanswered: Option<Unanswered>,
}

/// Owns what is known of deposits.
pub(super) struct Deposits {
    outbox: Outbox,
    /// Taken out by the worker, and put back after it looked at what is under way; held only for that.
    tries: Mutex<Tries>,
}

#[derive(Default)]
struct Tries {
    retries: Retries,
    /// Those that were sent or asked after since the app began: a first try waits for nothing.
    tried: BTreeSet<Uuid>,
    /// When the next new try is due.
    due: Option<Instant>,
}

impl Deposits {
    /// Opens the outbox in `folder`; whether a file that is none was put aside.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn open(folder: &Path) -> Result<(Self, bool), WalletError> {
        let (outbox, put_aside) = Outbox::open(&folder.join("transfers.sqlite"))?;
        Ok((Self { outbox, tries: Mutex::default() }, put_aside))
    }

    /// Writes down what the member asks for at `now`.
    ///
    /// # Errors
    /// [`WalletError::DepositRefused`], [`WalletError::NotLoggedIn`], [`WalletError::Storage`].
    pub fn write(
        &self,
        known: &Known,
        ask: &DepositAsk,
        now: Timestamp,
    ) -> Result<(), WalletError> {
        let owner = known.token.as_ref().and(known.owner);
        let owner = owner.ok_or_else(WalletError::not_logged_in)?;
        let transfer = checked(known, ask, now).map_err(DepositProblem::error)?;
        self.outbox.write(owner, &transfer).map_err(|problem| match problem {
            NotWritten::IdUsed => DepositProblem::IdUsed.error(),
            NotWritten::TooMany => DepositProblem::TooMany.error(),
            NotWritten::Outbox(OutboxError) => OutboxError.into(),
        })
    }

    /// What the member asked for, the newest first.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn newest(&self, known: &Known) -> Result<Vec<Transfer>, WalletError> {
        Ok(known.owner.map_or(Ok(Vec::new()), |owner| self.outbox.newest(owner))?)
    }

    /// Forgets what has ended, with the member.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn forget(&self, known: &Known) -> Result<(), WalletError> {
        Ok(known.owner.map_or(Ok(()), |owner| self.outbox.forget_ended(owner))?)
    }

    /// Sends or asks after what is under way: what was not tried yet at once, the rest when it is due.
    pub fn pursue(
        &self,
        server: &WalletServer,
        known: &Known,
        now: &dyn Fn() -> Timestamp,
    ) -> Pursued {
        let mut pursued = Pursued::default();
        // Of one moment: what one member asked for is never sent in the name of another.
        let (Some(owner), Some(token)) = (known.owner, &known.token) else { return pursued };
        let mut tries = std::mem::take(&mut *self.tries());
        let is_due = tries.due.is_none_or(|due| due <= Instant::now());
        let under_way = self.outbox.under_way(owner).unwrap_or_default();
        for transfer in &under_way {
            let first = tries.tried.insert(transfer.id);
            let at = now();
            let Some(step) = transfer.next(at).filter(|_| first || is_due) else { continue };
            match ask(server, token, transfer, step) {
                Ok(answer) => {
                    tries.retries.answered();
                    let Some(stage) = transfer.after(step, &answer, at) else { continue };
                    match self.outbox.advance(transfer.id, stage) {
                        Ok(news) => pursued.news |= news,
                        Err(OutboxError) => pursued.not_kept = true,
                    }
                    pursued.moved |= stage == Stage::Done;
                }
                Err(unanswered) => {
                    pursued.unanswered = Some(unanswered);
                    break;
                }
            }
        }
        self.plan_next(&mut tries, owner, &mut pursued);
        *self.tries() = tries;
        pursued
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn plan_next(&self, tries: &mut Tries, owner: Uuid, pursued: &mut Pursued) {
        let nothing_left = self.outbox.under_way(owner).is_ok_and(|left| left.is_empty());
        if nothing_left {
            *tries = Tries { retries: tries.retries.rested(), ..Tries::default() };
            return;
        }
        let now = Instant::now();
        let asked_for = pursued.unanswered.and_then(Unanswered::wait);
        let due = match tries.due.filter(|due| *due > now) {
            Some(due) => due.max(now + asked_for.unwrap_or_default()),
            None => now + tries.retries.next(chance(), asked_for),
        };
        tries.due = Some(due);
        pursued.again_in = Some(due.saturating_duration_since(now));
    }
}

fn ask(
    server: &WalletServer,
    token: &Token,
    transfer: &Transfer,
    step: Step,
) -> Result<Answer, Unanswered> {
    match step {
        Step::Send => server.deposit(token, transfer),
        Step::Ask => server.deposit_of(token, transfer.id),
    }
}

fn checked(known: &Known, ask: &DepositAsk, now: Timestamp) -> Result<Transfer, DepositProblem> {
    let id = Uuid::try_parse(&ask.id).ok().filter(|id| !id.is_nil() && !id.is_max());
    let from = MethodId(ask.source_id.clone());
    let methods = known.methods.as_ref().map_or(&[][..], |known| known.methods.as_slice());
    let mut sources = methods.iter().filter(|registered| is_source(registered.method.kind));
    if !sources.any(|registered| registered.method.id == from) {
        return Err(DepositProblem::SourceUnknown);
    }
    if ask.amount_minor < 1 {
        return Err(DepositProblem::AmountNotPositive);
    }
    let currency = Currency::from_code(&ask.currency).ok_or(DepositProblem::CurrencyUnknown)?;
    Ok(Transfer {
        id: id.ok_or(DepositProblem::IdMalformed)?,
        from,
        amount: Money::new(ask.amount_minor, currency),
        made_at: now,
        stage: Stage::Written,
    })
}

/// Any number of 0 to 1, so that phones do not try again together.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without the system's randomness the longest wait is the safe one.
    getrandom::fill(&mut bytes)
        .map_or(1.0, |()| f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}
