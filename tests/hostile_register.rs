//! A register that lies, or something in between that lies for it: what a phone does not believe.

#[allow(dead_code)]
mod lying;
mod road;

use domain::{
    Accepted, Claim, StoreId, Timestamp,
    wire::{Cell, KeyUse, Network, SigningKey},
};
use lying::{
    DAY_MS, FIX, NOW_MS, Phone, Register, Said, header, is_not_vouched, key, renamed, store,
    unsigned,
};
use signs::store_code::{AcceptedBits, Circle, Days, StoreCode, sign};
use tillsight::{
    ConfigProblem, JudgedBy, SignalProblem, SignatureProblem, WalletError,
    phone::{HttpReply, LogEvent},
    sensed::BeaconReport,
};
use uuid::Uuid;

fn here() -> domain::Store {
    store("here", FIX.latitude, FIX.longitude)
}

#[test]
fn a_hostile_tile_renames_no_store_and_the_cached_one_stays() {
    let garbled: fn(&mut HttpReply) = |reply| {
        unsigned(reply);
        reply.headers.push(header("tillsight-signature", "revision=1".to_owned()));
    };
    let changed: fn(&mut HttpReply) = |reply| {
        let body = String::from_utf8(reply.body.clone()).unwrap();
        reply.body = body.replace("\"here\"", "\"Hostile\"").into_bytes();
        // Also where there is nothing to replace.
        reply.body.push(b' ');
    };
    let other_path: fn(&str) -> String = |_| "/v1/tiles/1/2".to_owned();
    let lie = || Said { revision: 11, ..Said::of(&[renamed(&here())]) };
    let foreign = SigningKey::from_bytes(&[66; 32]);
    for (said, problem) in [
        (Said { on_the_way: unsigned, ..lie() }, SignatureProblem::Missing),
        (Said { on_the_way: garbled, ..lie() }, SignatureProblem::Malformed),
        (Said { key: foreign, ..lie() }, SignatureProblem::UnknownKey),
        (Said { on_the_way: changed, ..lie() }, SignatureProblem::NotGenuine),
        (Said { signed_for: other_path, ..lie() }, SignatureProblem::NotGenuine),
        (Said { revision: 9, ..lie() }, SignatureProblem::RolledBack),
    ] {
        let register = Register::of(&[here()]);
        let phone = Phone::of(&register);
        phone.fetch().unwrap();
        phone.next_day();
        register.say(said);
        assert!(is_not_vouched(&phone.fetch()), "{problem:?}");
        assert_eq!(phone.refused(), [problem]);
        assert_eq!(phone.name_of(&here()).as_deref(), Some("here"), "{problem:?}");
    }
}

#[test]
fn a_new_key_is_believed_once_the_list_has_it() {
    let register = Register::of(&[here()]);
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    phone.next_day();
    let new = SigningKey::from_bytes(&[3; 32]);
    let moved = renamed(&here());
    register.say(Said { key: new.clone(), revision: 11, ..Said::of(&[moved]) });
    let listed =
        |signs| vec![key(&testkit::tile_key(), KeyUse::Tiles, false), key(&new, signs, false)];
    register.list(listed(KeyUse::StoreCodes));
    assert!(is_not_vouched(&phone.fetch()));
    assert_eq!(phone.refused(), [SignatureProblem::UnknownKey], "it is listed for codes alone");
    register.list(listed(KeyUse::Tiles));
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("Hostile"), "the register renamed it");
}

#[test]
fn what_a_revoked_key_signed_is_forgotten_and_never_believed_again() {
    let stolen = SigningKey::from_bytes(&[3; 32]);
    let register = Register::of(&[]);
    let both = |revoked| {
        let good = key(&testkit::tile_key(), KeyUse::Tiles, false);
        vec![good, key(&stolen, KeyUse::Tiles, revoked)]
    };
    register.list(both(false));
    // Whoever has a key chooses the revision, too.
    let lie = Said { key: stolen.clone(), revision: i64::MAX, ..Said::of(&[renamed(&here())]) };
    register.say(lie.clone());
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("Hostile"));
    register.list(both(true));
    assert!(is_not_vouched(&phone.fetch()));
    assert_eq!(phone.refused(), [SignatureProblem::RevokedKey]);
    assert_eq!(phone.name_of(&here()), None);
    register.list(both(false));
    assert!(is_not_vouched(&phone.fetch()), "revocation only grows");
    assert_eq!(phone.refused(), [SignatureProblem::RevokedKey]);
    register.say(Said::of(&[here()]));
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
}

