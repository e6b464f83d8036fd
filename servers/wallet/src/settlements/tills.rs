//! Tills and members without HTTP, and without the proof of who they are: what the model and the bench
//! drive.

use std::path::Path;

use anyhow::Context;
use domain::{
    Channel, MethodId, Money, StoreId,
    wire::{Charge, Closing, Refund, Settlement},
};
use server_kit::{Clock, Database, DatabaseError};
use uuid::Uuid;

use super::{
    capture::Settlements,
    rows::{
        charges::{self, Asked},
        closings,
        refunds::{self, Begun},
        settlements::{self, Wanted},
    },
};
use crate::{
    methods::{GrantKey, MemberMethods},
    operators::{OperatorConfig, Operators},
    wallets::Wallets,
};

/// All tills of all stores, over the tables that the server works with.
pub struct Tills {
    settlements: Settlements,
    clock: Clock,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The id was used for something else.
    OtherContent,
    /// Nobody asks for this payment any more.
    NoCharge,
    /// Somebody else pays it, or has.
    Taken,
    /// Nothing was paid that could be given back.
    NotCaptured,
    /// With the refunds before it, more than was paid.
    TooMuch,
    /// It failed for good.
    Failed,
}

/// What a till or a member is told; inside, why nothing was done.
type Told<T> = Result<Result<T, NotDone>, DatabaseError>;

impl Tills {
    /// Over the server's `database` in the folder `data`, with its writer and its operators.
    ///
    /// # Errors
    /// When the folder or an operator cannot be used.
    pub async fn open(
        data: &Path,
        database: Database,
        wallets: Wallets,
        operators: Vec<OperatorConfig>,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let methods = MemberMethods {
            database,
            grant_key: GrantKey::open(data)?.into(),
            operators: Operators::new(operators)?,
        };
        let settlements = Settlements::start(methods, wallets, clock.clone()).await;
        Ok(Self { settlements: settlements.context("settlements cannot be read")?, clock })
    }

    /// A terminal asks to be paid; its code is shown once, with the charge's id for a nonce.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn charge(&self, store: StoreId, id: Uuid, amount: Money) -> Told<Charge> {
        let database = self.settlements.database();
        let wanted = charges::Wanted { id, store, amount, cashier: None, token_digest: None };
        match charges::begin(database, &wanted, self.clock.now()).await? {
            Asked::Now(charge) => {
                charges::put_nonce(database, id, &id.to_string()).await?;
                Ok(Ok(charge))
            }
            Asked::Before(charge) => Ok(Ok(charge)),
            Asked::OtherContent => Ok(Err(NotDone::OtherContent)),
        }
    }

    /// A member scans the code of `charge` and begins to pay it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(
        &self,
        id: Uuid,
        charge: Uuid,
        member_id: &str,
        method: &MethodId,
    ) -> Told<Settlement> {
        let wanted = Wanted { id, member_id, method, channel: Channel::Scan, device: None };
        let database = self.settlements.database();
        let begun =
            settlements::begin(database, &wanted, &charge.to_string(), self.clock.now()).await?;
        Ok(match begun {
            settlements::Begun::Now(settlement) | settlements::Begun::Before(settlement) => {
                Ok(settlement)
            }
            settlements::Begun::OtherContent => Err(NotDone::OtherContent),
            settlements::Begun::NoCharge => Err(NotDone::NoCharge),
            settlements::Begun::Taken => Err(NotDone::Taken),
        })
    }

    /// The member agrees; what became of it once that is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approve(&self, id: Uuid) -> Result<Option<Settlement>, DatabaseError> {
        let (database, now) = (self.settlements.database(), self.clock.now());
        if settlements::approve(database, id, now).await? {
            let _ = self.settlements.pursue(id, true).wait_for(|ended| *ended).await;
        }
        let known = settlements::of_id(database, id, now).await?;
        Ok(known.map(|(settlement, _)| settlement))
    }

    /// The member does not agree.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up(&self, id: Uuid) -> Result<Option<Settlement>, DatabaseError> {
        let database = self.settlements.database();
        settlements::give_up(database, id).await?;
        let known = settlements::of_id(database, id, self.clock.now()).await?;
        Ok(known.map(|(settlement, _)| settlement))
    }

    /// A terminal gives a part of what a settlement paid back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refund(&self, id: Uuid, settlement: Uuid, amount: Money) -> Told<Refund> {
        let database = self.settlements.database();
        let asked = Refund { id, settlement, amount, at: self.clock.now() };
        let refund = match refunds::begin(database, &asked, None).await? {
            Begun::Done(refund) => return Ok(Ok(refund)),
            Begun::Pending(refund) => refund,
            Begun::Failed => return Ok(Err(NotDone::Failed)),
            Begun::OtherContent => return Ok(Err(NotDone::OtherContent)),
            Begun::NotCaptured => return Ok(Err(NotDone::NotCaptured)),
            Begun::TooMuch => return Ok(Err(NotDone::TooMuch)),
        };
        let _ = self.settlements.give_back(&refund).wait_for(|ended| *ended).await;
        let is_made = refunds::is_made(database, id).await?;
        Ok(if is_made == Some(true) { Ok(refund) } else { Err(NotDone::Failed) })
    }

    /// A terminal closes its store's day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(&self, store: StoreId, id: Uuid) -> Told<Closing> {
        let database = self.settlements.database();
        let closed = closings::close(database, store, id, self.clock.now()).await?;
        Ok(closed.map(|(closing, _)| closing).ok_or(NotDone::OtherContent))
    }
}
