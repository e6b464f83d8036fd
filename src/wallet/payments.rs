//! The member's payments: written down before the first send, and looked after until they have ended.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use domain::Timestamp;
use uuid::Uuid;

use super::{
    member::Known,
    pursuit::{Pursued, Tries},
};
use crate::{
    error::{PaymentProblem, WalletError},
    phone::Token,
    server::{Unanswered, WalletServer},
    transfers::{
        NotWritten, Outbox, OutboxError, Payment, PaymentAnswer, PaymentStage, PaymentStep,
    },
};

/// Owns what is known of payments.
pub(super) struct Payments {
    /// Shared with the deposits.
    outbox: Arc<Outbox>,
    /// The code that is shown to a till, and of which payment: nowhere else, and gone with the app. Held
    /// only to copy or replace it.
    shown: Mutex<Option<(Uuid, String)>>,
    /// Taken out by the worker, and put back after it looked at what is under way; held only for that.
    tries: Mutex<Tries>,
    /// The payments that somebody sends or asks something of at this moment, and who: nobody else does,
    /// so that a double tap is one call and no look finds an agreement that is on its way. Held only to
    /// look and to change it.
    in_hand: Mutex<BTreeMap<Uuid, Holder>>,
    let_go: Condvar,
}

/// Who has a payment in hand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// The worker, which looks what became of it.
    Look,
    /// A call of the member's.
    Call,
}

/// While it lives, nobody else takes the payment in hand.
pub(super) struct InHand<'a> {
    payments: &'a Payments,
    id: Uuid,
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.payments.in_hand().remove(&self.id);
        self.payments.let_go.notify_all();
    }
}

impl Payments {
    /// What `outbox` holds of them.
    pub fn of(outbox: Arc<Outbox>) -> Self {
        let (tries, in_hand, let_go) = (Mutex::default(), Mutex::default(), Condvar::new());
        Self { outbox, shown: None.into(), tries, in_hand, let_go }
    }

