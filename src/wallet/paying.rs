//! What the member does about a payment: begins it by the code scanned last or by one for the till, agrees
//! to what the server said, or gives it up.

use domain::{
    Channel, Method, MethodId, Money, StoreId, Timestamp,
    wire::{Approval, STORE_CODE_MOST},
};
use uuid::Uuid;

use super::{
    agreement::{Agreement, ApprovalToSign},
    parts::Parts,
    payment_calls::PaymentAsk,
    payments::{self, Holder, InHand},
};
use crate::{
    entry::{CodePlace, Nearby as _, Proof},
    error::{PaymentProblem, WalletError},
    phone::Token,
    screen::PaymentScreen,
    server::{CallProblem, NotApproved, Unanswered, WalletServer},
    transfers::{Payment, PaymentStage, PaymentStep},
};

impl Parts {
    /// The payment screen of the payment with this id, or of the newest; `None` when there is none.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn payment_screen(&self, id: Option<Uuid>) -> Result<Option<PaymentScreen>, WalletError> {
        let is_elsewhere = |store| self.is_elsewhere(store);
        self.screens.draw_payment(&self.member, &self.payments, id, (self.now(), &is_elsewhere))
    }

    /// Whether the phone is known not to be where this store is.
    fn is_elsewhere(&self, store: StoreId) -> bool {
        let position = self.stores.cache.by_id(store).map(|known| known.position);
        let place = self.judge.code_place(Proof::Signed { place: None }, position);
        place == CodePlace::Contradicted
    }

    pub(super) fn show_payment(&self) {
        self.screens.show_payment(|| self.payment_screen(None).ok().flatten());
    }

    fn screen_of(&self, id: Uuid) -> Result<PaymentScreen, WalletError> {
        self.payment_screen(Some(id))?.ok_or_else(|| PaymentProblem::NotFound.error(None))
    }

    fn payment(&self, id: Uuid) -> Result<Option<Payment>, WalletError> {
        self.payments.known(&self.member.known(), Some(id))
    }

    /// The payment of an id that the app has from a screen, and the hold on it, unless another call has
    /// that.
    fn in_hand(&self, id: &str) -> Result<(Payment, Option<InHand<'_>>), WalletError> {
        let missing = || PaymentProblem::NotFound.error(None);
        let id = Uuid::try_parse(id).map_err(|_| missing())?;
        let in_hand = self.payments.take_in_hand(id, Holder::Call);
        // Read after it was taken: what somebody else did meanwhile is seen.
        Ok((self.payment(id)?.ok_or_else(missing)?, in_hand))
    }

    /// Writes a payment of the code scanned last down, and asks the server to begin it.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn begin_payment(&self, ask: &PaymentAsk) -> Result<PaymentScreen, WalletError> {
        self.begin_with(ask, |id| self.checked(id, ask))
    }

    fn begin_with(
        &self,
        ask: &PaymentAsk,
        new: impl FnOnce(Uuid) -> Result<Payment, WalletError>,
    ) -> Result<PaymentScreen, WalletError> {
        let (server, known) = (self.answers.server()?, self.member.known());
        let token = self.member.token()?;
        let id = payment_id(&ask.id).ok_or_else(|| PaymentProblem::IdMalformed.error(None))?;
        let id = match self.payments.known(&known, Some(id))? {
            // Its code may be over by now.
            Some(before) if before.method.0 == ask.method_id => before.id,
            Some(_) => return Err(PaymentProblem::IdUsed.error(None)),
            None => self.payments.write(&known, &new(id)?)?,
        };
        if let Some(_in_hand) = self.payments.take_in_hand(id, Holder::Call)
            && let Some(payment) = self.payment(id)?
            && payment.stage == PaymentStage::Written
        {
            self.step(server, &token, payment, PaymentStep::Begin)?;
        }
        self.screen_of(id)
    }

    /// Writes a payment down whose code a till gets from this phone, and asks the server for that code.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn give_code(
        &self,
        ask: &PaymentAsk,
        channel: Channel,
    ) -> Result<PaymentScreen, WalletError> {
        self.begin_with(ask, |id| {
            let has_nfc = self.asked.at(self.now()).phone_has_nfc;
            if channel == Channel::Contactless && !has_nfc {
                return Err(PaymentProblem::NoContactless.error(None));
            }
            let known = self.member.known();
            let mut methods = known.methods.iter().flat_map(|known| &known.methods);
            let is_payable = |method: &Method| {
                method.id.0 == ask.method_id
                    && method.rides.iter().any(|ride| ride.channel == channel)
            };
            if !methods.any(|registered| is_payable(&registered.method)) {
                return Err(PaymentProblem::MethodNotActive.error(None));
            }
            Ok(self.written(id, channel, None, ask))
        })
    }

    /// What is paid is what a proven code in its place asks for, with a method that works here or may.
    fn checked(&self, id: Uuid, ask: &PaymentAsk) -> Result<Payment, WalletError> {
        let now = self.now();
        let (code, amount) = self.scanned_code(now).map_err(|problem| problem.error(None))?;
        let screen = self.screen(now);
        let mut usable = screen.active.iter().chain(&screen.likely).chain(&screen.unsure);
        if !usable.any(|method| method.id == ask.method_id) {
            return Err(PaymentProblem::MethodNotActive.error(None));
        }
        Ok(Payment { amount, ..self.written(id, Channel::Scan, Some(code), ask) })
    }

    fn written(
        &self,
        id: Uuid,
        channel: Channel,
        code: Option<String>,
        ask: &PaymentAsk,
    ) -> Payment {
        let (method, stage) = (MethodId(ask.method_id.clone()), PaymentStage::Written);
        Payment { id, channel, code, amount: None, method, made_at: self.now(), stage, told: None }
    }

    /// The code scanned last, and how much the member typed where it names no amount.
    fn scanned_code(&self, now: Timestamp) -> Result<(String, Option<Money>), PaymentProblem> {
        let scanned = self.code.at(now).ok_or(PaymentProblem::NoPaymentCode)?;
        let (code, names_amount) = scanned.code().ok_or(PaymentProblem::NoPaymentCode)?;
        let Some((store, proof @ Proof::Signed { .. })) = scanned.store() else {
            return Err(PaymentProblem::CodeNotProven);
        };
        let known = self.stores.cache.by_id(store);
        let place = self.judge.code_place(proof, known.as_ref().map(|known| known.position));
        if place == CodePlace::Contradicted {
            return Err(PaymentProblem::CodeFarFromItsPlace);
        }
        if names_amount {
            return Ok((code.to_owned(), None));
        }
        // Anybody can paste another store's code over one that hangs there for years.
        if self.judge.judgement().alarm.is_some() {
            return Err(PaymentProblem::CodeFarFromItsPlace);
        }
        if place == CodePlace::Unknown {
            return Err(PaymentProblem::PlaceUnknown);
        }
        let held = self.stores.cache.stores(known.map(|known| known.key));
        let fits = |amount: &Money| {
            held.iter().all(|held| held.store.currency == amount.currency) && amount.amount > 0
        };
        let amount = self.asked.at(now).amount.filter(fits).ok_or(PaymentProblem::AmountMissing)?;
        if amount.amount > STORE_CODE_MOST {
            return Err(PaymentProblem::AmountTooHigh);
        }
        Ok((code.to_owned(), Some(amount)))
    }

    /// Sends the member's agreement to what the server said, unless it was sent before.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn approve_payment(
        &self,
        id: &str,
        agreement: Agreement,
    ) -> Result<PaymentScreen, WalletError> {
        let (server, token) = (self.answers.server()?, self.member.token()?);
        let (payment, in_hand) = self.in_hand(id)?;
        // On the disk first: from now on only the server's word says whether it is paid.
        if in_hand.is_some()
            && payment.stage == PaymentStage::ToApprove
            && self.payments.keep(payment.at(PaymentStage::Approving))?
            && let Some(payment) = self.payment(payment.id)?
        {
            self.approve(server, &token, &payment, agreement)?;
        }
        self.screen_of(payment.id)
    }

    fn approve(
        &self,
        server: &WalletServer,
        token: &Token,
        payment: &Payment,
        agreement: Agreement,
    ) -> Result<(), WalletError> {
        let Some(mut approval) = shown(payment) else { return Ok(()) };
        match agreement {
            Agreement::Code(code) => approval.settlement_code = Some(code),
            Agreement::Signed(signed) => approval.signed = Some(signed),
        }
        let not_sent = || self.payments.keep(payment.at(PaymentStage::ToApprove));
        match server.approve_payment(token, payment.id, &approval) {
            Ok(answer) => {
                let next = payment.after(PaymentStep::Ask, &answer, self.now());
                self.payments.keep(next).map(drop)
            }
            Err(NotApproved::Refused(problem, wait)) => {
                not_sent()?;
                Err(problem.error(wait))
            }
            // The server looks at the session before anything else.
            Err(NotApproved::Unanswered(Unanswered::Call(CallProblem::Session))) => {
                not_sent()?;
                Err(self.answers.failed(CallProblem::Session, &self.member, token))
            }
            Err(NotApproved::Unanswered(unanswered)) => {
                self.unanswered(unanswered, token);
                Ok(())
            }
        }
    }

    /// What the device's key signs now to agree to a payment, if it waits for that.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn approval_to_sign(&self, id: &str) -> Result<Option<ApprovalToSign>, WalletError> {
        let (payment, _) = self.in_hand(id)?;
        let approval = shown(&payment).filter(|_| payment.stage == PaymentStage::ToApprove);
        let at = self.answers.server_now(self.now());
        Ok(approval.map(|approval| ApprovalToSign {
            bytes: approval.to_sign(payment.id, at),
            at_ms: at.0,
        }))
    }

    /// Gives a payment up that the member has not agreed to.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn cancel_payment(&self, id: &str) -> Result<PaymentScreen, WalletError> {
        let (server, token) = (self.answers.server()?, self.member.token()?);
        let (payment, in_hand) = self.in_hand(id)?;
        if matches!(
            payment.stage,
            PaymentStage::Approving | PaymentStage::Pending | PaymentStage::Done
        ) {
            return Err(PaymentProblem::AlreadyApproved.error(None));
        }
        if in_hand.is_some()
            && self.payments.keep(payment.at(PaymentStage::Cancelling))?
            && let Some(payment) = self.payment(payment.id)?
        {
            self.step(server, &token, payment, PaymentStep::GiveUp)?;
        }
        self.screen_of(payment.id)
    }

    /// Asks the server about a payment at once. What it does not answer is asked again by the worker.
    fn step(
        &self,
        server: &WalletServer,
        token: &Token,
        payment: Payment,
        step: PaymentStep,
    ) -> Result<(), WalletError> {
        let at = self.now();
        match payments::ask(server, token, &payment, step) {
            Ok(answer) => {
                self.payments.keep(self.payments.after(&payment, (step, &answer), at)).map(drop)
            }
            Err(Unanswered::Call(CallProblem::Session)) => {
                Err(self.answers.failed(CallProblem::Session, &self.member, token))
            }
            Err(unanswered) => {
                self.unanswered(unanswered, token);
                Ok(())
            }
        }
    }

    /// The code that a till's reader gets; `None` while no payment of that channel waits for one.
    pub(super) fn handed_over(&self) -> Option<String> {
        let payment = self.payments.known(&self.member.known(), None).ok().flatten()?;
        let is_good = payment.waits(self.now()).is_some();
        let code = self.payments.code_of(&payment);
        code.filter(|_| is_good && payment.channel == Channel::Contactless)
    }

    /// The server that tells what becomes of a payment which awaits a till, and whose call it is; `None`
    /// while none does.
    pub(super) fn listens_to(&self) -> Option<(WalletServer, Token)> {
        let known = self.member.known();
        let token = known.token.clone().filter(|_| self.payments.awaits_till(&known))?;
        Some((self.answers.server().ok()?.clone(), token))
    }

    fn unanswered(&self, unanswered: Unanswered, token: &Token) {
        if let Some(problem) = unanswered.problem() {
            self.answers.failed(problem, &self.member, token);
        }
    }
}

/// What the screen shows of a payment once the server has said it, without a proof of who agrees.
fn shown(payment: &Payment) -> Option<Approval> {
    let told = payment.told.as_ref()?;
    let (store, amount, method) = (told.store, told.amount, payment.method.clone());
    Some(Approval { store, amount, method, settlement_code: None, signed: None })
}

fn payment_id(id: &str) -> Option<Uuid> {
    Uuid::try_parse(id).ok().filter(|id| !id.is_nil() && !id.is_max())
}
