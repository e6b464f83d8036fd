//! What the phone, the servers and the store terminal say to each other over HTTP, as JSON.
//!
//! | call | who may | asks | answers |
//! | --- | --- | --- | --- |
//! | `POST /v1/sessions` | anyone, where the server opens sessions that no key is bound to | [`LoginRequest`] | [`Session`] |
//! | `POST /v1/sessions/provided` | who has a token of a company's own log-in, with a proof of a key | [`ProvidedLogin`] | [`ProvidedSession`] |
//! | `POST /v1/sessions/bound` | anyone, with a proof of a key | [`LoginRequest`] | [`BoundSession`] |
//! | `POST /v1/sessions/refreshed` | who has the key | [`RefreshRequest`] | [`BoundSession`] |
//! | `DELETE /v1/sessions` | the member | | 204, the token is void |
//! | `POST /v1/members` | anyone | [`JoinRequest`] | 202 [`CodeSent`], whether or not the user id is free |
//! | `POST /v1/members/confirmations` | who has the code | [`JoinConfirmation`] | 204, the member can log in |
//! | `GET /v1/devices` | the member | | [`Devices`] |
//! | `DELETE /v1/devices/{id}` | the member | | 204, its sessions are over |
//! | `GET /v1/members/me` | the member | | [`MemberProfile`] |
//! | `PUT /v1/members/me` | the member | [`ProfileChange`] | 204 |
//! | `DELETE /v1/members/me` | the member | [`LeaveRequest`] | 204, the member has left |
//! | `POST /v1/members/me/email` | the member | [`EmailChange`] | 202 [`CodeSent`], to the new address |
//! | `PUT /v1/members/me/email/{id}` | the member with the code | [`EmailConfirmation`] | 204, codes go there from now on |
//! | `GET /v1/members/me/export` | the member | | [`MemberExport`] |
//! | `PUT /v1/members/me/password` | the member | [`SecretChange`] | 204, every other device is logged out |
//! | `PUT /v1/members/me/settlement-code` | the member | [`SecretChange`] | 204 |
//! | `PUT /v1/members/me/approval-key` | the member | [`ApprovalKey`] | 204 |
//! | `DELETE /v1/members/me/approval-key` | the member | | 204 |
//! | `POST /v1/resets` | anyone | [`ResetRequest`] | 202 [`CodeSent`], whether or not there is such a member |
//! | `PUT /v1/resets/{id}` | who has the code | [`ResetConfirmation`] | 204, every device is logged out |
//! | `GET /v1/members/me/unlock-limit` | the member | | [`UnlockLimit`] |
//! | `PUT /v1/members/me/unlock-limit` | the member | [`UnlockLimitChange`] | 204 |
//! | `PUT /v1/devices/{id}/agreement` | the member, on another device | [`DeviceAgreement`] | 204, the device pays |
//! | `GET /v1/methods` | the member | | [`Methods`] |
//! | `POST /v1/methods` | the member | [`RegisterRequest`] | [`Registered`], 409 when used by another |
//! | `PATCH /v1/methods/{id}` | the member | [`MethodChange`] | [`Methods`] |
//! | `DELETE /v1/methods/{id}` | the member | | 204, the operator opens nothing to this member for it any more |
//! | `GET /v1/history?after=CURSOR` | the member | | [`MovementPage`] |
//! | `POST /v1/deposits`, with `Idempotency-Key: UUID` | the member | [`DepositRequest`] | [`Deposit`], 202 while it is pending |
//! | `GET /v1/deposits?after=CURSOR&state=pending` | the member | | [`DepositPage`] |
//! | `GET /v1/deposits/{id}` | the member | | [`Deposit`] |
//! | `GET /v1/operators` | anyone | | [`OperatorList`] |
//! | `POST /v1/operators/{name}/callbacks` | the operator, signed | [`Confirmation`] | 204 |
//! | `POST /v1/entries` | the member | [`EntryRequest`] | [`EntryAnswer`] |
//! | `GET /v1/tiles` | anyone | | [`TileList`], signed, with `ETag` |
//! | `GET /v1/tiles/{first}/{past}?since=REVISION` | anyone | | [`Tile`], signed; without `since`, or of a revision that is not known any more, whole |
//! | `POST /v1/stores/near` | anyone | [`NearRequest`] | a list of [`Store`] |
//! | `GET /v1/stores/{id}` | anyone | | [`Store`] |
//! | `GET /v1/stores/{id}/sign` | anyone | | [`Sign`] |
//! | `POST /v1/stores/{id}/charges`, with `Idempotency-Key: UUID` | the store's terminal | [`ChargeRequest`] | [`Charge`] |
//! | `GET /v1/stores/{id}/charges/{charge}` | the store's terminal | | [`Charge`] |
//! | `DELETE /v1/stores/{id}/charges/{charge}` | the store's terminal | | [`Charge`], 202 while that is not known, 409 once it is paid |
//! | `POST /v1/stores/{id}/charges/{charge}/codes` | the store's terminal | | [`PaymentSign`] |
//! | `POST /v1/stores/{id}/closings`, with `Idempotency-Key: UUID` | the store's terminal | | [`Closing`] |
//! | `POST /v1/tokens`, with `Idempotency-Key: UUID` | the member | [`TokenRequest`] | [`PaymentToken`] |
//! | `DELETE /v1/tokens/{id}` | the member | | 204, no till can charge it any more |
//! | `PUT /v1/push-token` | the member | [`PushToken`] | 204, the device is told by it that something is new |
//! | `DELETE /v1/push-token` | the member | | 204, the device is told nothing any more |
//! | `GET /v1/events?after=ID&wait=SECONDS` | the member | | [`Events`], as soon as there are any; without `after` none, and what to ask after |
//! | `POST /v1/settlements`, with `Idempotency-Key: UUID` | the member | [`SettlementRequest`] | [`Settlement`] |
//! | `POST /v1/settlements/{id}/approve` | the member | [`Approval`] | [`Settlement`], 202 while it is pending |
//! | `GET /v1/settlements?after=CURSOR` | the member | | [`SettlementPage`] |
//! | `GET /v1/settlements/{id}` | the member | | [`Settlement`] |
//! | `DELETE /v1/settlements/{id}` | the member | | [`Settlement`], 409 once it is approved, unless an operator had not taken the money |
//! | `GET /v1/settlements/{id}/receipt` | the member | | [`SignedReceipt`], 409 unless it is paid |
//! | `POST /v1/settlements/{id}/refunds`, with `Idempotency-Key: UUID` | the store's terminal | [`RefundRequest`] | [`Refund`] |
//! | `GET /v1/refunds/{id}` | the member | | [`SettlementRefund`] |
//! | `GET /v1/stores/{id}/beacon` | the store's terminal | | [`BeaconKey`] |
//! | `GET /v1/report-key` | anyone | | [`ReportKeys`] of this week and of weeks to come, signed |
//! | `POST /v1/report-credentials` | the member | [`CredentialRequest`] | [`EvaluatedCredential`], one a week |
//! | `POST /v1/reports` | who holds a credential, whoever it is | [`ReportRequest`] | 204, once and again |
//! | `GET /v1/rotating` | anyone | | [`RotatingBuckets`] |
//! | `GET /v1/rotating/{bits}/{bucket}` | anyone | | [`Rotating`] |
//! | `GET /v1/keys` | anyone | | [`Keys`], signed |
//! | `GET /v1/network` | anyone | | [`Network`], signed |
//! | operator: `GET /v1/accounts/{id}` | who shows its grant | | [`Account`] |
//! | operator: `POST /v1/links` | the wallet company | [`LinkRequest`] | [`Linked`], with a [`Grant`] |
//! | operator: `DELETE /v1/links` | who shows a grant | | 204, it opens nothing any more |
//! | operator: `GET /v1/cards/{id}` | who shows its grant | | [`Card`] |
//! | operator: `GET /v1/accounts/{id}/history?before=N` | who shows its grant | | [`History`] |
//! | operator: `GET /v1/cards/{id}/history?before=N` | who shows its grant | | [`History`] |
//! | operator: `POST /v1/instructions` | the wallet company | [`Instruction`] | [`Confirmation`] |
//! | operator: `GET /v1/instructions/{id}` | the wallet company | | [`Confirmation`] |
//! | operator: `GET /v1/callback-key` | the wallet company | | [`CallbackKey`] |
//!
//! Every error is a [`Problem`] (RFC 9457). Members carry `Authorization: DPoP TOKEN` with a proof
//! of their key, or `Bearer TOKEN` in a session that no key is bound to. The wallet
//! company carries its key in the same way, and [`GRANT_HEADER`] with a [`Grant`] beside it. What is
//! signed carries a [`Signature`] in a header field: the key list and the network's description one by the
//! root key that apps are built with, a tile one by a key of that list.

