//! The law told a second time, as slowly and plainly as it can be: no sum is kept, every question is
//! answered by going over all that was done.

use ledger::{Account, Action, Kind, Outcome, Refusal, Rejection, Request, TransferId};

/// What became of a request, without the records.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    DoneBefore,
    Refused(Refusal),
    RefusedBefore(Refusal),
    Rejected(Rejection),
}

impl From<Result<Outcome, Rejection>> for Answer {
    fn from(result: Result<Outcome, Rejection>) -> Self {
        match result {
            Ok(Outcome::Posted(_)) => Self::Done,
            Ok(Outcome::Repeated(_)) => Self::DoneBefore,
            Ok(Outcome::Refused(refusal)) => Self::Refused(refusal),
            Ok(Outcome::RefusedBefore(refusal)) => Self::RefusedBefore(refusal),
            Err(rejection) => Self::Rejected(rejection),
        }
    }
}

/// One thing that was done.
struct Done {
    request: Request,
    at: i64,
    debit: Account,
    credit: Account,
    posted: i128,
    pending: i128,
}

#[derive(Default)]
pub struct Naive {
    done: Vec<Done>,
    refused: Vec<(Request, Refusal)>,
}

enum Stop {
    Refused(Refusal),
    Rejected(Rejection),
}

impl Naive {
    pub fn apply(&mut self, request: &Request, at: i64) -> Answer {
        if let Some(done) = self.find(request.id) {
            let same = done.request == *request;
            return if same {
                Answer::DoneBefore
            } else {
                Answer::Rejected(Rejection::OtherContent)
            };
        }
        if let Some((asked, refusal)) =
            self.refused.iter().find(|(asked, _)| asked.id == request.id)
        {
            let same = asked == request;
            let other = Answer::Rejected(Rejection::OtherContent);
            return if same { Answer::RefusedBefore(*refusal) } else { other };
        }
        match self.decide(request, at) {
            Ok(done) => {
                self.done.push(done);
                Answer::Done
            }
            Err(Stop::Refused(refusal)) => {
                self.refused.push((request.clone(), refusal));
                Answer::Refused(refusal)
            }
            Err(Stop::Rejected(rejection)) => Answer::Rejected(rejection),
        }
    }

    fn find(&self, id: TransferId) -> Option<&Done> {
        self.done.iter().find(|done| done.request.id == id)
    }

    fn naming(&self, id: TransferId, kinds: &[Kind]) -> impl Iterator<Item = &Done> {
        self.done.iter().filter(move |done| {
            done.request.names() == Some(id) && kinds.contains(&done.request.action.kind())
        })
    }

    /// Posted debits, posted credits, pending debits, pending credits.
    pub fn sums(&self, account: &Account) -> [i128; 4] {
        let mut sums = [0; 4];
        for done in &self.done {
            if done.debit == *account {
                sums[0] += done.posted;
                sums[2] += done.pending;
            }
            if done.credit == *account {
                sums[1] += done.posted;
                sums[3] += done.pending;
            }
        }
        sums
    }

    fn named(&self, id: TransferId) -> Result<&Done, Stop> {
        self.find(id).ok_or(Stop::Rejected(Rejection::NoSuchTransfer))
    }

    fn hold(&self, id: TransferId) -> Result<(&Done, Option<i64>), Stop> {
        let hold = self.named(id)?;
        let Action::Pending { lasts_ms, .. } = hold.request.action else {
            return Err(Stop::Refused(Refusal::NotPending));
        };
        let ends = [Kind::PostPending, Kind::Void, Kind::Expire];
        if self.naming(id, &ends).next().is_some() {
            return Err(Stop::Refused(Refusal::AlreadyEnded));
        }
        Ok((hold, lasts_ms.map(|lasts| hold.at + i64::from(lasts))))
    }

    fn decide(&self, request: &Request, at: i64) -> Result<Done, Stop> {
        let done = |debit: &Account, credit: &Account, posted, pending| Done {
            request: request.clone(),
            at,
            debit: debit.clone(),
            credit: credit.clone(),
            posted,
            pending,
        };
        let done = match &request.action {
            Action::Post { debit, credit, amount } => {
                one_ledger(debit, credit)?;
                done(debit, credit, i128::from(amount.get()), 0)
            }
            Action::Pending { debit, credit, amount, .. } => {
                one_ledger(debit, credit)?;
                done(debit, credit, 0, i128::from(amount.get()))
            }
            Action::PostPending { pending, amount } => {
                let (hold, end) = self.hold(*pending)?;
                if end.is_some_and(|end| end <= at) {
                    return Err(Stop::Refused(Refusal::Expired));
                }
                if i128::from(amount.get()) > hold.pending {
                    return Err(Stop::Refused(Refusal::MoreThanPending));
                }
                done(&hold.debit, &hold.credit, i128::from(amount.get()), -hold.pending)
            }
            Action::Void { pending } => {
                let (hold, _) = self.hold(*pending)?;
                done(&hold.debit, &hold.credit, 0, -hold.pending)
            }
            Action::Expire { pending } => {
                let (hold, end) = self.hold(*pending)?;
                if end.is_none_or(|end| end > at) {
                    return Err(Stop::Rejected(Rejection::NotYetExpired));
                }
                done(&hold.debit, &hold.credit, 0, -hold.pending)
            }
            Action::Refund { of, amount } => {
                let paid = self.named(*of)?;
                if ![Kind::Post, Kind::PostPending].contains(&paid.request.action.kind()) {
                    return Err(Stop::Refused(Refusal::NotRefundable));
                }
                let before: i128 = self.naming(*of, &[Kind::Refund]).map(|done| done.posted).sum();
                if before + i128::from(amount.get()) > paid.posted {
                    return Err(Stop::Refused(Refusal::MoreThanPosted));
                }
                done(&paid.credit, &paid.debit, i128::from(amount.get()), 0)
            }
        };
        self.fits(&done)?;
        Ok(done)
    }

    fn fits(&self, done: &Done) -> Result<(), Stop> {
        let [mut debited, _, mut reserved, _] = self.sums(&done.debit);
        debited += done.posted;
        reserved += done.pending;
        let [_, credited, ..] = self.sums(&done.debit);
        let [other_debited, mut other_credited, other_reserved, mut awaited] =
            self.sums(&done.credit);
        other_credited += done.posted;
        awaited += done.pending;
        let sums = [debited, reserved, other_credited, awaited];
        let standings =
            [credited - debited - reserved, other_credited - other_debited - other_reserved];
        if sums.iter().chain(&standings).any(|sum| i64::try_from(*sum).is_err()) {
            return Err(Stop::Refused(Refusal::Overflow));
        }
        if done.debit.is_limited() && standings[0] < 0 {
            return Err(Stop::Refused(Refusal::BalanceTooLow));
        }
        Ok(())
    }
}

fn one_ledger(debit: &Account, credit: &Account) -> Result<(), Stop> {
    if debit == credit {
        return Err(Stop::Rejected(Rejection::SameAccount));
    }
    if debit.currency != credit.currency {
        return Err(Stop::Rejected(Rejection::OtherCurrency));
    }
    Ok(())
}
