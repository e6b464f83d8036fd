//! Several stores read at once: those in question at a place.

use std::collections::HashMap;

use domain::{Acceptance, Accepted, Claim, SchemeId, Store, StoreId, Timestamp};
use server_kit::{Database, DatabaseError, damaged, from_word};
use sqlx::{AssertSqlSafe, FromRow, query_as};

use super::table::{StoreRow, named_if_damaged, store, whole};

/// A store with its claims as one text, in their order: `scheme channel source acceptance as_of`,
/// parted by commas. One statement for all stores sees one moment without a transaction.
#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    store: StoreRow,
    claims: Option<String>,
}

const SELECT: &str = "SELECT store.*, (SELECT string_agg(
        scheme || ' ' || channel || ' ' || source || ' ' || acceptance || ' ' ||
        CAST(as_of AS TEXT), ',' ORDER BY place)
    FROM claim WHERE store_id = store.id) AS claims
    FROM store WHERE id IN";

/// The stores with these ids. One that is gone, or whose row is damaged, is left out, and so is a
/// damaged claim: they must not hide the others.
pub async fn of_ids(
    database: &Database,
    ids: impl ExactSizeIterator<Item = StoreId>,
) -> Result<HashMap<StoreId, Store>, DatabaseError> {
    if ids.len() == 0 {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|nth| format!("${nth}")).collect();
    let sql = format!("{SELECT} ({})", places.join(", "));
    // The text holds numbers of places and nothing from outside.
    let mut asked = query_as::<_, Row>(AssertSqlSafe(sql));
    for id in ids {
        asked = asked.bind(id.to_string());
    }
    let mut connection = database.reads().acquire().await?;
    let rows = whole(asked.fetch(&mut *connection)).await?;
    let read = |row: Row| store(row.store, accepted(row.claims.as_deref().unwrap_or_default()));
    let stores = rows.into_iter().filter_map(|row| named_if_damaged(read(row)));
    Ok(stores.map(|store| (store.id, store)).collect())
}

fn accepted(claims: &str) -> Accepted {
    claims.split_terminator(',').filter_map(|text| named_if_damaged(claim(text))).collect()
}

fn claim(text: &str) -> Result<Claim, DatabaseError> {
    let mut words = text.split(' ');
    let mut next = |column| words.next().ok_or_else(|| damaged(column));
    Ok(Claim {
        scheme: SchemeId::new(next("scheme")?).map_err(|_| damaged("scheme"))?,
        channel: from_word(next("channel")?, "channel")?,
        source: from_word(next("source")?, "source")?,
        acceptance: from_word::<Acceptance>(next("acceptance")?, "acceptance")?,
        as_of: Timestamp(next("as_of")?.parse().map_err(|_| damaged("as_of"))?),
    })
}
