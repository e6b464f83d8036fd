//! Approved settlements are paid out of a wallet, or by an account or card through its operator; each is
//! pursued until it is known what became of the money, also after the server was stopped in the middle.

use std::sync::Arc;

use domain::{
    Reason, StoreId,
    wire::{Settlement, SettlementFailure, SettlementState},
};
use ledger::{Outcome, Owner, Refusal, Rejection};
use server_kit::{Clock, Database, DatabaseError};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    rows::{
        refunds, settlements,
        sources::{self, Ended, Pursued, Source},
    },
    rules,
};
use crate::{
    methods::MemberMethods,
    operators::Debit,
    pursuit::Pursuits,
    register,
    wallets::{Hold, NotHeld, NotKnown, Wallets, clearing, is_done},
};

/// All settlements. Cheap to clone.
#[derive(Clone)]
pub struct Settlements(Arc<Parts>);

struct Parts {
    methods: MemberMethods,
    wallets: Wallets,
    clock: Clock,
    pursuits: Pursuits,
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
        let pursuits = Pursuits::default();
        let settlements = Self(Arc::new(Parts { methods, wallets, clock, pursuits }));
        let database = settlements.database();
        for id in settlements::pending(database).await? {
            settlements.pursue(id, false);
        }
        for refund in refunds::pending(database).await? {
            settlements.give_back(&refund);
        }
        Ok(settlements)
    }

    /// Where they are kept.
    pub fn database(&self) -> &Database {
        &self.0.methods.database
    }

    /// Who is asked about accounts and cards.
    pub fn methods(&self) -> &MemberMethods {
        &self.0.methods
    }

    /// The ledger.
    pub fn wallets(&self) -> &Wallets {
        &self.0.wallets
    }

    /// What is under way.
    pub fn pursuits(&self) -> &Pursuits {
        &self.0.pursuits
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

    /// The store that a settlement pays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store_of(&self, id: Uuid) -> Result<Option<StoreId>, DatabaseError> {
        let known = settlements::of_id(self.database(), id, self.0.clock.now()).await?;
        Ok(known.map(|(settlement, _)| settlement.store))
    }

    /// Has an approved settlement looked after until it ends, which the answer tells. One that is `new`
    /// was approved just now.
    pub fn pursue(&self, id: Uuid, new: bool) -> watch::Receiver<bool> {
        let settlements = self.clone();
        self.0.pursuits.pursue(id, move |tries| {
            let settlements = settlements.clone();
            async move { settlements.attempt(id, new && tries == 0).await }
        })
    }

    /// Something was heard of a settlement or refund: it is looked at again at once.
    pub fn look(&self, id: Uuid) {
        self.0.pursuits.look(id);
    }

    /// The till or the member wants it no more; how it ends is known when the answer tells. `None` where
    /// that comes too late: a wallet has paid, or will in a moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up(&self, id: Uuid) -> Result<Option<watch::Receiver<bool>>, DatabaseError> {
        if !sources::give_up(self.database(), id).await? {
            return Ok(None);
        }
        let ended = self.pursue(id, false);
        self.look(id);
        Ok(Some(ended))
    }

    /// Goes through all steps from the first; those that were done before are only told again.
    async fn attempt(&self, id: Uuid, new: bool) -> Result<(), NotKnown> {
        let now = self.0.clock.now();
        let Some(pursued) = sources::pursued(self.database(), id, now).await? else {
            return Ok(());
        };
        if pursued.settlement.state != SettlementState::Pending {
            return Ok(());
        }
        let ended = match self.stopped(&pursued, new).await? {
            Some(stopped) => stopped,
            None => match &pursued.source {
                Source::Wallet(owner) => self.take(&pursued.settlement, *owner).await?,
                Source::Operator(debit) => self.collect(&pursued, debit, new).await?,
                Source::Gone => Ended::Failed(SettlementFailure::NotRegistered),
            },
        };
        Ok(sources::end(self.database(), id, ended, now).await?)
    }

    /// Why it is not begun to be paid, unless it was before.
    async fn stopped(&self, pursued: &Pursued, new: bool) -> Result<Option<Ended>, NotKnown> {
        let Pursued { settlement, member_id, given_up, .. } = pursued;
        if !new && is_done(self.database(), settlement.id).await? {
            return Ok(None);
        }
        if *given_up {
            return Ok(Some(Ended::Void));
        }
        if !new && rules::is_over(settlement.at, self.0.clock.now()) {
            return Ok(Some(Ended::Failed(SettlementFailure::TooLate)));
        }
        Ok(self.check(settlement, member_id).await?.err().map(Ended::Failed))
    }

    /// Moves the amount from a wallet to the store.
    async fn take(&self, settlement: &Settlement, owner: Uuid) -> Result<Ended, NotKnown> {
        let request = rules::capture(settlement.id, owner, settlement.store, settlement.amount);
        let failed = match self.0.wallets.apply(request.ok_or(NotKnown::Yet)?).await? {
            Ok(Outcome::Posted(_) | Outcome::Repeated(_)) => return Ok(Ended::Captured(None)),
            Ok(
                Outcome::Refused(Refusal::BalanceTooLow)
                | Outcome::RefusedBefore(Refusal::BalanceTooLow),
            ) => SettlementFailure::ByRule(Reason::BalanceTooLow),
            Ok(_) => SettlementFailure::NotPayable,
            Err(Rejection::OtherContent) => SettlementFailure::IdUsed,
            Err(_) => {
                tracing::error!("the ledger does not take a settlement");
                SettlementFailure::NotPayable
            }
        };
        Ok(Ended::Failed(failed))
    }

    /// Has an operator take the amount, which is reserved for the store meanwhile.
    async fn collect(
        &self,
        pursued: &Pursued,
        debit: &Debit,
        new: bool,
    ) -> Result<Ended, NotKnown> {
        let Parts { methods, wallets, clock, .. } = &*self.0;
        let Pursued { settlement, member_id, given_up, .. } = pursued;
        let hold = Hold {
            id: debit.id,
            debit: clearing(&debit.operator, debit.id),
            credit: Owner::Store(settlement.store.0),
            amount: debit.amount,
        };
        if let Err(not_held) = wallets.reserve(&hold).await? {
            return Ok(Ended::Failed(match not_held {
                NotHeld::IdUsed => SettlementFailure::IdUsed,
                NotHeld::Refused => SettlementFailure::NotPayable,
            }));
        }
        let ended = if *given_up || rules::is_over(settlement.at, clock.now()) {
            match methods.give_up(debit).await? {
                Some(at) => Ended::Captured(Some(at)),
                None if *given_up => Ended::Void,
                None => Ended::Failed(SettlementFailure::ByRule(Reason::OperatorDown)),
            }
        } else {
            match methods.take(debit, member_id, new).await? {
                Ok(at) => Ended::Captured(Some(at)),
                Err(decline) => Ended::Failed(rules::failure(decline)),
            }
        };
        wallets.end(&hold, matches!(ended, Ended::Captured(_))).await?;
        Ok(ended)
    }
}