#[test]
fn an_older_or_foreign_list_of_keys_changes_nothing() {
    let register = Register::of(&[here()]);
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    phone.heard();
    let stolen = SigningKey::from_bytes(&[3; 32]);
    let lie = Said { key: stolen.clone(), revision: 11, ..Said::of(&[renamed(&here())]) };
    for (revision, root, problem) in [
        (9, testkit::root(), SignatureProblem::RolledBack),
        (11, testkit::tile_key(), SignatureProblem::UnknownKey),
        (11, stolen.clone(), SignatureProblem::UnknownKey),
    ] {
        let keys = domain::wire::Keys { keys: vec![key(&stolen, KeyUse::Tiles, false)] };
        *register.keys.lock().unwrap() = (keys, revision, root);
        phone.next_day();
        register.say(lie.clone());
        assert!(is_not_vouched(&phone.fetch()), "{problem:?}");
        assert!(phone.heard().contains(&LogEvent::KeysRefused { problem }), "{problem:?}");
        register.say(Said::of(&[here()]));
        phone.fetch().unwrap();
        assert_eq!(phone.name_of(&here()).as_deref(), Some("here"), "the keys before stay");
    }
}

#[test]
fn an_older_or_foreign_description_of_the_network_changes_nothing() {
    let register = Register::of(&[here()]);
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    phone.heard();
    let foreign = Uuid::from_u128(0xbad);
    let lie = Network::new("Tillsight", foreign, "evil.example", "#000000").unwrap();
    for (revision, root, problem) in [
        (9, testkit::root(), SignatureProblem::RolledBack),
        (11, testkit::tile_key(), SignatureProblem::UnknownKey),
        (11, SigningKey::from_bytes(&[3; 32]), SignatureProblem::UnknownKey),
    ] {
        *register.network.lock().unwrap() = (lie.clone(), revision, root);
        phone.next_day();
        phone.fetch().unwrap();
        assert!(phone.heard().contains(&LogEvent::NetworkRefused { problem }), "{problem:?}");
        let hears = |uuid: Uuid| {
            let (uuid, heard_at_ms) = (uuid.to_string(), NOW_MS);
            let (major, minor, rssi_dbm) = (1, 2, -60);
            let report = BeaconReport::Ranged { uuid, major, minor, rssi_dbm, heard_at_ms };
            phone.wallet.sense_beacon(report).is_ok()
        };
        assert!(hears(testkit::BEACONS) && !hears(foreign), "{problem:?}");
    }
}

#[test]
fn a_store_that_moved_is_not_taken_back_by_an_older_tile() {
    let there = store("here", FIX.latitude, FIX.longitude + 0.012);
    assert_ne!(Cell::of(there.position), Cell::of(here().position));
    let register = Register::of(std::slice::from_ref(&there));
    *register.cut.lock().unwrap() = vec![here(), there];
    let phone = Phone::of(&register);
    phone.wallet.prefetch(FIX.latitude, FIX.longitude + 0.024).unwrap();
    let old = domain::Store { name: "before it moved".to_owned(), ..here() };
    register.say(Said { revision: 9, ..Said::of(&[old]) });
    // The tile it lay in once: this phone has none of it, so any revision is new.
    phone.wallet.prefetch(FIX.latitude, FIX.longitude - 0.02).unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
}

#[test]
fn an_answer_on_a_sign_says_where_to_look_and_not_what_is_there() {
    let register = Register::of(&[here()]);
    *register.entry.lock().unwrap() = Some(renamed(&here()));
    let phone = Phone::of(&register);
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    // Elsewhere: so the network is known, and the store is not.
    phone.wallet.prefetch(FIX.latitude + 1.0, FIX.longitude).unwrap();
    let advert = signs::frame::IBeacon {
        uuid: testkit::BEACONS,
        major: 1,
        minor: 2,
        power: signs::frame::UncheckedPower(-59),
    };
    let bytes = advert.advert();
    let report = BeaconReport::Advertisement { bytes, rssi_dbm: -60, heard_at_ms: NOW_MS };
    phone.wallet.sense_beacon(report).unwrap();
    phone.wallet.ask_server(JudgedBy::Beacon).unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
}

#[test]
fn a_tile_says_nothing_of_stores_that_lie_elsewhere() {
    let mut elsewhere = store("elsewhere", 35.6813, 139.7672);
    elsewhere.name = "everywhere".to_owned();
    assert_ne!(Cell::of(here().position), Cell::of(elsewhere.position));
    let phone = Phone::of(&Register::of(&[here(), elsewhere.clone()]));
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
    let refused = phone.wallet.choose_store(elsewhere.id.to_string()).unwrap_err();
    let unknown =
        matches!(refused, WalletError::Signal { problem: SignalProblem::StoreUnknown, .. });
    assert!(unknown, "{refused:?}");
}

#[test]
fn a_key_of_codes_once_revoked_stays_revoked_whatever_a_later_list_says() {
    let signing = SigningKey::from_bytes(&[7; 32]);
    let day = u16::try_from(NOW_MS / DAY_MS).unwrap();
    let code = StoreCode {
        store: StoreId::of_record("town", "here").0,
        valid: Days { not_before: day, not_after: day + 1 },
        place: Circle { lat_e7: 0, lon_e7: 0, radius_m: 60 },
        accepted: AcceptedBits::default(),
        payment: None,
    };
    let text = sign(&code, &signing).unwrap().to_text();
    let register = Register::of(&[]);
    let phone = Phone::of(&register);
    let problem = || match phone.wallet.sense_text(text.clone()) {
        Err(WalletError::Signal { problem, .. }) => Some(problem),
        other => {
            other.unwrap();
            None
        }
    };
    let list = |revoked| {
        vec![
            key(&testkit::tile_key(), KeyUse::Tiles, false),
            key(&signing, KeyUse::StoreCodes, revoked),
        ]
    };
    for (list, expected) in [
        (list(false), None),
        (list(true), Some(SignalProblem::CodeNotGenuine)),
        (list(false), Some(SignalProblem::CodeNotGenuine)),
        (testkit::keys().keys, Some(SignalProblem::CodeNotGenuine)),
    ] {
        register.list(list.clone());
        phone.fetch().unwrap();
        assert_eq!(problem(), expected, "{list:?}");
    }
}