mod approval;
mod day_file;
mod deposit;
mod instruction;
mod key_list;
mod method;
mod member;
mod movement;
mod network;
mod operator;
mod push;
mod reader;
mod receipt;
mod report;
mod reported;
mod settlement;
mod signature;
mod terminal;
mod tile;
mod tile_list;
mod token;
mod unlock;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Bssid, Choice, Money, Position, Registered, Store, StoreId, Timestamp,
    rule::{Answer, Ask},
};

pub use approval::{APPROVAL_LASTS_MS, Approval, ApprovalKey, SignedApproval};
pub use day_file::{DayFoot, DayHead, DayLine};
pub use deposit::{Deposit, DepositFailure, DepositPage, DepositRequest, DepositState};
pub use instruction::{
    Action, ActionKind, CallbackKey, Confirmation, Decline, Instruction, signed_callback,
};
pub use key_list::{Key, KeyUse, Keys};
pub use member::{
    BoundSession, CodeSent, Device, DeviceDescription, Devices, EmailChange, EmailConfirmation,
    JoinConfirmation, JoinRequest, LeaveRequest, MemberExport, MemberHistoryEntry, MemberProfile,
    Profile, ProfileChange, ProvidedLogin, ProvidedSession, RefreshRequest, ResetConfirmation,
    ResetRequest, SecretChange, SecretOf, SecurityLogEntry,
};
pub use method::{MethodChange, Methods, OperatorList, RegisterRequest};
pub use movement::{Movement, MovementKind, MovementPage, MovementRefund};
pub use network::{NETWORK_PATH, Network, NetworkProblem};
pub use operator::{
    Account, Booking, Card, GRANT_HEADER, Grant, History, LinkRequest, Linked, LinkedTo,
};
pub use push::PushToken;
pub use reader::{
    LONGEST_COMMAND, NotAnswered, READER_AID, ReaderCommand, StatusWord, read_answer,
};
pub use receipt::{Receipt, ReceiptProblem, ReceiptRefund, SignedReceipt};
pub use report::{
    CredentialRequest, EvaluatedCredential, REPORT_KEY_PATH, REPORTS_A_DAY, REPORTS_LAST_MS,
    Report, ReportKey, ReportKeys, ReportRequest,
};
pub use reported::{Presence, Reported};
pub use settlement::{
    Charge, ChargeRequest, ChargeState, Closing, ClosingSum, Refund, RefundRequest,
    STORE_CODE_MOST, Settlement, SettlementFailure, SettlementPage, SettlementRefund,
    SettlementRequest, SettlementState,
};
pub use signature::{BodyDigest, SIGNATURE_FIELD, Signature, SigningKey, VerifyingKey, public_key};
pub use terminal::{BeaconKey, PaymentSign, Rotating, RotatingBeacon, RotatingBuckets};
pub use tile::{Cell, TILES_PATH, Tile, TileId};
pub use tile_list::{TileList, TileListError};
pub use token::{
    Event, EventOf, Events, LONGEST_EVENT_WAIT_S, PaymentToken, TOKEN_LASTS_MS, TokenRequest,
};
pub use unlock::{DeviceAgreement, UNLOCK_MOST, UNLOCKS_MOST, UnlockLimit, UnlockLimitChange};

