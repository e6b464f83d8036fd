//! Signals in, screens out: the scenarios that Rust, Kotlin and Swift run alike.
//!
//! A file of `tests/scenarios` holds what the wallet server answers, a place whose stores are fetched
//! beforehand, and steps; the lines of the file of the same name ending in `.screens` are what the steps come to: a
//! screen as JSON, or the reference of the error. Every language compares its own line, byte for
//! byte. The bodies of the answers are texts, because tiles and keys are signed byte for byte. Run with
//! `TILLSIGHT_WRITE_SCENARIOS=1` to make signatures and lines anew, and read the difference.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use data_encoding::HEXLOWER;
use domain::{
    Timestamp,
    wire::{BodyDigest, SIGNATURE_FIELD, Signature},
};
use serde::{Deserialize, Serialize};
use testkit::{Reversing, SetClock, Silent};
use tillsight::{
    ChoiceKind, DepositAsk, JoinAsk, MemberAsk, MethodAsk, PaymentAsk, ProfileAsk, Wallet,
    WalletConfig, WalletError,
    phone::{HttpFailure, HttpHeader, HttpReply, HttpRequest, HttpTransport},
    sensed::{AccessPoint, BeaconReport, Fix, WifiReport},
};

const SERVER: &str = "https://server.test";

#[derive(Deserialize)]
struct Scenario {
    now_ms: i64,
    language: String,
    /// The scenario's register, as all wallets of it know it.
    root_key: String,
    place: Coordinates,
    /// Whether the server is still there when the steps are taken. Where it is, no step may leave
    /// something to be asked that a later step shows.
    #[serde(default)]
    online: bool,
    answers: BTreeMap<String, Answer>,
    steps: Vec<Step>,
}

/// What the scenario's server says, byte for byte.
#[derive(Deserialize)]
struct Answer {
    /// The value of the field `Tillsight-Signature`, where the register vouches for the body.
    signature: Option<String>,
    /// 200 where none is named; from 400 on the body is a problem.
    status: Option<String>,
    body: String,
}

#[derive(Clone, Copy, Deserialize)]
struct Coordinates {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    Screen {},
    Fix {
        latitude: f64,
        longitude: f64,
        accuracy_m: f64,
        taken_at_ms: i64,
        mocked: bool,
    },
    Beacon {
        company: u16,
        hex: String,
        rssi_dbm: i16,
        heard_at_ms: i64,
    },
    Text(String),
    Tag(String),
    Wifi {
        joined: Option<String>,
        heard: Vec<Heard>,
        heard_at_ms: i64,
    },
    Choose(String),
    Deny(String),
    Deposits {},
    Deposit {
        id: String,
        source_id: String,
        amount_minor: i64,
        currency: String,
    },
    /// Scans a payment code; comes to `done`.
    Scan(String),
    /// Comes to `null` where there is none.
    Payment {},
    BeginPayment {
        id: String,
        method_id: String,
    },
    ShowPaymentCode {
        id: String,
        method_id: String,
    },
    /// Waits for the payment screen of this state.
    AwaitPayment(String),
    ApprovePayment {
        id: String,
        settlement_code: String,
    },
    CancelPayment(String),
    /// The first page, or the one after a cursor.
    History(Option<String>),
    Methods {},
    ChangeMethod {
        id: String,
        name: Option<String>,
        blocked: Option<bool>,
        place: Option<u32>,
        deposit_source: Option<bool>,
    },
    RemoveMethod(String),
    Account {},
    LogOutDevice(String),
    /// Comes to the id that the code goes back with.
    Join {
        user_id: String,
        password: String,
        settlement_code: String,
        name: String,
        address: String,
        phone: String,
        email: String,
    },
    /// Comes to `done`.
    ConfirmJoin {
        id: String,
        code: String,
    },
    ChangeProfile {
        name: String,
        address: String,
        phone: String,
        password: String,
    },
    /// Comes to the id that the code goes back with.
    RequestEmail {
        email: String,
        password: String,
    },
    ConfirmEmail {
        id: String,
        code: String,
    },
    /// Comes to their names.
    Operators {},
    Ask {
        amount_minor: Option<i64>,
        currency: Option<String>,
        choice: String,
        phone_has_nfc: bool,
    },
}

#[derive(Deserialize)]
struct Heard {
    bssid: String,
    rssi_dbm: i16,
}

