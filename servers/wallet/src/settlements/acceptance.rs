//! What payments teach of a store: that so it can be paid there.

use std::collections::BTreeMap;

use domain::{Channel, Method, SchemeId, Source, StoreId, Timestamp, Week};
use server_kit::{DAY_MS, Database, DatabaseError, damaged, from_json, from_word};
use sqlx::{FromRow, query_as};
use uuid::Uuid;

use crate::{
    knowledge::weight_of,
    register::{Origin, Piece, replace_all},
};

/// How long a payment speaks for a store: as payment networks tell when a store was last paid at.
const SPEAKS_FOR_MS: i64 = 90 * DAY_MS;
/// So many members must have paid so: one alone would be seen.
const MEMBERS: usize = 2;
const PAYMENTS: Origin<'_> = Origin { source: Source::Settlement, named: "settlement" };

#[derive(FromRow)]
struct PaidRow {
    store_id: String,
    member_id: String,
    channel: String,
    definition: String,
    paid_at: i64,
}

/// Who paid so at a store, and in which week the last time.
type Payers = BTreeMap<String, i64>;

/// Counts the payments of the last 90 days and has them speak for the stores that were paid, by week and from two members on; answers of how
/// many stores that says something else now.
///
/// # Errors
/// When the database fails.
pub async fn learn_from_payments(
    database: &Database,
    now: Timestamp,
) -> Result<u64, DatabaseError> {
    let rows: Vec<PaidRow> = query_as(
        "SELECT s.store_id, s.member_id, s.channel, m.definition, MAX(s.captured_at) AS paid_at
         FROM settlement s JOIN method m ON m.member_id = s.member_id AND m.id = s.method_id
         WHERE s.state = 'captured' AND s.captured_at > $1
         GROUP BY s.store_id, s.member_id, s.channel, s.method_id, m.definition",
    )
    .bind(now.0.saturating_sub(SPEAKS_FOR_MS))
    .fetch_all(database.reads())
    .await?;
    let mut paid: BTreeMap<(StoreId, SchemeId, Channel), Payers> = BTreeMap::new();
    for row in rows {
        let store = StoreId(Uuid::parse_str(&row.store_id).map_err(|_| damaged("store_id"))?);
        let channel: Channel = from_word(&row.channel, "channel")?;
        let method: Method = from_json(&row.definition, "definition")?;
        let Some(scheme) = only_scheme(&method, channel) else { continue };
        let week = week_begins(Timestamp(row.paid_at));
        let payers = paid.entry((store, scheme, channel)).or_default();
        let latest = payers.entry(row.member_id).or_insert(week);
        *latest = week.max(*latest);
    }
    let mut said: BTreeMap<StoreId, Vec<Piece>> = BTreeMap::new();
    for ((store, scheme, channel), payers) in paid {
        let Some(at) = told_week(&payers) else { continue };
        let weight = weight_of(Source::Settlement, true);
        said.entry(store).or_default().push(Piece { scheme, channel, at, weight });
    }
    replace_all(database, PAYMENTS, said, now).await
}

/// What a payment by this method on this channel rode on; `None` where it may have been one of several.
fn only_scheme(method: &Method, channel: Channel) -> Option<SchemeId> {
    let mut rides = method.rides.iter().filter(|ride| ride.channel == channel);
    let ride = rides.next()?;
    rides.next().is_none().then(|| ride.scheme.clone())
}

/// The last week since which enough members have paid, so that one member's payment alone never moves it.
fn told_week(payers: &Payers) -> Option<Timestamp> {
    let mut weeks: Vec<i64> = payers.values().copied().collect();
    weeks.sort_unstable();
    weeks.into_iter().rev().nth(MEMBERS - 1).map(Timestamp)
}

/// When the week of `at` begins, ms since 1970.
fn week_begins(at: Timestamp) -> i64 {
    Week::of(at).map_or(at, Week::begins).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_alone_says_nothing_and_never_moves_the_week() {
        let payers = |weeks: &[i64]| {
            let name = |(nth, week): (usize, &i64)| (nth.to_string(), *week);
            weeks.iter().enumerate().map(name).collect::<Payers>()
        };
        assert_eq!(told_week(&payers(&[7])), None);
        assert_eq!(told_week(&payers(&[7, 9])), Some(Timestamp(7)));
        assert_eq!(told_week(&payers(&[7, 12])), Some(Timestamp(7)));
        assert_eq!(told_week(&payers(&[7, 12, 11])), Some(Timestamp(11)));
    }

    #[test]
    fn a_week_begins_on_monday() {
        // 2026-11-29 is a Sunday, 2026-11-30 a Monday.
        let day = |text: &str| text.parse::<server_kit::Day>().unwrap().begins();
        assert_eq!(week_begins(day("2026-11-29")), day("2026-11-23").0);
        assert_eq!(week_begins(day("2026-11-30")), day("2026-11-30").0);
        assert_eq!(week_begins(Timestamp(0)), -3 * DAY_MS);
    }
}
