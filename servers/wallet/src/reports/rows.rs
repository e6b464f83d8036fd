//! Credentials, votes and sums in the database.

use domain::{Channel, SchemeId, StoreId, Timestamp, Week, wire::REPORTS_A_DAY};
use server_kit::{
    Change, Connection, DAY_MS, Database, DatabaseError, damaged, day_number, from_word, hex, word,
};
use sha2::{Digest, Sha256};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::published::Sum;

/// Notes that a member is given the credential of a week for what was blinded so; whether that may be.
pub async fn issue(
    database: &Database,
    member_id: &str,
    week: Week,
    blinded: &str,
) -> Result<bool, DatabaseError> {
    let digest = digest(&[blinded.as_bytes()]);
    let digest = &digest;
    let issue = |mut change: Change| async move {
        query(
            "INSERT INTO report_credential (member_id, week, blinded, closes_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (member_id, week) DO NOTHING",
        )
        .bind(member_id)
        .bind(week.number())
        .bind(digest)
        .bind(week.reports_close().0)
        .execute(&mut *change)
        .await?;
        let known = "SELECT blinded FROM report_credential WHERE member_id = $1 AND week = $2";
        let known = query_as(known).bind(member_id).bind(week.number());
        let (known,): (String,) = known.fetch_one(&mut *change).await?;
        change.keep(known == *digest)
    };
    database.transaction(issue).await
}

/// What a report speaks of; `None`: that the store takes cash alone.
pub type Pair = Option<(SchemeId, Channel)>;

/// What a report says of a scheme and channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It worked.
    Taken,
    /// It was refused.
    Refused,
    /// A code on the counter names the scheme.
    Code,
}

/// A report that is counted.
pub struct Vote<'a> {
    /// The secret of its credential.
    pub secret: &'a [u8; 32],
    /// The store.
    pub store: StoreId,
    /// Of which week it speaks.
    pub week: Week,
    /// The scheme and channel.
    pub pair: Pair,
    /// What it says of them.
    pub said: Said,
    /// Whether it is proven that the member was there.
    pub present: bool,
}

/// What came of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It counts, or an equal one was counted before.
    Once,
    /// The credential has reported often enough today.
    TooMany,
    /// The register has no such store.
    NoStore,
}

/// Counts a vote.
pub async fn count(
    database: &Database,
    vote: &Vote<'_>,
    now: Timestamp,
) -> Result<Counted, DatabaseError> {
    let count = |mut change: Change| async move {
        let (scheme, channel) = columns(&vote.pair)?;
        let store = vote.store.to_string();
        let known: Option<(i64,)> = query_as("SELECT 1 FROM store WHERE id = $1")
            .bind(&store)
            .fetch_optional(&mut *change)
            .await?;
        if known.is_none() {
            return change.keep(Counted::NoStore);
        }
        // Who scanned a code may still say what happened at the till.
        let of = if vote.said == Said::Code { "a code" } else { &channel };
        let of = digest(&[vote.secret, store.as_bytes(), scheme.as_bytes(), of.as_bytes()]);
        if is_known(&mut change, &of).await? {
            return change.keep(Counted::Once);
        }
        if !is_of_few(&mut change, vote.secret, now).await? {
            return change.keep(Counted::TooMany);
        }
        note(&mut change, &of, vote.week).await?;
        match vote.said {
            Said::Code => add_code(&mut change, vote, &store, &scheme).await?,
            said => {
                add(&mut change, vote, said == Said::Taken, [&store, &scheme, &channel]).await?
            }
        }
        change.keep(Counted::Once)
    };
    database.transaction(count).await
}

async fn add(
    change: &mut Connection,
    vote: &Vote<'_>,
    taken: bool,
    [store, scheme, channel]: [&str; 3],
) -> Result<(), DatabaseError> {
    let add = query(
        "INSERT INTO report_sum (store_id, scheme, channel, week, taken, present, others)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (store_id, scheme, channel, week, taken) DO UPDATE SET
            present = report_sum.present + excluded.present,
            others = report_sum.others + excluded.others",
    );
    let add = add.bind(store).bind(scheme).bind(channel).bind(vote.week.number());
    let add = add.bind(i64::from(taken));
    let add = add.bind(i64::from(vote.present)).bind(i64::from(!vote.present));
    add.execute(change).await.map(drop)
}

async fn add_code(
    change: &mut Connection,
    vote: &Vote<'_>,
    store: &str,
    scheme: &str,
) -> Result<(), DatabaseError> {
    let add = query(
        "INSERT INTO code_sum (store_id, scheme, week, present, others)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (store_id, scheme, week) DO UPDATE SET
            present = code_sum.present + excluded.present,
            others = code_sum.others + excluded.others",
    );
    let add = add.bind(store).bind(scheme).bind(vote.week.number());
    let add = add.bind(i64::from(vote.present)).bind(i64::from(!vote.present));
    add.execute(change).await.map(drop)
}