#[test]
fn every_scenario_comes_to_its_screens() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut run = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let writes = std::env::var_os("TILLSIGHT_WRITE_SCENARIOS").is_some();
        let mut text = fs::read_to_string(&path).unwrap();
        if writes {
            text = signed_anew(&text);
            fs::write(&path, &text).unwrap();
        }
        let lines = play(serde_json::from_str(&text).unwrap());
        let kept = path.with_extension("screens");
        if writes {
            fs::write(&kept, &lines).unwrap();
        }
        assert_eq!(lines, fs::read_to_string(&kept).unwrap(), "{}", path.display());
        run += 1;
    }
    assert!(run >= 4, "only {run} scenarios were found");
}

/// The scenario with every signature made again for its body, by the test register's keys.
fn signed_anew(text: &str) -> String {
    let scenario: Scenario = serde_json::from_str(text).unwrap();
    let mut written = text.to_owned();
    for (call, answer) in &scenario.answers {
        let (Some(before), Some(path)) = (&answer.signature, call.strip_prefix("GET ")) else {
            continue;
        };
        let by_root = matches!(path, "/v1/keys" | "/v1/network");
        let key = if by_root { testkit::root() } else { testkit::tile_key() };
        let until = Timestamp(scenario.now_ms + 7 * 86_400_000);
        let body = BodyDigest::of(answer.body.as_bytes());
        let signature = Signature::sign(&key, path, 1, until, body).to_string();
        written = written.replace(before, &signature);
    }
    written
}

/// One line for each step.
fn play(scenario: Scenario) -> String {
    let folder = tempfile::tempdir().unwrap();
    let Scenario { now_ms, language, root_key, place, online, answers, steps } = scenario;
    let server = Arc::new(Canned { answers });
    let open = |server_url: &str, transport| {
        let config = WalletConfig {
            folder: folder.path().display().to_string(),
            server_url: server_url.to_owned(),
            root_key: root_key.clone(),
            language: language.clone(),
            accept_simulated_fixes: false,
            device_name: String::new(),
            app: String::new(),
            proxy: String::new(),
            most_store_bytes: 256 << 20,
        };
        let clock = Some(Arc::new(SetClock::standing_at(now_ms)) as _);
        Wallet::open(config, Arc::new(Reversing), clock, Arc::new(Silent), transport).unwrap()
    };
    let before = open(SERVER, Some(Arc::clone(&server) as _));
    before.log_in("member".to_owned(), "password".to_owned()).unwrap();
    before.prefetch(place.latitude, place.longitude).unwrap();
    drop(before);
    // Mostly without a server from here on: nothing that arrives later can change a screen.
    let wallet = if online { open(SERVER, Some(server as _)) } else { open("", None) };
    let lines = steps.into_iter().map(|step| match take(&wallet, step) {
        Ok(screen) => screen + "\n",
        Err(error) => error.advice().reference.clone() + "\n",
    });
    lines.collect()
}

fn json(screen: &impl Serialize) -> String {
    serde_json::to_string(screen).unwrap()
}

