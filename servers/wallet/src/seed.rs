//! Members to begin with.

use std::{collections::HashSet, path::Path};

use anyhow::{Context, ensure};
use domain::Timestamp;
use serde::Deserialize;
use server_kit::{Change, Clock, Connection, DatabaseError, random_bytes};
use sqlx::{query, query_as};

use crate::{
    database::open_database,
    members::{MAX_USER_ID, PASSWORD_LENGTH, hash},
    methods::{Backing, GrantKey, MAX_METHODS, StoredMethod, put},
    wallets::open,
};

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
    pub methods: Vec<StoredMethod>,
}

/// Puts `seed` into the database of a data folder, all of it or nothing. A member who is already
/// there gets the new password and exactly these methods.
///
/// # Errors
/// When a value is out of its range or the database cannot be written.
pub async fn seed(data: &Path, seed: &Seed) -> anyhow::Result<()> {
    let database = open_database(data).await?;
    let key = &GrantKey::open(data)?;
    let now = Clock::system().now();
    let mut hashed = Vec::with_capacity(seed.members.len());
    for (nth, member) in seed.members.iter().enumerate() {
        check(member).with_context(|| format!("member {} of the seed", nth + 1))?;
        let password = member.password.clone();
        let hash = tokio::task::spawn_blocking(move || hash(&password)).await??;
        hashed.push((member, random_id()?, hash));
    }
    let hashed = &hashed;
    let put_all = |mut change: Change| async move {
        for (member, id, hash) in hashed {
            put_member(&mut change, key, member, id, hash, now).await?;
        }
        open(&mut change, now.0).await?;
        change.keep(())
    };
    database.transaction(put_all).await?;
    database.close().await;
    Ok(())
}

async fn put_member(
    change: &mut Connection,
    key: &GrantKey,
    member: &SeedMember,
    new_id: &str,
    hash: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let (id,): (String,) = query_as(
        "INSERT INTO member (id, user_id, password_hash) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash
         RETURNING id",
    )
    .bind(new_id)
    .bind(&member.user_id)
    .bind(hash)
    .fetch_one(&mut *change)
    .await?;
    // A new password ends what was begun with the old one.
    query("DELETE FROM session WHERE member_id = $1").bind(&id).execute(&mut *change).await?;
    query("DELETE FROM method WHERE member_id = $1").bind(&id).execute(&mut *change).await?;
    for (place, stored) in (0_i64..).zip(&member.methods) {
        put(change, key, &id, place, stored, Some(now)).await?;
    }
    Ok(())
}

fn check(member: &SeedMember) -> anyhow::Result<()> {
    ensure!(
        (1..=MAX_USER_ID).contains(&member.user_id.len()),
        "user_id is empty or longer than {MAX_USER_ID} bytes"
    );
    ensure!(
        PASSWORD_LENGTH.contains(&member.password.len()),
        "password is shorter than {} or longer than {} bytes",
        PASSWORD_LENGTH.start(),
        PASSWORD_LENGTH.end()
    );
    ensure!(member.methods.len() <= MAX_METHODS, "more than {MAX_METHODS} methods");
    let ids: HashSet<_> = member.methods.iter().map(|stored| &stored.method.id).collect();
    let owes = |stored: &StoredMethod| matches!(stored.backing, Backing::Wallet { balance } if balance.amount < 0);
    ensure!(!member.methods.iter().any(owes), "a wallet holds less than nothing");
    ensure!(ids.len() == member.methods.len(), "two methods have the same id");
    let mut chosen = member.methods.iter().filter(|stored| stored.deposit_source);
    let is_source = |stored: &StoredMethod| stored.backing.grant().is_some();
    ensure!(
        chosen.next().is_none_or(is_source) && chosen.next().is_none(),
        "the deposit source is not one account or card"
    );
    Ok(())
}

/// A random UUID (version 4).
fn random_id() -> anyhow::Result<String> {
    Ok(uuid::Builder::from_random_bytes(random_bytes()?).into_uuid().to_string())
}
