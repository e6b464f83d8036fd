//! Secrets in files of their own, readable by their owner alone.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// The 32-byte secret in the file `name` of `folder`; makes it when it is missing. Two processes
/// that begin at once agree on one.
///
/// # Errors
/// When it cannot be read or made, or does not hold 32 bytes in hexadecimal. A damaged secret is
/// never replaced: everything made with it would become void.
pub fn secret(folder: &Path, name: &str) -> anyhow::Result<[u8; 32]> {
    let path = folder.join(name);
    if !path.try_exists().with_context(|| format!("cannot read {}", path.display()))? {
        let text = hex(&random_bytes::<32>()?);
        put_first(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let text = read_key(&path)?;
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .with_context(|| format!("{} does not hold 32 bytes in hexadecimal", path.display()))
}

/// Puts a new 32-byte secret into the file `name` of `folder`, in place of the one that was there.
///
/// # Errors
/// When it cannot be written; the one before is there still.
pub fn replace_secret(folder: &Path, name: &str) -> anyhow::Result<[u8; 32]> {
    let path = folder.join(name);
    let secret = random_bytes::<32>()?;
    let replaced = write_beside(&path, &hex(&secret)).and_then(|beside| fs::rename(beside, &path));
    replaced.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(secret)
}

/// The text of a key's file, which must be its owner's alone.
///
/// # Errors
/// When it cannot be read, is empty, or others may read it.
pub fn read_key(path: &Path) -> anyhow::Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    #[cfg(unix)]
    {
        let about = path.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions());
        ensure!(
            mode & 0o077 == 0,
            "others may read {}: `chmod 600` it, and make a new key if they could have read it",
            path.display()
        );
    }
    let text = text.trim().to_owned();
    ensure!(!text.is_empty(), "{} is empty", path.display());
    Ok(text)
}

/// From now on what this process makes is its owner's alone: databases, their logs, keys.
pub fn keep_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Writes `text` beside `path` and gives it that name, unless another process was first. A
/// crash leaves no half-written key.
fn put_first(path: &Path, text: &str) -> io::Result<()> {
    let beside = write_beside(path, text)?;
    // A link, unlike a rename, does not replace a key that is there.
    let first = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match first {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Writes `text` to a new file in the folder of `path`, which it names.
fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    // Threads of one process must not share it either.
    let unique = hex(&random_bytes::<8>().map_err(io::Error::other)?);
    let beside = path.with_extension(format!("new-{unique}"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(beside)
}

/// Random bytes of the system.
///
/// # Errors
/// When the system gives none.
pub fn random_bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{replace_secret, secret};

    #[test]
    fn two_first_starts_agree_on_one_secret() {
        let folder = tempfile::TempDir::new().unwrap();
        let secrets: Vec<[u8; 32]> = thread::scope(|scope| {
            let start = || scope.spawn(|| secret(folder.path(), "a.key").unwrap());
            let started: Vec<_> = (0..8).map(|_| start()).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(secrets.iter().all(|one| *one == secrets[0]));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something is left over");
    }

    #[test]
    fn a_damaged_secret_is_refused_and_left_as_it_was() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("a.key");
        std::fs::write(&path, "00").unwrap();
        loosen(&path, 0o600);
        assert!(secret(folder.path(), "a.key").is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "00");
    }

    #[test]
    fn a_key_that_others_may_read_is_refused_and_a_new_one_is_not_readable_by_them() {
        let folder = tempfile::TempDir::new().unwrap();
        let made = secret(folder.path(), "a.key").unwrap();
        let path = folder.path().join("a.key");
        loosen(&path, 0o640);
        let refused = secret(folder.path(), "a.key").unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        loosen(&path, 0o600);
        assert_eq!(secret(folder.path(), "a.key").unwrap(), made);
    }

    #[test]
    fn a_replaced_secret_is_another_and_nothing_is_left_beside_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let before = secret(folder.path(), "a.key").unwrap();
        let replaced = replace_secret(folder.path(), "a.key").unwrap();
        assert_ne!(before, replaced);
        assert_eq!(secret(folder.path(), "a.key").unwrap(), replaced);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    fn loosen(path: &std::path::Path, mode: u32) {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(path, mode).unwrap();
    }
}
