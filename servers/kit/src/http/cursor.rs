//! Where a page of a list begins that is sorted by instant and id, the newest first.

use domain::Timestamp;
use uuid::Uuid;

use super::{idempotency::transfer_id, problem::Refused};

/// Behind the entry of this instant and id.
pub type Behind = (Timestamp, Uuid);

/// What a page ended with, so that the next one can be asked for.
pub fn cursor((at, id): Behind) -> String {
    format!("{}.{id}", at.0)
}

/// Where the cursor of a request says that a page begins. It only ever reads the asker's own list, so
/// it needs no secret.
///
/// # Errors
/// 422 for what no page ended with.
pub fn behind(after: Option<&str>) -> Result<Option<Behind>, Refused> {
    let no_cursor = || Refused::invalid("`after` is what a page ended with: begin without it.");
    after.map(|cursor| read(cursor).ok_or_else(no_cursor)).transpose()
}

fn read(cursor: &str) -> Option<Behind> {
    let (at, id) = cursor.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), transfer_id(id)?))
}
