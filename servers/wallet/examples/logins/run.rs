//! Many log-ins at once, right ones and then a flood of wrong ones, and how much memory the server
//! took at most.

use std::path::Path;

use anyhow::Context;
use futures_util::future::join_all;
use reqwest::{Client, StatusCode};
use serde_json::json;

use super::served::{KEY, Served};

const USER: &str = "giulia";
const PASSWORD: &str = "correct horse";
/// Wrong ones that follow, for each right one.
const FLOOD: usize = 4;

/// What was seen.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    /// Right log-ins at once.
    pub logins: usize,
    /// How many of them opened a session.
    pub answered: usize,
    /// Wrong ones at once, after them.
    pub flood: usize,
    /// The most memory that the process had at any time, millions of bytes.
    pub peak_mb: f64,
}

/// Logs in `logins` times at once at a server of its own process.
///
/// # Errors
/// When the server does not start, or this system does not tell what a process takes.
pub async fn run(program: &Path, logins: usize) -> anyhow::Result<Report> {
    let folder = tempfile::TempDir::new()?;
    let members = json!({"members": [{"user_id": USER, "password": PASSWORD, "methods": []}]});
    let members = serde_json::from_value(members)?;
    wallet_server::seed(&folder.path().join("wallet"), &members).await?;
    let flags = ["--bearer-sessions", "--operator", "operator=http://127.0.0.1:9"];
    let served = Served::start(program, folder.path(), KEY, &flags)?;
    // Fails when a provider is installed already, which is then used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (http, url) = (Client::new(), format!("{}/v1/sessions", served.url));
    let right = (0..logins).map(|_| log_in(&http, &url, USER.to_owned(), PASSWORD));
    let statuses = join_all(right).await;
    let flood = logins * FLOOD;
    let wrong = (0..flood).map(|nth| log_in(&http, &url, format!("made up {nth}"), "wrong guess"));
    join_all(wrong).await;
    let peak_mb = peak_bytes(served.process())? as f64 / 1e6;
    served.stop()?;
    let answered = statuses.iter().filter(|status| **status == Some(StatusCode::OK)).count();
    Ok(Report { logins, answered, flood, peak_mb })
}

async fn log_in(http: &Client, url: &str, user: String, password: &str) -> Option<StatusCode> {
    let asked = json!({"user_id": user, "password": password});
    Some(http.post(url).json(&asked).send().await.ok()?.status())
}

/// The peak of the memory in use (`VmHWM`, proc(5)).
fn peak_bytes(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))
        .context("what a process takes is read from /proc, as on Linux")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kib: u64 = peak.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}
