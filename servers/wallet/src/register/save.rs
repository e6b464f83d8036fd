//! Stores and their claims put into the database.

use domain::{Claim, Position, Source, Store, StoreId, Timestamp, wire::Cell};
use server_kit::{Connection, DatabaseError, from_json, json};
use sqlx::{query, query_as};

use super::{
    claim_list, closing,
    evidence::{self, Piece},
};

/// What saving a store did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It was not known.
    Added,
    /// It was known and differs now.
    Updated,
    /// It was known exactly so.
    Unchanged,
    /// It was known from a later edit, which stays.
    Older,
}

/// Where a record comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The source it is kept under.
    pub source: &'a str,
    /// As whose its claims count.
    pub said_by: Source,
    /// When the source last changed it; 0 when nobody says.
    pub edited: Timestamp,
    /// The chain it is of; empty when the source says none.
    pub brand: &'a str,
    /// ISO 3166 alpha-2; empty when unknown.
    pub country: &'a str,
    /// When it is saved.
    pub now: Timestamp,
}

impl Origin<'_> {
    fn evidence(&self) -> evidence::Origin<'_> {
        evidence::Origin { source: self.said_by, named: self.source }
    }
}

/// The footprint that the register has of this store, if it has the store.
///
/// # Errors
/// When the database cannot be read.
async fn footprint(
    change: &mut Connection,
    id: StoreId,
) -> Result<Option<Vec<Position>>, DatabaseError> {
    let known: Option<(String,)> = query_as("SELECT footprint FROM store WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(&mut *change)
        .await?;
    let read = |(text,): (String,)| from_json(&text, "footprint");
    known.map(read).transpose()
}

/// Saves one store of a file that could be read whole or not; answers what that did, and whether the store then has
/// a footprint.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(
    change: &mut Connection,
    store: &Store,
    is_whole: bool,
    origin: Origin<'_>,
) -> Result<(Saved, bool), DatabaseError> {
    // The building may be in what could not be read: what was known of it stays.
    if is_whole || !store.footprint.is_empty() {
        let saved = save(change, store, origin).await?;
        return Ok((saved, !store.footprint.is_empty()));
    }
    let known = footprint(change, store.id).await?.unwrap_or_default();
    let store = Store { footprint: known, ..store.clone() };
    let saved = save(change, &store, origin).await?;
    Ok((saved, !store.footprint.is_empty()))
}

/// Adds `store` or brings it up to date. Its claims replace those that came from where they come
/// from, and made-up ones as soon as there are real ones; the beacon it was given stays. A store
/// that is known from a later edit stays as it is, claims and all.
///
/// # Errors
/// When the database cannot be written.
async fn save(
    change: &mut Connection,
    store: &Store,
    origin: Origin<'_>,
) -> Result<Saved, DatabaseError> {
    let id = store.id.to_string();
    let known: Option<(i64, i64)> = query_as("SELECT edited, cell FROM store WHERE id = $1")
        .bind(&id)
        .fetch_optional(&mut *change)
        .await?;
    if known.is_some_and(|(edited, _)| edited > origin.edited.0) {
        return Ok(Saved::Older);
    }
    let changed = save_record(change, &id, store, &origin).await?;
    if let Some((_, cell)) = known.filter(|_| changed) {
        closing::is_in(change, &id, Cell::of(store.position), cell).await?;
    }
    let claims = store.accepted.claims();
    let claims_changed = save_claims(change, &id, claims, origin.evidence(), origin.now).await?;
    if known.is_none_or(|(edited, _)| edited != origin.edited.0) {
        query("UPDATE store SET edited = $1 WHERE id = $2")
            .bind(origin.edited.0)
            .bind(&id)
            .execute(change)
            .await?;
    }
    Ok(match known {
        None => Saved::Added,
        Some(_) if changed || claims_changed => Saved::Updated,
        Some(_) => Saved::Unchanged,
    })
}

