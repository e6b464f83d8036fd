//! A refund that was begun goes back the way the money came: to the wallet, or to the account or card
//! at its operator.

use domain::{Timestamp, wire::Refund};
use ledger::{Outcome, Owner};
use tokio::sync::watch;

use super::{
    capture::Settlements,
    rows::{
        refunds,
        sources::{self, Source},
    },
    rules,
};
use crate::{
    operators::Debit,
    wallets::{Hold, NotKnown, clearing},
};

impl Settlements {
    /// Has the refund looked after until it ends, which the answer tells.
    pub fn give_back(&self, refund: &Refund) -> watch::Receiver<bool> {
        let (settlements, refund) = (self.clone(), refund.clone());
        self.pursuits().pursue(refund.id, move |_| {
            let (settlements, refund) = (settlements.clone(), refund.clone());
            async move { settlements.attempt_refund(&refund).await }
        })
    }

    async fn attempt_refund(&self, refund: &Refund) -> Result<(), NotKnown> {
        let given = match sources::source(self.database(), refund.settlement).await? {
            Source::Operator(debit) => self.repay(&debit, refund).await?,
            Source::Wallet(_) | Source::Gone => self.put_back(refund).await?,
        };
        Ok(refunds::end(self.database(), refund.id, given).await?)
    }

    /// Into the wallet it came from.
    async fn put_back(&self, refund: &Refund) -> Result<Option<Given>, NotKnown> {
        let request = rules::refund(refund.id, refund.settlement, refund.amount);
        let outcome = self.wallets().apply(request.ok_or(NotKnown::Yet)?).await?;
        let is_done = matches!(outcome, Ok(Outcome::Posted(_) | Outcome::Repeated(_)));
        Ok(is_done.then_some(None))
    }

    /// To the account or card it came from. The store's money is reserved first, so that an id that
    /// is that of another transfer gives nothing back.
    async fn repay(&self, debit: &Debit, refund: &Refund) -> Result<Option<Given>, NotKnown> {
        let Some(store) = self.store_of(refund.settlement).await? else {
            return Err(NotKnown::Yet);
        };
        let hold = Hold {
            id: refund.id,
            debit: Owner::Store(store.0),
            credit: clearing(&debit.operator, refund.id),
            amount: refund.amount,
        };
        if self.wallets().reserve(&hold).await?.is_err() {
            return Ok(None);
        }
        let given = self.methods().give_back(debit, refund.id, refund.amount).await?;
        self.wallets().end(&hold, given.is_ok()).await?;
        Ok(given.ok().map(Some))
    }
}

/// When the operator gave it back, where it was one.
type Given = Option<Timestamp>;
