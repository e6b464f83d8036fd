//! Tills and members without HTTP, and without the proof of who they are: what the model and the bench
//! drive.

use std::path::Path;

use anyhow::Context;
use domain::{
    Channel, MethodId, Money, StoreId,
    wire::{Charge, Closing, Refund, Settlement, UnlockLimit},
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
        tokens::{self, Charged, NewToken},
    },
    token,
};
use crate::{
    credentials::allow_unlocked,
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
        Ok(settlement_of(begun))
    }

    /// A member types how much, and begins to pay it by the store's own code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_asked(
        &self,
        id: Uuid,
        asked: (StoreId, Money),
        member_id: &str,
        method: &MethodId,
    ) -> Told<Settlement> {
        let wanted = Wanted { id, member_id, method, channel: Channel::Scan, device: None };
        let (database, now) = (self.settlements.database(), self.clock.now());
        Ok(settlement_of(settlements::begin_asked(database, &wanted, asked, now).await?))
    }

    /// A member lets an unlocked phone agree to so much, so often a day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn allow(&self, member_id: &str, limit: &UnlockLimit) -> Result<(), DatabaseError> {
        allow_unlocked(self.settlements.database(), member_id, limit).await
    }

    /// A terminal charges the code that a member's unlocked phone shows; both have one id. Paid at once where
    /// the member allows that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn charge_shown(
        &self,
        id: Uuid,
        (store, amount): (StoreId, Money),
        member_id: &str,
        method: &MethodId,
    ) -> Told<Charge> {
        let (database, now) = (self.settlements.database(), self.clock.now());
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(id.as_bytes());
        let Some(digest) = token::digest(&token::text(&secret)) else {
            return Ok(Err(NotDone::NoCharge));
        };
        let (digest, channel) = (&*digest, Channel::Code);
        let shown = NewToken { id, digest, member_id, method, channel, device: None };
        tokens::make(database, &shown, now).await?;
        let token_digest = Some(digest);
        let wanted = charges::Wanted { id, store, amount, cashier: None, token_digest };
        let charge = match tokens::charge(database, &wanted, (channel, digest), now).await? {
            Charged::Before(charge) => return Ok(Ok(charge)),
            Charged::Now(charge, ..) => charge,
            Charged::OtherContent => return Ok(Err(NotDone::OtherContent)),
            Charged::Used => return Ok(Err(NotDone::Taken)),
            Charged::Unknown | Charged::Expired | Charged::OtherChannel => {
                return Ok(Err(NotDone::NoCharge));
            }
        };
        if settlements::approve_unlocked(database, id, now).await? {
            let _ = self.settlements.pursue(id, true).wait_for(|ended| *ended).await;
        }
        let paid = charges::by_id(database.reads(), id, now).await?;
        Ok(Ok(paid.map_or(charge, |paid| paid.charge)))
    }

    /// The member agrees; what became of it once that is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approve(&self, id: Uuid) -> Result<Option<Settlement>, DatabaseError> {
        let (database, now) = (self.settlements.database(), self.clock.now());
        if let Some(mut approved) = self.settlements.approve(id, now).await? {
            let _ = approved.ended.wait_for(|ended| *ended).await;
            if let Some(settlement) = approved.outcome() {
                return Ok(Some(settlement));
            }
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

fn settlement_of(begun: settlements::Begun) -> Result<Settlement, NotDone> {
    match begun {
        settlements::Begun::Now(settlement) | settlements::Begun::Before(settlement) => {
            Ok(settlement)
        }
        settlements::Begun::OtherContent => Err(NotDone::OtherContent),
        settlements::Begun::NoCharge => Err(NotDone::NoCharge),
        settlements::Begun::Taken => Err(NotDone::Taken),
    }
}
