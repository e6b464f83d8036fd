//! Deposits on their way: each is pursued by a task of its own until the operator has said what it did.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    Timestamp,
    wire::{Confirmation, Decline, DepositFailure, DepositState, Grant, Instruction},
};
use ledger::{Outcome, Rejection, Request};
use server_kit::{Clock, Database, random_bytes};
use tokio::sync::{Notify, Semaphore, watch};
use uuid::Uuid;

use super::{
    args::DepositArgs,
    rows::{self, Pursued},
    rules::{Steps, is_given_up, is_of, wait},
};
use crate::{
    methods::MemberMethods,
    operators::{Answer, Operator},
    wallets::{NotKnown, Wallets},
};

/// Deposits that ask the operator at once.
const AT_ONCE: usize = 32;

/// All deposits. Cheap to clone.
#[derive(Clone)]
pub struct Deposits(Arc<Parts>);

struct Parts {
    methods: MemberMethods,
    clock: Clock,
    wallets: Wallets,
    /// Most that a member may put in within 24 hours, minor units of each currency.
    a_day: i64,
    turns: Semaphore,
    /// Holds exactly the deposits that have a task.
    pursued: Mutex<HashMap<Uuid, Pursuit>>,
    /// Holds exactly the deposits whose first request is still being answered.
    answering: Mutex<HashSet<Uuid>>,
}

