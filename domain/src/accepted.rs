//! What a store accepts: claims with their source and age.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{Channel, SchemeId, Timestamp};

/// What a store says of one (scheme, channel) pair. What nobody said is [`Acceptance::Unknown`],
/// which is never shown as a refusal.
///
/// Phones keep it by its place among the others: a new one goes to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// The store takes it.
    Accepted,
    /// The store does not take it.
    Refused,
    /// Nothing is known, or too little.
    Unknown,
    /// It likely takes it.
    Likely,
    /// It likely does not.
    LikelyNot,
    /// Those who were there say both: an unknown of its own.
    Differs,
}

/// Where a claim about a store comes from, ordered by trust: the most trustworthy is the least.
///
/// Phones keep it by its place among the others: a new one goes to the end, and how far it is trusted is
/// not told by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The store's own statement, signed by the register (store code, store terminal).
    Store,
    /// A file given to the register by the store, a chain or an authority.
    Register,
    /// OpenStreetMap.
    OpenStreetMap,
    /// A code on the counter of this store. Anyone could have printed it, so that it counts where the phone surely
    /// was in this store, and for others where several members scanned one.
    Code,
    /// It follows from what is said of another scheme of the store, one step away.
    Sibling,
    /// Stores of chains take it.
    Chain,
    /// Stores of its kind in its country take it.
    Country,
    /// Made up by a seeded generator, for trials only.
    Generated,
    /// Payments that members of the network made there.
    Settlement,
    /// What members who were there report.
    Members,
    /// The member's own experience, on that member's phone alone.
    Own,
}

impl Source {
    /// The place in the order of trust, 0 for the most trustworthy.
    const fn trust(self) -> u8 {
        match self {
            Self::Own => 0,
            Self::Store => 1,
            Self::Code => 2,
            Self::Settlement => 3,
            Self::Register => 4,
            Self::OpenStreetMap => 5,
            Self::Members => 6,
            Self::Sibling => 7,
            Self::Chain => 8,
            Self::Country => 9,
            Self::Generated => 10,
        }
    }

    /// Whether nobody said it of this store: it is likely at most, and nothing is signed or printed by it.
    pub const fn is_inferred(self) -> bool {
        matches!(self, Self::Sibling | Self::Chain | Self::Country)
    }

    /// Whether it may be signed into a store's code and printed on its sheet: it is neither inferred nor made
    /// up, nor what others report of the store.
    pub const fn may_be_signed(self) -> bool {
        !self.is_inferred()
            && !matches!(self, Self::Code | Self::Members | Self::Own | Self::Generated)
    }
}

impl Ord for Source {
    fn cmp(&self, other: &Self) -> Ordering {
        self.trust().cmp(&other.trust())
    }
}

impl PartialOrd for Source {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One statement about one (scheme, channel) pair of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The network or brand.
    pub scheme: SchemeId,
    /// How it is done at the till.
    pub channel: Channel,
    /// What is said.
    pub acceptance: Acceptance,
    /// Who says it.
    pub source: Source,
    /// When it was true.
    pub as_of: Timestamp,
}

/// Everything known of what one store takes: at most one claim for a (scheme, channel) pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Accepted {
    claims: Vec<Claim>,
}

impl Accepted {
    /// The claim on this pair; `None` means unknown.
    pub fn claim(&self, scheme: &SchemeId, channel: Channel) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.channel == channel && claim.scheme == *scheme)
    }

    /// All claims, in the order they were made.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// Whether nothing at all is known of what the store takes.
    pub fn is_unknown(&self) -> bool {
        self.claims.iter().all(|claim| claim.acceptance == Acceptance::Unknown)
    }

    /// Adds a claim. Of two on the same pair the more trustworthy source wins, then the newer,
    /// then the later one added.
    pub fn add(&mut self, claim: Claim) {
        let same =
            |known: &&mut Claim| known.scheme == claim.scheme && known.channel == claim.channel;
        match self.claims.iter_mut().find(same) {
            None => self.claims.push(claim),
            Some(known) => {
                let newer = (claim.source, std::cmp::Reverse(claim.as_of))
                    <= (known.source, std::cmp::Reverse(known.as_of));
                if newer {
                    *known = claim;
                }
            }
        }
    }
}

impl FromIterator<Claim> for Accepted {
    fn from_iter<I: IntoIterator<Item = Claim>>(claims: I) -> Self {
        let mut accepted = Self::default();
        claims.into_iter().for_each(|claim| accepted.add(claim));
        accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(acceptance: Acceptance, source: Source, at: i64) -> Claim {
        Claim {
            scheme: SchemeId::new("visa").unwrap(),
            channel: Channel::Contactless,
            acceptance,
            source,
            as_of: Timestamp(at),
        }
    }

    #[test]
    fn a_better_source_is_not_overruled_by_a_newer_worse_one() {
        let accepted = Accepted::from_iter([
            claim(Acceptance::Accepted, Source::Store, 1),
            claim(Acceptance::Refused, Source::Generated, 9),
        ]);
        assert_eq!(accepted.claims().len(), 1);
        assert_eq!(accepted.claims()[0].acceptance, Acceptance::Accepted);
    }

    #[test]
    fn a_code_of_the_counter_stands_after_the_stores_own_list_and_before_payments_and_lists() {
        use Source::{Code, Members, OpenStreetMap, Own, Register, Settlement, Store};
        let order = [Own, Store, Code, Settlement, Register, OpenStreetMap, Members];
        assert!(order.is_sorted(), "{order:?}");
        assert!(!Code.may_be_signed(), "members scanned it");
    }

    #[test]
    fn a_newer_claim_of_the_same_source_replaces_the_older() {
        let accepted = Accepted::from_iter([
            claim(Acceptance::Accepted, Source::OpenStreetMap, 1),
            claim(Acceptance::Refused, Source::OpenStreetMap, 2),
        ]);
        assert_eq!(accepted.claims()[0].acceptance, Acceptance::Refused);
    }
}
