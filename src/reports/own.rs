//! What the member knows of stores by having been there: it shows on this phone at once, and on no other.

use domain::{
    Acceptance, Channel, Claim, SchemeId, Source, Store, StoreId, Timestamp, scheme, wire::Reported,
};
use serde::{Deserialize, Serialize};

/// How long one's own experience counts for more than what is told of a store: a quarter, as payment networks tell
/// when a store was last paid at.
const COUNTS_FOR_MS: i64 = 90 * 24 * 3_600_000;
/// Experiences remembered; the oldest are forgotten.
const MOST: usize = 256;

/// The member's experiences, the latest last.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Own(Vec<Experience>);

#[derive(Clone, Serialize, Deserialize)]
struct Experience {
    store: StoreId,
    said: Reported,
    at: Timestamp,
}

/// Whether two reports speak of the same.
pub(super) fn same_subject(one: &Reported, other: &Reported) -> bool {
    subject(one) == subject(other)
}

#[derive(PartialEq, Eq)]
enum Subject<'a> {
    /// What happens at the till with a scheme on a channel.
    Till(&'a SchemeId, Channel),
    /// All that is not cash.
    All,
    /// What a code on the counter names, whatever happens at the till.
    Counter(&'a SchemeId),
}

fn subject(said: &Reported) -> Subject<'_> {
    match said {
        Reported::Worked { scheme, channel } | Reported::Refused { scheme, channel } => {
            Subject::Till(scheme, *channel)
        }
        Reported::CashOnly {} => Subject::All,
        Reported::Code { scheme } => Subject::Counter(scheme),
    }
}

impl Own {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn add(&mut self, store: StoreId, said: Reported, at: Timestamp) {
        let worked = matches!(said, Reported::Worked { .. });
        self.0.retain(|known| {
            let is_same = same_subject(&known.said, &said);
            // Whoever pays by anything knows that it is not cash alone.
            known.store != store || !(is_same || (worked && subject(&known.said) == Subject::All))
        });
        self.0.push(Experience { store, said, at });
        self.0.drain(..self.0.len().saturating_sub(MOST));
    }

    /// When a code on the counter of `store` named `scheme` last.
    pub fn code_at(&self, store: StoreId, scheme: &SchemeId) -> Option<Timestamp> {
        let mut known = self.0.iter().rev();
        let is_it = |known: &&Experience| {
            known.store == store && subject(&known.said) == Subject::Counter(scheme)
        };
        known.find(is_it).map(|known| known.at)
    }

    /// The record of `store` with what the member knows of it; `None` where that is nothing.
    pub fn overlaid(&self, store: &Store, now: Timestamp) -> Option<Store> {
        let counts = |known: &&Experience| {
            known.store == store.id && now.millis_since(known.at).abs() <= COUNTS_FOR_MS
        };
        let mut known = self.0.iter().filter(counts).peekable();
        known.peek()?;
        let mut store = store.clone();
        for Experience { said, at, .. } in known {
            for claim in claims(said, *at) {
                store.accepted.add(claim);
            }
        }
        Some(store)
    }
}

fn claims(said: &Reported, as_of: Timestamp) -> Vec<Claim> {
    let claim = |scheme: &SchemeId, channel, acceptance| {
        let scheme = scheme.clone();
        Claim { scheme, channel, acceptance, source: Source::Own, as_of }
    };
    match said {
        Reported::Worked { scheme, channel } => {
            vec![claim(scheme, *channel, Acceptance::Accepted)]
        }
        Reported::Refused { scheme, channel } => {
            vec![claim(scheme, *channel, Acceptance::Refused)]
        }
        Reported::Code { scheme } => {
            let claim = claim(scheme, Channel::Scan, Acceptance::Accepted);
            vec![Claim { source: Source::Code, ..claim }]
        }
        Reported::CashOnly {} => {
            let every = scheme::all()
                .iter()
                .flat_map(|known| known.channels.iter().map(|channel| (&known.id, *channel)));
            every.map(|(scheme, channel)| claim(scheme, channel, Acceptance::Refused)).collect()
        }
    }
}
