//! Rows of the register that cannot be read: named in the log and left out, since one store must
//! not keep a phone from all the others.

use std::future::ready;

use futures_util::{Stream, StreamExt, stream::BoxStream};
use server_kit::DatabaseError;

/// The rows whose columns can be read at all. They must come from one connection: the stream of a
/// pool ends at the first that cannot.
pub fn whole<T>(
    rows: BoxStream<'_, Result<T, DatabaseError>>,
) -> impl Stream<Item = Result<T, DatabaseError>> {
    rows.filter_map(move |row| ready(if_whole(row)))
}

/// What was read, unless it cannot be read at all, which the log then says.
pub fn if_whole<T>(row: Result<T, DatabaseError>) -> Option<Result<T, DatabaseError>> {
    match row {
        Err(error @ (DatabaseError::ColumnDecode { .. } | DatabaseError::Decode(_))) => {
            log_damaged(&error);
            None
        }
        row => Some(row),
    }
}

/// What was read, unless it is damaged, which the log then says.
pub fn named_if_damaged<T>(read: Result<T, DatabaseError>) -> Option<T> {
    read.inspect_err(log_damaged).ok()
}

fn log_damaged(error: &DatabaseError) {
    let column = match error {
        DatabaseError::ColumnDecode { index, .. } => index,
        _ => "",
    };
    tracing::error!(column, "a row of the register is damaged and left out");
}
