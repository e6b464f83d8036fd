//! Approved settlements and begun refunds become one transfer each in the ledger, also after the server
//! was stopped in the middle.

use std::{sync::Arc, time::Duration};

use domain::{
    Reason, Timestamp,
    wire::{APPROVAL_LASTS_MS, Refund, Settlement, SettlementFailure, SettlementState},
};
use ledger::{Outcome, Refusal, Rejection, Request};
use server_kit::{Clock, Database, DatabaseError};
use uuid::Uuid;

use super::{
    rows::{refunds, settlements},
    rules,
};
use crate::{
    methods::MemberMethods,
    register,
    wallets::{NotKnown, Wallets, is_done},
};

/// How long after it could not be written a transfer is tried again.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// All settlements. Cheap to clone.
#[derive(Clone)]
pub struct Settlements(Arc<Parts>);

struct Parts {
    methods: MemberMethods,
    wallets: Wallets,
    clock: Clock,
}

impl Settlements {
    /// Takes up every approved settlement and every begun refund that has not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn start(
        methods: MemberMethods,
        wallets: Wallets,
        clock: Clock,
    ) -> Result<Self, DatabaseError> {
        let settlements = Self(Arc::new(Parts { methods, wallets, clock }));
        let database = settlements.database();
        let (begun, refunds) =
            (settlements::pending(database).await?, refunds::pending(database).await?);
        for id in begun {
            let settlements = settlements.clone();
            tokio::spawn(async move { until_known(|| settlements.capture(id, false)).await });
        }
        for refund in refunds {
            let settlements = settlements.clone();
            tokio::spawn(async move { until_known(|| settlements.give_back(&refund)).await });
        }
        Ok(settlements)
    }

    /// Where they are kept.
    pub fn database(&self) -> &Database {
        &self.0.methods.database
    }

    /// What the member would have to change before this settlement could be paid now.
    ///
    /// # Errors
    /// When the database fails; inside it, the reason.
    pub async fn check(
        &self,
        settlement: &Settlement,
        member_id: &str,
    ) -> Result<Result<(), SettlementFailure>, DatabaseError> {
        let now = self.0.clock.now();
        let Some(store) = register::of_id(self.database(), settlement.store).await? else {
            return Ok(Err(SettlementFailure::ByRule(Reason::StoreListUnknown)));
        };
        let method = self.0.methods.one_of(member_id, &settlement.method, now).await?;
        Ok(rules::may_pay(&store, method, settlement.channel, settlement.amount, now))
    }

    /// Pays an approved settlement, or says that it failed; one that is `new` was approved just now.
    ///
    /// # Errors
    /// [`NotKnown`] when the server cannot write.
    pub async fn capture(&self, id: Uuid, new: bool) -> Result<(), NotKnown> {
        let now = self.0.clock.now();
        let database = self.database();
        let Some((settlement, member_id)) = settlements::of_id(database, id, now).await? else {
            return Ok(());
        };
        if settlement.state != SettlementState::Pending {
            return Ok(());
        }
        // Long after the member agreed, at a till that has gone on: only what was done counts.
        let is_late = !new && now.millis_since(settlement.at) >= 2 * APPROVAL_LASTS_MS;
        let taken = if is_late && !is_done(database, id).await? {
            Err(SettlementFailure::TooLate)
        } else {
            self.take(&settlement, &member_id).await?
        };
        match taken {
            Ok(at) => Ok(settlements::capture(database, id, at).await?),
            Err(reason) => Ok(settlements::fail(database, id, reason).await?),
        }
    }

    async fn take(
        &self,
        settlement: &Settlement,
        member_id: &str,
    ) -> Result<Result<Timestamp, SettlementFailure>, NotKnown> {
        let now = self.0.clock.now();
        if let Err(reason) = self.check(settlement, member_id).await?
            && !is_done(self.database(), settlement.id).await?
        {
            return Ok(Err(reason));
        }
        let wallet = self.0.methods.wallet_of(member_id, &settlement.method).await?;
        let Some(wallet) = wallet else { return Ok(Err(SettlementFailure::NotPayable)) };
        let (store, amount) = (settlement.store, settlement.amount);
        let request = rules::capture(settlement.id, wallet, store, amount);
        let taken = self.apply(request.ok_or(NotKnown::Yet)?).await?;
        Ok(taken.map(|()| now))
    }

    /// Gives back what was begun to be given back. `false` when that failed for good.
    ///
    /// # Errors
    /// [`NotKnown`] when the server cannot write.
    pub async fn give_back(&self, refund: &Refund) -> Result<bool, NotKnown> {
        let request = rules::refund(refund.id, refund.settlement, refund.amount);
        let done = self.apply(request.ok_or(NotKnown::Yet)?).await?.is_ok();
        refunds::end(self.database(), refund.id, done).await?;
        Ok(done)
    }

    async fn apply(&self, request: Request) -> Result<Result<(), SettlementFailure>, NotKnown> {
        match self.0.wallets.apply(request).await? {
            Ok(Outcome::Posted(_) | Outcome::Repeated(_)) => Ok(Ok(())),
            Ok(Outcome::Refused(refusal) | Outcome::RefusedBefore(refusal)) => {
                Ok(Err(match refusal {
                    Refusal::BalanceTooLow => SettlementFailure::ByRule(Reason::BalanceTooLow),
                    _ => SettlementFailure::NotPayable,
                }))
            }
            Err(Rejection::OtherContent) => Ok(Err(SettlementFailure::IdUsed)),
            Err(_) => {
                tracing::error!("the ledger does not take a settlement");
                Ok(Err(SettlementFailure::NotPayable))
            }
        }
    }
}

/// Does `work` until it is known what became of it.
pub async fn until_known<T, F>(work: impl Fn() -> F) -> Option<T>
where
    F: Future<Output = Result<T, NotKnown>>,
{
    loop {
        match work().await {
            Ok(done) => return Some(done),
            Err(NotKnown::Ever) => return None,
            Err(NotKnown::Yet) => tokio::time::sleep(AGAIN_AFTER).await,
        }
    }
}
