//! The token that a member's phone shows to a till, and the events that tell the phone of its charge.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Channel, MethodId, Timestamp};

/// How long a till can charge a token, ms.
pub const TOKEN_LASTS_MS: i64 = 60 * 1_000;

/// The longest that a server lets a call for events wait, seconds.
pub const LONGEST_EVENT_WAIT_S: u64 = 25;

/// Asks for a token to be shown to a till, under the id in the header `Idempotency-Key`, a UUID that the
/// phone made and stored first: the settlement's, once a till charges the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The member's method.
    pub method: MethodId,
    /// How it comes to the till: `code`, by a picture on the screen, or `contactless`.
    #[serde(default = "code", skip_serializing_if = "is_code")]
    pub channel: Channel,
}

fn code() -> Channel {
    Channel::Code
}

fn is_code(channel: &Channel) -> bool {
    *channel == Channel::Code
}

/// A token to be shown or handed over: charged once on its channel, by the terminal of a store, and paid only
/// when the member approves that on the same device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentToken {
    /// 26 characters of A to Z and 2 to 7.
    pub token: String,
    /// From when on no till can charge it, by the server's clock.
    pub expires_at: Timestamp,
    /// How long that is after this answer, ms.
    pub lasts_ms: i64,
}

/// Leaves the token out.
impl fmt::Debug for PaymentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expires_at, lasts_ms, .. } = self;
        f.debug_struct("PaymentToken")
            .field("expires_at", expires_at)
            .field("lasts_ms", lasts_ms)
            .finish_non_exhaustive()
    }
}

/// Something happened that the member's phone may not know: ask for what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Rises with each event.
    pub id: i64,
    /// What of.
    #[serde(flatten)]
    pub of: EventOf,
}

/// What an event is of, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOf {
    /// A settlement: a till has charged the member's token, or it has ended.
    Settlement(Uuid),
    /// A refund was made.
    Refund(Uuid),
    /// A deposit has ended.
    Deposit(Uuid),
}

/// The events after the one that was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    /// The oldest first; none when nothing happened in the time waited.
    pub events: Vec<Event>,
    /// What to ask after next.
    pub after: i64,
    /// Events may be missing that are kept no more: ask for everything that is under way.
    pub missed: bool,
}
