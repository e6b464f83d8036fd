//! The phone core of Tillsight: at the door of a store it says which of the member's payment
//! methods work **here**, what is left on each, and why the others do not.
//!
//! ```text
//! sensed  ->  entry  ->  standing                ->  screen
//! (phone)    (which      (claims x registered,       (what the app draws)
//!             store)      the rule of `domain`)
//!    ^                                                  |
//!    +--  plan: what to listen for  <--  wallet  <------+
//! ```
//!
//! The [`Wallet`] is the one object an app holds: what the phone senses goes in, and
//! the settlement screen ([`screen`]) comes out. A visit, from the door to the till:
//!
//! ```
//! use std::sync::Arc;
//!
//! use tillsight::{
//!     Wallet, WalletConfig,
//!     phone::{Clock, SystemClock},
//!     screen::{Place, ServerState},
//!     sensed::{Fix, FixProvider},
//! };
//!
//! # use domain::{wire, *};
//! # use tillsight::phone::*;
//! # struct PhoneKeys;
//! # impl KeyStore for PhoneKeys {
//! #     fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> { Ok(secret) }
//! #     fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> { Ok(sealed) }
//! #     fn forget(&self) -> Result<(), KeyStoreError> { Ok(()) }
//! # }
//! # struct NoLog;
//! # impl Log for NoLog { fn log(&self, _: LogLevel, _: LogEvent) {} }
//! # fn visa() -> SchemeId { SchemeId::new("visa").unwrap() }
//! # fn store(now: Timestamp) -> Store {
//! #     let claim = Claim { scheme: visa(), channel: Channel::Contactless,
//! #         acceptance: Acceptance::Accepted, source: Source::Store, as_of: now };
//! #     Store { id: StoreId::of_record("town", "1"), reference: "town:1".into(),
//! #         name: "Caffè Uno".into(), industry: "amenity=cafe".into(), address: Address::default(),
//! #         phone: String::new(), position: Position::from_degrees(41.9, 12.5).unwrap(),
//! #         footprint: Vec::new(), level: String::new(), currency: Currency::EUR,
//! #         accepted: Accepted::from_iter([claim]), beacon: None, access_points: Vec::new(),
//! #         attribution: String::new(), licence: "CC0-1.0".into() }
//! # }
//! # fn card(now: Timestamp) -> Registered {
//! #     let ride = Ride { scheme: visa(), channel: Channel::Contactless };
//! #     let method = Method { id: MethodId("card".into()), kind: MethodKind::CreditCard,
//! #         name: "Visa ..42".into(), rides: vec![ride], expires_at: None, blocked: false,
//! #         minimum: None };
//! #     let left = Money::new(90_000, Currency::EUR);
//! #     Registered { method, balance: Some(Balance { left, as_of: now }), operator_down: false,
//! #         times_used: 0 }
//! # }
//! # struct WalletServer;
//! # impl HttpTransport for WalletServer {
//! #     fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
//! #         let now = Timestamp(SystemClock.now_ms());
//! #         let path = request.url.trim_start_matches("https://wallet.example");
//! #         Ok(match path {
//! #             "/v1/sessions/bound" => testkit::reply(&testkit::session("t")),
//! #             "/v1/methods" =>
//! #                 testkit::reply(&wire::Methods {
//! #                     methods: vec![card(now)], as_of: now, deposit_source: None }),
//! #             "/v1/keys" => testkit::signed(path, &testkit::keys()),
//! #             "/v1/tiles" => testkit::signed(path, &testkit::tile_list(&[store(now)])),
//! #             "/v1/network" => testkit::signed(path, &testkit::network()),
//! #             _ => testkit::signed(path, &wire::Tile {
//! #                 stores: vec![store(now)], ..wire::Tile::default() }),
//! #         })
//! #     }
//! # }
//! # let register_root_key = testkit::root_key();
//! # let app_folder = tempfile::tempdir()?;
//! // Once, when the app starts. The phone's key store seals what is kept.
//! let config = WalletConfig {
//!     folder: app_folder.path().display().to_string(),
//!     server_url: "https://wallet.example".to_owned(),
//!     root_key: register_root_key,
//!     language: "en".to_owned(),
//!     accept_simulated_fixes: false,
//!     device_name: "Hanako's phone".to_owned(),
//!     app: "Example 1.0".to_owned(),
//!     proxy: String::new(),
//!     most_store_bytes: 256 << 20,
//! };
//! let transport = Some(Arc::new(WalletServer) as _);
//! let wallet = Wallet::open(config, Arc::new(PhoneKeys), None, Arc::new(NoLog), transport)?;
//! wallet.log_in("hanako".to_owned(), "a long password".to_owned())?;
//!
//! // At home: the stores of the town, for a street without a network.
//! wallet.prefetch(41.9, 12.5)?;
//!
//! // At the door. A position alone never says "here", but the screen holds for all stores it may be.
//! wallet.screen_opened();
//! let screen = wallet.sense_fix(Fix {
//!     latitude: 41.9,
//!     longitude: 12.5,
//!     accuracy_m: 10.0,
//!     taken_at_ms: SystemClock.now_ms(),
//!     mocked: false,
//!     provider: Some(FixProvider::Satellite),
//! })?;
//! assert_eq!(screen.place, Place::Choose);
//! let store = screen.store.expect("one store is near");
//! assert_eq!(store.name, "Caffè Uno");
//! assert_eq!(screen.active[0].name, "Visa ..42");
//! assert_eq!(screen.active[0].balance.as_ref().unwrap().text, "900.00 EUR");
//!
//! // The member knows better.
//! let screen = wallet.choose_store(store.id)?;
//! assert_eq!(screen.place, Place::Here);
//!
//! wallet.screen_closed();
//! wallet.log_out()?;
//! assert_eq!(wallet.screen().freshness.server, ServerState::LoggedOut);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Outside data is never indexed.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

// In the order of the flow.
pub mod sensed;
pub mod entry;
mod standing;
pub mod screen;
mod wallet;

// Beside the flow.
pub mod plan;
#[cfg(feature = "ble")]
pub mod radio;
mod cache;
mod transfers;
mod reports;
mod card;
mod server;
pub mod phone;
mod error;

pub use error::{
    Advice, AreaProblem, ConfigProblem, DepositProblem, PaymentProblem, Remedy, RequestProblem,
    Retry, ServerProblem, SignalProblem, SignatureProblem, WalletError,
};
#[cfg(feature = "http")]
pub use server::BuiltInClient;
pub use wallet::{
    ApprovalSignature, ApprovalToSign, Area, AreaListener, AreaProgress, CameraHint, ChoiceKind,
    DepositAsk, JoinAsk, JudgedBy, MemberAsk, MethodAsk, MutedStore, NoticeListener, PaymentAsk,
    PlanListener, PlaneReading, PlaneShape, ProfileAsk, PushToken, ReportKind, ScreenListener,
    SecretKind, StorageUse, UnlockLimit, Wallet, WalletConfig,
};

uniffi::setup_scaffolding!();