/// What the server is asked meanwhile comes by itself.
fn awaited(wallet: &Wallet, state: &str) -> String {
    let state = format!("\"state\":\"{state}\"");
    for _ in 0..2_000 {
        let screen = json(&wallet.payment().unwrap().expect("a payment"));
        if screen.contains(&state) {
            return screen;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the payment never came to {state}");
}

fn take(wallet: &Wallet, step: Step) -> Result<String, WalletError> {
    let screen = match step {
        Step::Deposits {} => return wallet.deposits().map(|screen| json(&screen)),
        Step::Deposit { id, source_id, amount_minor, currency } => {
            let ask = DepositAsk { id, source_id, amount_minor, currency };
            return wallet.deposit(ask).map(|screen| json(&screen));
        }
        Step::Scan(text) => return wallet.sense_text(text).map(|_| "done".to_owned()),
        Step::Payment {} => return wallet.payment().map(|screen| json(&screen)),
        Step::BeginPayment { id, method_id } => {
            return wallet.begin_payment(PaymentAsk { id, method_id }).map(|screen| json(&screen));
        }
        Step::ShowPaymentCode { id, method_id } => {
            let ask = PaymentAsk { id, method_id };
            return wallet.show_payment_code(ask).map(|screen| json(&screen));
        }
        Step::AwaitPayment(state) => return Ok(awaited(wallet, &state)),
        Step::ApprovePayment { id, settlement_code } => {
            return wallet.approve_payment(id, settlement_code).map(|screen| json(&screen));
        }
        Step::CancelPayment(id) => return wallet.cancel_payment(id).map(|screen| json(&screen)),
        Step::History(after) => return wallet.history(after).map(|page| json(&page)),
        Step::Methods {} => return Ok(json(&wallet.methods())),
        Step::ChangeMethod { id, name, blocked, place, deposit_source } => {
            let ask = MethodAsk { name, blocked, place, deposit_source };
            return wallet.change_method(id, ask).map(|screen| json(&screen));
        }
        Step::RemoveMethod(id) => return wallet.remove_method(id).map(|screen| json(&screen)),
        Step::Account {} => return Ok(json(&wallet.account())),
        Step::LogOutDevice(id) => return wallet.log_out_device(id).map(|screen| json(&screen)),
        Step::Join { user_id, password, settlement_code, name, address, phone, email } => {
            return wallet.join(JoinAsk {
                user_id,
                password,
                settlement_code,
                name,
                address,
                phone,
                email,
            });
        }
        Step::ConfirmJoin { id, code } => {
            return wallet.confirm_join(id, code).map(|()| "done".to_owned());
        }
        Step::ChangeProfile { name, address, phone, password } => {
            let ask = ProfileAsk { name, address, phone };
            return wallet.change_profile(ask, password).map(|screen| json(&screen));
        }
        Step::RequestEmail { email, password } => return wallet.request_email(email, password),
        Step::ConfirmEmail { id, code } => {
            return wallet.confirm_email(id, code).map(|screen| json(&screen));
        }
        Step::Operators {} => return wallet.operators().map(|names| names.join(" ")),
        Step::Screen {} => Ok(wallet.screen()),
        Step::Fix { latitude, longitude, accuracy_m, taken_at_ms, mocked } => {
            let provider = None;
            wallet.sense_fix(Fix { latitude, longitude, accuracy_m, taken_at_ms, mocked, provider })
        }
        Step::Beacon { company, hex, rssi_dbm, heard_at_ms } => {
            let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
            wallet.sense_beacon(BeaconReport::ManufacturerData {
                company,
                bytes,
                rssi_dbm,
                heard_at_ms,
            })
        }
        Step::Text(text) => wallet.sense_text(text),
        Step::Tag(text) => wallet.sense_tag(text),
        Step::Wifi { joined, heard, heard_at_ms } => {
            let point = |Heard { bssid, rssi_dbm }| AccessPoint { bssid, rssi_dbm };
            let heard = heard.into_iter().map(point).collect();
            wallet.sense_wifi(WifiReport { joined, heard, heard_at_ms })
        }
        Step::Choose(store) => wallet.choose_store(store),
        Step::Deny(store) => wallet.deny_store(store),
        Step::Ask { amount_minor, currency, choice, phone_has_nfc } => {
            let choice = match choice.as_str() {
                "most_used" => ChoiceKind::MostUsed,
                "largest_balance" => ChoiceKind::LargestBalance,
                _ => ChoiceKind::All,
            };
            Ok(wallet.ask(MemberAsk { amount_minor, currency, choice, phone_has_nfc }))
        }
    };
    screen.map(|screen| json(&screen))
}

/// The scenario's wallet server: its answers by method and path.
struct Canned {
    answers: BTreeMap<String, Answer>,
}

impl HttpTransport for Canned {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let path = request.url.strip_prefix(SERVER).unwrap_or_default();
        let Some(answer) = self.answers.get(&format!("{} {path}", request.method)) else {
            return Ok(HttpReply { status: 404, headers: Vec::new(), body: Vec::new() });
        };
        let field =
            |value: &String| HttpHeader { name: SIGNATURE_FIELD.to_owned(), value: value.clone() };
        let mut headers: Vec<HttpHeader> = answer.signature.iter().map(field).collect();
        let status = answer.status.as_ref().map_or(200, |status| status.parse().unwrap());
        if status >= 400 {
            let value = "application/problem+json".to_owned();
            headers.push(HttpHeader { name: "Content-Type".to_owned(), value });
        }
        Ok(HttpReply { status, headers, body: answer.body.clone().into_bytes() })
    }
}
