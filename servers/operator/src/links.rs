use axum::{extract::State, http::StatusCode};
use domain::{
    MethodKind, Ride,
    wire::{LinkRequest, Linked, LinkedTo},
};
use server_frame::{Json, Refused};
use sha2::{Digest, Sha256};
use sqlx::SqlitePool;

/// Longest code and longest name of a holder taken, bytes.
const MAX_TEXT: usize = 128;

const NAME_OF_ACCOUNT: &str = "SELECT name, number_end FROM account WHERE id = $1";
const NAME_OF_CARD: &str = "SELECT name, number_end FROM card WHERE id = $1";

/// A code as it is kept: people write codes with blanks and hyphens and in small letters.
pub(crate) fn digest(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = plain.map(|letter| letter.to_ascii_uppercase()).collect();
    Sha256::digest(plain).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The account or card of a code, bound to the first holder that asks. Asking again is answered
/// alike, so that an answer that was lost can be asked for again.
pub(crate) async fn link(
    State(pool): State<SqlitePool>,
    Json(asked): Json<LinkRequest>,
) -> Result<axum::Json<Linked>, Refused> {
    let LinkRequest { code, holder } = asked;
    if code.len() > MAX_TEXT || holder.is_empty() || holder.len() > MAX_TEXT {
        return Err(Refused::invalid("The code or the holder's name is empty or too long."));
    }
    let digest = digest(&code);
    // One statement decides who is first.
    sqlx::query("UPDATE link SET holder = $1 WHERE code_digest = $2 AND holder IS NULL")
        .bind(&holder)
        .bind(&digest)
        .execute(&pool)
        .await?;
    let row: Option<(String, String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT held_by, held_id, kind, rides, holder FROM link WHERE code_digest = $1",
    )
    .bind(&digest)
    .fetch_optional(&pool)
    .await?;
    let (held_by, id, kind, rides, first) =
        row.ok_or_else(|| Refused::not_found("No account or card has this code."))?;
    if first.as_deref() != Some(&holder) {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "code_used",
            "The code was used already",
            "Ask for a new code; each registers its account or card once.",
        ));
    }
    let damaged = || {
        tracing::error!("a link in the database cannot be read");
        Refused::internal()
    };
    let kind: MethodKind = serde_json::from_str(&kind).map_err(|_| damaged())?;
    let rides: Vec<Ride> = serde_json::from_str(&rides).map_err(|_| damaged())?;
    let (find, to) = match held_by.as_str() {
        "account" => (NAME_OF_ACCOUNT, LinkedTo::Account { id: id.clone() }),
        _ => (NAME_OF_CARD, LinkedTo::Card { id: id.clone() }),
    };
    let found: Option<(String, String)> =
        sqlx::query_as(find).bind(&id).fetch_optional(&pool).await?;
    let (name, number_end) = found.ok_or_else(damaged)?;
    Ok(axum::Json(Linked { to, kind, name, number_end, rides }))
}
