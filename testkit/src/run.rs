//! What a test run leaves when it is asked to, by `TILLSIGHT_RUN=DIR`: the folders of its servers and
//! phones, a log of each process, and lists of what was secret in it (`cargo xtask secrets DIR`).

use std::{
    env, fs,
    io::{self, Write as _},
    path::PathBuf,
    process,
    sync::Once,
};

use tempfile::TempDir;
use tillsight::phone::{HttpHeader, HttpReply, HttpRequest};

/// Whoever sees what a run used in secret says it here.
pub(crate) const PASSWORD: &str = "password";
pub(crate) const GRANT: &str = "grant";
pub(crate) const LINK_CODE: &str = "link code";
pub(crate) const KEY: &str = "key";
pub(crate) const CODE: &str = "code";
pub(crate) const TOKEN: &str = "token";

fn left() -> Option<PathBuf> {
    env::var_os("TILLSIGHT_RUN").map(PathBuf::from)
}

/// Whether this run leaves its data.
pub(crate) fn leaves_data() -> bool {
    left().is_some()
}

/// A new folder, which goes with its owner or, in a run that leaves its data, stays.
///
/// # Errors
/// When it cannot be made.
pub fn folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("tillsight-");
    let Some(left) = left() else { return builder.tempdir() };
    write_logs(&left);
    builder.disable_cleanup(true).tempdir_in(left)
}

/// Writes all that the servers of this process log into one file.
fn write_logs(left: &std::path::Path) {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let file = fs::File::create(left.join(format!("log-{}.jsonl", process::id())));
        if let Ok(file) = file {
            let log = tracing_subscriber::fmt().json().with_max_level(tracing::Level::DEBUG);
            let _ = log.with_writer(std::sync::Mutex::new(file)).try_init();
        }
    });
}

/// Something secret was used: it must lie open nowhere but in a mailbox. `what` says of which kind it is.
pub fn secret(what: &str, text: &str) {
    let Some(lists) = left().map(|left| left.join("secrets")) else { return };
    let listed = fs::create_dir_all(&lists).and_then(|()| {
        let list = lists.join(format!("{}.tsv", process::id()));
        let mut list = fs::OpenOptions::new().create(true).append(true).open(list)?;
        // One write, so that lines of several threads do not mix.
        list.write_all(format!("{what}\t{text}\n").as_bytes())
    });
    listed.expect("the list of secrets can be written");
}

/// The tokens that went with a call and came back.
pub(crate) fn tokens(request: &HttpRequest, reply: &HttpReply) {
    if !leaves_data() {
        return;
    }
    let is_token = |header: &&HttpHeader| header.name.eq_ignore_ascii_case("authorization");
    let sent = request.headers.iter().find(is_token);
    if let Some((_, token)) = sent.and_then(|header| header.value.split_once(' ')) {
        secret(TOKEN, token);
    }
    if request.url.ends_with("/v1/push-token") {
        let handed: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if let Some(token) = handed.get("token").and_then(serde_json::Value::as_str) {
            secret(TOKEN, token);
        }
    }
    let said: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    for name in ["token", "refresh_token", "device"] {
        if let Some(token) = said.get(name).and_then(serde_json::Value::as_str) {
            secret(TOKEN, token);
        }
    }
}
