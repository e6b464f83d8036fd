//! Payment tokens in the database: made once, charged once.

use domain::{
    Channel, MethodId, Timestamp,
    wire::{Charge, TOKEN_LASTS_MS},
};
use server_kit::{Change, Connection, Database, DatabaseError, damaged, word};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::{
    charges::{self, Asked, StoredCharge},
    settlements,
};
use crate::transfer_ids::is_used;

/// How long a token is remembered after its end, ms: what was charged is kept with the charge.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1_000;

/// A token to be made.
pub struct NewToken<'a> {
    /// The phone's id.
    pub id: Uuid,
    /// By what it is found.
    pub digest: &'a str,
    /// Whose it is.
    pub member_id: &'a str,
    /// What is paid with.
    pub method: &'a MethodId,
    /// How it comes to the till.
    pub channel: Channel,
    /// The digest of the device that shows it.
    pub device: Option<&'a str>,
}

/// What a request for a token led to.
pub enum Made {
    /// It was made now.
    Now(Timestamp),
    /// It was made before, and lasts until then.
    Before(Timestamp),
    /// The id was used for something else, or by somebody else.
    OtherContent,
    /// It was made before, and a till has charged it.
    Charged,
    /// It was made before, and its time is over.
    Expired,
}

/// What the charge of a token led to.
pub enum Charged {
    /// The member is to agree now.
    Now(Charge, Uuid, String),
    /// The same was charged before.
    Before(Charge),
    /// The charge's id was used for something else.
    OtherContent,
    /// There is no such token.
    Unknown,
    /// Its time is over.
    Expired,
    /// Another charge has it.
    Used,
    /// It is for another channel.
    OtherChannel,
}

#[derive(FromRow)]
struct TokenRow {
    id: String,
    member_id: String,
    method_id: String,
    channel: String,
    device_digest: Option<String>,
    expires_at: i64,
    charged: i64,
}

const TOKEN: &str = "SELECT id, member_id, method_id, channel, device_digest, expires_at,
        (SELECT COUNT(*) FROM settlement WHERE settlement.id = payment_token.id) AS charged
    FROM payment_token WHERE digest = $1";

/// Makes a token at `now`, unless it was made before; one that the device showed before it is over.
pub async fn make(
    database: &Database,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<Made, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let made = match before(&mut change, new, now).await? {
                Some(before) => before,
                None if is_used(&mut change, new.id).await? => Made::OtherContent,
                None => make_now(&mut change, new, now).await?,
            };
            change.keep(made)
        })
        .await
}

async fn before(
    change: &mut Connection,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<Option<Made>, DatabaseError> {
    let row: Option<TokenRow> =
        query_as(TOKEN).bind(new.digest).fetch_optional(&mut *change).await?;
    let Some(row) = row else {
        // The digest is the id's: what has the id is a settlement, perhaps of a token long ago.
        let whose: Option<String> = query_scalar("SELECT member_id FROM settlement WHERE id = $1")
            .bind(new.id.to_string())
            .fetch_optional(change)
            .await?;
        return Ok(whose.map(|whose| match whose == new.member_id {
            true => Made::Charged,
            false => Made::OtherContent,
        }));
    };
    let is_same = row.member_id == new.member_id
        && row.method_id == new.method.0
        && row.channel == word(new.channel)?
        && row.device_digest.as_deref() == new.device;
    Ok(Some(match row {
        _ if !is_same => Made::OtherContent,
        row if row.charged > 0 => Made::Charged,
        row if row.expires_at <= now.0 => Made::Expired,
        row => Made::Before(Timestamp(row.expires_at)),
    }))
}

async fn make_now(
    change: &mut Connection,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<Made, DatabaseError> {
    query("DELETE FROM payment_token WHERE expires_at <= $1")
        .bind(now.0.saturating_sub(REMEMBERED_MS))
        .execute(&mut *change)
        .await?;
    query(
        "UPDATE payment_token SET expires_at = $1
         WHERE member_id = $2 AND COALESCE(device_digest, '') = $3 AND expires_at > $1",
    )
    .bind(now.0)
    .bind(new.member_id)
    .bind(new.device.unwrap_or_default())
    .execute(&mut *change)
    .await?;
    let expires_at = now.0.saturating_add(TOKEN_LASTS_MS);
    query(
        "INSERT INTO payment_token (id, digest, member_id, method_id, device_digest, expires_at,
            channel)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id.to_string())
    .bind(new.digest)
    .bind(new.member_id)
    .bind(&new.method.0)
    .bind(new.device)
    .bind(expires_at)
    .bind(word(new.channel)?)
    .execute(change)
    .await?;
    Ok(Made::Now(Timestamp(expires_at)))
}

/// The member does not show it any more. It has no effect once it is charged.
pub async fn end(
    database: &Database,
    member_id: &str,
    id: Uuid,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    query(
        "UPDATE payment_token SET expires_at = $1
         WHERE id = $2 AND member_id = $3 AND expires_at > $1",
    )
    .bind(now.0)
    .bind(id.to_string())
    .bind(member_id)
    .execute(database.reads())
    .await?;
    Ok(())
}

/// Writes down at `now` what a terminal charges a token with on a channel, and that its member begins to pay that,
/// unless it was before.
pub async fn charge(
    database: &Database,
    wanted: &charges::Wanted<'_>,
    (channel, digest): (Channel, &str),
    now: Timestamp,
) -> Result<Charged, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let charged = match charges::before(&mut change, wanted, now).await? {
                Some(Asked::Before(charge) | Asked::Now(charge)) => Charged::Before(charge),
                Some(Asked::OtherContent) => Charged::OtherContent,
                None => charge_now(&mut change, wanted, (channel, digest), now).await?,
            };
            change.keep(charged)
        })
        .await
}

async fn charge_now(
    change: &mut Connection,
    wanted: &charges::Wanted<'_>,
    (channel, digest): (Channel, &str),
    now: Timestamp,
) -> Result<Charged, DatabaseError> {
    let row: Option<TokenRow> = query_as(TOKEN).bind(digest).fetch_optional(&mut *change).await?;
    let token = match row {
        None => return Ok(Charged::Unknown),
        Some(row) if row.channel != word(channel)? => return Ok(Charged::OtherChannel),
        Some(row) if row.charged > 0 => return Ok(Charged::Used),
        Some(row) if row.expires_at <= now.0 => return Ok(Charged::Expired),
        Some(row) => row,
    };
    let id = token.id.parse().map_err(|_| damaged("id"))?;
    // A deposit may have begun by it meanwhile.
    if is_used(change, id).await? {
        return Ok(Charged::Used);
    }
    // Nobody else can pay it, so it is never open.
    let charge = charges::put(change, wanted, 0, now).await?;
    let begun = settlements::Wanted {
        id,
        member_id: &token.member_id,
        method: &MethodId(token.method_id),
        channel,
        device: token.device_digest.as_deref(),
    };
    settlements::put(change, &begun, &StoredCharge { charge, store: wanted.store }, now).await?;
    let charge = charges::by_id(change, wanted.id, now).await?;
    let charge = charge.ok_or(DatabaseError::RowNotFound)?.charge;
    Ok(Charged::Now(charge, id, token.member_id))
}

/// Whether a settlement may be approved on this device: that of a token on the one that showed it.
pub async fn is_approved_on(
    database: &Database,
    id: Uuid,
    device: Option<&str>,
) -> Result<bool, DatabaseError> {
    Ok(settlements::device_of(database, id).await?.as_deref() == device)
}
