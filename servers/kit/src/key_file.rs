//! Secrets in files of their own, readable by their owner alone.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::Path,
};

use anyhow::Context;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// The 32-byte secret in the file `name` of `folder`; makes it when it is missing. Two processes
/// that begin at once agree on one.
///
/// # Errors
/// When it cannot be read or made, or does not hold 32 bytes in hexadecimal. A damaged secret is
/// never replaced: everything made with it would become void.
pub fn secret(folder: &Path, name: &str) -> anyhow::Result<[u8; 32]> {
    let path = folder.join(name);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let text = hex(&random_bytes::<32>()?);
            put_first(&path, &text).with_context(|| format!("cannot write {}", path.display()))?
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", path.display()));
        }
    };
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .with_context(|| format!("{} does not hold 32 bytes in hexadecimal", path.display()))
}

/// Writes `text` beside `path` and gives it that name, unless another process was first; answers
/// what the file then holds. A crash leaves no half-written key.
fn put_first(path: &Path, text: &str) -> io::Result<String> {
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
    // A link, unlike a rename, does not replace a key that is there.
    let first = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match first {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => fs::read_to_string(path),
    }
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

    use super::secret;

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
        assert!(secret(folder.path(), "a.key").is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "00");
    }
}
