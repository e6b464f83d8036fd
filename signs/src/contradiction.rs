//! Does what a code says of its store fit the store that the phone believes to stand in?
//!
//! A code from elsewhere, pasted over the store's own, often names its own city or postal code. No
//! signature and no register is needed to notice that, only the address of the store. It is a
//! reason to ask, not a proof: chains print the address of their head office.

use crate::emvco::{StoreClaim, is_filler};

/// The address of the store that the phone believes to stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoreAddress<'a> {
    /// Country, two letters.
    pub country: Option<&'a str>,
    /// City, in any of its names that is known.
    pub city: Option<&'a str>,
    /// Postal code.
    pub postal_code: Option<&'a str>,
}

/// What of a claim contradicts an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contradiction {
    /// The countries differ.
    pub country: bool,
    /// The postal codes differ.
    pub postal_code: bool,
    /// The cities differ.
    pub city: bool,
}

impl Contradiction {
    /// Whether anything differs.
    pub fn any(&self) -> bool {
        self.country || self.postal_code || self.city
    }
}

/// Compares a claim with an address. What either does not say contradicts nothing; nor do cities in
/// different scripts, or one that is the other cut short, which can not be compared.
pub fn contradiction(claim: &StoreClaim<'_>, address: &StoreAddress<'_>) -> Contradiction {
    let codes = |claimed: Option<&str>, known: Option<&str>| {
        claimed.zip(known).and_then(|(claimed, known)| same_code(claimed, known))
    };
    let postal_code = codes(claim.postal_code, address.postal_code);
    let city = |claimed: Option<&str>| {
        claimed.zip(address.city).and_then(|(claimed, known)| same_city(claimed, known))
    };
    let cities = [city(claim.city), city(claim.local_city)];
    Contradiction {
        country: codes(claim.country, address.country) == Some(false),
        postal_code: postal_code == Some(false),
        // The postal code is the surer sign: where it agrees, the city is only spelt otherwise.
        city: postal_code != Some(true)
            && cities.contains(&Some(false))
            && !cities.contains(&Some(true)),
    }
}

/// Whether two codes are the same; `None` if one of them says nothing.
fn same_code(claimed: &str, known: &str) -> Option<bool> {
    if is_filler(claimed) || is_filler(known) {
        return None;
    }
    let (claimed, known) = (folded(claimed), folded(known));
    (!claimed.is_empty() && !known.is_empty()).then(|| claimed == known)
}

/// Shorter Latin names are abbreviations, or the number of a building.
const SHORTEST_LATIN_CITY: usize = 4;

/// Whether two names are of the same city; `None` if they cannot be compared.
fn same_city(claimed: &str, known: &str) -> Option<bool> {
    if is_filler(claimed) || is_filler(known) {
        return None;
    }
    let (claimed, known) = (folded(claimed), folded(known));
    let latin = [&claimed, &known].map(|name| name.is_ascii());
    let short = [&claimed, &known]
        .into_iter()
        .any(|name| name.is_empty() || name.is_ascii() && name.len() < SHORTEST_LATIN_CITY);
    (latin == [true; 2] || latin == [false; 2]).then_some(())?;
    (!short).then(|| claimed.contains(known.as_str()) || known.contains(claimed.as_str()))
}

/// Letters and digits in small letters, Latin ones without their marks.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(unmarked)
        .collect()
}

fn unmarked(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}
