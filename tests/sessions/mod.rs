//! Sessions of the phone, bound to its key, through a network that listens, loses and changes.

mod tap;

use std::{sync::Arc, time::Duration};

use domain::wire::BoundSession;
use ed25519_dalek::{Signer, SigningKey};
use testkit::{Cast, Network, SetClock, town};
use tillsight::{
    Wallet, WalletError,
    phone::{Clock as _, HttpFailure, HttpHeader, HttpReply, HttpRequest, HttpTransport as _},
    screen::ServerState,
};

use tap::{Tap, header_of};

const YEAR_MS: i64 = 365 * 86_400_000;
const RENEWED: &str = "/v1/sessions/refreshed";

struct Listened {
    wallet: Arc<Wallet>,
    tap: Arc<Tap>,
    clock: Arc<SetClock>,
    folder: tempfile::TempDir,
}

fn open(cast: &Cast, folder: tempfile::TempDir) -> Listened {
    let (tap, clock) = (Arc::new(Tap::default()), Arc::new(SetClock::default()));
    let wallet = cast.wallet_in(folder.path(), Arc::clone(&clock), Arc::clone(&tap) as _);
    Listened { wallet, tap, clock, folder }
}

fn logged_in(cast: &Cast) -> Listened {
    let phone = open(cast, testkit::folder().unwrap());
    phone.log_in();
    phone
}

impl Listened {
    fn log_in(&self) {
        self.wallet.log_in(town::USER_ID.to_owned(), town::PASSWORD.to_owned()).unwrap();
    }

    fn is_logged_out(&self) -> bool {
        let refused = self.wallet.refresh();
        matches!(refused, Err(WalletError::NotLoggedIn { .. }))
            && self.wallet.screen().freshness.server == ServerState::LoggedOut
    }
}

fn with(request: &HttpRequest, name: &str, value: Option<&str>) -> HttpRequest {
    let mut request = request.clone();
    request.headers.retain(|header| !header.name.eq_ignore_ascii_case(name));
    let field = |value: &str| HttpHeader { name: name.to_owned(), value: value.to_owned() };
    request.headers.extend(value.map(field));
    request
}

/// Longer than an access token is good for.
const ITS_TIME: Duration = Duration::from_secs(11 * 60);

/// The proof of a thief, who has the nonce and all else that was said, but another key.
fn forged(proof: &str) -> String {
    let base64 = data_encoding::BASE64URL_NOPAD;
    let key = SigningKey::from_bytes(&[9; 32]);
    let claims = proof.split('.').nth(1).unwrap();
    let x = base64.encode(key.verifying_key().as_bytes());
    let header = serde_json::json!({"typ": "dpop+jwt", "alg": "EdDSA",
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}});
    let message = format!("{}.{claims}", base64.encode(header.to_string().as_bytes()));
    let signature = key.sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", base64.encode(&signature))
}

#[test]
fn a_stolen_token_opens_nothing_without_the_phones_key_nor_with_a_proof_that_was_seen() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    let heard = phone.tap.last("/v1/methods");
    let (token, proof) = (header_of(&heard, "Authorization"), header_of(&heard, "DPoP"));
    let bearer = token.replace("DPoP ", "Bearer ");
    for stolen in [
        heard.clone(),
        with(&heard, "DPoP", None),
        with(&heard, "DPoP", Some(&forged(&proof))),
        with(&with(&heard, "DPoP", None), "Authorization", Some(&bearer)),
    ] {
        let reply = Network::default().send(stolen).unwrap();
        assert_eq!(reply.status, 401);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    }
    phone.wallet.refresh().expect("the phone itself stays logged in");
}

#[test]
fn a_proof_that_came_twice_is_made_anew() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    // The network sends it twice, and the answer to the first is lost.
    let mut twice = false;
    phone.tap.answer(move |path, request, _| {
        let repeats = path == "/v1/methods" && !std::mem::replace(&mut twice, true);
        repeats.then(|| Ok(Network::default().send(request.clone()).unwrap()))
    });
    phone.wallet.refresh().unwrap();
    assert_eq!(phone.tap.count("/v1/methods"), 3);
}

