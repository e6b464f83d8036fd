//! Up to which event of the wallet server a member's phone has heard, in the outbox's file.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::outbox::{Outbox, OutboxError};

impl Outbox {
    /// The newest event that was heard for `owner`; `None` before the first question.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn heard(&self, owner: Uuid) -> Result<Option<i64>, OutboxError> {
        let file = self.file()?;
        let Some(connection) = file.as_ref() else { return Ok(None) };
        let select = "SELECT event FROM heard WHERE owner = ?1";
        Ok(connection.query_row(select, params![owner.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// All up to `event` was heard for `owner`. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn hear(&self, owner: Uuid, event: i64) -> Result<(), OutboxError> {
        let file = self.made()?;
        let connection = file.as_ref().ok_or(OutboxError)?;
        connection.execute(
            "INSERT INTO heard (owner, event) VALUES (?1, ?2)
             ON CONFLICT (owner) DO UPDATE SET event = excluded.event",
            params![owner.as_bytes(), event],
        )?;
        Ok(())
    }
}
