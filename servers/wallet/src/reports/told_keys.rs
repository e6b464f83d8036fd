//! The keys of the weeks as everyone is told them: one list, signed by the root key.

use std::path::Path;

use domain::{Timestamp, Week, wire::REPORT_KEY_PATH};
use server_kit::Database;

use super::key::WeekKeys;
use crate::signing::{Document, KeysProblem, RegisterKeys, Signing, Stands};

/// The list as it is served now: signed anew in time, if the root key is here.
///
/// # Errors
/// [`KeysProblem`], also where this week is not on the list and there is no root key.
pub async fn told_keys(
    (keys, signing): (&WeekKeys, &Signing),
    database: &Database,
    now: Timestamp,
) -> Result<Document, KeysProblem> {
    let (week, list) = list(keys, now)?;
    let wanted = |known: Option<_>| {
        let stands = known.map_or(Stands::Not, |known| keys.stands(&known, week));
        Ok((list, stands))
    };
    let told = signing.root_signed(database, REPORT_KEY_PATH, wanted, now).await;
    told.map_err(|problem| problem.context("run `wallet-server keys renew` where the root key is"))
}

/// Signs the list anew, by the root key of `register`; `data` is the server's folder.
///
/// # Errors
/// When a file or the database cannot be used, or the root key is not here.
pub async fn renew_keys(
    register: &RegisterKeys,
    data: &Path,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (_, list) = list(&WeekKeys::open(data)?, now)?;
    register.sign_for(REPORT_KEY_PATH, &list).await
}

fn list(keys: &WeekKeys, now: Timestamp) -> anyhow::Result<(Week, domain::wire::ReportKeys)> {
    let week = Week::of(now).ok_or_else(|| anyhow::anyhow!("the clock is out of range"))?;
    let list = keys.list(week).ok_or_else(|| anyhow::anyhow!("reports.key makes no keys"))?;
    Ok((week, list))
}