async fn save_record(
    change: &mut Connection,
    id: &str,
    store: &Store,
    origin: &Origin<'_>,
) -> Result<bool, DatabaseError> {
    let footprint = json(&store.footprint)?;
    let access_points = json(&store.access_points)?;
    let written = query(
        "INSERT INTO store (id, source, reference, name, industry, street, postal_code, city,
            country, phone, lat_e7, lon_e7, cell, footprint, level, currency, attribution, licence,
            access_points, brand, country_code, beacon)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21, (SELECT COALESCE(MAX(beacon), 65535) + 1 FROM store))
         ON CONFLICT (id) DO UPDATE SET source = excluded.source,
            reference = excluded.reference, name = excluded.name,
            industry = excluded.industry, street = excluded.street,
            postal_code = excluded.postal_code, city = excluded.city,
            country = excluded.country, phone = excluded.phone, lat_e7 = excluded.lat_e7,
            lon_e7 = excluded.lon_e7, cell = excluded.cell, revision = NULL, closed = 0,
            footprint = excluded.footprint, level = excluded.level,
            currency = excluded.currency, attribution = excluded.attribution,
            licence = excluded.licence, access_points = excluded.access_points,
            brand = excluded.brand, country_code = excluded.country_code
         WHERE (store.reference, store.name, store.industry, store.street, store.postal_code,
                store.city, store.country, store.phone, store.lat_e7, store.lon_e7,
                store.footprint, store.level, store.currency, store.attribution, store.licence,
                store.access_points, store.brand, store.country_code)
            <> (excluded.reference, excluded.name, excluded.industry, excluded.street,
                excluded.postal_code, excluded.city, excluded.country, excluded.phone,
                excluded.lat_e7, excluded.lon_e7, excluded.footprint, excluded.level,
                excluded.currency, excluded.attribution, excluded.licence,
                excluded.access_points, excluded.brand, excluded.country_code)
            OR store.closed <> 0",
    )
    .bind(id)
    .bind(origin.source)
    .bind(&store.reference)
    .bind(&store.name)
    .bind(&store.industry)
    .bind(&store.address.street)
    .bind(&store.address.postal_code)
    .bind(&store.address.city)
    .bind(&store.address.country)
    .bind(&store.phone)
    .bind(i64::from(store.position.lat_e7()))
    .bind(i64::from(store.position.lon_e7()))
    .bind(i64::from(Cell::of(store.position).number()))
    .bind(footprint)
    .bind(&store.level)
    .bind(store.currency.code())
    .bind(&store.attribution)
    .bind(&store.licence)
    .bind(access_points)
    .bind(origin.brand)
    .bind(origin.country)
    .execute(&mut *change)
    .await?;
    Ok(written.rows_affected() > 0)
}

/// Replaces what `origin` says of a store at `now`, and what was inferred; answers whether that changed its
/// claims. Claims keep their source where they are inferred.
///
/// # Errors
/// When the database cannot be written.
pub async fn save_claims(
    change: &mut Connection,
    id: &str,
    claims: &[Claim],
    origin: evidence::Origin<'_>,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let said_by = origin.source;
    let (text,): (String,) =
        query_as("SELECT claims FROM store WHERE id = $1").bind(id).fetch_one(&mut *change).await?;
    let known: Vec<Claim> = claim_list::read(&text).collect();
    let is_said = |claim: &&Claim| !claim.source.is_inferred() && claim.source != Source::Generated;
    let evidence: Vec<Piece> = match said_by {
        Source::Generated => Vec::new(),
        said_by => {
            let said = claims.iter().filter(|claim| !claim.source.is_inferred());
            said.filter_map(|claim| Piece::of(claim, said_by)).collect()
        }
    };
    // Most stores say nothing, and are not asked about.
    let is_silent = evidence.is_empty() && !known.iter().any(|claim| is_said(&claim));
    if said_by != Source::Generated && !is_silent {
        evidence::replace(change, id, origin, &evidence).await?;
        return evidence::rebuild(change, id, now).await;
    }
    let wanted = replaced(&known, claims, said_by);
    if wanted.len() == known.len() && wanted.iter().all(|claim| known.contains(claim)) {
        return Ok(false);
    }
    query("UPDATE store SET claims = $1, revision = NULL WHERE id = $2")
        .bind(claim_list::write(&wanted)?)
        .bind(id)
        .execute(change)
        .await?;
    Ok(true)
}

/// What is known once `said_by` says `claims`.
fn replaced(known: &[Claim], claims: &[Claim], said_by: Source) -> Vec<Claim> {
    let is_said = |claim: &&Claim| !claim.source.is_inferred();
    let said: Vec<Claim> = claims
        .iter()
        .filter(is_said)
        .map(|claim| Claim { source: said_by, ..claim.clone() })
        .collect();
    // Made-up ones go as soon as there are real ones.
    let goes = |claim: &Claim| !said.is_empty() && claim.source == Source::Generated;
    let others = known.iter().filter(is_said).filter(|claim| claim.source != said_by);
    let mut wanted: Vec<Claim> = others.filter(|claim| !goes(claim)).cloned().collect();
    wanted.extend(said);
    // A made-up list stands for a whole one.
    if wanted.iter().all(|claim| claim.source != Source::Generated) {
        let from = if said_by == Source::Generated { known } else { claims };
        wanted.extend(from.iter().filter(|claim| claim.source.is_inferred()).cloned());
    }
    wanted
}