    fn in_hand(&self) -> MutexGuard<'_, BTreeMap<Uuid, Holder>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a payment in hand; `None` while somebody else has it. A call waits for a look, which is
    /// one question to the server.
    pub fn take_in_hand(&self, id: Uuid, holder: Holder) -> Option<InHand<'_>> {
        let waits = |held: &mut BTreeMap<Uuid, Holder>| {
            holder == Holder::Call && held.get(&id) == Some(&Holder::Look)
        };
        let held = self.let_go.wait_while(self.in_hand(), waits);
        let mut held = held.unwrap_or_else(PoisonError::into_inner);
        if held.contains_key(&id) {
            return None;
        }
        held.insert(id, holder);
        Some(InHand { payments: self, id })
    }

    /// Writes down what the member begins to pay; the id of the payment that stands for it.
    ///
    /// # Errors
    /// [`WalletError::PaymentRefused`], [`WalletError::NotLoggedIn`], [`WalletError::Storage`].
    pub fn write(&self, known: &Known, payment: &Payment) -> Result<Uuid, WalletError> {
        let owner = known.begins_transfer()?;
        self.outbox.begin_payment(owner, payment).map_err(|problem| match problem {
            NotWritten::IdUsed => PaymentProblem::IdUsed.error(None),
            NotWritten::TooMany => PaymentProblem::UnderWay.error(None),
            NotWritten::Outbox(OutboxError) => OutboxError.into(),
        })
    }

    /// The member's payment with this id, or without one the newest.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn known(&self, known: &Known, id: Option<Uuid>) -> Result<Option<Payment>, WalletError> {
        Ok(known.owner.map_or(Ok(None), |owner| self.outbox.payment(owner, id))?)
    }

    /// Keeps the payment at a later stage; whether that is new.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn keep(&self, payment: Option<Payment>) -> Result<bool, WalletError> {
        Ok(payment.map_or(Ok(false), |payment| self.outbox.advance_payment(&payment))?)
    }

    /// The payment after the server's answer to `step`, asked at `at`; `None` when that says nothing new.
    /// A code to be shown is kept beside it.
    pub fn after(
        &self,
        payment: &Payment,
        (step, answer): (PaymentStep, &PaymentAnswer),
        at: Timestamp,
    ) -> Option<Payment> {
        if let PaymentAnswer::Token(token) = answer {
            let shown = Some((payment.id, token.token.clone()));
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
        }
        payment.after(step, answer, at)
    }

    /// The code that the member shows to a till for this payment.
    pub fn code_of(&self, payment: &Payment) -> Option<String> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let of_this = shown.as_ref().filter(|(id, _)| *id == payment.id);
        let is_shown = matches!(payment.stage, PaymentStage::Shown(_));
        of_this.filter(|_| is_shown).map(|(_, code)| code.clone())
    }

    /// Whether the app was killed while a code was shown, and the code with it.
    fn has_lost_code(&self, payment: &Payment) -> bool {
        matches!(payment.stage, PaymentStage::Shown(_)) && self.code_of(payment).is_none()
    }

    /// Whether something may become of the member's payment at any moment: a till may charge the code that
    /// is shown to it, and what it charged may be declined right after.
    pub fn awaits_till(&self, known: &Known) -> bool {
        self.under_way(known).is_some_and(|payment| {
            let is_charged = payment.stage == PaymentStage::ToApprove && payment.code.is_none();
            is_charged || self.code_of(&payment).is_some()
        })
    }

    /// Sends or asks after the newest payment, if it is under way and due: the only one that can be.
    /// `called`: the server may have news of it.
    pub fn pursue(
        &self,
        server: &WalletServer,
        known: &Known,
        called: bool,
        now: &dyn Fn() -> Timestamp,
    ) -> Pursued {
        let mut pursued = Pursued::default();
        // Of one moment: what one member began is never sent in the name of another.
        let (Some(id), Some(token)) = (self.under_way(known).map(|it| it.id), &known.token) else {
            return pursued;
        };
        let Some(_in_hand) = self.take_in_hand(id, Holder::Look) else { return pursued };
        // Read after it was taken: what a call did meanwhile is seen.
        let Some(payment) = self.under_way(known) else { return pursued };
        let mut tries = std::mem::take(&mut *self.tries());
        let step = self.due(&payment, called, now(), &mut tries);
        let left = match step {
            Some(step) => {
                self.step(server, token, (payment, step), now(), &mut tries, &mut pursued)
            }
            None => payment,
        };
        if left.stage.is_under_way() {
            let waits = left.waits(now()).filter(|_| !self.has_lost_code(&left));
            pursued.again_in = waits.or_else(|| Some(tries.plan_next(pursued.unanswered)));
        } else {
            tries.rest();
        }
        *self.tries() = tries;
        pursued
    }

    /// What is under way is asked after at once.
    pub fn hurry(&self) {
        self.tries().hurry();
    }

    fn under_way(&self, known: &Known) -> Option<Payment> {
        let newest = self.known(known, None).ok().flatten();
        newest.filter(|payment| payment.stage.is_under_way())
    }

    /// The next step of a payment, where one is due.
    fn due(
        &self,
        payment: &Payment,
        called: bool,
        at: Timestamp,
        tries: &mut Tries,
    ) -> Option<PaymentStep> {
        let step = match payment.stage {
            // The same code is told again.
            _ if self.has_lost_code(payment) => Some(PaymentStep::Begin),
            PaymentStage::Shown(_) | PaymentStage::ToApprove
                if called && payment.waits(at).is_some() =>
            {
                return Some(PaymentStep::Ask);
            }
            _ => payment.next(at),
        };
        step.filter(|_| tries.may_try(payment.id))
    }

    /// The payment after a step.
    fn step(
        &self,
        server: &WalletServer,
        token: &Token,
        (payment, step): (Payment, PaymentStep),
        at: Timestamp,
        tries: &mut Tries,
        pursued: &mut Pursued,
    ) -> Payment {
        let next = match ask(server, token, &payment, step) {
            Ok(answer) => {
                tries.answered();
                self.after(&payment, (step, &answer), at)
            }
            Err(unanswered) => {
                pursued.unanswered = Some(unanswered);
                None
            }
        };
        let Some(next) = next else { return payment };
        match self.outbox.advance_payment(&next) {
            Ok(news) => pursued.advanced(next.id, news, !next.stage.is_under_way()),
            Err(OutboxError) => pursued.not_kept = true,
        }
        pursued.moved = next.stage == PaymentStage::Done;
        next
    }
}

/// Asks the server about a payment.
pub(super) fn ask(
    server: &WalletServer,
    token: &Token,
    payment: &Payment,
    step: PaymentStep,
) -> Result<PaymentAnswer, Unanswered> {
    match step {
        PaymentStep::Begin => server.begin_payment(token, payment),
        PaymentStep::Ask => server.payment_of(token, payment.id),
        PaymentStep::GiveUp => server.give_up_payment(token, payment),
    }
}
