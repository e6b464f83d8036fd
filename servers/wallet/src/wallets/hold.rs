//! Amounts that are reserved first, and posted or freed once it is known which.

use domain::Money;
use ledger::{Account, Action, Amount, OperatorName, Outcome, Owner, Rejection, Request, part_of};
use uuid::Uuid;

use super::writer::{NotKnown, Wallets};

/// What a transfer reserves until it is known whether the money moved. Its end has an id made from its
/// own, so that both can be asked for again.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The transfer.
    pub id: Uuid,
    /// To be taken from.
    pub debit: Owner,
    /// To be given to.
    pub credit: Owner,
    /// How much, above zero.
    pub amount: Money,
}

/// Why nothing is reserved, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHeld {
    /// The sums of an account would not fit, or a wallet fall below zero.
    Refused,
    /// The id is that of another transfer.
    IdUsed,
}

/// What an operator owes for the transfer `id`.
pub fn clearing(operator: &OperatorName, id: Uuid) -> Owner {
    Owner::Clearing { operator: operator.clone(), part: part_of(id) }
}

impl Hold {
    fn end_id(&self, step: &str) -> Uuid {
        Uuid::new_v5(&self.id, step.as_bytes())
    }

    fn reserve(&self) -> Option<Request> {
        let action = Action::Pending {
            debit: Account::new(self.debit.clone(), self.amount.currency),
            credit: Account::new(self.credit.clone(), self.amount.currency),
            amount: Amount::new(self.amount.amount)?,
            // It ends when it is known what became of it, however long that takes.
            lasts_ms: None,
        };
        Some(Request { id: self.id, action })
    }

    fn post(&self) -> Option<Request> {
        let action =
            Action::PostPending { pending: self.id, amount: Amount::new(self.amount.amount)? };
        Some(Request { id: self.end_id("post"), action })
    }

    fn free(&self) -> Request {
        Request { id: self.end_id("void"), action: Action::Void { pending: self.id } }
    }
}

impl Wallets {
    /// Reserves what `hold` names, or says why that fails for good.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn reserve(&self, hold: &Hold) -> Result<Result<(), NotHeld>, NotKnown> {
        match self.apply(hold.reserve().ok_or(NotKnown::Yet)?).await? {
            Ok(Outcome::Posted(_) | Outcome::Repeated(_)) => Ok(Ok(())),
            Ok(Outcome::Refused(_) | Outcome::RefusedBefore(_)) => Ok(Err(NotHeld::Refused)),
            Err(Rejection::OtherContent) => Ok(Err(NotHeld::IdUsed)),
            Err(_) => {
                tracing::error!("the ledger does not reserve what it is asked to");
                Err(NotKnown::Yet)
            }
        }
    }

    /// Posts what is reserved, or frees it. It can fail only where the ledger is not what was written.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn end(&self, hold: &Hold, has_moved: bool) -> Result<(), NotKnown> {
        let request = if has_moved { hold.post().ok_or(NotKnown::Yet)? } else { hold.free() };
        match self.apply(request).await? {
            Ok(Outcome::Posted(_) | Outcome::Repeated(_)) => Ok(()),
            _ => {
                tracing::error!("the ledger does not end a transfer as its operator did");
                Err(NotKnown::Yet)
            }
        }
    }
}
