//! What of the sums of a week is told, and what it weighs. Pure.

use serde::Serialize;

use crate::knowledge::Weight;

/// How many said something in one week: by how many who proved that they were there, and by how many others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Who were there.
    pub present: u32,
    /// Who may have been.
    pub others: u32,
}

/// Who does not prove to have been there counts so many tenths.
const OTHERS_TENTHS: u32 = 3;
/// Told from here on: one alone would be seen.
const TOLD_FROM: u32 = 2;
/// Fewer who were refused may have met the same new cashier.
const REFUSED_FROM: u32 = 3;
const SEVERAL_FROM: u32 = 5;
const MANY_FROM: u32 = 20;

/// How many members say it. No finer number leaves the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    /// 2.
    Two,
    /// 3 or 4.
    Few,
    /// 5 to 19.
    Several,
    /// 20 and more.
    Many,
}

impl Sum {
    /// How many members it counts for.
    fn members(self) -> u32 {
        let tenths = self.present.saturating_mul(10);
        tenths.saturating_add(self.others.saturating_mul(OTHERS_TENTHS)) / 10
    }

    /// How many say it; `None` where that is not told.
    pub fn told(self) -> Option<Members> {
        match self.members() {
            ..TOLD_FROM => None,
            TOLD_FROM..REFUSED_FROM => Some(Members::Two),
            REFUSED_FROM..SEVERAL_FROM => Some(Members::Few),
            SEVERAL_FROM..MANY_FROM => Some(Members::Several),
            MANY_FROM.. => Some(Members::Many),
        }
    }
}

/// What so many members' word weighs: 2.2 each for its being taken, 1.5 each against, since a member of staff
/// may be wrong; 4.6 at most.
pub const fn weight(taken: bool, members: Members) -> Weight {
    match (taken, members) {
        (true, Members::Two) => 440,
        (true, _) => 460,
        (false, Members::Two) => -300,
        (false, Members::Few) => -450,
        (false, _) => -460,
    }
}

/// What both sides of one week come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfWeek {
    /// Who say that it is taken.
    pub taken: Sum,
    /// Who say that it is not.
    pub refused: Sum,
}

/// What both sides of the last week are told with of which anything is; `None` where nothing is. What members
/// say of different weeks is not added: nothing tells whether they are the same members.
pub fn last_told<W: Copy + Ord>(
    weeks: impl IntoIterator<Item = (W, OfWeek)>,
) -> Option<(W, Vec<(bool, Members)>)> {
    let told = weeks.into_iter().filter_map(|(week, sums)| {
        let sides = [(true, sums.taken.told()), (false, sums.refused.told())];
        let sides = sides.into_iter().filter_map(|(taken, members)| Some((taken, members?)));
        let sides: Vec<_> = sides.collect();
        (!sides.is_empty()).then_some((week, sides))
    });
    told.max_by_key(|(week, _)| *week)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn sum(present: u32, others: u32) -> Sum {
        Sum { present, others }
    }

    #[test]
    fn one_member_is_never_told_and_numbers_go_in_steps() {
        use Members::{Few, Many, Several, Two};
        for (present, others, expected) in [
            (0, 0, None),
            (1, 0, None),
            (1, 3, None),
            (0, 6, None),
            (0, 7, Some(Two)),
            (1, 4, Some(Two)),
            (2, 0, Some(Two)),
            (3, 0, Some(Few)),
            (4, 0, Some(Few)),
            (5, 0, Some(Several)),
            (19, 3, Some(Several)),
            (20, 0, Some(Many)),
            (u32::MAX, u32::MAX, Some(Many)),
        ] {
            assert_eq!(sum(present, others).told(), expected, "{present} and {others}");
        }
    }

    #[test]
    fn the_last_week_that_is_told_counts_whole_and_weeks_are_not_added() {
        let week = |taken, refused| OfWeek { taken: sum(taken, 0), refused: sum(refused, 0) };
        assert_eq!(last_told([(1, week(1, 0)), (2, week(1, 0)), (3, week(1, 1))]), None);
        let told = last_told([(7, week(2, 0)), (9, week(2, 3)), (8, week(5, 0)), (10, week(1, 1))]);
        assert_eq!(told, Some((9, vec![(true, Members::Two), (false, Members::Few)])));
        assert_eq!(last_told::<i64>([]), None);
    }
}
