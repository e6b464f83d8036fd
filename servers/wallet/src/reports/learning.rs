//! What enough members report becomes evidence, and is written out as it is told.

use std::collections::BTreeMap;

use domain::{Channel, SchemeId, Source, StoreId, Timestamp, Week};
use serde::Serialize;
use server_kit::{Database, DatabaseError};

use super::{
    published::{Members, OfWeek, last_told, weight},
    rows::{self, CodeSumRow, Pair},
};
use crate::register::{Origin, Piece, cash_alone, replace_all};

/// Sums are kept so many weeks: after that what they say has aged into silence, of any scheme.
const KEPT_WEEKS: i64 = 53;

/// Each side has a name of its own, so that both stand beside each other.
const SAYING_TAKEN: Origin<'_> = Origin { source: Source::Members, named: "members:taken" };
const NAMED_BY_CODES: Origin<'_> = Origin { source: Source::Code, named: "members:codes" };
const SAYING_REFUSED: Origin<'_> = Origin { source: Source::Members, named: "members:refused" };

/// One thing that is told of a store: the last week of which it is, and how many say so.
struct Told {
    store: StoreId,
    pair: Pair,
    week: Week,
    sides: Vec<(bool, Members)>,
}

/// Has what enough members report speak for the stores; answers of how many stores something else is said now.
///
/// # Errors
/// When the database fails.
pub async fn learn_from_reports(database: &Database, now: Timestamp) -> Result<u64, DatabaseError> {
    if let Some(first) = Week::of(now).and_then(|week| Week::of_number(week.number() - KEPT_WEEKS))
    {
        rows::forget_before(database, first).await?;
    }
    let (mut taken, mut refused): (BTreeMap<_, Vec<Piece>>, BTreeMap<_, Vec<Piece>>) =
        Default::default();
    for Told { store, pair, week, sides } in told(database).await? {
        for (is_taken, members) in sides {
            let side = if is_taken { &mut taken } else { &mut refused };
            let (at, weight) = (week.begins(), weight(is_taken, members));
            add(side.entry(store).or_default(), &pair, (at, weight));
        }
    }
    let mut codes: BTreeMap<_, Vec<Piece>> = BTreeMap::new();
    for Code { store, scheme, week, members } in codes_told(database).await? {
        let (at, weight) = (week.begins(), weight(true, members));
        let piece = Piece { scheme, channel: Channel::Scan, at, weight };
        codes.entry(store).or_default().push(piece);
    }
    let changed = replace_all(database, SAYING_TAKEN, taken, now).await?
        + replace_all(database, NAMED_BY_CODES, codes, now).await?;
    Ok(changed + replace_all(database, SAYING_REFUSED, refused, now).await?)
}

/// Adds what is said of one scheme, or of all that are refused where cash alone is taken; the stronger counts.
fn add(pieces: &mut Vec<Piece>, pair: &Pair, (at, weight): (Timestamp, i32)) {
    let pairs = match pair {
        Some(pair) => vec![pair.clone()],
        None => cash_alone(),
    };
    for (scheme, channel) in pairs {
        let piece = Piece { scheme, channel, at, weight };
        let same =
            |known: &&mut Piece| (&known.scheme, known.channel) == (&piece.scheme, piece.channel);
        match pieces.iter_mut().find(same) {
            None => pieces.push(piece),
            Some(known) if (piece.at, piece.weight.abs()) > (known.at, known.weight.abs()) => {
                *known = piece;
            }
            Some(_) => {}
        }
    }
}

/// What is told of every store, by store, scheme and channel.
async fn told(database: &Database) -> Result<Vec<Told>, DatabaseError> {
    let mut weeks: BTreeMap<(StoreId, Pair), BTreeMap<Week, OfWeek>> = BTreeMap::new();
    for row in rows::sums(database).await? {
        let of_pair = weeks.entry((row.store, row.pair)).or_default();
        let sums = of_pair.entry(row.week).or_default();
        if row.taken {
            sums.taken = row.sum;
        } else {
            sums.refused = row.sum;
        }
    }
    let told = weeks.into_iter().filter_map(|((store, pair), weeks)| {
        let (week, sides) = last_told(weeks)?;
        Some(Told { store, pair, week, sides })
    });
    Ok(told.collect())
}

/// One scheme that codes on a store's counter name: the last week of which that is told, and how many scanned one.
struct Code {
    store: StoreId,
    scheme: SchemeId,
    week: Week,
    members: Members,
}

/// What is told of codes, by store and scheme.
async fn codes_told(database: &Database) -> Result<Vec<Code>, DatabaseError> {
    let mut told: BTreeMap<(StoreId, SchemeId), Code> = BTreeMap::new();
    // The last week comes last.
    for CodeSumRow { store, scheme, week, sum } in rows::code_sums(database).await? {
        let Some(members) = sum.told() else { continue };
        told.insert((store, scheme.clone()), Code { store, scheme, week, members });
    }
    Ok(told.into_values().collect())
}

/// One line of what is told.
#[derive(Serialize)]
struct Line {
    store: StoreId,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    said: &'static str,
    members: Members,
    week: Week,
}

/// What members' reports tell everyone, a line of JSON for each store, scheme, channel and side: nothing finer leaves
/// the server.
///
/// # Errors
/// When the database fails.
pub async fn publish(database: &Database) -> Result<String, DatabaseError> {
    let mut text = String::new();
    for Told { store, pair, week, sides } in told(database).await? {
        for (taken, members) in sides {
            let said = match (&pair, taken, members) {
                (None, ..) => "cash_only",
                (Some(_), true, _) => "worked",
                (Some(_), false, Members::Two) => "likely_refused",
                (Some(_), false, _) => "refused",
            };
            let scheme = pair.as_ref().map(|(scheme, _)| scheme.to_string());
            let channel = pair.as_ref().map(|(_, channel)| *channel);
            let line = Line { store, scheme, channel, said, members, week };
            text += &server_kit::json(&line)?;
            text.push('\n');
        }
    }
    for Code { store, scheme, week, members } in codes_told(database).await? {
        let (scheme, channel) = (Some(scheme.to_string()), Some(Channel::Scan));
        text += &server_kit::json(&Line { store, scheme, channel, said: "code", members, week })?;
        text.push('\n');
    }
    Ok(text)
}
