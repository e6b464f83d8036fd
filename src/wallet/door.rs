//! Which stores' doors are told of: once a visit, so many a day, and none that the member has muted.

use domain::{StoreId, Timestamp};

use super::visit::SAME_VISIT_MS;

const DAY_MS: i64 = 24 * 3_600_000;
/// Most notices in 24 hours, whatever the app asks for: beyond that they are noise.
pub(super) const MOST_A_DAY: u32 = 20;
/// Stores that can be muted; the one muted longest ago is heard again first.
const MOST_MUTED: usize = 256;

/// Whether the door of `store` is to be told of at `now`; it then counts among those `told`.
pub(super) fn tells(
    (muted, told): (&[StoreId], &mut Vec<(StoreId, Timestamp)>),
    store: StoreId,
    now: Timestamp,
    a_day: u32,
) -> bool {
    // A clock that was set back far must not keep doors silent until it is there again.
    told.retain(|(_, at)| now.millis_since(*at).abs() < DAY_MS);
    let is_same_visit = |(known, at): &(_, Timestamp)| {
        *known == store && now.millis_since(*at).abs() < SAME_VISIT_MS
    };
    let most = usize::try_from(a_day.min(MOST_A_DAY)).unwrap_or(0);
    if muted.contains(&store) || told.len() >= most || told.iter().any(is_same_visit) {
        return false;
    }
    told.push((store, now));
    true
}

/// Mutes a store, or lets it be heard again.
pub(super) fn mute(muted: &mut Vec<StoreId>, store: StoreId, mutes: bool) {
    muted.retain(|known| *known != store);
    if mutes {
        muted.push(store);
        muted.drain(..muted.len().saturating_sub(MOST_MUTED));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(nth: usize) -> StoreId {
        StoreId::of_record("test", &nth.to_string())
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp(1_790_000_000_000 + hours * 3_600_000)
    }

    #[test]
    fn a_door_is_told_of_once_a_visit_and_no_more_than_so_many_a_day() {
        let mut told = Vec::new();
        let came = [(1, 0), (1, 3), (1, 5), (2, 6), (3, 7), (3, 24), (4, 28), (4, 29)];
        let said = came.map(|(nth, hours)| tells((&[], &mut told), store(nth), at(hours), 3));
        assert_eq!(said, [true, false, true, true, false, true, false, true]);
    }

    #[test]
    fn a_clock_set_back_by_a_year_does_not_silence_the_doors() {
        let mut told = Vec::new();
        assert!(tells((&[], &mut told), store(1), at(9_000), 1));
        assert!(tells((&[], &mut told), store(1), at(0), 1));
        assert!(!tells((&[], &mut told), store(2), Timestamp(i64::MAX), 0), "none a day is none");
    }

    #[test]
    fn a_muted_store_is_silent_until_it_is_heard_again_and_the_list_is_bounded() {
        let (mut muted, mut told) = (Vec::new(), Vec::new());
        mute(&mut muted, store(1), true);
        mute(&mut muted, store(1), true);
        assert_eq!(muted, [store(1)]);
        assert!(!tells((&muted, &mut told), store(1), at(0), 3));
        mute(&mut muted, store(1), false);
        assert!(tells((&muted, &mut told), store(1), at(0), 3));
        for nth in 0..=MOST_MUTED {
            mute(&mut muted, store(nth), true);
        }
        assert!(muted.len() == MOST_MUTED && !muted.contains(&store(0)));
    }
}
