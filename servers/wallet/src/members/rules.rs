//! What holds of members whatever the database says: lengths, waits after wrong guesses, how long a
//! session lasts.

use std::net::{IpAddr, Ipv6Addr};

/// Longest user id, bytes.
pub const MAX_USER_ID: usize = 128;
/// Longest token of a device, bytes.
pub const MAX_DEVICE: usize = 128;
/// Devices that are known of one member, those used last.
pub const MOST_DEVICES: i64 = 16;
/// Shortest and longest password, bytes.
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=1024;
/// How long a session lasts, ms: a member should not have to log in again at the till.
pub const SESSION_LASTS_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long a session bound to a key lasts before it is renewed, ms.
pub const ACCESS_LASTS_MS: i64 = 10 * 60 * 1000;
/// Wrong guesses older than this are forgotten, ms.
pub const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// Wrong guesses in a row before waiting begins.
pub const FREE_FAILURES: i64 = 3;
/// Wrong settlement codes in a row before waiting begins, and after which only a reset helps.
const FREE_FAILURES_OF_CODE: i64 = 5;
pub const MOST_FAILURES_OF_CODE: i64 = 10;
/// Wrong guesses in a row from one source, at whatever members, before waiting begins: an office or
/// a mobile network has many members who mistype.
const FREE_FAILURES_OF_SOURCE: i64 = 100;
/// Sessions that ended this long ago are forgotten, ms: a clock that jumps a year ahead and back must
/// not have ended any.
pub const SESSION_FORGOTTEN_MS: i64 = 400 * 24 * 60 * 60 * 1000;
/// Most subjects of wrong guesses that are kept, the latest.
pub const MOST_SUBJECTS: i64 = 100_000;
/// Longest wait, as a power of two of seconds: 2^10 s is 17 minutes, under which 100 guesses take
/// more than a day, and which a member who mistyped can sit out.
const LONGEST_WAIT_LOG2: i64 = 10;
/// The longest between two requests to join from one source, likewise: 16 s is 5,400 a day.
const LONGEST_WAIT_OF_JOINERS_LOG2: i64 = 4;

/// What cannot be as it was sent: the field and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit(pub &'static str);

/// Why a guess is not judged: seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MustWait(pub u64);

/// At whom, or from where, wrong guesses are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// At one secret from one place: nobody elsewhere is kept waiting by it.
    Secret(&'a str),
    /// At the settlement code of one member, by whoever is logged in.
    SettlementCode(&'a str),
    /// At the link codes of one member, each of which is another secret.
    LinkCodes(&'a str),
    /// From one place at any secret.
    Source(&'a str),
    /// From one place that asks for codes to be sent; each counts.
    Joiners(&'a str),
}

impl Subject<'_> {
    /// The digest under which it is counted.
    pub fn digest(&self) -> &str {
        match self {
            Self::Secret(digest)
            | Self::SettlementCode(digest)
            | Self::LinkCodes(digest)
            | Self::Source(digest)
            | Self::Joiners(digest) => digest,
        }
    }

    fn free_failures(&self) -> i64 {
        match self {
            Self::Secret(_) | Self::LinkCodes(_) => FREE_FAILURES,
            Self::SettlementCode(_) => FREE_FAILURES_OF_CODE,
            Self::Source(_) | Self::Joiners(_) => FREE_FAILURES_OF_SOURCE,
        }
    }

    fn longest_wait_log2(&self) -> i64 {
        match self {
            Self::Joiners(_) => LONGEST_WAIT_OF_JOINERS_LOG2,
            _ => LONGEST_WAIT_LOG2,
        }
    }

    /// How long nobody may guess after `failures` wrong ones in a row, ms.
    pub fn wait_ms(&self, failures: i64) -> i64 {
        wait_ms(failures - self.free_failures(), self.longest_wait_log2())
    }

    /// Whether a guess may be judged `now`, after `failures` in a row, that is locked until
    /// `locked_until`, both ms since 1970. Of two at once the one that is counted later may have read
    /// the clock before the other: where nothing is to be waited for, that keeps it waiting no moment.
    ///
    /// # Errors
    /// [`MustWait`] until it may.
    pub fn may_guess(&self, failures: i64, locked_until: i64, now: i64) -> Result<(), MustWait> {
        if self.wait_ms(failures) == 0 { Ok(()) } else { may_guess(locked_until, now) }
    }
}

/// The part of an address that one customer of a network has: all of IPv4, 64 bits of IPv6.
pub fn network_of(source: IpAddr) -> IpAddr {
    match source {
        IpAddr::V4(_) => source,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

fn wait_ms(beyond: i64, longest_log2: i64) -> i64 {
    match beyond {
        ..=0 => 0,
        beyond => 1000 << (beyond - 1).min(longest_log2),
    }
}

fn may_guess(locked_until: i64, now: i64) -> Result<(), MustWait> {
    // A clock that went back a year must not lock for a year.
    let longest = 1000 << LONGEST_WAIT_LOG2;
    let wait_ms = u64::try_from(locked_until.saturating_sub(now).min(longest)).unwrap_or(0);
    if wait_ms == 0 { Ok(()) } else { Err(MustWait(wait_ms.div_ceil(1000))) }
}

#[cfg(test)]
mod tests {
    use super::{MustWait, Subject, may_guess, network_of};

    #[test]
    fn waits_double_from_the_fourth_wrong_guess_to_17_minutes_and_never_overflow() {
        let seconds = |failures| Subject::Secret("").wait_ms(failures) / 1000;
        let seen: Vec<i64> = [0, 1, 3, 4, 5, 6, 14, 15, i64::MAX].map(seconds).to_vec();
        assert_eq!(seen, [0, 0, 0, 1, 2, 4, 1024, 1024, 1024]);
    }

    #[test]
    fn of_two_right_guesses_at_once_the_one_with_the_earlier_clock_is_not_kept_waiting() {
        assert_eq!(Subject::SettlementCode("").may_guess(1, 5_000, 4_999), Ok(()));
        assert_eq!(Subject::SettlementCode("").may_guess(5, 5_000, 4_999), Ok(()));
        assert_eq!(Subject::SettlementCode("").may_guess(6, 5_000, 4_999), Err(MustWait(1)));
    }

    #[test]
    fn a_lock_ends_at_its_time_and_not_a_second_before() {
        assert_eq!(may_guess(5_000, 4_999), Err(MustWait(1)));
        assert_eq!(may_guess(5_000, 5_000), Ok(()));
        assert_eq!(may_guess(i64::MAX, i64::MIN), Err(MustWait(1024)), "a clock went back");
    }

    #[test]
    fn a_source_waits_later_than_a_secret_and_an_ipv6_customer_is_one_source() {
        assert_eq!(Subject::Source("").wait_ms(100), 0);
        assert_eq!(Subject::Source("").wait_ms(101), 1_000);
        assert_eq!(Subject::Joiners("").wait_ms(i64::MAX), 16_000);
        let network = |address: &str| network_of(address.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
    }
}
