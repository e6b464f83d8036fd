//! Members: joining, their devices, and what they prove themselves with.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Deposit, Movement};
use crate::{Registered, Timestamp};

/// Who a member is. Personal data: never logged, and gone with the membership.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// 1 to 200 characters.
    pub name: String,
    /// 1 to 500 characters, in the order of the member's country.
    pub address: String,
    /// 7 to 15 digits, of which `+` may precede and blanks, `-`, `(` and `)` may part.
    pub phone: String,
    /// Where codes are sent. At most 254 bytes.
    pub email: String,
}

/// The phone or other device a member uses, in its own words, so that the member knows it again in
/// a list. Each is at most 64 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceDescription {
    /// As the member calls it, else its model.
    pub name: String,
    /// Its system with the version.
    pub system: String,
    /// The app with the version.
    pub app: String,
}

/// A person asks to become a member. Passwords and codes are never logged or stored in clear.
#[derive(Clone, Serialize, Deserialize)]
pub struct JoinRequest {
    /// What the member is to log in with: 3 to 64 of `a-z`, `0-9` and `.`, `_`, `-`, `@`, `+`.
    pub user_id: String,
    /// 8 to 1024 bytes, and not soon guessed.
    pub password: String,
    /// What the member is to confirm settlements with: 6 to 12 digits, and not soon guessed.
    pub settlement_code: String,
    /// Who the member is.
    pub profile: Profile,
    /// From where the member joins.
    #[serde(default)]
    pub device: DeviceDescription,
}

/// A code was sent to the contact, if there is anything to be proven with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// What the code is for; sent back together with it.
    pub id: Uuid,
    /// Until when the code is good.
    pub expires_at: Timestamp,
}

/// The contact is proven: the person becomes a member.
#[derive(Clone, Serialize, Deserialize)]
pub struct JoinConfirmation {
    /// From the [`CodeSent`].
    pub id: Uuid,
    /// The code that was sent: 8 digits.
    pub code: String,
}

/// A member wants codes to go to another e-mail address.
#[derive(Clone, Serialize, Deserialize)]
pub struct EmailChange {
    /// The member's password.
    pub password: String,
    /// The new address, at most 254 bytes. A code is sent there.
    pub email: String,
}

/// The new address is the member's.
#[derive(Clone, Serialize, Deserialize)]
pub struct EmailConfirmation {
    /// The code that was sent: 8 digits.
    pub code: String,
}

/// What a member proves themselves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretOf {
    /// For logging in.
    Password,
    /// For settlements.
    SettlementCode,
}

/// A member sets another password or settlement code.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretChange {
    /// The present one; a member who has no settlement code yet sends the password.
    pub present: String,
    /// The new one.
    pub new: String,
}

/// Somebody who has forgotten a password or a settlement code asks for a code at the contact.
#[derive(Clone, Serialize, Deserialize)]
pub struct ResetRequest {
    /// The member's user id.
    pub user_id: String,
    /// What is to be set anew.
    pub of: SecretOf,
}

/// Sets it anew, with the code that was sent.
#[derive(Clone, Serialize, Deserialize)]
pub struct ResetConfirmation {
    /// The code: 8 digits.
    pub code: String,
    /// The new password or settlement code.
    pub new: String,
    /// The member's password, where a settlement code is set anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A device a member has logged in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Names it; opens nothing.
    pub id: String,
    /// In its own words.
    pub description: DeviceDescription,
    /// When it first logged in; 0 where that was not noted.
    pub since: Timestamp,
    /// When it logged in last.
    pub used_at: Timestamp,
    /// Whether it has a session now.
    pub is_logged_in: bool,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// A member's devices, the one used last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Devices {
    /// At most 16.
    pub devices: Vec<Device>,
}

/// Who a member is, as the member sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberProfile {
    /// What the member logs in with.
    pub user_id: String,
    /// Absent for a member whom the server's operator put in.
    pub profile: Option<Profile>,
}

/// A member changes what is known of them, all of it at once, as in [`Profile`].
#[derive(Clone, Serialize, Deserialize)]
pub struct ProfileChange {
    /// The member's password.
    pub password: String,
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
    /// The telephone number.
    pub phone: String,
}

/// A member leaves for good.
#[derive(Clone, Serialize, Deserialize)]
pub struct LeaveRequest {
    /// The member's password.
    pub password: String,
}

/// Something that became of a membership, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberHistoryEntry {
    /// When.
    pub at: Timestamp,
    /// A word: `joined`, `password_changed`.
    pub what: String,
}

/// Something that was done to a membership, when, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityLogEntry {
    /// When.
    pub at: Timestamp,
    /// A word: `logged_in`, `log_in_refused`.
    pub what: String,
    /// The address it came from.
    pub source: String,
}

/// All that is kept of a member, without secrets.
#[derive(Clone, Serialize, Deserialize)]
pub struct MemberExport {
    /// When it was put together.
    pub as_of: Timestamp,
    /// What the member logs in with.
    pub user_id: String,
    /// Who the member is.
    pub profile: Option<Profile>,
    /// From what device the member joined.
    pub joined_on: Option<DeviceDescription>,
    /// What became of the membership, the oldest first.
    pub history: Vec<MemberHistoryEntry>,
    /// The devices.
    pub devices: Vec<Device>,
    /// The payment methods with their balances.
    pub methods: Vec<Registered>,
    /// All payments and deposits with their refunds, the newest first.
    pub movements: Vec<Movement>,
    /// All deposits, the oldest first.
    pub deposits: Vec<Deposit>,
    /// What was done to the membership in the last days, the oldest first.
    pub security_log: Vec<SecurityLogEntry>,
}

/// A log-in by a token of a company's own log-in.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProvidedLogin {
    /// A JSON Web Token that the company signed, whose `sub` is the member's user id. Never logged.
    pub token: String,
    /// What an earlier log-in gave to this phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What the device says of itself.
    #[serde(default)]
    pub description: DeviceDescription,
}

/// The session of a log-in by such a token.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProvidedSession {
    /// Whom the token was for.
    pub user_id: String,
    /// The session.
    #[serde(flatten)]
    pub session: BoundSession,
}

/// A session that opens to the key of one device alone (RFC 9449).
#[derive(Clone, Serialize, Deserialize)]
pub struct BoundSession {
    /// Opaque, secret; sent as `Authorization: DPoP TOKEN` with a proof.
    pub token: String,
    /// When it ends: ten minutes after it began.
    pub expires_at: Timestamp,
    /// Good once, for the next session. Opaque, secret.
    pub refresh_token: String,
    /// When that ends.
    pub refresh_expires_at: Timestamp,
    /// What this phone is to send with its next log-in; absent where a session was renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// Asks for the next session.
#[derive(Clone, Serialize, Deserialize)]
pub struct RefreshRequest {
    /// From the [`BoundSession`] before.
    pub refresh_token: String,
}
