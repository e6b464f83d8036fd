//! The member's deposits: written down before the first send, then pursued until they have ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Currency, MethodId, Money, Timestamp};
use uuid::Uuid;

use super::{
    member::Known,
    pursuit::{Pursued, Tries},
};
use crate::{
    error::{DepositProblem, WalletError},
    phone::Token,
    screen::is_source,
    server::{Unanswered, WalletServer},
    transfers::{Answer, NotWritten, Outbox, OutboxError, Stage, Step, Transfer},
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

/// Owns what is known of deposits.
pub(super) struct Deposits {
    /// Shared with the payments.
    outbox: Arc<Outbox>,
    /// Taken out by the worker, and put back after it looked at what is under way; held only for that.
    tries: Mutex<Tries>,
}

impl Deposits {
    /// What `outbox` holds of them.
    pub fn of(outbox: Arc<Outbox>) -> Self {
        Self { outbox, tries: Mutex::default() }
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
        let owner = known.begins_transfer()?;
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

    /// Forgets what has ended, with the member: payments, too.
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
        let under_way = self.outbox.under_way(owner).unwrap_or_default();
        for transfer in &under_way {
            let at = now();
            let Some(step) = transfer.next(at).filter(|_| tries.may_try(transfer.id)) else {
                continue;
            };
            match ask(server, token, transfer, step) {
                Ok(answer) => {
                    tries.answered();
                    let Some(stage) = transfer.after(step, &answer, at) else { continue };
                    match self.outbox.advance(transfer.id, stage) {
                        Ok(news) => pursued.advanced(transfer.id, news, !stage.is_under_way()),
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
        if self.outbox.under_way(owner).is_ok_and(|left| left.is_empty()) {
            tries.rest();
        } else {
            pursued.again_in = Some(tries.plan_next(pursued.unanswered));
        }
        *self.tries() = tries;
        pursued
    }

    /// What is under way is asked after at once.
    pub fn hurry(&self) {
        self.tries().hurry();
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
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
