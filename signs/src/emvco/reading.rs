//! A text read as a merchant-presented code, and whether the code may be used.

use super::{Breach, Crc, LengthUnit, MerchantCode, TlvError, check};

/// Whether a code may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Well formed, and the checksum is right.
    Accept,
    /// The checksum is right and the code is unambiguous, but it breaks rules that real schemes
    /// break too.
    Lenient,
    /// Not data objects, damaged or ambiguous: it must never lead to a payment.
    Reject,
}

/// What was read from a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The checksum at the end of the text.
    pub crc: Crc<'a>,
    /// The code, or where the text stops being data objects.
    pub code: Result<MerchantCode<'a>, TlvError>,
    /// What the code does against the specification.
    pub breaches: Vec<Breach>,
}

/// Reads a text as a merchant-presented code.
pub fn read(text: &str) -> Reading<'_> {
    let characters = counted(text, LengthUnit::Characters);
    // Only text beyond ASCII can show that its issuer counts bytes.
    if text.is_ascii() || characters.code.is_ok() && characters.breaches.is_empty() {
        return characters;
    }
    let bytes = counted(text, LengthUnit::Bytes);
    if bytes.is_sounder_than(&characters) { bytes } else { characters }
}

fn counted(text: &str, unit: LengthUnit) -> Reading<'_> {
    let code = MerchantCode::of(text, unit);
    let (crc, breaches) = match &code {
        Err(TlvError::TooLong { .. }) => (Crc::default(), Vec::new()),
        Err(_) => (Crc::of(text), Vec::new()),
        Ok(code) => (Crc::of(text), check::breaches(text, code)),
    };
    Reading { crc, code, breaches }
}

impl Reading<'_> {
    /// Whether the text makes more sense read so. The unit of the lengths is no breach here, since
    /// it is what the two readings differ in.
    fn is_sounder_than(&self, other: &Self) -> bool {
        let breaches = |reading: &Self| {
            reading.breaches.iter().filter(|breach| **breach != Breach::LengthInBytes).count()
        };
        self.code.is_ok() && (other.code.is_err() || breaches(self) < breaches(other))
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        if self.code.is_err()
            || !self.crc.is_valid()
            || self.breaches.iter().any(|breach| breach.is_ambiguous())
        {
            Verdict::Reject
        } else if self.breaches.is_empty() {
            Verdict::Accept
        } else {
            Verdict::Lenient
        }
    }
}