#[test]
fn a_phone_whose_clock_is_a_year_off_logs_in_and_renews_its_session() {
    let cast = Cast::assemble();
    for off_ms in [-YEAR_MS, YEAR_MS] {
        let phone = open(&cast, testkit::folder().unwrap());
        phone.clock.pass_ms(off_ms);
        phone.log_in();
        let proof = header_of(&phone.tap.last("/v1/methods"), "DPoP");
        let claims =
            data_encoding::BASE64URL_NOPAD.decode(proof.split('.').nth(1).unwrap().as_bytes());
        let claims: serde_json::Value = serde_json::from_slice(&claims.unwrap()).unwrap();
        let said_ms = claims["iat"].as_i64().unwrap() * 1_000;
        assert!((said_ms - phone.clock.now_ms()).abs() < 60_000, "it is not the phone's clock");
        cast.pass_at_the_server(ITS_TIME);
        phone.wallet.refresh().unwrap();
        assert_eq!(phone.tap.count(RENEWED), 1);
    }
}

#[test]
fn two_calls_at_once_renew_the_session_once() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    cast.pass_at_the_server(ITS_TIME);
    std::thread::scope(|scope| {
        let calls = [0; 4].map(|_| scope.spawn(|| phone.wallet.refresh()));
        for call in calls {
            call.join().unwrap().unwrap();
        }
    });
    assert_eq!(phone.tap.count(RENEWED), 1);
    // What was renewed is on the disk.
    let again = open(&cast, phone.folder);
    again.wallet.refresh().unwrap();
    assert_eq!(again.tap.count(RENEWED), 0);
}

/// Loses the first answer of a call, after the server has given it.
fn lost_once(
    path: &'static str,
) -> impl FnMut(&str, &HttpRequest, &HttpReply) -> tap::Answer + Send {
    let mut lost = false;
    move |asked, _, _| {
        let loses = asked == path && !std::mem::replace(&mut lost, true);
        loses.then_some(Err(HttpFailure::Timeout))
    }
}

#[test]
fn a_renewal_whose_answer_was_lost_is_asked_for_again_with_the_same_token() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    cast.pass_at_the_server(ITS_TIME);
    phone.tap.answer(lost_once(RENEWED));
    phone.wallet.refresh().unwrap();
    let asked = phone.tap.all(RENEWED);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].body, asked[1].body);
    phone.wallet.refresh().unwrap();
}

#[test]
fn an_app_killed_between_a_renewal_and_its_vault_stays_logged_in_the_next_day() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    // What is on the disk when the answer has come and nothing of it is kept.
    let killed = testkit::folder().unwrap();
    let (from, to) = (phone.folder.path().join("vault"), killed.path().join("vault"));
    phone.tap.answer(move |path, _, _| {
        if path == RENEWED {
            std::fs::copy(&from, &to).unwrap();
        }
        None
    });
    cast.pass_at_the_server(ITS_TIME);
    phone.wallet.refresh().unwrap();
    drop(phone.wallet);
    cast.pass_at_the_server(Duration::from_secs(24 * 60 * 60));
    let again = open(&cast, killed);
    again.wallet.refresh().expect("the session goes on");
    assert_eq!(again.tap.count(RENEWED), 1);
    cast.pass_at_the_server(ITS_TIME);
    again.wallet.refresh().expect("and is renewed as any other");
}

#[test]
fn a_refresh_token_that_was_used_before_ends_the_session_of_the_copy_and_of_the_phone() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    // A copy of all that is on the phone, made before it renewed its session, twice.
    let copied = testkit::folder().unwrap();
    std::fs::copy(phone.folder.path().join("vault"), copied.path().join("vault")).unwrap();
    for _ in 0..2 {
        cast.pass_at_the_server(ITS_TIME);
        phone.wallet.refresh().unwrap();
    }
    let copy = open(&cast, copied);
    assert!(copy.is_logged_out());
    assert!(phone.is_logged_out());
    phone.log_in();
    phone.wallet.refresh().unwrap();
}

#[test]
fn a_log_out_without_a_network_ends_the_session_when_there_is_one_again() {
    let cast = Cast::assemble();
    let phone = logged_in(&cast);
    let heard = phone.tap.last("/v1/methods");
    phone.tap.answer(|_, _, _| Some(Err(HttpFailure::Unreachable)));
    phone.wallet.log_out().unwrap();
    drop(phone.wallet);
    let again = open(&cast, phone.folder);
    again.tap.wait_for("/v1/sessions");
    // By the session that followed, and with it the whole family.
    let renewed = again.tap.replies(RENEWED).pop().unwrap();
    let renewed: BoundSession = serde_json::from_slice(&renewed.body).unwrap();
    let ended = header_of(&again.tap.last("/v1/sessions"), "Authorization");
    assert_eq!(ended, format!("DPoP {}", renewed.token));
    assert_ne!(ended, header_of(&heard, "Authorization"));
    assert_eq!(again.tap.replies("/v1/sessions")[0].status, 204);
}