#[derive(Clone)]
struct Pursuit {
    look: Arc<Notify>,
    ended: watch::Receiver<bool>,
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
            turns: Semaphore::new(AT_ONCE),
            pursued: Mutex::default(),
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
        let mut pursued = lock(&self.0.pursued);
        if let Some(pursuit) = pursued.get(&id) {
            return pursuit.ended.clone();
        }
        let (end, ended) = watch::channel(false);
        let look = Arc::new(Notify::new());
        pursued.insert(id, Pursuit { look: Arc::clone(&look), ended: ended.clone() });
        let deposits = self.clone();
        tokio::spawn(async move {
            deposits.follow(id, new, &look).await;
            lock(&deposits.0.pursued).remove(&id);
            let _ = end.send(true);
        });
        ended
    }

    /// Something was heard of the deposit: it looks again at once, if it has not ended.
    pub fn look(&self, id: Uuid) {
        if let Some(pursuit) = lock(&self.0.pursued).get(&id) {
            pursuit.look.notify_one();
        }
    }

    async fn follow(&self, id: Uuid, new: bool, look: &Notify) {
        for tries in 0.. {
            let turn = self.0.turns.acquire().await;
            let ended = self.attempt(id, new && tries == 0).await;
            drop(turn);
            match ended {
                Ok(()) | Err(NotKnown::Ever) => break,
                Err(NotKnown::Yet) => {}
            }
            let chance = random_bytes::<1>().map_or(1.0, |[byte]| f64::from(byte) / 255.0);
            let _ = tokio::time::timeout(wait(tries, chance), look.notified()).await;
        }
    }

    /// Goes through all steps from the first; those that were done before are only told again.
    async fn attempt(&self, id: Uuid, new: bool) -> Result<(), NotKnown> {
        let Some(Pursued { deposit, steps, member_id }) =
            rows::pursued(self.database(), id).await?
        else {
            return Ok(());
        };
        if deposit.state != DepositState::Pending {
            return Ok(());
        }
        if let Err(failure) = self.reserve(&steps).await? {
            return Ok(rows::end(self.database(), id, Err(failure)).await?);
        }
        let taken = if is_given_up(deposit.at, self.0.clock.now()) {
            self.give_up(&steps).await?
        } else {
            self.take(&steps, &member_id, new).await?
        };
        let request = match taken {
            Ok(_) => steps.post().ok_or(NotKnown::Yet)?,
            Err(_) => steps.release(),
        };
        self.write(request).await?;
        Ok(rows::end(self.database(), id, taken).await?)
    }

    /// Reserves the amount in the ledger, or says why that fails for good.
    async fn reserve(&self, steps: &Steps) -> Result<Result<(), DepositFailure>, NotKnown> {
        let request = steps.reserve().ok_or(NotKnown::Yet)?;
        match self.0.wallets.apply(request).await? {
            Ok(Outcome::Posted(_) | Outcome::Repeated(_)) => Ok(Ok(())),
            Ok(Outcome::Refused(_) | Outcome::RefusedBefore(_)) => {
                Ok(Err(DepositFailure::WalletFull))
            }
            Err(Rejection::OtherContent) => Ok(Err(DepositFailure::IdUsed)),
            Err(_) => {
                tracing::error!("the ledger does not take a deposit");
                Err(NotKnown::Yet)
            }
        }
    }

    /// Ends what is reserved. It can fail only where the ledger is not what was written.
    async fn write(&self, request: Request) -> Result<(), NotKnown> {
        match self.0.wallets.apply(request).await? {
            Ok(Outcome::Posted(_) | Outcome::Repeated(_)) => Ok(()),
            _ => {
                tracing::error!("the ledger does not end a deposit as its operator did");
                Err(NotKnown::Yet)
            }
        }
    }

    /// When the operator took the money, or why it did not.
    async fn take(
        &self,
        steps: &Steps,
        member_id: &str,
        new: bool,
    ) -> Result<Result<Timestamp, DepositFailure>, NotKnown> {
        // Of a method that was removed meanwhile the grant opens nothing.
        let name = steps.operator.as_str();
        let grant = self.0.methods.grant_of(member_id, name, &steps.from).await?;
        let operator = self.operator(steps)?;
        let authorised = confirmed(operator, &steps.authorise(), Some(&grant), new).await?;
        if let Some(decline) = authorised.declined {
            return Ok(Err(decline.into()));
        }
        let captured = confirmed(operator, &steps.capture(), None, new).await?;
        let Some(decline) = captured.declined else { return Ok(Ok(captured.at)) };
        // What stays reserved at the operator could not be spent.
        confirmed(operator, &steps.void(), None, new).await?;
        Ok(Err(decline.into()))
    }

    /// Makes sure that nothing can be taken any more, unless it was.
    async fn give_up(&self, steps: &Steps) -> Result<Result<Timestamp, DepositFailure>, NotKnown> {
        let operator = self.operator(steps)?;
        let captured = looked_up(operator, &steps.capture()).await?;
        if let Some(captured) = captured.filter(|captured| captured.declined.is_none()) {
            return Ok(Ok(captured.at));
        }
        let voided = confirmed(operator, &steps.void(), None, false).await?;
        match voided.declined {
            None | Some(Decline::NotAuthorised) => Ok(Err(DepositFailure::OperatorDown)),
            // It was captured in between.
            Some(_) => Err(NotKnown::Yet),
        }
    }

    /// Whom a deposit is taken from.
    fn operator(&self, steps: &Steps) -> Result<&Operator, NotKnown> {
        let name = steps.operator.as_str();
        self.0.methods.operators.get(name).ok_or_else(|| {
            tracing::error!(operator = name, "a deposit waits for an operator that is unknown");
            NotKnown::Yet
        })
    }
}

/// What became of `instruction`: looked up where it may have been sent before, then sent.
async fn confirmed(
    operator: &Operator,
    instruction: &Instruction,
    grant: Option<&Grant>,
    new: bool,
) -> Result<Confirmation, NotKnown> {
    if !new && let Some(confirmation) = looked_up(operator, instruction).await? {
        return Ok(confirmation);
    }
    match operator.instruct(instruction, grant).await {
        Answer::Known(confirmation) => checked(confirmation, instruction),
        Answer::Gone | Answer::Down => Err(NotKnown::Yet),
    }
}

/// What became of `instruction`, if it came.
async fn looked_up(
    operator: &Operator,
    instruction: &Instruction,
) -> Result<Option<Confirmation>, NotKnown> {
    match operator.look_up(instruction.id).await {
        Answer::Known(confirmation) => checked(confirmation, instruction).map(Some),
        Answer::Gone => Ok(None),
        Answer::Down => Err(NotKnown::Yet),
    }
}

fn checked(
    confirmation: Confirmation,
    instruction: &Instruction,
) -> Result<Confirmation, NotKnown> {
    if is_of(&confirmation, instruction) {
        return Ok(confirmation);
    }
    tracing::error!("the operator confirmed something else than it was instructed");
    Err(NotKnown::Yet)
}
