//! What was said or seen of stores, in the database, and the claims that it comes to.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Acceptance, Accepted, Channel, Claim, SchemeId, Source, StoreId, Timestamp,
    scheme::{self, Reach},
};
use server_kit::{Connection, Database, DatabaseError, damaged, from_word, word};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::{claim_list, damaged::named_if_damaged, telling::tell};
use crate::knowledge::{Evidence, StoreKind, Weight, credited, follow, weigh, weight_of};

/// Stores changed in one transaction.
const BATCH: usize = 500;

/// Where evidence comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// What kind of source it is.
    pub source: Source,
    /// Which one of its kind.
    pub named: &'a str,
}

/// One piece of evidence on a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The scheme.
    pub scheme: SchemeId,
    /// How it is done at the till.
    pub channel: Channel,
    /// When it was true.
    pub at: Timestamp,
    /// How much it says.
    pub weight: Weight,
}

impl Piece {
    /// What a claim says, by where it comes from; `None` where it says nothing.
    pub fn of(claim: &Claim, source: Source) -> Option<Self> {
        let taken = match claim.acceptance {
            Acceptance::Accepted => true,
            Acceptance::Refused => false,
            _ => return None,
        };
        let weight = weight_of(source, taken);
        Some(Self { scheme: claim.scheme.clone(), channel: claim.channel, at: claim.as_of, weight })
    }
}

#[derive(FromRow)]
struct EvidenceRow {
    store_id: String,
    scheme: String,
    channel: String,
    source: String,
    at: i64,
    weight: i64,
}

impl EvidenceRow {
    fn piece(&self) -> Result<Piece, DatabaseError> {
        Ok(Piece {
            scheme: SchemeId::new(&self.scheme).map_err(|_| damaged("scheme"))?,
            channel: from_word(&self.channel, "channel")?,
            at: Timestamp(self.at),
            weight: Weight::try_from(self.weight).map_err(|_| damaged("weight"))?,
        })
    }

    fn source(&self) -> Result<Source, DatabaseError> {
        from_word(&self.source, "source")
    }
}

/// Replaces what `origin` says of the store with this id.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(
    change: &mut Connection,
    id: &str,
    origin: Origin<'_>,
    pieces: &[Piece],
) -> Result<(), DatabaseError> {
    let source = word(origin.source)?;
    query("DELETE FROM evidence WHERE store_id = $1 AND source = $2 AND named = $3")
        .bind(id)
        .bind(&source)
        .bind(origin.named)
        .execute(&mut *change)
        .await?;
    for piece in pieces {
        query(
            "INSERT INTO evidence (store_id, scheme, channel, source, named, at, weight)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (store_id, scheme, channel, source, named)
             DO UPDATE SET at = excluded.at, weight = excluded.weight",
        )
        .bind(id)
        .bind(piece.scheme.as_str())
        .bind(word(piece.channel)?)
        .bind(&source)
        .bind(origin.named)
        .bind(piece.at.0)
        .bind(i64::from(piece.weight))
        .execute(&mut *change)
        .await?;
    }
    Ok(())
}

/// Replaces all that `origin` says of any store by `said`, and computes the claims of the stores anew of which it
/// says something else now; answers how many these are.
///
/// # Errors
/// When the database fails. What was done before stays, and doing it again does the rest.
pub async fn replace_all(
    database: &Database,
    origin: Origin<'_>,
    mut said: BTreeMap<StoreId, Vec<Piece>>,
    now: Timestamp,
) -> Result<u64, DatabaseError> {
    let mut known = known(database, origin).await?;
    said.values_mut().for_each(|pieces| pieces.sort());
    known.values_mut().for_each(|pieces| pieces.sort());
    let stores: BTreeSet<StoreId> = known.keys().chain(said.keys()).copied().collect();
    let changed: Vec<StoreId> =
        stores.into_iter().filter(|store| known.get(store) != said.get(store)).collect();
    let said = &said;
    for stores in changed.chunks(BATCH) {
        database
            .transaction(|mut change| async move {
                for store in stores {
                    let (id, pieces) = (store.to_string(), said.get(store));
                    replace(&mut change, &id, origin, pieces.map_or(&[], Vec::as_slice)).await?;
                    rebuild(&mut change, &id, now).await?;
                }
                tell(&mut change).await?;
                change.keep(())
            })
            .await?;
    }
    Ok(changed.len() as u64)
}

