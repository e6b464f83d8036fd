use std::{fs, io::Write, path::Path};

use anyhow::Context;
use domain::{Money, Position, Store, Timestamp, wire};
use signs::store_code::{
    AcceptedBits, Days, KeySet, PaymentRequest, Place, PublicKey, SignedStoreCode, SigningKey,
    StoreCode, StoreCodeError, sign,
};

/// How long a printed code is good for, days.
const VALID_DAYS: u16 = 365;
/// How far from the store's point its code may be read, metres: a store's counter may be at the far
/// end of its building, and a map's point is rarely at the till.
const RADIUS_M: u8 = 60;
/// How long a code for one payment lives, seconds: the member reads it at the till, and the screen
/// shows a new one before it ends.
const LIFE_S: u16 = 60;
const MS_PER_DAY: i64 = 86_400_000;

/// The key that signs store codes.
pub struct Signing {
    key: SigningKey,
}

impl Signing {
    /// Reads `store-code.key` of the data folder; makes it, readable by its owner alone, when it
    /// is missing.
    ///
    /// # Errors
    /// When it cannot be read or made, or does not hold 32 bytes in hexadecimal. A damaged key is
    /// never replaced: every printed code would become void.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        Ok(Self { key: SigningKey::from_bytes(&secret(data, "store-code.key")?) })
    }

    /// The public keys, for those who read codes.
    pub fn keys(&self) -> wire::Keys {
        let ed25519 = hex(self.key.verifying_key().as_bytes());
        wire::Keys { keys: vec![wire::Key { ed25519, revoked: false }] }
    }

    /// The same, as the reader of codes takes them.
    pub fn key_set(&self) -> KeySet {
        KeySet::from_iter([PublicKey::active(self.key.verifying_key())])
    }

    /// Signs the code of `store`, good from the day of `now`.
    ///
    /// # Errors
    /// When the clock is outside the format's days.
    pub fn code(&self, store: &Store, now: Timestamp) -> Result<SignedStoreCode, StoreCodeError> {
        let not_before = day(now)?;
        let not_after = not_before.checked_add(VALID_DAYS).ok_or(StoreCodeError::Days)?;
        sign(&store_code(store, Days { not_before, not_after }, None), &self.key)
    }

    /// Signs a code of `store` for one payment of `amount`, and says when its life ends.
    ///
    /// # Errors
    /// When the amount or the clock is outside the format's range.
    pub fn payment(
        &self,
        store: &Store,
        amount: Money,
        now: Timestamp,
    ) -> anyhow::Result<(SignedStoreCode, Timestamp)> {
        let mut nonce = [0; 8];
        getrandom::fill(&mut nonce).context("the system gives no random numbers")?;
        let payment = PaymentRequest {
            amount_minor: amount.amount,
            currency: amount.currency.numeric(),
            nonce,
            issued_at: now.unix_seconds().try_into().context("the clock is out of range")?,
            life_s: LIFE_S,
        };
        let expires_at =
            Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(i64::from(LIFE_S)));
        // Midnight may fall into its life.
        let days = Days { not_before: day(now)?, not_after: day(expires_at)? };
        Ok((sign(&store_code(store, days, Some(payment)), &self.key)?, expires_at))
    }
}

fn day(at: Timestamp) -> Result<u16, StoreCodeError> {
    u16::try_from(at.0.div_euclid(MS_PER_DAY)).map_err(|_| StoreCodeError::Days)
}

fn store_code(store: &Store, valid: Days, payment: Option<PaymentRequest>) -> StoreCode {
    StoreCode {
        store: store.id.0,
        valid,
        place: place(store.position),
        accepted: accepted_bits(store),
        payment,
    }
}

/// The secret in the file `name` of the data folder; makes it, readable by its owner alone, when it
/// is missing.
///
/// # Errors
/// When it cannot be read or made, or does not hold 32 bytes in hexadecimal. A damaged secret is
/// never replaced: everything made with it would become void.
pub(crate) fn secret(data: &Path, name: &str) -> anyhow::Result<[u8; 32]> {
    let path = data.join(name);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret).context("the system gives no random numbers")?;
            let text = hex(&secret);
            write_secret(&path, &text)
                .with_context(|| format!("cannot write {}", path.display()))?;
            text
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", path.display()));
        }
    };
    let secret = unhex(text.trim());
    secret.with_context(|| format!("{} does not hold 32 bytes in hexadecimal", path.display()))
}

fn place(position: Position) -> Place {
    Place { lat_e7: position.lat_e7(), lon_e7: position.lon_e7(), radius_m: RADIUS_M }
}

/// The schemes the store takes on any channel, as far as the code has a bit for them. Made-up
/// claims are left out: a signature must not vouch for them.
fn accepted_bits(store: &Store) -> AcceptedBits {
    let taken = store.accepted.claims().iter().filter(|claim| {
        claim.acceptance == domain::Acceptance::Accepted
            && claim.source != domain::Source::Generated
    });
    let bits = taken.filter_map(|claim| AcceptedBits::of([claim.scheme.as_str()]));
    bits.fold(AcceptedBits::default(), |all, bit| AcceptedBits(all.0 | bit.0))
}

fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..32).map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}
