//! What servers share: the database behind one kind of transaction, HTTP answers and limits, key
//! files, logs without personal data, and a stop that finishes what was begun.

mod clock;
mod database;
mod day;
mod http;
mod key_file;
mod logs;

pub use clock::Clock;
pub use database::{
    Answers, Change, Connection, Database, DatabaseError, Kept, Script, Statement, Tables, Value,
    currency, damaged, from_json, from_word, json, keep_latest, parts, placeholder_rows,
    placeholders, word,
};
pub use day::{DAY_MS, Day, NoDay, day_number};
pub use http::{
    Behind, EVENTS_PATH, IdempotencyKey, Json, Limits, Peer, ProxyArgs, Refused, Running,
    StopSignal, Stopping, answer, answer_until, bearer, behind, cursor, health, id_reused,
    is_loopback, replayed, serve, serve_within,
};
pub use key_file::{hex, keep_files_private, random_bytes, read_key, replace_secret, secret};
pub use logs::{LogArgs, LogFormat};
/// The steps that make a server's tables, from the folder named: read when the server is built.
pub use sqlx::migrate as tables;