/// Removes all that the source `named` so says of any store, and computes their claims anew; answers of how many.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    database: &Database,
    named: &str,
    now: Timestamp,
) -> Result<u64, DatabaseError> {
    let kinds: Vec<(String,)> =
        query_as("SELECT DISTINCT source FROM evidence WHERE named = $1 ORDER BY source")
            .bind(named)
            .fetch_all(database.reads())
            .await?;
    let mut stores = 0;
    for (kind,) in kinds {
        let origin = Origin { source: from_word(&kind, "source")?, named };
        stores += replace_all(database, origin, BTreeMap::new(), now).await?;
    }
    Ok(stores)
}

/// What `origin` says of every store.
async fn known(
    database: &Database,
    origin: Origin<'_>,
) -> Result<BTreeMap<StoreId, Vec<Piece>>, DatabaseError> {
    let rows: Vec<EvidenceRow> = query_as(
        "SELECT store_id, scheme, channel, source, at, weight FROM evidence
         WHERE named = $1 AND source = $2",
    )
    .bind(origin.named)
    .bind(word(origin.source)?)
    .fetch_all(database.reads())
    .await?;
    let mut known: BTreeMap<StoreId, Vec<Piece>> = BTreeMap::new();
    for row in &rows {
        let store = Uuid::parse_str(&row.store_id).map_err(|_| damaged("store_id"))?;
        known.entry(StoreId(store)).or_default().push(row.piece()?);
    }
    Ok(known)
}

#[derive(FromRow)]
struct KindRow {
    name: String,
    industry: String,
    brand: String,
    country_code: String,
    attribution: String,
    claims: String,
}

/// Computes the claims of the store with this id from the evidence; whether that changed them.
///
/// # Errors
/// When the database fails, or there is no such store.
pub async fn rebuild(
    change: &mut Connection,
    id: &str,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let kind: KindRow = query_as(
        "SELECT name, industry, brand, country_code, attribution, claims FROM store WHERE id = $1",
    )
    .bind(id)
    .fetch_one(&mut *change)
    .await?;
    let known: Vec<Claim> = claim_list::read(&kind.claims).collect();
    let mut wanted = come_to(change, id, now).await?;
    // Made-up ones go as soon as there are real ones, and stand for a whole list until then.
    if wanted.is_empty() {
        wanted = known.iter().filter(|one| one.source == Source::Generated).cloned().collect();
    }
    if wanted.iter().all(|claim| claim.source != Source::Generated) {
        let accepted: Accepted = wanted.iter().cloned().collect();
        wanted.extend(follow(&accepted, &kind.kind()));
    }
    if wanted == known {
        return Ok(false);
    }
    query("UPDATE store SET claims = $1, attribution = $2, revision = NULL WHERE id = $3")
        .bind(claim_list::write(&wanted)?)
        .bind(credited(&kind.attribution, &wanted).unwrap_or(kind.attribution))
        .bind(id)
        .execute(change)
        .await?;
    Ok(true)
}

impl KindRow {
    fn kind(&self) -> StoreKind<'_> {
        let Self { name, industry, brand, country_code: country, .. } = self;
        StoreKind { name, industry, brand, country }
    }
}

/// What the evidence on a store comes to, in the order of the registry of schemes.
async fn come_to(
    change: &mut Connection,
    id: &str,
    now: Timestamp,
) -> Result<Vec<Claim>, DatabaseError> {
    let rows: Vec<EvidenceRow> = query_as(
        "SELECT store_id, scheme, channel, source, at, weight FROM evidence WHERE store_id = $1
         ORDER BY scheme, channel, source, named",
    )
    .bind(id)
    .fetch_all(&mut *change)
    .await?;
    let mut pairs: BTreeMap<(usize, SchemeId, Channel), Vec<Evidence>> = BTreeMap::new();
    for row in rows {
        let read = || Ok((row.piece()?, row.source()?));
        // A damaged one must not hide the others.
        let Some((piece, source)) = named_if_damaged(read()) else { continue };
        let place = scheme::all().iter().position(|known| known.id == piece.scheme);
        let pair = (place.unwrap_or(usize::MAX), piece.scheme, piece.channel);
        let evidence = Evidence { source, at: piece.at, weight: piece.weight };
        pairs.entry(pair).or_default().push(evidence);
    }
    let claim = |((_, scheme, channel), evidence): ((usize, SchemeId, Channel), Vec<Evidence>)| {
        let reach = scheme::find(scheme.as_str()).map_or(Reach::National, |known| known.reach);
        let found = weigh(&evidence, reach, now)?;
        let (acceptance, source, as_of) = (found.acceptance, found.source, found.as_of);
        Some(Claim { scheme, channel, acceptance, source, as_of })
    };
    Ok(pairs.into_iter().filter_map(claim).collect())
}