async fn is_known(change: &mut Connection, digest: &str) -> Result<bool, DatabaseError> {
    let known = query_as("SELECT 1 FROM report_vote WHERE digest = $1").bind(digest);
    let known: Option<(i64,)> = known.fetch_optional(change).await?;
    Ok(known.is_some())
}

async fn note(change: &mut Connection, digest: &str, week: Week) -> Result<(), DatabaseError> {
    let note = query("INSERT INTO report_vote (digest, closes_at) VALUES ($1, $2)");
    note.bind(digest).bind(week.reports_close().0).execute(change).await.map(drop)
}

/// Counts a report of a credential, unless it has made enough today.
async fn is_of_few(
    change: &mut Connection,
    secret: &[u8; 32],
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let day = day_number(now);
    let counted = query(
        "INSERT INTO report_day (digest, reports, closes_at) VALUES ($1, 1, $2)
         ON CONFLICT (digest) DO UPDATE SET reports = report_day.reports + 1
         WHERE report_day.reports < $3",
    )
    .bind(digest(&[b"day", secret, &day.to_be_bytes()]))
    .bind(day.saturating_add(1).saturating_mul(DAY_MS))
    .bind(REPORTS_A_DAY)
    .execute(change)
    .await?;
    Ok(counted.rows_affected() == 1)
}

/// SHA-256 over parts of which none can be shifted into another.
fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex(&digest.finalize())
}

fn columns(pair: &Pair) -> Result<(String, String), DatabaseError> {
    let Some((scheme, channel)) = pair else { return Ok(Default::default()) };
    Ok((scheme.to_string(), word(channel)?))
}

/// The sum of a week on one thing that was said of a store.
pub struct SumRow {
    /// The store.
    pub store: StoreId,
    /// The scheme and channel.
    pub pair: Pair,
    /// The week.
    pub week: Week,
    /// What was said.
    pub taken: bool,
    /// By how many.
    pub sum: Sum,
}

#[derive(FromRow)]
struct StoredSum {
    store_id: String,
    scheme: String,
    channel: String,
    week: i64,
    taken: i64,
    present: i64,
    others: i64,
}

/// All sums, by store, scheme and channel.
pub async fn sums(database: &Database) -> Result<Vec<SumRow>, DatabaseError> {
    let rows: Vec<StoredSum> = query_as(
        "SELECT store_id, scheme, channel, week, taken, present, others FROM report_sum
         ORDER BY store_id, scheme, channel, week, taken",
    )
    .fetch_all(database.reads())
    .await?;
    rows.iter().map(StoredSum::read).collect()
}

impl StoredSum {
    fn read(&self) -> Result<SumRow, DatabaseError> {
        let pair = match &*self.scheme {
            "" => None,
            scheme => Some((
                SchemeId::new(scheme).map_err(|_| damaged("scheme"))?,
                from_word(&self.channel, "channel")?,
            )),
        };
        let (store, week) = (store(&self.store_id)?, week(self.week)?);
        let sum = sum(self.present, self.others)?;
        Ok(SumRow { store, pair, week, taken: self.taken == 1, sum })
    }
}

fn store(id: &str) -> Result<StoreId, DatabaseError> {
    Uuid::parse_str(id).map(StoreId).map_err(|_| damaged("store_id"))
}

fn week(number: i64) -> Result<Week, DatabaseError> {
    Week::of_number(number).ok_or_else(|| damaged("week"))
}

fn sum(present: i64, others: i64) -> Result<Sum, DatabaseError> {
    let number = |value: i64| u32::try_from(value).map_err(|_| damaged("present"));
    Ok(Sum { present: number(present)?, others: number(others)? })
}

/// The sum of a week on one scheme that codes on a store's counter name.
pub struct CodeSumRow {
    /// The store.
    pub store: StoreId,
    /// The scheme.
    pub scheme: SchemeId,
    /// The week.
    pub week: Week,
    /// By how many.
    pub sum: Sum,
}

/// All sums of codes, by store and scheme.
pub async fn code_sums(database: &Database) -> Result<Vec<CodeSumRow>, DatabaseError> {
    let rows: Vec<(String, String, i64, i64, i64)> = query_as(
        "SELECT store_id, scheme, week, present, others FROM code_sum
         ORDER BY store_id, scheme, week",
    )
    .fetch_all(database.reads())
    .await?;
    let read = rows.into_iter().map(|(of, scheme, at, present, others)| {
        let scheme = SchemeId::new(&scheme).map_err(|_| damaged("scheme"))?;
        Ok(CodeSumRow { store: store(&of)?, scheme, week: week(at)?, sum: sum(present, others)? })
    });
    read.collect()
}

/// Forgets the sums of weeks before this one.
pub async fn forget_before(database: &Database, week: Week) -> Result<(), DatabaseError> {
    for forget in ["DELETE FROM report_sum WHERE week < $1", "DELETE FROM code_sum WHERE week < $1"]
    {
        query(forget).bind(week.number()).execute(database.reads()).await?;
    }
    Ok(())
}
