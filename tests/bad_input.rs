//! Whatever comes from outside, the answer is a typed error or a screen that says so, nothing is
//! lost, and the next good signal works.

mod phone;

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
    time::Duration,
};

use phone::{FIX, NOW_MS, Phone};
use testkit::{Reversing, SetClock, Silent};
use tillsight::{
    PlaneReading, PlaneShape, Remedy, ServerProblem, SignalProblem, Wallet, WalletConfig,
    WalletError,
    phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport},
    screen::{Place, ServerState},
    sensed::{BeaconReport, Fix},
};

fn problem(refused: Result<impl Sized, WalletError>) -> Option<SignalProblem> {
    match refused {
        Err(WalletError::Signal { problem, .. }) => Some(problem),
        _ => None,
    }
}

#[test]
fn a_bad_fix_is_refused_by_name_and_the_next_good_one_works() {
    let phone = Phone::offline();
    let day = 86_400_000;
    let rows = [
        (Fix { latitude: 91.0, ..FIX }, SignalProblem::FixOutOfRange),
        (Fix { longitude: -180.5, ..FIX }, SignalProblem::FixOutOfRange),
        (Fix { latitude: f64::NAN, ..FIX }, SignalProblem::FixNotANumber),
        (Fix { accuracy_m: f64::NAN, ..FIX }, SignalProblem::FixNotANumber),
        (Fix { accuracy_m: 0.0, ..FIX }, SignalProblem::FixTooCoarse),
        (Fix { accuracy_m: f64::INFINITY, ..FIX }, SignalProblem::FixTooCoarse),
        (Fix { taken_at_ms: NOW_MS + day, ..FIX }, SignalProblem::FixFromFuture),
        (Fix { taken_at_ms: NOW_MS - 3_600_000, ..FIX }, SignalProblem::FixTooOld),
        (Fix { taken_at_ms: i64::MIN, ..FIX }, SignalProblem::FixTooOld),
        (Fix { mocked: true, ..FIX }, SignalProblem::FixMocked),
    ];
    for (bad, expected) in rows {
        assert_eq!(problem(phone.wallet.sense_fix(bad)), Some(expected), "{bad:?}");
        assert_eq!(phone.wallet.screen().place, Place::Nowhere, "{bad:?} left a trace");
    }
    assert_eq!(phone.wallet.sense_fix(FIX).unwrap().drawn_at_ms, NOW_MS);
}

#[test]
fn a_simulators_fix_is_taken_only_by_a_wallet_that_was_told_to() {
    let sense = |accept_simulated_fixes| {
        let folder = tempfile::tempdir().unwrap();
        let config = WalletConfig {
            folder: folder.path().display().to_string(),
            server_url: String::new(),
            root_key: testkit::root_key(),
            language: "en".to_owned(),
            accept_simulated_fixes,
            device_name: String::new(),
            app: String::new(),
            proxy: String::new(),
            most_store_bytes: 256 << 20,
        };
        let clock = Arc::new(SetClock::standing_at(NOW_MS));
        Wallet::open(config, Arc::new(Reversing), Some(clock), Arc::new(Silent), None)
            .unwrap()
            .sense_fix(Fix { mocked: true, ..FIX })
    };
    assert_eq!(problem(sense(false)), Some(SignalProblem::FixMocked));
    assert_eq!(sense(true).unwrap().drawn_at_ms, NOW_MS);
}

/// A server that says which network it is of, and nothing else.
struct Described;

impl HttpTransport for Described {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        if request.url.ends_with("/v1/network") {
            return Ok(testkit::signed("/v1/network", &testkit::network()));
        }
        Ok(HttpReply { status: 404, headers: Vec::new(), body: Vec::new() })
    }
}

#[test]
fn a_bad_frame_is_refused_by_name() {
    let phone = Phone::offline();
    let report = |bytes: &[u8]| BeaconReport::Advertisement {
        bytes: bytes.to_vec(),
        rssi_dbm: -60,
        heard_at_ms: NOW_MS,
    };
    let whole: Vec<u8> = signs::frame::IBeacon {
        uuid: testkit::BEACONS,
        major: 1,
        minor: 2,
        power: signs::frame::UncheckedPower(-59),
    }
    .advert();
    for cut in 0..whole.len() {
        let cut = whole.get(..cut).unwrap();
        let refused = problem(phone.wallet.sense_beacon(report(cut)));
        assert!(
            matches!(refused, Some(SignalProblem::FrameMalformed | SignalProblem::FrameForeign)),
            "{cut:02x?}: {refused:?}"
        );
    }
    let foreign = report(&[2, 1, 6, 3, 3, 0x0f, 0x18]);
    assert_eq!(problem(phone.wallet.sense_beacon(foreign)), Some(SignalProblem::FrameForeign));
    let huge = report(&[0xff; 100_000]);
    assert!(problem(phone.wallet.sense_beacon(huge)).is_some());
    // Before it was heard which network this is.
    assert_eq!(
        problem(phone.wallet.sense_beacon(report(&whole))),
        Some(SignalProblem::FrameForeign)
    );
    let folder = tempfile::tempdir().unwrap();
    let server = Some(Arc::new(Described) as Arc<dyn HttpTransport>);
    let wallet =
        phone::open_with(folder.path().to_str().unwrap(), "https://server.example", server)
            .unwrap();
    // It has no stores to tell of.
    let _ = wallet.prefetch(FIX.latitude, FIX.longitude);
    // A beacon of the network that nobody knows is no error: the server is asked about it.
    assert!(wallet.sense_beacon(report(&whole)).is_ok());
}

