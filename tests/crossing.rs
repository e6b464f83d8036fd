//! Answers that cross on their way: what is newer stays, whoever asked and whichever came first.

#[allow(dead_code)]
mod phone;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use domain::{
    Balance, Channel, Currency, Method, MethodId, MethodKind, Money, Registered, Ride, SchemeId,
    Timestamp,
    wire::{Methods, Tile},
};
use phone::{FIX, NOW_MS};
use signs::frame::EddystoneEid;
use tillsight::{
    ScreenListener, ServerProblem, WalletError,
    phone::{HttpFailure, HttpHeader, HttpReply, HttpRequest, HttpTransport},
    screen::{ServerState, SettlementScreen},
    sensed::BeaconReport,
};

const SERVER: &str = "https://server.example";

/// What is left on the member's one card, as the screen says it.
fn left(screen: &SettlementScreen) -> Option<i64> {
    let mut rows =
        screen.active.iter().chain(&screen.likely).chain(&screen.unsure).chain(&screen.inactive);
    rows.next()?.balance.as_ref().map(|balance| balance.minor)
}

fn methods(minor: i64) -> Methods {
    let registered = Registered {
        method: Method {
            id: MethodId("card".to_owned()),
            kind: MethodKind::CreditCard,
            name: "Card".to_owned(),
            rides: vec![Ride {
                scheme: SchemeId::new("visa").unwrap(),
                channel: Channel::Contactless,
            }],
            expires_at: None,
            blocked: false,
            minimum: None,
        },
        balance: Some(Balance { left: Money::new(minor, Currency::EUR), as_of: Timestamp(NOW_MS) }),
        operator_down: false,
        times_used: 0,
    };
    Methods { methods: vec![registered], as_of: Timestamp(NOW_MS), deposit_source: None }
}

fn reply<T: serde::Serialize>(status: u16, body: &T) -> HttpReply {
    let kind = if status < 400 { "application/json" } else { "application/problem+json" };
    answer(status, kind, serde_json::to_vec(body).unwrap())
}

fn answer(status: u16, kind: &str, body: Vec<u8>) -> HttpReply {
    let kind = HttpHeader { name: "content-type".to_owned(), value: kind.to_owned() };
    HttpReply { status, headers: vec![kind], body }
}

fn token_of(request: &HttpRequest) -> &str {
    let mut headers = request.headers.iter();
    let token = headers.find(|header| header.name == "Authorization").unwrap();
    token.value.strip_prefix("DPoP ").expect("a token that anybody could use")
}

/// Logs everyone in under the token that is their name, and leaves the rest to `answer`.
fn in_session(
    request: &HttpRequest,
    answer: impl FnOnce(&str) -> Result<HttpReply, HttpFailure>,
) -> Result<HttpReply, HttpFailure> {
    let path = request.url.trim_start_matches(SERVER);
    match path {
        "/v1/sessions/bound" | "/v1/sessions/refreshed" => {
            let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let name = asked["user_id"].as_str().or(asked["refresh_token"].as_str()).unwrap();
            Ok(reply(200, &testkit::session(name)))
        }
        "/v1/keys" => Ok(testkit::signed(path, &testkit::keys())),
        "/v1/network" => Ok(testkit::signed(path, &testkit::network())),
        "/v1/methods" => answer(token_of(request)),
        _ => Ok(HttpReply { status: 404, headers: Vec::new(), body: Vec::new() }),
    }
}

/// Each answer has one more on the card.
#[derive(Default)]
struct Growing(AtomicI64);

impl HttpTransport for Growing {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        in_session(&request, |_| {
            Ok(reply(200, &methods(self.0.fetch_add(1, Ordering::Relaxed) + 1)))
        })
    }
}

struct Seen(Mutex<mpsc::Sender<SettlementScreen>>);

impl ScreenListener for Seen {
    fn on_deposits(&self, _: tillsight::screen::DepositScreen) {}
    fn on_payment(&self, _: tillsight::screen::PaymentScreen) {}

    fn on_screen(&self, screen: SettlementScreen) {
        let _ = self.0.lock().unwrap().send(screen);
    }
}

#[test]
fn a_screen_with_a_larger_revision_never_shows_an_older_balance() {
    let folder = tempfile::tempdir().unwrap();
    let transport = Arc::new(Growing::default());
    let wallet = phone::open_with(&folder.path().display().to_string(), SERVER, Some(transport));
    let wallet = wallet.unwrap();
    let (sender, screens) = mpsc::channel();
    wallet.set_listener(Some(Arc::new(Seen(Mutex::new(sender.clone())))));
    wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for sensing in [true, false, false, false] {
            let (wallet, sender, over) = (&wallet, sender.clone(), &over);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let screen =
                        if sensing { wallet.sense_fix(FIX).unwrap() } else { wallet.screen() };
                    sender.send(screen).unwrap();
                }
            });
        }
        for _ in 0..200 {
            sender.send(wallet.refresh().unwrap()).unwrap();
        }
        over.store(true, Ordering::Relaxed);
    });
    wallet.set_listener(None);
    drop((wallet, sender));
    let mut seen: Vec<(u64, i64)> =
        screens.iter().map(|screen| (screen.revision, left(&screen).unwrap())).collect();
    seen.sort_unstable();
    let fell = seen.windows(2).find(|pair| pair[0].1 > pair[1].1 || pair[0].0 == pair[1].0);
    assert_eq!(fell, None, "(revision, balance) of two screens, one after the other");
    assert!(
        seen.len() >= 800 && seen.last().unwrap().1 > 100,
        "nothing went on beside the drawing"
    );
}

