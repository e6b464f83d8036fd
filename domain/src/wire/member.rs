//! A person becomes a member.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

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