#[test]
fn a_text_that_is_no_store_code_is_refused_and_never_opened() {
    let phone = Phone::offline();
    let long = "TS1:".to_owned() + &"0".repeat(1 << 20);
    let texts =
        ["", "hello", "TS1:", "TS1:%%%", "https://evil.example/", "TS1:\u{1F4B8}", "\0", &long];
    for text in texts {
        let refused = problem(phone.wallet.sense_text(text.to_owned()));
        assert_eq!(refused, Some(SignalProblem::TextNoStoreCode), "{:.20}", text);
    }
}

#[test]
fn a_plane_that_is_no_picture_is_refused_by_name() {
    let phone = Phone::offline();
    let shape =
        |width, height, row_stride| PlaneShape { width, height, row_stride, rotation_degrees: 90 };
    let grey = vec![128_u8; 640 * 480];
    let rows: [(&[u8], PlaneShape, SignalProblem); 6] = [
        (&[], shape(0, 0, 0), SignalProblem::PlaneTooSmall),
        (&grey, shape(20, 20, 20), SignalProblem::PlaneTooSmall),
        (&grey, shape(u32::MAX, u32::MAX, u32::MAX), SignalProblem::PlaneTooLarge),
        (&grey, shape(640, 481, 640), SignalProblem::PlaneMalformed),
        (&grey, shape(640, 480, 639), SignalProblem::PlaneMalformed),
        (&grey, shape(2_048, 21, 2_048), SignalProblem::PlaneMalformed),
    ];
    for (luma, shape, expected) in rows {
        let refused = problem(phone.wallet.sense_plane(luma, shape));
        assert_eq!(refused, Some(expected), "{shape:?}");
    }
    assert_eq!(phone.wallet.sense_plane(&grey, shape(640, 480, 640)), Ok(PlaneReading::default()));
}

/// A server that answers every connection with these bytes and then holds it as long as asked.
fn hostile(answer: Vec<u8>, hold: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            let answer = answer.clone();
            thread::spawn(move || {
                let mut question = [0; 4_096];
                let _ = connection.read(&mut question);
                let _ = connection.write_all(&answer);
                thread::sleep(hold);
            });
        }
    });
    url
}

fn reply(status: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn a_hostile_server_gives_a_typed_error_and_the_screen_stands() {
    let now = Duration::ZERO;
    let log_in = |url: &str| {
        let phone = Phone::with_server(url);
        let refused = phone.wallet.log_in("member".to_owned(), "password".to_owned());
        // Whatever the server did, the phone still draws.
        assert_eq!(phone.wallet.sense_fix(FIX).unwrap().freshness.server, ServerState::LoggedOut);
        refused
    };
    let garbage: Vec<u8> =
        (0..60_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let rows = [
        (reply("500 Internal Server Error", 0, b""), ServerProblem::Failing),
        (reply("200 OK", 9, b"<!doctype"), ServerProblem::Garbled),
        (reply("200 OK", 2, b"{}"), ServerProblem::Garbled),
        (reply("302 Found", 0, b""), ServerProblem::Garbled),
        (reply("200 OK", 1_000, b"{\"token\": \"ab"), ServerProblem::Unreachable),
        (garbage, ServerProblem::Unreachable),
        (Vec::new(), ServerProblem::Unreachable),
    ];
    for (answer, expected) in rows {
        let start: String = String::from_utf8_lossy(&answer).chars().take(40).collect();
        match log_in(&hostile(answer, now)) {
            Err(WalletError::ServerAway { kind, .. }) => assert_eq!(kind, expected, "{start:?}"),
            other => panic!("{start:?}: {other:?}"),
        }
    }
    let endless = reply("200 OK", 64 << 20, &vec![b'['; 9 << 20]);
    assert!(matches!(
        log_in(&hostile(endless, now)),
        Err(WalletError::ServerAway { kind: ServerProblem::Garbled, .. })
    ));
}

#[test]
fn a_server_that_says_nothing_is_given_up_and_blocks_no_screen() {
    let silent = hostile(Vec::new(), Duration::from_secs(30));
    let phone = Phone::with_server(&silent);
    let wallet = phone.wallet.clone();
    let waiting = thread::spawn(move || wallet.log_in("member".to_owned(), "pass".to_owned()));
    // Drawn while the other thread waits for the server.
    assert_eq!(phone.wallet.sense_fix(FIX).unwrap().drawn_at_ms, NOW_MS);
    let refused = waiting.join().unwrap();
    assert!(
        matches!(refused, Err(WalletError::ServerAway { kind: ServerProblem::Timeout, .. })),
        "{refused:?}"
    );
}

#[test]
fn a_cache_that_is_cut_short_or_no_database_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let file = folder.path().join("stores.sqlite");
    drop(phone::open_in(&path, "").unwrap());
    let whole = loop {
        // The worker thread closes the file a moment after the wallet is dropped.
        let whole = fs::read(&file).unwrap();
        if !folder.path().join("stores.sqlite-wal").exists() && whole.len() > 8_192 {
            break whole;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = b"not a database, but long enough to be taken for one".repeat(100);
    for broken in [text.as_slice(), &whole[..5_000], &whole[..100], b""] {
        fs::write(&file, broken).unwrap();
        let wallet = phone::open_in(&path, "").unwrap();
        assert_eq!(wallet.sense_fix(FIX).unwrap().place, Place::Nowhere);
        drop(wallet);
        while folder.path().join("stores.sqlite-wal").exists() {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told_as_storage() {
    let refused = phone::open_in("/dev/null/nowhere", "");
    assert!(matches!(&refused, Err(WalletError::Storage { .. })), "{:?}", refused.err());
    assert_eq!(refused.err().map(|error| error.advice().remedy), Some(Remedy::FreeStorage));
}
