//! What the evidence on one (scheme, channel) of a store comes to.

use std::collections::BTreeMap;

use domain::{Acceptance, DIFFERS_FOR_MS, Source, Timestamp, aged, scheme::Reach};

/// Log-odds in hundredths: above 0 for its being taken, below 0 against.
pub type Weight = i32;

/// One piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where it comes from.
    pub source: Source,
    /// When it was true.
    pub at: Timestamp,
    /// How much it says.
    pub weight: Weight,
}

/// What evidence comes to: what is claimed, by whom and as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// What is claimed.
    pub acceptance: Acceptance,
    /// The youngest that says so; of equally young ones the most trustworthy.
    pub source: Source,
    /// As old as that.
    pub as_of: Timestamp,
}

/// The most that evidence comes to, 0.99: finding the store that a record means errs in about one of a hundred.
pub const MOST: Weight = 460;
/// What the store itself says, signed, 0.9975.
const BY_THE_STORE: Weight = 600;
/// From here on, 0.988, it is as good as said: three members who were refused, two for whom it worked.
const SAID_FROM: Weight = 440;
/// From here on, 0.948, it is likely: two members who were refused.
const LIKELY_FROM: Weight = 290;
/// Sums on both sides from here on are two stories, and not one with an error in it.
const DIFFERS_FROM: Weight = 200;

/// What a source's word weighs.
pub const fn weight_of(source: Source, taken: bool) -> Weight {
    let size = if matches!(source, Source::Store) { BY_THE_STORE } else { MOST };
    if taken { size } else { -size }
}

/// What `evidence` on something that is taken so widely comes to at `now`; `None` where there is none.
///
/// The newest of each source counts. In the order of the sources, a later one never overrules an earlier one
/// that is as young or younger; what the store itself says does not age. What is left is added as log-odds,
/// each as far as it has not aged. Where both sides say much within a quarter, they differ.
pub fn weigh(evidence: &[Evidence], reach: Reach, now: Timestamp) -> Option<Weighed> {
    let heard = heard(evidence, now);
    if let Some(store) = heard.iter().find(|one| one.source == Source::Store) {
        return Some(told(said(store.weight > 0), store));
    }
    let (taken, refused): (Vec<Evidence>, Vec<Evidence>) =
        heard.iter().filter(|one| left(one, reach, now) != 0).partition(|one| one.weight > 0);
    let (taken, refused) = (Side::of(&taken, reach, now), Side::of(&refused, reach, now));
    let (winner, loser) = match (taken, refused) {
        // All of it has aged into silence: it is told as it was, and the reader ages it.
        (None, None) => {
            let newest = youngest(&heard)?;
            return Some(told(said(newest.weight > 0), newest));
        }
        (Some(one), None) | (None, Some(one)) => (one, None),
        (Some(one), Some(other)) if one.sum >= other.sum => (one, Some(other)),
        (Some(one), Some(other)) => (other, Some(one)),
    };
    let acceptance = match loser {
        None => alone(&winner, reach),
        Some(loser) => against(&winner, &loser, now),
    };
    Some(told(acceptance, &winner.youngest))
}

/// All that one side says.
struct Side {
    evidence: Vec<Evidence>,
    youngest: Evidence,
    /// What is left of it now; not below 0.
    sum: Weight,
}

impl Side {
    fn of(evidence: &[Evidence], reach: Reach, now: Timestamp) -> Option<Self> {
        let youngest = *youngest(evidence)?;
        let sum = sum(evidence, reach, now);
        Some(Self { evidence: evidence.to_vec(), youngest, sum })
    }

    fn takes(&self) -> bool {
        self.youngest.weight > 0
    }
}

/// What a side says that nothing stands against, as of its youngest.
fn alone(side: &Side, reach: Reach) -> Acceptance {
    match sum(&side.evidence, reach, side.youngest.at) {
        SAID_FROM.. => said(side.takes()),
        LIKELY_FROM.. => likely(side.takes()),
        _ => Acceptance::Unknown,
    }
}

/// What the stronger of two sides says against the other: never more than likely.
fn against(winner: &Side, loser: &Side, now: Timestamp) -> Acceptance {
    let is_recent = |side: &Side| now.millis_since(side.youngest.at) <= DIFFERS_FOR_MS;
    if loser.sum >= DIFFERS_FROM && is_recent(winner) && is_recent(loser) {
        return Acceptance::Differs;
    }
    if winner.sum - loser.sum >= LIKELY_FROM { likely(winner.takes()) } else { Acceptance::Unknown }
}

const fn said(taken: bool) -> Acceptance {
    if taken { Acceptance::Accepted } else { Acceptance::Refused }
}

const fn likely(taken: bool) -> Acceptance {
    if taken { Acceptance::Likely } else { Acceptance::LikelyNot }
}

fn told(acceptance: Acceptance, youngest: &Evidence) -> Weighed {
    Weighed { acceptance, source: youngest.source, as_of: youngest.at }
}

fn youngest(evidence: &[Evidence]) -> Option<&Evidence> {
    evidence.iter().max_by_key(|one| (one.at, std::cmp::Reverse(one.source)))
}

/// The newest of each source, but for those that a more trustworthy and no older one contradicts. Of members both
/// sides are heard: of one week, each is what several of them say.
fn heard(evidence: &[Evidence], now: Timestamp) -> Vec<Evidence> {
    let mut newest: BTreeMap<(Source, bool), Evidence> = BTreeMap::new();
    for one in evidence.iter().filter(|one| one.weight != 0) {
        let at = one.at.min(now);
        let one = Evidence { at, ..*one };
        let refuses = one.source == Source::Members && one.weight < 0;
        let known = newest.entry((one.source, refuses)).or_insert(one);
        if (one.at, one.weight.abs()) > (known.at, known.weight.abs()) {
            *known = one;
        }
    }
    let mut heard: Vec<Evidence> = Vec::new();
    for one in newest.into_values() {
        let overruled = |known: &Evidence| {
            (known.at >= one.at || known.source == Source::Store)
                && known.source != one.source
                && (known.weight > 0) != (one.weight > 0)
        };
        if !heard.iter().any(overruled) {
            heard.push(one);
        }
    }
    heard
}