/// The second answer waits until it is let go; the nth has n on the card.
struct SecondWaits {
    asked: Mutex<mpsc::Sender<()>>,
    count: AtomicI64,
    go: Mutex<mpsc::Receiver<()>>,
    status: u16,
}

impl HttpTransport for SecondWaits {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        in_session(&request, |_| {
            let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
            if number == 2 {
                self.asked.lock().unwrap().send(()).unwrap();
                // Nobody is left to let it go when the test has failed.
                let _ = self.go.lock().unwrap().recv();
                return Ok(reply(self.status, &methods(number)));
            }
            Ok(reply(200, &methods(number)))
        })
    }
}

/// A wallet whose second question is under way while `meanwhile` runs and ends after it.
fn crossed(status: u16, meanwhile: impl FnOnce(&tillsight::Wallet)) -> SettlementScreen {
    let folder = tempfile::tempdir().unwrap();
    let (asked, is_asked) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let transport = Arc::new(SecondWaits {
        asked: asked.into(),
        count: AtomicI64::default(),
        go: may_go.into(),
        status,
    });
    let wallet = phone::open_with(&folder.path().display().to_string(), SERVER, Some(transport));
    let wallet = wallet.unwrap();
    wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    let late = thread::spawn({
        let wallet = Arc::clone(&wallet);
        move || wallet.refresh()
    });
    is_asked.recv().unwrap();
    meanwhile(&wallet);
    drop(go);
    let _ = late.join().unwrap();
    wallet.screen()
}

#[test]
fn an_answer_that_comes_late_does_not_replace_that_of_a_later_question() {
    let screen = crossed(200, |wallet| {
        wallet.refresh().unwrap();
    });
    assert_eq!(left(&screen), Some(3));
}

#[test]
fn a_late_refusal_of_one_members_session_does_not_log_out_the_next_member() {
    let screen = crossed(401, |wallet| {
        wallet.log_out().unwrap();
        wallet.log_in("taro".to_owned(), "secret".to_owned()).unwrap();
    });
    assert_eq!((screen.freshness.server, left(&screen)), (ServerState::Live, Some(3)));
}

#[test]
fn a_late_answer_to_one_member_is_never_shown_to_the_next() {
    let screen = crossed(200, |wallet| {
        wallet.log_out().unwrap();
        wallet.log_in("taro".to_owned(), "secret".to_owned()).unwrap();
    });
    assert_eq!(left(&screen), Some(3));
}

/// Answers as something in between once `status` is set, counts those requests, and keeps the tokens
/// of ended sessions.
#[derive(Default)]
struct InBetween {
    status: AtomicI64,
    kind: Mutex<&'static str>,
    turned_away: AtomicI64,
    ended: Mutex<Vec<String>>,
}

impl InBetween {
    fn stand(&self, status: u16, kind: &'static str) {
        *self.kind.lock().unwrap() = kind;
        self.status.store(i64::from(status), Ordering::Relaxed);
    }
}

impl HttpTransport for InBetween {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let status = u16::try_from(self.status.load(Ordering::Relaxed)).unwrap();
        if status != 0 {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
        }
        if status == 503 {
            return Err(HttpFailure::Unreachable);
        }
        if status != 0 {
            return Ok(answer(status, *self.kind.lock().unwrap(), b"<html>".to_vec()));
        }
        if request.method == "DELETE" {
            self.ended.lock().unwrap().push(token_of(&request).to_owned());
            return Ok(HttpReply { status: 204, headers: Vec::new(), body: Vec::new() });
        }
        in_session(&request, |_| Ok(reply(200, &methods(1))))
    }
}

fn between() -> (tempfile::TempDir, Arc<InBetween>, Arc<tillsight::Wallet>) {
    let folder = tempfile::tempdir().unwrap();
    let transport = Arc::new(InBetween::default());
    let wallet = open(&folder, &transport);
    wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    (folder, transport, wallet)
}

fn open(folder: &tempfile::TempDir, transport: &Arc<InBetween>) -> Arc<tillsight::Wallet> {
    let transport = Some(Arc::clone(transport) as Arc<dyn HttpTransport>);
    phone::open_with(&folder.path().display().to_string(), SERVER, transport).unwrap()
}

