//! Nonces without a list of them: the time and a MAC over it. A phone's clock may be a year off; by a
//! nonce a proof is fresh by this server's clock alone.

use domain::Timestamp;
use server_kit::{hex, random_bytes};
use subtle::ConstantTimeEq;

use crate::members::pepper::mac;

/// How long a nonce is taken, ms.
pub const LASTS_MS: i64 = 5 * 60 * 1000;
/// Hexadecimal digits of the time.
const TIME_DIGITS: usize = 16;

/// Makes nonces and knows its own.
pub struct Nonces {
    key: [u8; 32],
}

impl Nonces {
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { key: random_bytes()? })
    }

    /// The nonce of a moment.
    pub fn make(&self, now: Timestamp) -> String {
        let time = hex(&now.0.to_be_bytes());
        let mac = hex(&mac(&self.key, &[time.as_bytes()]));
        time + &mac
    }

    /// Whether a nonce was made here in the last minutes.
    pub fn is_fresh(&self, nonce: &str, now: Timestamp) -> bool {
        let Some(time) = nonce.get(..TIME_DIGITS) else { return false };
        let Ok(bits) = u64::from_str_radix(time, 16) else { return false };
        let made = Timestamp(bits.cast_signed());
        let is_own = self.make(made).as_bytes().ct_eq(nonce.as_bytes()).into();
        is_own && (0..LASTS_MS).contains(&now.millis_since(made))
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::{LASTS_MS, Nonces};

    #[test]
    fn a_nonce_is_fresh_for_minutes_and_for_the_one_who_made_it() {
        let (nonces, others) = (Nonces::new().unwrap(), Nonces::new().unwrap());
        let now = Timestamp(1_790_000_000_000);
        let nonce = nonces.make(now);
        let after = |ms: i64| Timestamp(now.0 + ms);
        assert!(nonces.is_fresh(&nonce, now) && nonces.is_fresh(&nonce, after(LASTS_MS - 1)));
        assert!(!nonces.is_fresh(&nonce, after(LASTS_MS)), "it lasts for ever");
        assert!(!nonces.is_fresh(&nonce, after(-1)), "it is of the future");
        assert!(!others.is_fresh(&nonce, now), "another server's was taken");
        let later = nonce.replacen(&nonce[..16], &format!("{:016x}", now.0 + 1), 1);
        for wrong in ["", "é", &nonce[1..], &later, &"f".repeat(80)] {
            assert!(!nonces.is_fresh(wrong, now), "{wrong}");
        }
    }
}