#[test]
fn a_claim_dated_in_the_future_is_shown_as_of_now() {
    let ahead = Timestamp(NOW_MS + 365 * DAY_MS);
    let mut later = here();
    let claims = later.accepted.claims().iter();
    later.accepted =
        claims.map(|claim| Claim { as_of: ahead, ..claim.clone() }).collect::<Accepted>();
    let phone = Phone::of(&Register::of(&[later]));
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    phone.fetch().unwrap();
    let screen = phone.wallet.sense_fix(FIX).unwrap();
    let by = screen.active[0].by.as_ref().unwrap();
    assert_eq!((by.scheme.as_str(), by.as_of_ms), ("visa", NOW_MS));
}

#[test]
fn a_tile_past_its_time_is_shown_with_its_age() {
    let register = Register::of(&[here()]);
    let until = Timestamp(NOW_MS + 8 * DAY_MS);
    register.say(Said { until, ..Said::of(&[here()]) });
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    let shown = || phone.wallet.choose_store(here().id.to_string()).unwrap();
    phone.clock.set(until.0 - 1);
    assert_eq!(shown().freshness.stores_age_s, None, "the register vouches for it still");
    phone.clock.set(until.0);
    let old = shown();
    assert_eq!(old.store.unwrap().name, "here");
    assert_eq!(old.freshness.stores_as_of_ms, Some(NOW_MS), "when it was heard last");
    assert_eq!(old.freshness.stores_age_s, Some(8 * 86_400));
    // Sent again as it was: what is over does not begin anew.
    phone.clock.set(until.0 + 30 * DAY_MS);
    phone.fetch().unwrap();
    assert_eq!(shown().freshness.stores_as_of_ms, Some(until.0));
    assert_eq!(shown().freshness.stores_age_s, Some(30 * 86_400));
    let until = Timestamp(until.0 + 60 * DAY_MS);
    register.say(Said { until, gone: Some(Vec::new()), ..Said::of(&[]) });
    phone.next_day();
    phone.fetch().unwrap();
    assert_eq!(shown().freshness.stores_age_s, None, "it was vouched for anew");
}

#[test]
fn a_wallet_without_a_root_key_is_not_opened() {
    let register = Register::of(&[]);
    let off_the_curve = format!("02{}", "00".repeat(31));
    for (root_key, expected) in [
        ("", ConfigProblem::RootKeyMissing),
        ("0102", ConfigProblem::RootKeyMalformed),
        (&*"zz".repeat(32), ConfigProblem::RootKeyMalformed),
        (&*off_the_curve, ConfigProblem::RootKeyMalformed),
    ] {
        let opened = Phone::over(tempfile::tempdir().unwrap(), &register, root_key);
        let problem = match opened.err() {
            Some(WalletError::Config { problem, .. }) => problem,
            other => panic!("{root_key}: {other:?}"),
        };
        assert_eq!(problem, expected, "{root_key}");
    }
}

#[test]
fn nothing_that_another_root_key_vouched_for_is_kept() {
    let register = Register::of(&[here()]);
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    let folder = phone.switch_off();
    let again = Phone::over(folder, &register, &testkit::root_key()).unwrap();
    assert_eq!(again.name_of(&here()).as_deref(), Some("here"));
    let other = testkit::digits(&SigningKey::from_bytes(&[9; 32]));
    let other = Phone::over(again.switch_off(), &register, &other).unwrap();
    assert_eq!(other.heard(), [LogEvent::CacheReplaced]);
    assert_eq!(other.name_of(&here()), None);
}

#[test]
fn a_cache_of_a_format_too_old_is_put_aside_and_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stores.sqlite");
    let before = rusqlite::Connection::open(&file).unwrap();
    before
        .execute_batch(
            "CREATE TABLE tile (id INTEGER PRIMARY KEY, etag TEXT, fetched_at INTEGER NOT NULL)
                 STRICT;
             CREATE TABLE signing_key (ed25519 BLOB PRIMARY KEY, revoked INTEGER NOT NULL) STRICT;
             PRAGMA user_version = 2;",
        )
        .unwrap();
    drop(before);
    let register = Register::of(&[here()]);
    let phone = Phone::over(folder, &register, &testkit::root_key()).unwrap();
    assert_eq!(phone.heard(), [LogEvent::CachePutAside]);
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("here"));
}
