//! The law: what is known of some accounts and transfers, and what a request does to them.

use std::collections::{HashMap, HashSet};

use crate::{
    account::Account,
    amount::Amount,
    encoding::Digest,
    entry::{Entry, Head},
    outcome::{Outcome, Posting, Refusal, Rejection},
    totals::Side,
    transfer::{Action, Kind, Request, Transfer, TransferId},
};

/// A refusal as it is kept: with what was asked, so that a repeat is told from another request.
#[derive(Clone, Copy, Debug)]
struct Refused {
    content: Digest,
    refusal: Refusal,
}

/// What is known of the accounts and transfers that requests touch.
///
/// Whoever keeps the rows makes known, before [`Self::apply`], each request's own id, the transfer it
/// [names](Request::names) with whether that has ended and what of it was refunded, and the heads of
/// the accounts. What is not made known counts as not there.
#[derive(Debug, Default)]
pub struct Books {
    heads: HashMap<Account, Head>,
    transfers: HashMap<TransferId, Transfer>,
    ended: HashSet<TransferId>,
    refunded: HashMap<TransferId, i64>,
    refused: HashMap<TransferId, Refused>,
}

/// Why a request was not done.
enum Stop {
    ForGood(Refusal),
    NotBegun(Rejection),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::ForGood(refusal)
    }
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::NotBegun(rejection)
    }
}

impl Books {
    /// Makes the end of an account's chain known.
    pub fn know_head(&mut self, account: Account, head: Head) {
        self.heads.insert(account, head);
    }

    /// Makes a transfer known, and through it that what it names has ended or was refunded.
    pub fn know_transfer(&mut self, transfer: Transfer) {
        let (of, ends, amount) = (transfer.of, transfer.kind.ends(), transfer.amount.get());
        let known = self.transfers.insert(transfer.id, transfer).is_some();
        match of {
            Some(of) if ends => drop(self.ended.insert(of)),
            Some(of) if !known => {
                let sum = self.refunded.entry(of).or_default();
                *sum = sum.saturating_add(amount);
            }
            _ => {}
        }
    }

    /// Makes known that an id failed for good.
    pub fn know_refusal(&mut self, id: TransferId, content: Digest, refusal: Refusal) {
        self.refused.insert(id, Refused { content, refusal });
    }

    /// The transfer under `id`, if it is known.
    pub fn transfer(&self, id: TransferId) -> Option<&Transfer> {
        self.transfers.get(&id)
    }

    /// Where an account's chain ends, as far as is known.
    pub fn head(&self, account: &Account) -> Head {
        self.heads.get(account).copied().unwrap_or_default()
    }

    /// Does what `request` asks at the instant `at` (milliseconds since 1970), or says why not.
    ///
    /// # Errors
    /// A [`Rejection`] when nothing was begun and nothing is to be kept.
    pub fn apply(&mut self, request: &Request, at: i64) -> Result<Outcome, Rejection> {
        let content = request.content();
        if let Some(before) = self.answered(request.id, content)? {
            return Ok(before);
        }
        match self.transfer_for(request, content, at).and_then(|transfer| self.post(transfer)) {
            Ok(posting) => Ok(Outcome::Posted(Box::new(posting))),
            Err(Stop::ForGood(refusal)) => {
                self.know_refusal(request.id, content, refusal);
                Ok(Outcome::Refused(refusal))
            }
            Err(Stop::NotBegun(rejection)) => Err(rejection),
        }
    }

    /// What became of the same request before.
    fn answered(&self, id: TransferId, content: Digest) -> Result<Option<Outcome>, Rejection> {
        let (asked, outcome) = if let Some(transfer) = self.transfers.get(&id) {
            (transfer.content, Outcome::Repeated(Box::new(transfer.clone())))
        } else if let Some(refused) = self.refused.get(&id) {
            (refused.content, Outcome::RefusedBefore(refused.refusal))
        } else {
            return Ok(None);
        };
        if asked == content { Ok(Some(outcome)) } else { Err(Rejection::OtherContent) }
    }

    fn transfer_for(&self, request: &Request, content: Digest, at: i64) -> Result<Transfer, Stop> {
        let kind = request.action.kind();
        let (debit, credit, amount) = self.movement(&request.action, at)?;
        let transfer = Transfer {
            id: request.id,
            kind,
            debit: debit.clone(),
            credit: credit.clone(),
            amount,
            released: 0,
            of: request.names(),
            at,
            expires_at: None,
            content,
        };
        match request.action {
            Action::Pending { lasts_ms: Some(lasts), .. } => {
                let end = at.checked_add(i64::from(lasts)).ok_or(Refusal::Overflow)?;
                Ok(Transfer { expires_at: Some(end), ..transfer })
            }
            Action::PostPending { pending, .. }
            | Action::Void { pending }
            | Action::Expire { pending } => {
                Ok(Transfer { released: self.named(pending)?.amount.get(), ..transfer })
            }
            _ => Ok(transfer),
        }
    }

