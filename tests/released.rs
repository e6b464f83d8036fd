//! The files of a phone that an earlier version of the core wrote: opened by this one, nothing is lost.
//!
//! `TILLSIGHT_FREEZE=FOLDER cargo test --test released freeze` writes them as this version does.

use std::{env, fs, path::Path, sync::Arc};

use domain::{Currency, Money, Timestamp, wire::ChargeRequest};
use testkit::{
    Cast, SetClock,
    town::{PASSWORD, TAKES_CARDS, TAKES_WALLET, USER_ID},
};
use tillsight::{
    DepositAsk, PaymentAsk, SecretKind, Wallet,
    entry::recording::RecordedPositions,
    screen::{DepositState, PaymentState, Place},
    sensed::Fix,
};

const CODE: &str = "739158";

fn id(number: u32) -> String {
    format!("0191d2a4-7c1e-7000-8000-{number:012}")
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap().trim().to_owned()
}

/// A phone without a network over a copy of the files in `frozen`.
fn opened(frozen: &Path) -> (Arc<Wallet>, i64, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(frozen).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let now_ms = text(frozen, "now_ms").parse().unwrap();
    let clock = Arc::new(SetClock::standing_at(now_ms));
    let root_key = text(frozen, "root_key");
    let wallet = testkit::open(folder.path(), "", &root_key, Some(clock), None).unwrap();
    (wallet, now_ms, folder)
}

#[test]
fn a_phone_of_every_released_version_keeps_its_stores_member_transfers_and_recordings() {
    let released = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/released");
    let folders = fs::read_dir(released).unwrap().map(|entry| entry.unwrap().path());
    let folders: Vec<_> = folders.filter(|path| path.is_dir()).collect();
    assert!(!folders.is_empty());
    for frozen in folders {
        let (wallet, now_ms, _folder) = opened(&frozen);
        let fix = Fix {
            latitude: TAKES_CARDS.lat,
            longitude: TAKES_CARDS.lon,
            accuracy_m: 12.0,
            taken_at_ms: now_ms,
            mocked: false,
            provider: None,
        };
        let screen = wallet.sense_fix(fix).unwrap();
        let name = screen.store.as_ref().map(|store| &*store.name);
        assert_eq!(name, Some(TAKES_CARDS.name), "the cache of {frozen:?}");
        let visa = screen.active.iter().chain(&screen.likely).find(|row| row.name == "Visa");
        assert!(visa.is_some_and(|row| row.balance.is_some()), "the vault of {frozen:?}");
        let deposits = wallet.deposits().unwrap().deposits;
        let asked = deposits.iter().map(|row| (&*row.id, row.state));
        assert_eq!(asked.collect::<Vec<_>>(), [(&*id(2), DepositState::Pending)], "{frozen:?}");
        let payment = wallet.payment().unwrap().expect("a payment was paid");
        assert_eq!((payment.id, payment.state), (id(1), PaymentState::Done), "{frozen:?}");
        let screens = wallet.replay(&text(&frozen, "visit.jsonl"), Timestamp(now_ms)).unwrap();
        let last = screens.last().expect("something was recorded");
        assert!(matches!(last.place, Place::Here), "{frozen:?}: {:?}", last.place);
    }
}

#[test]
fn freeze() {
    let Ok(folder) = env::var("TILLSIGHT_FREEZE") else { return };
    let folder = Path::new(&folder);
    let mut cast = Cast::assemble();
    let phone = cast.phone_in(tempfile::tempdir().unwrap());
    phone.clock.stop();
    let wallet = &phone.wallet;
    wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned()).unwrap();
    let (password, code) = (PASSWORD.to_owned(), CODE.to_owned());
    wallet.change_secret(SecretKind::SettlementCode, password, code.clone()).unwrap();
    wallet.prefetch(TAKES_CARDS.lat, TAKES_CARDS.lon).unwrap();
    let terminal = cast.terminal(&TAKES_WALLET);
    let asked = ChargeRequest::by_scan(Money::new(500, Currency::EUR), None);
    let charge = terminal.charge(terminal::new_id().unwrap(), &asked).unwrap();
    wallet.sense_fix(phone.fix_at(&TAKES_WALLET)).unwrap();
    wallet.sense_text(terminal.code(charge.id).unwrap().code).unwrap();
    let ask = PaymentAsk { id: id(1), method_id: "wallet".to_owned() };
    let screen = wallet.begin_payment(ask).unwrap();
    assert_eq!(wallet.approve_payment(screen.id, code).unwrap().state, PaymentState::Done);
    let recording = folder.join("visit.jsonl").display().to_string();
    wallet.start_recording(recording, RecordedPositions::Exact).unwrap();
    wallet.sense_fix(phone.fix_at(&TAKES_CARDS)).unwrap();
    phone.hear(&cast.sign(&TAKES_CARDS));
    wallet.stop_recording();
    cast.stop_wallet_server();
    let source_id = "visa".to_owned();
    let ask = DepositAsk { id: id(2), source_id, amount_minor: 700, currency: "EUR".to_owned() };
    wallet.deposit(ask).unwrap();
    fs::write(folder.join("now_ms"), phone.now_ms().to_string()).unwrap();
    fs::write(folder.join("root_key"), cast.root_key()).unwrap();
    for file in fs::read_dir(phone.switch_off().path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
}
