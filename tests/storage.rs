//! A phone whose storage is full, cannot be written, or holds what is none of its files.
//!
//! Each runs on a small disk of its own where this machine mounts one (`mount`, root on Linux); the
//! cache's own tests fill and damage its file everywhere.

#[allow(dead_code)]
mod lying;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use lying::{FIX, Phone, Register, store};
use tempfile::TempDir;
use tillsight::{
    WalletError,
    phone::LogEvent,
    screen::{ServerState, StorageWarning},
};

fn here() -> domain::Store {
    store("here", FIX.latitude, FIX.longitude)
}

fn elsewhere() -> domain::Store {
    store("elsewhere", FIX.latitude + 1.0, FIX.longitude)
}

fn fetch_elsewhere(phone: &Phone) -> Result<(), WalletError> {
    phone.wallet.prefetch(FIX.latitude + 1.0, FIX.longitude)
}

fn said(phone: &Phone) -> Vec<StorageWarning> {
    phone.wallet.screen().storage
}

fn opened(folder: TempDir, register: &std::sync::Arc<Register>) -> Phone {
    Phone::over(folder, register, &testkit::root_key()).unwrap()
}

/// A disk of one megabyte, at a folder that a phone may have.
struct Disk(PathBuf);

impl Disk {
    fn new() -> Option<(Self, TempDir)> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self(folder.path().to_owned());
        let is_mounted = disk.mount(&["-t", "tmpfs", "-o", "size=1m", "tmpfs"]);
        if !is_mounted {
            eprintln!("not tried: no disk can be mounted here");
        }
        is_mounted.then_some((disk, folder))
    }

    fn mount(&self, options: &[&str]) -> bool {
        let mount = Command::new("mount").args(options).arg(&self.0).output();
        mount.is_ok_and(|mounted| mounted.status.success())
    }

    fn is_written(&self, may_be: bool) {
        assert!(self.mount(&["-o", if may_be { "remount,rw" } else { "remount,ro" }]));
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Takes the last byte there is.
    fn fill(&self) {
        assert!(fs::write(self.filler(), vec![0; 2 << 20]).is_err());
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A phone's worker may still have its files open.
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn a_file_that_is_no_cache_is_put_aside_said_on_the_screen_and_filled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stores.sqlite");
    fs::write(&file, [7; 9_000]).unwrap();
    fs::write(folder.path().join("transfers.sqlite"), [7; 9_000]).unwrap();
    let phone = opened(folder, &Register::of(&[here()]));
    assert_eq!(phone.heard(), [LogEvent::CachePutAside, LogEvent::OutboxPutAside]);
    let put_aside = [StorageWarning::TransfersPutAside, StorageWarning::StoresPutAside];
    assert_eq!(said(&phone), put_aside);
    assert_eq!(phone.wallet.storage_use().put_aside_bytes, 18_000);
    assert_eq!(fs::read(file.with_extension("damaged")).unwrap(), [7; 9_000]);
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
    assert_eq!(said(&phone), [StorageWarning::TransfersPutAside], "the stores are here again");
    let again = opened(phone.switch_off(), &Register::of(&[]));
    assert_eq!(said(&again), []);
    assert_eq!(again.name_of(&here()).as_deref(), Some("here"));
}

#[test]
fn a_damaged_vault_is_put_aside_and_the_screen_says_so_until_the_member_has_logged_in_again() {
    let register = Register::of(&[here()]);
    let log_in = |phone: &Phone| {
        phone.wallet.log_in("hanako".to_owned(), "a long password".to_owned()).unwrap();
    };
    let phone = opened(tempfile::tempdir().unwrap(), &register);
    log_in(&phone);
    let folder = phone.switch_off();
    let file = folder.path().join("vault");
    let mut damaged = fs::read(&file).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(&file, &damaged).unwrap();
    let phone = opened(folder, &register);
    assert_eq!(phone.wallet.screen().freshness.server, ServerState::LoggedOut);
    assert_eq!(said(&phone), [StorageWarning::VaultPutAside]);
    // Nobody may have looked at that screen.
    let phone = opened(phone.switch_off(), &register);
    assert_eq!(phone.heard(), [LogEvent::VaultPutAside]);
    assert_eq!(said(&phone), [StorageWarning::VaultPutAside]);
    assert_eq!(phone.wallet.storage_use().put_aside_bytes, damaged.len() as u64);
    log_in(&phone);
    assert_eq!(said(&phone), []);
    let phone = opened(phone.switch_off(), &register);
    assert_eq!((phone.heard(), said(&phone)), (vec![], vec![]));
    // What is left of a member leaves with the next.
    phone.wallet.log_out().unwrap();
    assert_eq!(phone.wallet.storage_use().put_aside_bytes, 0);
}

#[test]
fn a_phone_that_starts_on_a_full_disk_keeps_its_stores_and_learns_more_once_there_is_room() {
    let Some((disk, folder)) = Disk::new() else { return };
    let register = Register::of(&[here(), elsewhere()]);
    let phone = opened(folder, &register);
    phone.fetch().unwrap();
    disk.fill();
    let full = fetch_elsewhere(&phone);
    assert!(matches!(full, Err(WalletError::Storage { .. })), "{full:?}");
    assert_eq!(said(&phone), [StorageWarning::Full]);
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
    let phone = opened(phone.switch_off(), &register);
    assert_eq!(phone.heard(), [], "nothing was thrown away");
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
    assert!(fetch_elsewhere(&phone).is_err());
    assert_eq!(said(&phone), [StorageWarning::Full]);
    disk.make_room();
    fetch_elsewhere(&phone).unwrap();
    assert_eq!(said(&phone), []);
    for kept in [here(), elsewhere()] {
        assert_eq!(phone.name_of(&kept), Some(kept.name));
    }
}

#[test]
fn a_phone_that_never_had_room_knows_the_stores_round_it_until_there_is() {
    let Some((disk, folder)) = Disk::new() else { return };
    disk.fill();
    let register = Register::of(&[here()]);
    let phone = opened(folder, &register);
    assert_eq!(said(&phone), [StorageWarning::Full]);
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
    assert_eq!(said(&phone), [StorageWarning::Full], "nothing of it is kept");
    // Nothing of the member's is either, and no call pretends that it was.
    let logged_in = phone.wallet.log_in("hanako".to_owned(), "a long password".to_owned());
    assert!(matches!(logged_in, Err(WalletError::Storage { .. })), "{logged_in:?}");
    disk.make_room();
    phone.fetch().unwrap();
    phone.wallet.log_in("hanako".to_owned(), "a long password".to_owned()).unwrap();
    assert_eq!(said(&phone), []);
    let folder = phone.switch_off();
    let again = opened(folder, &Register::of(&[]));
    assert_eq!(again.name_of(&here()).as_deref(), Some("here"));
}

#[test]
fn a_folder_that_cannot_be_written_is_read_and_said_on_the_screen() {
    let Some((disk, folder)) = Disk::new() else { return };
    let register = Register::of(&[here(), elsewhere()]);
    let phone = opened(folder, &register);
    phone.fetch().unwrap();
    phone.wallet.log_in("hanako".to_owned(), "a long password".to_owned()).unwrap();
    let folder = phone.switch_off();
    closed(folder.path());
    disk.is_written(false);
    let phone = opened(folder, &register);
    assert_eq!(phone.heard(), [], "nothing was thrown away");
    assert_eq!(said(&phone), [StorageWarning::ReadOnly]);
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
    let screen = phone.wallet.screen();
    assert_eq!(screen.active.len() + screen.likely.len(), 1, "the member's card is known");
    assert!(fetch_elsewhere(&phone).is_err());
    disk.is_written(true);
    fetch_elsewhere(&phone).unwrap();
    phone.wallet.refresh().unwrap();
    assert_eq!(said(&phone), []);
    assert_eq!(phone.name_of(&elsewhere()).as_deref(), Some("elsewhere"));
}

/// Waits until the worker of a phone that was switched off has closed its files.
fn closed(folder: &Path) {
    while folder.join("stores.sqlite-wal").exists() {
        std::thread::yield_now();
    }
}