/// A log-in. The password is never logged and never stored in clear.
#[derive(Clone, Serialize, Deserialize)]
pub struct LoginRequest {
    /// The member's user id.
    pub user_id: String,
    /// The member's password.
    pub password: String,
    /// What an earlier log-in gave to this phone, so that guesses from elsewhere never keep it
    /// waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What it says of itself, for the member's list of devices.
    #[serde(default)]
    pub description: DeviceDescription,
}

/// A session a log-in opened.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// Opaque, secret.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What this phone is to send with its next log-in. Opaque; it opens nothing by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// What the server is to judge by. Only sent when the member wants the server's judgement, or when
/// the phone's cache does not know the sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum SensedSign {
    /// The phone's position.
    Position {
        /// Where.
        position: Position,
        /// Radius within which the phone is with 68 % probability, metres.
        accuracy_m: f64,
    },
    /// A store beacon.
    Beacon {
        /// Its proximity UUID.
        uuid: Uuid,
        /// Its major number.
        major: u16,
        /// Its minor number.
        minor: u16,
    },
    /// A Wi-Fi access point.
    AccessPoint {
        /// Its address.
        bssid: Bssid,
    },
    /// The text of a scanned store code.
    StoreCode {
        /// As decoded.
        text: String,
    },
    /// A store the member chose.
    Store {
        /// Which.
        id: StoreId,
    },
}

