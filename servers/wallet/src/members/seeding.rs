use std::{collections::HashSet, path::Path};

use anyhow::{Context, ensure};
use domain::wire::{Backing, HeldMethod};
use serde::Deserialize;

use super::login::{MAX_PASSWORD, MAX_USER_ID, hash_password};

/// Members to begin with, as the verb `seed` reads them from a JSON file.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The members.
    pub members: Vec<SeedMember>,
}

/// A member of a [`Seed`].
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedMember {
    /// What the member logs in with; at most 128 bytes.
    pub user_id: String,
    /// 8 to 1024 bytes; kept as an Argon2id hash.
    pub password: String,
    /// In the member's order.
    #[serde(default)]
    pub methods: Vec<HeldMethod>,
}

/// Most methods one member can have, so that one screen stays one screen.
pub(super) const MAX_METHODS: usize = 64;

/// Puts `seed` into the database of a data folder, all of it or nothing. A member who is already
/// there gets the new password and exactly these methods.
///
/// # Errors
/// When a value is out of its range or the database cannot be written.
pub async fn seed(data: &Path, seed: &Seed) -> anyhow::Result<()> {
    let pool = crate::open_register(data).await?;
    let now = crate::Clock::system().now();
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await?;
    for (nth, member) in seed.members.iter().enumerate() {
        check(member).with_context(|| format!("member {} of the seed", nth + 1))?;
        let password = member.password.clone();
        let hash = tokio::task::spawn_blocking(move || hash_password(&password)).await??;
        let (id,): (String,) = sqlx::query_as(
            "INSERT INTO member (id, user_id, password_hash) VALUES ($1, $2, $3)
             ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash
             RETURNING id",
        )
        .bind(random_id()?)
        .bind(&member.user_id)
        .bind(hash)
        .fetch_one(&mut *change)
        .await?;
        sqlx::query("DELETE FROM method WHERE member_id = $1")
            .bind(&id)
            .execute(&mut *change)
            .await?;
        for (place, held) in (0_i64..).zip(&member.methods) {
            let (held_by, held_id, balance) = match &held.backing {
                Backing::Wallet { balance } => ("wallet", "", Some(balance)),
                Backing::Account { id } => ("account", id.as_str(), None),
                Backing::Card { id } => ("card", id.as_str(), None),
            };
            sqlx::query(
                "INSERT INTO method (member_id, id, place, definition, held_by, held_id,
                    times_used, balance, currency, balance_as_of)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(&id)
            .bind(&held.method.id.0)
            .bind(place)
            .bind(serde_json::to_string(&held.method)?)
            .bind(held_by)
            .bind(held_id)
            .bind(i64::from(held.times_used))
            .bind(balance.map(|money| money.amount))
            .bind(balance.map(|money| money.currency.code()))
            .bind(balance.map(|_| now.0))
            .execute(&mut *change)
            .await?;
        }
    }
    change.commit().await?;
    pool.close().await;
    Ok(())
}

fn check(member: &SeedMember) -> anyhow::Result<()> {
    ensure!(
        (1..=MAX_USER_ID).contains(&member.user_id.len()),
        "user_id is empty or longer than {MAX_USER_ID} bytes"
    );
    ensure!(
        (8..=MAX_PASSWORD).contains(&member.password.len()),
        "password is shorter than 8 or longer than {MAX_PASSWORD} bytes"
    );
    ensure!(member.methods.len() <= MAX_METHODS, "more than {MAX_METHODS} methods");
    let ids: HashSet<_> = member.methods.iter().map(|held| &held.method.id).collect();
    ensure!(ids.len() == member.methods.len(), "two methods have the same id");
    Ok(())
}

/// A random UUID (version 4).
fn random_id() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}