/// What is left at `now`, at most [`MOST`].
fn sum(evidence: &[Evidence], reach: Reach, now: Timestamp) -> Weight {
    let sum = evidence.iter().fold(0, |sum: Weight, one| sum.saturating_add(left(one, reach, now)));
    sum.min(MOST)
}

/// How much of one piece of evidence is left at `now`, as a size.
fn left(one: &Evidence, reach: Reach, now: Timestamp) -> Weight {
    let chance = 1.0 / (1.0 + libm::exp(-f64::from(one.weight.abs().min(MOST)) / 100.0));
    let chance = aged(chance, now.millis_since(one.at), reach);
    // At least a half and at most 0.99, so that the size is 0 to `MOST`.
    (100.0 * libm::log(chance / (1.0 - chance))).round() as Weight
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;
    const NOW: Timestamp = Timestamp(20_000 * DAY_MS);

    fn seen(source: Source, days_ago: i64, weight: Weight) -> Evidence {
        Evidence { source, at: Timestamp(NOW.0 - days_ago * DAY_MS), weight }
    }

    fn come_to(evidence: &[Evidence]) -> Option<(Acceptance, Source)> {
        let weighed = weigh(evidence, Reach::Mainstream, NOW)?;
        Some((weighed.acceptance, weighed.source))
    }

    #[test]
    fn a_later_source_never_overrules_an_earlier_younger_one() {
        use Source::{Code, Members, OpenStreetMap, Register, Settlement, Store};
        let order = [Store, Code, Settlement, Register, OpenStreetMap, Members];
        for (nth, earlier) in order.into_iter().enumerate() {
            for later in order.into_iter().skip(nth + 1) {
                let evidence = [seen(later, 5, -460), seen(earlier, 3, 460)];
                let expected = Some((Acceptance::Accepted, earlier));
                assert_eq!(come_to(&evidence), expected, "{earlier:?} and {later:?}");
            }
        }
    }

    #[test]
    fn members_of_one_week_who_say_both_differ_and_a_later_payment_cancels_a_refusal() {
        let both = [seen(Source::Members, 3, 440), seen(Source::Members, 3, -450)];
        assert_eq!(come_to(&both), Some((Acceptance::Differs, Source::Members)));
        let refused = seen(Source::Members, 9, -450);
        let paid = [refused, seen(Source::Settlement, 2, 460)];
        assert_eq!(come_to(&paid), Some((Acceptance::Accepted, Source::Settlement)));
        let paid_before = [refused, seen(Source::Settlement, 100, 460)];
        assert_eq!(come_to(&paid_before).unwrap().0, Acceptance::Unknown);
    }

    #[test]
    fn what_the_store_says_of_itself_stands_against_younger_reports() {
        let evidence = [seen(Source::Store, 900, 600), seen(Source::Members, 0, -460)];
        assert_eq!(come_to(&evidence), Some((Acceptance::Accepted, Source::Store)));
    }

    #[test]
    fn a_younger_source_that_says_the_opposite_within_a_quarter_makes_them_differ() {
        let evidence = [seen(Source::Register, 60, 460), seen(Source::Members, 3, -450)];
        let found = weigh(&evidence, Reach::Mainstream, NOW).unwrap();
        assert_eq!(found.acceptance, Acceptance::Differs);
        let evidence = [seen(Source::Register, 91, 460), seen(Source::Members, 3, -450)];
        assert_eq!(come_to(&evidence).unwrap().0, Acceptance::Unknown);
        // What is old enough to say nothing stands against nothing.
        let evidence = [seen(Source::Register, 3_650, 460), seen(Source::Members, 3, -450)];
        assert_eq!(come_to(&evidence), Some((Acceptance::Refused, Source::Members)));
    }

    #[test]
    fn two_members_who_were_refused_make_a_refusal_likely_and_three_make_it_one() {
        for (weight, expected) in [
            (-150, Acceptance::Unknown),
            (-300, Acceptance::LikelyNot),
            (-450, Acceptance::Refused),
            (440, Acceptance::Accepted),
            (330, Acceptance::Likely),
        ] {
            let found = come_to(&[seen(Source::Members, 1, weight)]);
            assert_eq!(found, Some((expected, Source::Members)), "{weight}");
        }
    }

    #[test]
    fn sources_that_agree_come_to_the_youngest_and_the_newest_of_one_source_counts() {
        let agree = [seen(Source::Register, 40, 460), seen(Source::OpenStreetMap, 3, 460)];
        assert_eq!(come_to(&agree), Some((Acceptance::Accepted, Source::OpenStreetMap)));
        let changed = [seen(Source::Register, 40, 460), seen(Source::Register, 3, -460)];
        assert_eq!(come_to(&changed), Some((Acceptance::Refused, Source::Register)));
    }

    #[test]
    fn evidence_of_the_future_is_of_today_and_none_comes_to_none() {
        let found = weigh(&[seen(Source::OpenStreetMap, -400, 460)], Reach::Fringe, NOW).unwrap();
        assert_eq!(found.as_of, NOW);
        assert_eq!(come_to(&[]), None);
        assert_eq!(come_to(&[seen(Source::Register, 1, 0)]), None);
        let extreme = [seen(Source::Members, 1, Weight::MAX), seen(Source::Register, 1, -1)];
        assert!(come_to(&extreme).is_some());
    }
}