/// Asks which store this is and which of the member's methods work there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryRequest {
    /// What was sensed.
    #[serde(flatten)]
    pub sensed: SensedSign,
    /// The amount to be paid, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Whether the phone can do contactless; taken as yes when absent.
    #[serde(default = "yes")]
    pub phone_has_nfc: bool,
    /// Which of the usable methods are wanted.
    #[serde(default)]
    pub choice: Choice,
}

const fn yes() -> bool {
    true
}

impl EntryRequest {
    /// What the member asks of the rule at `now`.
    pub fn ask(&self, now: Timestamp) -> Ask {
        let Self { amount, phone_has_nfc, choice, .. } = *self;
        Ask { now, amount, phone_has_nfc, choice }
    }
}

/// A store in question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The store.
    pub store: Store,
    /// Metres from the position asked about; `None` when it was not asked by position.
    pub distance_m: Option<f64>,
}

/// Which store this is and how the member's methods stand there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryAnswer {
    /// The stores still in question, the likeliest first; one when the sign names it.
    pub candidates: Vec<Candidate>,
    /// The member's methods with live balances.
    pub methods: Vec<Registered>,
    /// The rule's answer on them; its indices point into `methods`.
    pub answer: Answer,
    /// When the server judged.
    pub as_of: Timestamp,
}

/// What a store terminal needs to show its store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// The store.
    pub store: Store,
    /// The signed store code as compact text.
    pub code: String,
    /// The same as an upper-case URL that any camera opens.
    pub url: String,
    /// The network it belongs to: its name, colour, and the UUID of its beacons.
    pub network: Network,
    /// The (major, minor) given to the store.
    pub beacon: (u16, u16),
}

/// Asks for the stores around a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearRequest {
    /// Where.
    pub position: Position,
}

/// An error as RFC 9457 has it (`application/problem+json`), with what a client acts on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A relative reference that names the kind: `/problems/` and the `code`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do next; never a stack, SQL or another member's data.
    pub detail: String,
    /// The kind as a word.
    pub code: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}
