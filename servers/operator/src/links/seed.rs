//! Link codes to begin with.

use anyhow::ensure;
use domain::{MethodKind, Ride, wire::LinkedTo};
use serde::Deserialize;
use server_kit::{Connection, DatabaseError};

use super::{
    rows,
    rules::{MIN_CODE, MIN_DIFFERENT, digest, is_hard_to_guess},
};

/// A link code of a [`Seed`](crate::Seed).
#[derive(Clone, Deserialize)]
pub struct SeedLink {
    /// At least 12 letters and digits; blanks, hyphens and case do not matter.
    pub code: String,
    /// The account or card.
    #[serde(flatten)]
    pub to: LinkedTo,
    /// What it is to a member.
    pub kind: MethodKind,
    /// How it can be used at a till.
    pub rides: Vec<Ride>,
}

/// Checks a code before anything is written.
///
/// # Errors
/// When it is easy to guess.
pub fn check(link: &SeedLink) -> anyhow::Result<()> {
    ensure!(
        is_hard_to_guess(&link.code),
        "a link code is easy to guess: take {MIN_CODE} or more random letters and digits, at least \
         {MIN_DIFFERENT} different ones"
    );
    Ok(())
}

/// Puts a code in; one that is already there keeps its holder.
pub async fn put(change: &mut Connection, link: &SeedLink) -> Result<(), DatabaseError> {
    rows::put(change, &digest(&link.code), &link.to, link.kind, &link.rides).await
}
