//! Deposits on their way: each is pursued by a task of its own until the operator has said what it did.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::wire::{DepositFailure, DepositState};
use server_kit::{Clock, Database};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    args::DepositArgs,
    rows::{self, Pursued},
    rules::is_given_up,
};
use crate::{
    methods::MemberMethods,
    pursuit::Pursuits,
    wallets::{NotHeld, NotKnown, Wallets},
};

/// All deposits. Cheap to clone.
#[derive(Clone)]
pub struct Deposits(Arc<Parts>);

struct Parts {
    methods: MemberMethods,
    clock: Clock,
    wallets: Wallets,
    /// Most that a member may put in within 24 hours, minor units of each currency.
    a_day: i64,
    pursuits: Pursuits,
    /// Holds exactly the deposits whose first request is still being answered.
    answering: Mutex<HashSet<Uuid>>,
}

/// While it lives, the first request for a deposit is being answered.
pub struct Answering {
    deposits: Deposits,
    id: Uuid,
}

impl Drop for Answering {
    fn drop(&mut self) {
        lock(&self.deposits.0.answering).remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Deposits {
    /// Takes up every deposit that has not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn start(
        methods: MemberMethods,
        clock: Clock,
        wallets: Wallets,
        args: &DepositArgs,
    ) -> anyhow::Result<Self> {
        let deposits = Self(Arc::new(Parts {
            methods,
            clock,
            wallets,
            a_day: args.deposits_a_day,
            pursuits: Pursuits::default(),
            answering: Mutex::default(),
        }));
        for id in rows::pending(deposits.database()).await? {
            deposits.pursue(id, false);
        }
        Ok(deposits)
    }

    fn database(&self) -> &Database {
        &self.0.methods.database
    }

    /// Most that a member may put in within 24 hours, minor units of each currency.
    pub fn a_day(&self) -> i64 {
        self.0.a_day
    }

    /// The first request for a deposit is being answered from now on; `None` while it already is.
    pub fn answering(&self, id: Uuid) -> Option<Answering> {
        let is_first = lock(&self.0.answering).insert(id);
        is_first.then(|| Answering { deposits: self.clone(), id })
    }

    /// Has the deposit looked after until it ends, which the answer tells. One that is `new` was never
    /// instructed, so that it need not be looked up first.
    pub fn pursue(&self, id: Uuid, new: bool) -> watch::Receiver<bool> {
        let deposits = self.clone();
        self.0.pursuits.pursue(id, move |tries| {
            let deposits = deposits.clone();
            async move { deposits.attempt(id, new && tries == 0).await }
        })
    }

    /// Something was heard of the deposit: it looks again at once, if it has not ended.
    pub fn look(&self, id: Uuid) {
        self.0.pursuits.look(id);
    }

    /// Goes through all steps from the first; those that were done before are only told again.
    async fn attempt(&self, id: Uuid, new: bool) -> Result<(), NotKnown> {
        let Parts { methods, wallets, clock, .. } = &*self.0;
        let Some(Pursued { deposit, debit, hold, member_id }) =
            rows::pursued(self.database(), id).await?
        else {
            return Ok(());
        };
        if deposit.state != DepositState::Pending {
            return Ok(());
        }
        if let Err(not_held) = wallets.reserve(&hold).await? {
            let failure = match not_held {
                NotHeld::Refused => DepositFailure::WalletFull,
                NotHeld::IdUsed => DepositFailure::IdUsed,
            };
            return Ok(rows::end(self.database(), id, Err(failure)).await?);
        }
        let taken = if is_given_up(deposit.at, clock.now()) {
            methods.give_up(&debit).await?.ok_or(DepositFailure::OperatorDown)
        } else {
            methods.take(&debit, &member_id, new).await?.map_err(DepositFailure::from)
        };
        wallets.end(&hold, taken.is_ok()).await?;
        Ok(rows::end(self.database(), id, taken).await?)
    }
}
