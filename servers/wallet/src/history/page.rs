//! One page over all of a member's methods, and where the next one begins.

use std::collections::VecDeque;

use domain::{Timestamp, wire::Movement};
use ledger::Side;
use server_kit::{Behind, Connection, DatabaseError};
use uuid::Uuid;

use super::{
    electronic::{self, Wallet, Wanted, wallets_of},
    operators, refunds,
};

/// Movements that are read at once where all are wanted.
const AT_ONCE: usize = 500;

/// Where a page begins: before a number of each of a member's wallets, and behind a payment by an
/// account or card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// One for each wallet.
    pub numbers: Vec<i64>,
    /// The last payment told.
    pub paid: Behind,
}

impl Place {
    fn first(wallets: &[Wallet]) -> Self {
        Self {
            numbers: vec![i64::MAX; wallets.len()],
            paid: (Timestamp(i64::MAX), Uuid::from_u128(1)),
        }
    }
}

/// A page, and the place of the one after it, where there is more.
pub type Page = (Vec<Movement>, Option<Place>);

/// At most `limit` movements of a member from `place` on; `None` when the place is not of the
/// member's wallets as they are now.
pub async fn page(
    connection: &mut Connection,
    member_id: &str,
    place: Option<&Place>,
    wanted: Wanted,
    limit: usize,
) -> Result<Option<Page>, DatabaseError> {
    let wallets = wallets_of(connection, member_id).await?;
    let place = place.cloned().unwrap_or_else(|| Place::first(&wallets));
    if place.numbers.len() != wallets.len() {
        return Ok(None);
    }
    let mut waiting = Waiting { wallets: Vec::with_capacity(wallets.len()), paid: VecDeque::new() };
    for (wallet, before) in wallets.iter().zip(&place.numbers) {
        let moved = electronic::moved(connection, wallet, *before, wanted, limit + 1).await?;
        waiting.wallets.push(moved.into());
    }
    if wanted != Some(Side::Credit) {
        let paid = operators::paid(connection, member_id, place.paid, limit + 1).await?;
        waiting.paid = paid.into();
    }
    let mut page = waiting.page(limit);
    refunds::join(connection, &mut page.0).await?;
    Ok(Some(page))
}

/// All movements of a member, the newest first.
pub async fn movements_of(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Vec<Movement>, DatabaseError> {
    let (mut all, mut place) = (Vec::new(), None);
    loop {
        let page = page(connection, member_id, place.as_ref(), None, AT_ONCE).await?;
        let Some((movements, next)) = page else { return Ok(all) };
        all.extend(movements);
        if next.is_none() {
            return Ok(all);
        }
        place = next;
    }
}

/// What was read and is not told yet, each list with its newest first. One wallet's movements stay in the
/// order of their numbers, whatever the clock did.
struct Waiting {
    wallets: Vec<VecDeque<(i64, Movement)>>,
    paid: VecDeque<Movement>,
}

impl Waiting {
    fn page(mut self, limit: usize) -> Page {
        let (mut movements, mut place) = (Vec::new(), self.place());
        while movements.len() < limit {
            let Some(movement) = self.newest(&mut place) else { break };
            movements.push(movement);
        }
        let is_more =
            !self.paid.is_empty() || self.wallets.iter().any(|waiting| !waiting.is_empty());
        (movements, is_more.then_some(place))
    }

    /// Before all that waits: what moves from now on is in front of every page that follows.
    fn place(&self) -> Place {
        let number = |waiting: &VecDeque<(i64, Movement)>| waiting.front().map_or(0, |it| it.0 + 1);
        let at = self.paid.front().map_or(i64::MIN, |paid| paid.at.0.saturating_add(1));
        Place {
            numbers: self.wallets.iter().map(number).collect(),
            // Of that instant none: no id is below this one.
            paid: (Timestamp(at), Uuid::from_u128(1)),
        }
    }

    /// Takes the newest of the first ones, and moves the place behind it.
    fn newest(&mut self, place: &mut Place) -> Option<Movement> {
        let first = |waiting: &VecDeque<(i64, Movement)>| waiting.front().map(|(_, it)| it.at);
        let heads = self.wallets.iter().enumerate();
        let electronic = heads.filter_map(|(nth, waiting)| Some((first(waiting)?, nth))).max();
        let paid = self.paid.front().map(|movement| movement.at);
        match electronic {
            Some((at, nth)) if paid.is_none_or(|paid| paid <= at) => {
                let (number, movement) = self.wallets.get_mut(nth)?.pop_front()?;
                *place.numbers.get_mut(nth)? = number;
                Some(movement)
            }
            _ => {
                let movement = self.paid.pop_front()?;
                place.paid = (movement.at, movement.transfer);
                Some(movement)
            }
        }
    }
}
