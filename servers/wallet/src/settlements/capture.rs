//! Approved settlements are paid out of a wallet, or by an account or card through its operator; each is
//! pursued until it is known what became of the money, also after the server was stopped in the middle.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::{
    Reason, StoreId, Timestamp,
    wire::{Settlement, SettlementFailure, SettlementState},
};
use ledger::{Outcome, Owner, Refusal, Rejection};
use server_kit::{Answers, Clock, Database, DatabaseError, Script};
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
    wallets::{Hold, NotHeld, NotKnown, Wallets, clearing},
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

/// A settlement that the member just agreed to.
pub struct Approved {
    /// Tells when it has ended.
    pub ended: watch::Receiver<bool>,
    outcome: Arc<OnceLock<Settlement>>,
}

impl Approved {
    /// What it is, once it has ended; `None` where that has to be read.
    pub fn outcome(&self) -> Option<Settlement> {
        self.outcome.get().cloned()
    }
}

/// What was read of a settlement as it was approved, and where it is told what it comes to.
struct Seen {
    pursued: Pursued,
    answers: Answers,
    outcome: Arc<OnceLock<Settlement>>,
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
        let store = register::ask("$1", &settlement.store.to_string());
        let asked = [store, MemberMethods::ask_stored("$1", member_id)];
        let mut answers = self.database().read(&asked.into()).await?;
        self.judged(&mut answers, settlement, member_id).await
    }

    /// As [`Self::checked`], by what is known of the store and of the member's methods.
    async fn judged(
        &self,
        answers: &mut Answers,
        settlement: &Settlement,
        member_id: &str,
    ) -> Result<Result<Stored, SettlementFailure>, DatabaseError> {
        let Parts { methods, clock, .. } = &*self.0;
        let now = clock.now();
        let store = register::answered(answers)?;
        let stored = methods.stored_of(answers, member_id)?;
        let Some(store) = store else {
            return Ok(Err(SettlementFailure::ByRule(Reason::StoreListUnknown)));
        };
        let method = methods.one_of(&stored, &settlement.method, now).await;
        let judged = rules::may_pay(&store, method, settlement.channel, settlement.amount, now);
        Ok(judged.map(|()| stored))
    }

    /// The member agrees at `now`, and it is looked after until it ends. `None` where it was not to be
    /// approved any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approve(
        &self,
        id: Uuid,
        now: Timestamp,
    ) -> Result<Option<Approved>, DatabaseError> {
        let text = id.to_string();
        let mut script = Script::from([settlements::approve(id, now)]);
        // What its pursuit begins with, while the rows are at hand.
        script.extend(sources::ask(id).into());
        script.add(register::ask("(SELECT store_id FROM settlement WHERE id = $1)", &text));
        let member = "(SELECT member_id FROM settlement WHERE id = $1)";
        script.add(MemberMethods::ask_stored(member, &text));
        let mut answers = self.database().write(&script).await?;
        if answers.changed()? == 0 {
            return Ok(None);
        }
        let outcome = Arc::default();
        let seen = sources::pursued(&mut answers, id, now)?;
        let seen = seen.map(|pursued| Seen { pursued, answers, outcome: Arc::clone(&outcome) });
        Ok(Some(Approved { ended: self.pursue_seen(id, true, seen), outcome }))
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
        self.pursue_seen(id, new, None)
    }

    /// [`Self::pursue`] of one that was seen as it was approved.
    fn pursue_seen(&self, id: Uuid, new: bool, seen: Option<Seen>) -> watch::Receiver<bool> {
        let (settlements, seen) = (self.clone(), Mutex::new(seen));
        self.0.pursuits.pursue(id, move |tries| {
            let settlements = settlements.clone();
            let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move { settlements.attempt(id, new && tries == 0, seen).await }
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
    async fn attempt(&self, id: Uuid, new: bool, seen: Option<Seen>) -> Result<(), NotKnown> {
        let now = self.0.clock.now();
        let (pursued, answers, outcome) = match seen {
            Some(Seen { pursued, answers, outcome }) => {
                (Some(pursued), Some(answers), Some(outcome))
            }
            None => {
                let mut answers = self.database().read(&sources::ask(id).into()).await?;
                (sources::pursued(&mut answers, id, now)?, None, None)
            }
        };
        let Some(pursued) = pursued else { return Ok(()) };
        if pursued.settlement.state != SettlementState::Pending {
            return Ok(());
        }
        let (stopped, stored) = match self.begins(&pursued, answers, new).await? {
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
        let settlement = sources::end(self.database(), id, ended, now).await?;
        if let Some((outcome, settlement)) = outcome.zip(settlement) {
            // It ends once.
            let _ = outcome.set(settlement);
        }
        Ok(())
    }

    /// Whether it is begun to be paid; `answers` tell of its store and methods, where they were read already.
    async fn begins(
        &self,
        pursued: &Pursued,
        answers: Option<Answers>,
        new: bool,
    ) -> Result<Begins, NotKnown> {
        let Pursued { settlement, member_id, given_up, is_done, .. } = pursued;
        if *is_done {
            return Ok(Begins::Before);
        }
        if *given_up {
            return Ok(Begins::Not(Ended::Void));
        }
        if !new && rules::is_over(settlement.at, self.0.clock.now()) {
            return Ok(Begins::Not(Ended::Failed(SettlementFailure::TooLate)));
        }
        let checked = match answers {
            Some(mut answers) => self.judged(&mut answers, settlement, member_id).await?,
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
