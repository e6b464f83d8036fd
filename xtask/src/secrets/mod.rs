//! Whether anything that a test run used in secret lies open in what it left: databases, caches, logs and
//! outputs.

mod search;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use search::{Search, Secret};

/// The variable by which a test run is asked to leave its data (`testkit/src/run.rs`).
pub const RUN: &str = "TILLSIGHT_RUN";
/// The lists of secrets, one file for each process: in a line what a secret is, a tab, the secret.
const LISTS: &str = "secrets";

/// An empty folder for what a run leaves.
///
/// # Errors
/// When what an earlier run left cannot be removed.
pub fn emptied(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder)?;
    Ok(())
}

/// What was looked through.
#[derive(Debug, Default)]
struct Seen {
    files: u64,
    bytes: u64,
    databases: u64,
    logs: u64,
}

/// Looks for the secrets of a run in all files that it left.
///
/// # Errors
/// When one is found, or when there was nothing to look for or in.
pub fn check(folder: &Path) -> Result<()> {
    let secrets = listed(&folder.join(LISTS)).with_context(|| {
        format!("{} holds no run: run the tests with {RUN}={}", folder.display(), folder.display())
    })?;
    let search = Search::of(&secrets)?;
    let (mut seen, mut found) = (Seen::default(), Vec::new());
    for file in files(folder)? {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        seen.files += 1;
        seen.bytes += content.len() as u64;
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        seen.databases += u64::from(matches!(kind, "db" | "sqlite"));
        seen.logs += u64::from(kind == "jsonl");
        found.extend(search.found_in(&content).map(|what| (what.to_owned(), file.clone())));
    }
    for (what, file) in &found {
        eprintln!("a {what} lies open in {}", file.display());
    }
    ensure!(found.is_empty(), "{} of what is secret lies open", found.len());
    ensure!(seen.databases > 0, "there was no database to look through");
    ensure!(seen.logs > 0, "there was no log to look through");
    let Seen { files, bytes, databases, logs } = seen;
    println!(
        "{} secrets, none in {files} files ({databases} databases, {logs} logs, {} KB)",
        secrets.len(),
        bytes / 1_000
    );
    Ok(())
}

fn listed(lists: &Path) -> Result<Vec<Secret>> {
    let mut secrets = BTreeMap::new();
    for list in fs::read_dir(lists)? {
        for line in fs::read_to_string(list?.path())?.lines() {
            let Some((what, text)) = line.split_once('\t') else {
                bail!("a list of secrets is damaged");
            };
            secrets.insert(text.to_owned(), what.to_owned());
        }
    }
    ensure!(!secrets.is_empty(), "its lists of secrets are empty");
    Ok(secrets.into_iter().map(|(text, what)| Secret { what, text }).collect())
}

/// All files but the lists, key files, which hold their one key for their owner alone, and mailboxes, to
/// which codes are sent.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with(LISTS) {
                folders.push(path);
            } else if path.is_file() && !is_meant_to_hold(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_meant_to_hold(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "key") || path.ends_with("mailbox")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "a long enough password";

    /// A run with two secrets, a database and a log.
    fn run() -> tempfile::TempDir {
        let run = tempfile::tempdir().unwrap();
        let lists = run.path().join(LISTS);
        fs::create_dir(&lists).unwrap();
        let list = format!("password\t{PASSWORD}\nlink code\tK7QM-2XPD-94RT\nnumber\t12345678\n");
        fs::write(lists.join("1.tsv"), list).unwrap();
        fs::create_dir(run.path().join("servers")).unwrap();
        fs::write(run.path().join("servers/wallet.db"), [0_u8; 5_000]).unwrap();
        fs::write(run.path().join("log-1.jsonl"), "{\"status\":200}\n").unwrap();
        run
    }

    fn refusal(run: &tempfile::TempDir) -> String {
        format!("{:#}", check(run.path()).expect_err("it passed"))
    }

    #[test]
    fn a_secret_planted_in_any_file_and_form_is_found_and_not_printed() {
        check(run().path()).unwrap();
        let hex = "61206c6f6e6720656e6f7567682070617373776f7264";
        let base64 = "YSBsb25nIGVub3VnaCBwYXNzd29yZA";
        for (file, planted) in [
            ("servers/wallet.db-wal", PASSWORD),
            ("servers/vault", hex),
            ("log-1.jsonl", base64),
            ("output.log", "typed k7qm-2xpd-94rt"),
            ("servers/wallet.db", "as K7QM2XPD94RT"),
            ("log-1.jsonl", "{\"code\":12345678}"),
        ] {
            let run = run();
            let bytes = [&[0xff; 4_090][..], planted.as_bytes(), &[0; 9]].concat();
            fs::write(run.path().join(file), bytes).unwrap();
            assert_eq!(refusal(&run), "1 of what is secret lies open", "{file}: {planted}");
        }
    }

    #[test]
    fn digits_within_a_longer_number_and_key_files_are_no_finds() {
        let run = run();
        fs::write(run.path().join("servers/wallet.db"), "1712345678901 a12345678").unwrap();
        fs::write(run.path().join("servers/operator.key"), PASSWORD).unwrap();
        check(run.path()).unwrap();
    }

    #[test]
    fn a_folder_in_which_nothing_could_be_found_does_not_pass() {
        assert!(refusal(&tempfile::tempdir().unwrap()).contains("holds no run"));
        for missing in ["servers/wallet.db", "log-1.jsonl", "secrets/1.tsv"] {
            let run = run();
            fs::remove_file(run.path().join(missing)).unwrap();
            refusal(&run);
        }
    }
}