    /// Debit, credit and amount of `action`, where it is allowed.
    fn movement<'a>(
        &'a self,
        action: &'a Action,
        at: i64,
    ) -> Result<(&'a Account, &'a Account, Amount), Stop> {
        match action {
            Action::Post { debit, credit, amount }
            | Action::Pending { debit, credit, amount, .. } => {
                two_accounts_of_one_ledger(debit, credit)?;
                Ok((debit, credit, *amount))
            }
            Action::PostPending { pending, amount } => {
                let hold = self.unended(*pending)?;
                in_time(hold, at)?;
                let amount = at_most(*amount, hold.amount.get(), Refusal::MoreThanPending)?;
                Ok((&hold.debit, &hold.credit, amount))
            }
            Action::Void { pending } => {
                let hold = self.unended(*pending)?;
                Ok((&hold.debit, &hold.credit, hold.amount))
            }
            Action::Expire { pending } => {
                let hold = self.unended(*pending)?;
                over(hold, at)?;
                Ok((&hold.debit, &hold.credit, hold.amount))
            }
            Action::Refund { of, amount } => {
                let (paid, left) = self.refundable(*of)?;
                let amount = at_most(*amount, left, Refusal::MoreThanPosted)?;
                Ok((&paid.credit, &paid.debit, amount))
            }
        }
    }

    /// The transfer under `id` that moved money, and how much of it no refund has moved back.
    fn refundable(&self, id: TransferId) -> Result<(&Transfer, i64), Stop> {
        let paid = self.named(id)?;
        if !paid.kind.captures() {
            return Err(Refusal::NotRefundable.into());
        }
        let before = self.refunded.get(&id).copied().unwrap_or(0);
        Ok((paid, paid.amount.get().saturating_sub(before)))
    }

    fn named(&self, id: TransferId) -> Result<&Transfer, Rejection> {
        self.transfers.get(&id).ok_or(Rejection::NoSuchTransfer)
    }

    /// The pending transfer under `id` that nothing has ended.
    fn unended(&self, id: TransferId) -> Result<&Transfer, Stop> {
        let hold = self.named(id)?;
        if hold.kind != Kind::Pending {
            return Err(Refusal::NotPending.into());
        }
        if self.ended.contains(&id) {
            return Err(Refusal::AlreadyEnded.into());
        }
        Ok(hold)
    }

    /// Chains both entries and takes the transfer into the books.
    fn post(&mut self, transfer: Transfer) -> Result<Posting, Stop> {
        let entry = |account, side| {
            Entry::after(&self.head(account), &transfer, side).ok_or(Refusal::Overflow)
        };
        let debit = entry(&transfer.debit, Side::Debit)?;
        let credit = entry(&transfer.credit, Side::Credit)?;
        for entry in [&debit, &credit] {
            let available = entry.totals.available().ok_or(Refusal::Overflow)?;
            if entry.account.is_limited() && available < 0 {
                return Err(Refusal::BalanceTooLow.into());
            }
        }
        self.know_head(debit.account.clone(), debit.head());
        self.know_head(credit.account.clone(), credit.head());
        self.know_transfer(transfer.clone());
        Ok(Posting { transfer, debit, credit })
    }
}

fn two_accounts_of_one_ledger(debit: &Account, credit: &Account) -> Result<(), Rejection> {
    if debit == credit {
        return Err(Rejection::SameAccount);
    }
    if debit.currency != credit.currency {
        return Err(Rejection::OtherCurrency);
    }
    Ok(())
}

fn in_time(hold: &Transfer, at: i64) -> Result<(), Refusal> {
    if hold.expires_at.is_some_and(|end| at >= end) { Err(Refusal::Expired) } else { Ok(()) }
}

fn over(hold: &Transfer, at: i64) -> Result<(), Rejection> {
    let over = hold.expires_at.is_some_and(|end| at >= end);
    if over { Ok(()) } else { Err(Rejection::NotYetExpired) }
}

fn at_most(amount: Amount, most: i64, refusal: Refusal) -> Result<Amount, Refusal> {
    if amount.get() <= most { Ok(amount) } else { Err(refusal) }
}
