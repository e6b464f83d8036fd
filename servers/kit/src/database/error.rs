//! What goes wrong with a database.

/// What goes wrong with a database.
pub type DatabaseError = sqlx::Error;

/// A stored value that this program did not write.
pub fn damaged(column: &str) -> DatabaseError {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: "not a value of it".into() }
}

/// Whether the database gave a transaction up in favour of another, so that doing it again is right:
/// serialization failure and deadlock (PostgreSQL, appendix A).
pub(super) fn is_to_be_repeated(error: &DatabaseError) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01"))
}