/// Waits for what another thread is to do; whoever waits asserts it.
fn until(done: impl Fn() -> bool) {
    for _ in 0..200 {
        if done() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_log_in_page_of_a_wifi_does_not_end_the_session() {
    let (_folder, transport, wallet) = between();
    for status in [401, 403] {
        transport.stand(status, "text/html; charset=utf-8");
        let refused = wallet.refresh().unwrap_err();
        assert!(matches!(refused, WalletError::ServerAway { .. }), "{status}: {refused:?}");
        assert_eq!(wallet.screen().freshness.server, ServerState::Away);
        let refused = wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap_err();
        assert!(matches!(refused, WalletError::ServerAway { .. }), "{status}: {refused:?}");
    }
    transport.stand(0, "");
    wallet.refresh().unwrap();
    transport.stand(401, "application/problem+json; charset=utf-8");
    let refused = wallet.refresh().unwrap_err();
    assert!(matches!(refused, WalletError::NotLoggedIn { .. }), "{refused:?}");
}

#[test]
fn a_log_out_in_a_tunnel_ends_the_session_at_the_server_once_it_is_reached() {
    let (folder, transport, wallet) = between();
    transport.stand(503, "");
    wallet.log_out().unwrap();
    assert_eq!(wallet.screen().freshness.server, ServerState::LoggedOut);
    // The app ends; the next member logs in and out, still in the tunnel or in front of a log-in page.
    drop(wallet);
    transport.stand(401, "text/html");
    let before = transport.turned_away.load(Ordering::Relaxed);
    let next = open(&folder, &transport);
    // Dropped before, it might still ask once it is out of the tunnel.
    until(|| transport.turned_away.load(Ordering::Relaxed) > before);
    drop(next);
    assert!(transport.ended.lock().unwrap().is_empty());
    transport.stand(0, "");
    let wallet = open(&folder, &transport);
    wallet.log_in("taro".to_owned(), "secret".to_owned()).unwrap();
    let ended = || transport.ended.lock().unwrap().clone();
    until(|| !ended().is_empty());
    assert_eq!(ended(), ["hanako"]);
    assert_eq!(left(&wallet.refresh().unwrap()), Some(1), "the next member stays logged in");
}

#[test]
fn a_reply_with_more_header_fields_than_a_phone_reads_is_refused() {
    struct Chatty;
    impl HttpTransport for Chatty {
        fn send(&self, _: HttpRequest) -> Result<HttpReply, HttpFailure> {
            let header = HttpHeader { name: "x".to_owned(), value: String::new() };
            let headers = vec![header; 65];
            Ok(HttpReply { status: 200, headers, body: Vec::new() })
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let wallet = phone::open_with(&path, SERVER, Some(Arc::new(Chatty))).unwrap();
    let refused = wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap_err();
    let garbled = matches!(refused, WalletError::ServerAway { kind: ServerProblem::Garbled, .. });
    assert!(garbled, "{refused:?}");
}

/// Answers the question for rotating beacons with something else, and tells of every path asked.
struct NoRotating(Mutex<mpsc::Sender<String>>);

impl HttpTransport for NoRotating {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let path = request.url.trim_start_matches(SERVER).to_owned();
        self.0.lock().unwrap().send(path.clone()).unwrap();
        if path == "/v1/tiles" {
            return Ok(testkit::signed(&path, &testkit::tile_list(&[])));
        }
        if path.starts_with("/v1/tiles/") {
            return Ok(testkit::signed(&path, &Tile::default()));
        }
        in_session(&request, |_| Ok(reply(200, &methods(1))))
    }
}

#[test]
fn live_balances_stay_live_while_the_server_knows_no_rotating_beacons() {
    let folder = tempfile::tempdir().unwrap();
    let (asked, paths) = mpsc::channel();
    let transport = Arc::new(NoRotating(asked.into()));
    let wallet = phone::open_with(&folder.path().display().to_string(), SERVER, Some(transport));
    let wallet = wallet.unwrap();
    wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    let hear = |eid| {
        let bytes = EddystoneEid { power: (-20).into(), eid }.advert();
        let report = BeaconReport::Advertisement { bytes, rssi_dbm: -60, heard_at_ms: NOW_MS };
        assert!(wallet.sense_beacon(report).is_err(), "nobody knows whose it is");
    };
    let until = |wanted: &str| {
        while !paths.recv_timeout(Duration::from_secs(20)).unwrap().ends_with(wanted) {}
    };
    hear([1; 8]);
    until("/v1/rotating");
    wallet.refresh().unwrap();
    // One thread asks the server: once it asks for a place, the first answer was taken in.
    wallet.sense_fix(FIX).unwrap();
    until("/v1/network");
    assert_eq!(wallet.screen().freshness.server, ServerState::Live);
}
