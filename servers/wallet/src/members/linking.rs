use axum::http::StatusCode;
use domain::{
    Method, MethodId,
    wire::{Backing, HeldMethod, Linked, LinkedTo, RegisterRequest},
};
use server_frame::Refused;
use sha2::{Digest, Sha256};
use sqlx::SqlitePool;
use uuid::Uuid;

use super::{
    Member,
    held::held,
    login::{count_try, forget_tries},
    seeding::MAX_METHODS,
};
use crate::{App, operator::Told, signing::hex};

/// Longest link code taken, bytes.
const MAX_CODE: usize = 64;

/// Registers the account or card of a link code as one of the member's methods. The same code again
/// gives the same method.
pub(crate) async fn register(
    app: &App,
    member: &Member,
    asked: RegisterRequest,
) -> Result<HeldMethod, Refused> {
    let RegisterRequest { scheme, link_code } = asked;
    if link_code.is_empty() || link_code.len() > MAX_CODE {
        return Err(Refused::invalid("The link code is empty or too long."));
    }
    // Guesses are counted like guesses at a password.
    let tries = hex(&Sha256::digest(format!("link codes of {}", member.id)));
    count_try(&app.pool, &tries, app.clock.now()).await?;
    let holder = hex(&Sha256::digest(format!("holder {}", member.id)));
    let linked = match app.operator.link(link_code, holder).await {
        Told::Known(linked) => linked,
        Told::Gone => {
            return Err(Refused::new(
                StatusCode::CONFLICT,
                "link_code_refused",
                "The link code is not valid",
                "Check the code, or ask the operator for a new one.",
            ));
        }
        Told::Down => {
            forget_tries(&app.pool, &tries).await?;
            return Err(Refused::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "operator_down",
                "The operator cannot be reached",
                "Try again; the code stays good.",
            )
            .retry_after(5));
        }
    };
    forget_tries(&app.pool, &tries).await?;
    if linked.rides.iter().all(|ride| ride.scheme != scheme) {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "link_code_of_other_scheme",
            "The link code is for something else",
            "Register the scheme that the operator gave the code for.",
        ));
    }
    keep(&app.pool, member, linked).await
}

async fn keep(pool: &SqlitePool, member: &Member, linked: Linked) -> Result<HeldMethod, Refused> {
    let (held_by, held_id, backing) = match linked.to {
        LinkedTo::Account { id } => ("account", id.clone(), Backing::Account { id }),
        LinkedTo::Card { id } => ("card", id.clone(), Backing::Card { id }),
    };
    // Serialises two registrations of one member; the second then finds what the first kept.
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await?;
    let known = held(&mut *change, &member.id).await?;
    if let Some((held, _)) = known.iter().find(|(held, _)| held.backing == backing) {
        return Ok(held.clone());
    }
    if known.len() >= MAX_METHODS {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "too_many_methods",
            "Too many methods",
            "Remove one of the registered methods first.",
        ));
    }
    let id =
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{} {held_by} {held_id}", member.id).as_bytes());
    let method = Method {
        id: MethodId(id.to_string()),
        kind: linked.kind,
        name: format!("{} ..{}", linked.name, linked.number_end),
        rides: linked.rides,
        expires_at: None,
        blocked: false,
        minimum: None,
    };
    let definition = serde_json::to_string(&method).map_err(|_| Refused::internal())?;
    sqlx::query(
        "INSERT INTO method (member_id, id, place, definition, held_by, held_id, times_used)
         VALUES ($1, $2, (SELECT COALESCE(MAX(place), -1) + 1 FROM method WHERE member_id = $1),
            $3, $4, $5, 0)",
    )
    .bind(&member.id)
    .bind(&method.id.0)
    .bind(definition)
    .bind(held_by)
    .bind(held_id)
    .execute(&mut *change)
    .await?;
    change.commit().await?;
    Ok(HeldMethod { method, backing, times_used: 0 })
}
