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
    methods::{MemberMethods, Stored, grant_among},
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

/// Whether an approved settlement begins to be paid.
enum Begins {
    /// With the member's methods as they were read for that.
    Now(Stored),
    /// It was begun before.
    Before,
    /// It is not, and ends so.
    Not(Ended),
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
        Ok(self.checked(settlement, member_id).await?.map(drop))
    }

    /// [`Self::check`], with the member's methods as they were read for it.
    async fn checked(
        &self,
        settlement: &Settlement,
        member_id: &str,
    ) -> Result<Result<Stored, SettlementFailure>, DatabaseError> {
        let Parts { methods, clock, .. } = &*self.0;
        let now = clock.now();
        let store = register::of_id(self.database(), settlement.store);
        let (store, stored) = tokio::try_join!(store, methods.stored(member_id))?;
        let Some(store) = store else {
            return Ok(Err(SettlementFailure::ByRule(Reason::StoreListUnknown)));
        };
        let method = methods.one_of(&stored, &settlement.method, now).await;
        let judged = rules::may_pay(&store, method, settlement.channel, settlement.amount, now);
        Ok(judged.map(|()| stored))
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
        let (stopped, stored) = match self.begins(&pursued, new).await? {
            Begins::Not(stopped) => (Some(stopped), None),
            Begins::Now(stored) => (None, Some(stored)),
            Begins::Before => (None, None),
        };
        let ended = match (&pursued.source, stopped) {
            (Source::Operator(debit), stopped) => {
                // The operator may have reserved it just before this server was stopped.
                let stopped = match stopped {
                    Some(_) if !new && self.0.methods.give_up(debit).await?.is_some() => None,
                    stopped => stopped,
                };
                match stopped {
                    Some(stopped) => stopped,
                    None => self.collect(&pursued, debit, stored.as_ref(), new).await?,
                }
            }
            (_, Some(stopped)) => stopped,
            (Source::Wallet(owner), None) => self.take(&pursued.settlement, *owner).await?,
            (Source::Gone, None) => Ended::Failed(SettlementFailure::NotRegistered),
        };
        Ok(sources::end(self.database(), id, ended, now).await?)
    }

    /// Whether it is begun to be paid.
    async fn begins(&self, pursued: &Pursued, new: bool) -> Result<Begins, NotKnown> {
        let Pursued { settlement, member_id, given_up, .. } = pursued;
        let is_done = is_done(self.database(), settlement.id);
        let (is_done, checked) = if new {
            let (is_done, checked) =
                tokio::try_join!(is_done, self.checked(settlement, member_id))?;
            (is_done, Some(checked))
        } else {
            (is_done.await?, None)
        };
        if is_done {
            return Ok(Begins::Before);
        }
        if *given_up {
            return Ok(Begins::Not(Ended::Void));
        }
        if !new && rules::is_over(settlement.at, self.0.clock.now()) {
            return Ok(Begins::Not(Ended::Failed(SettlementFailure::TooLate)));
        }
        let checked = match checked {
            Some(checked) => checked,
            None => self.checked(settlement, member_id).await?,
        };
        Ok(match checked {
            Ok(stored) => Begins::Now(stored),
            Err(reason) => Begins::Not(Ended::Failed(reason)),
        })
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

    /// Has an operator take the amount, which is reserved for the store meanwhile. `stored`: the member's
    /// methods, where they were read just now.
    async fn collect(
        &self,
        pursued: &Pursued,
        debit: &Debit,
        stored: Option<&Stored>,
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
        // The first time the operator is asked to reserve it meanwhile: nothing is taken before both are known.
        let (held, reserved) = match stored.filter(|_| new) {
            Some(stored) => {
                let grant = grant_among(stored, debit);
                let reserve = methods.authorise(debit, &grant, true);
                let (held, reserved) = tokio::join!(wallets.reserve(&hold), reserve);
                (held?, Some(reserved))
            }
            None => (wallets.reserve(&hold).await?, None),
        };
        match held {
            Ok(()) => {}
            // Since an id begins one transfer, only a row of a server before that can come here.
            Err(NotHeld::IdUsed) => return Ok(Ended::Failed(SettlementFailure::IdUsed)),
            Err(NotHeld::Refused) => {
                methods.give_up(debit).await?;
                return Ok(Ended::Failed(SettlementFailure::NotPayable));
            }
        }
        let ended = if *given_up || rules::is_over(settlement.at, clock.now()) {
            match methods.give_up(debit).await? {
                Some(at) => Ended::Captured(Some(at)),
                None if *given_up => Ended::Void,
                None => Ended::Failed(SettlementFailure::ByRule(Reason::OperatorDown)),
            }
        } else {
            let taken = match reserved {
                None => methods.take(debit, member_id, new).await?,
                Some(reserved) => match reserved? {
                    Ok(()) => methods.capture(debit, new).await?,
                    Err(decline) => Err(decline),
                },
            };
            match taken {
                Ok(at) => Ended::Captured(Some(at)),
                Err(decline) => Ended::Failed(rules::failure(decline)),
            }
        };
        wallets.end(&hold, matches!(ended, Ended::Captured(_))).await?;
        Ok(ended)
    }
}
