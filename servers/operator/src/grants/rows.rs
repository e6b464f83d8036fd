//! Grants in the database, as their SHA-256 digests.

use domain::wire::Grant;
use server_kit::{Connection, Database, DatabaseError, Statement, hex};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as};

use crate::product::Product;

/// Grants of one holder for one account or card, the newest: an answer that is lost leaves one
/// behind that nobody has.
const MOST: i64 = 8;

fn digest(grant: &Grant) -> String {
    hex(&Sha256::digest(grant.expose()))
}

/// Asks whether `grant` opens this account or card: then there is a row. Found by its digest: the time this
/// takes tells nothing of the grant.
pub fn opening(grant: &Grant, product: Product, id: &str) -> Statement {
    let found =
        "SELECT id FROM account_grant WHERE grant_digest = $1 AND held_by = $2 AND held_id = $3";
    Statement::new(found).bind(digest(grant)).bind(product.word()).bind(id)
}

/// Whether `grant` opens this account or card.
pub async fn opens(
    database: &Database,
    grant: &Grant,
    product: Product,
    id: &str,
) -> Result<bool, DatabaseError> {
    let mut answers = database.read(&[opening(grant, product, id)].into()).await?;
    Ok(answers.row::<(i64,)>()?.is_some())
}

/// From now on `grant` opens this account or card to `holder`.
pub async fn issue(
    change: &mut Connection,
    grant: &Grant,
    product: Product,
    id: &str,
    holder: &str,
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO account_grant (grant_digest, held_by, held_id, holder) VALUES ($1, $2, $3, $4)",
    )
    .bind(digest(grant))
    .bind(product.word())
    .bind(id)
    .bind(holder)
    .execute(&mut *change)
    .await?;
    query(
        "DELETE FROM account_grant WHERE held_by = $1 AND held_id = $2 AND holder = $3
            AND id NOT IN (SELECT id FROM account_grant
                WHERE held_by = $1 AND held_id = $2 AND holder = $3 ORDER BY id DESC LIMIT $4)",
    )
    .bind(product.word())
    .bind(id)
    .bind(holder)
    .bind(MOST)
    .execute(change)
    .await?;
    Ok(())
}

/// Undoes the link of `grant`: no grant of its holder opens its account or card any more. Answers
/// whose link it was: `(held_by, held_id, holder)`; `None` for no grant.
pub async fn revoke(
    change: &mut Connection,
    grant: &Grant,
) -> Result<Option<(String, String, String)>, DatabaseError> {
    let link: Option<(String, String, String)> =
        query_as("SELECT held_by, held_id, holder FROM account_grant WHERE grant_digest = $1")
            .bind(digest(grant))
            .fetch_optional(&mut *change)
            .await?;
    if let Some((held_by, held_id, holder)) = &link {
        query("DELETE FROM account_grant WHERE held_by = $1 AND held_id = $2 AND holder = $3")
            .bind(held_by)
            .bind(held_id)
            .bind(holder)
            .execute(change)
            .await?;
    }
    Ok(link)
}

/// Puts in a grant that no link gave; it is its own holder.
pub async fn put(
    change: &mut Connection,
    grant: &Grant,
    product: Product,
    id: &str,
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO account_grant (grant_digest, held_by, held_id, holder)
         VALUES ($1, $2, $3, $1)
         ON CONFLICT (grant_digest) DO UPDATE SET held_by = excluded.held_by,
            held_id = excluded.held_id",
    )
    .bind(digest(grant))
    .bind(product.word())
    .bind(id)
    .execute(change)
    .await?;
    Ok(())
}
