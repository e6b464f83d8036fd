//! Which country a store is in, and what is paid with there.

use std::{collections::HashMap, sync::LazyLock};

use country_boundaries::{BOUNDARIES_ODBL_360X180, CountryBoundaries, LatLon};
use domain::{Currency, Position};

use super::tags::Tags;

/// How it is known in which country a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// Its record says so.
    Record,
    /// The borders round its position say so.
    Position,
    /// It is not known.
    Nowhere,
}

/// The country a store is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166 alpha-2 (and `XK`); empty when unknown.
    pub code: &'static str,
    pub whence: Whence,
}

impl Country {
    /// What the record says, else what the borders round its position say.
    pub fn of(tags: &Tags, position: Position) -> Self {
        let said = ["addr:country", "country", "is_in:country_code"];
        let said = said.iter().find_map(|key| named(tags.get(key)?));
        let found = |code, whence| Self { code, whence };
        said.map(|code| found(code, Whence::Record))
            .or_else(|| around(position).map(|code| found(code, Whence::Position)))
            .unwrap_or(Self { code: "", whence: Whence::Nowhere })
    }

    /// The country's code when its record says it; empty otherwise.
    pub fn said(&self) -> &'static str {
        if self.whence == Whence::Record { self.code } else { "" }
    }
}

/// The countries by how people write them, which the list of ISO 3166 does not have. In the form
/// of [`bare`].
const NAMES: [(&str, &str); 72] = [
    ("uk", "GB"),
    ("unitedkingdom", "GB"),
    ("greatbritain", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("northernireland", "GB"),
    ("cymru", "GB"),
    ("us", "US"),
    ("unitedstates", "US"),
    ("theunitedstates", "US"),
    ("america", "US"),
    ("republicofireland", "IE"),
    ("éire", "IE"),
    ("deutschland", "DE"),
    ("brd", "DE"),
    ("österreich", "AT"),
    ("oesterreich", "AT"),
    ("schweiz", "CH"),
    ("suisse", "CH"),
    ("svizzera", "CH"),
    ("italia", "IT"),
    ("españa", "ES"),
    ("espana", "ES"),
    ("belgië", "BE"),
    ("belgique", "BE"),
    ("thenetherlands", "NL"),
    ("nederland", "NL"),
    ("holland", "NL"),
    ("danmark", "DK"),
    ("norge", "NO"),
    ("sverige", "SE"),
    ("suomi", "FI"),
    ("ísland", "IS"),
    ("polska", "PL"),
    ("česko", "CZ"),
    ("czechia", "CZ"),
    ("slovensko", "SK"),
    ("slovenija", "SI"),
    ("hrvatska", "HR"),
    ("magyarország", "HU"),
    ("românia", "RO"),
    ("ελλάδα", "GR"),
    ("ellada", "GR"),
    ("el", "GR"),
    ("türkiye", "TR"),
    ("turkiye", "TR"),
    ("россия", "RU"),
    ("russia", "RU"),
    ("україна", "UA"),
    ("brasil", "BR"),
    ("méxico", "MX"),
    ("perú", "PE"),
    ("日本", "JP"),
    ("日本国", "JP"),
    ("nippon", "JP"),
    ("中国", "CN"),
    ("中华人民共和国", "CN"),
    ("prc", "CN"),
    ("台灣", "TW"),
    ("台湾", "TW"),
    ("taiwan", "TW"),
    ("香港", "HK"),
    ("대한민국", "KR"),
    ("한국", "KR"),
    ("korea", "KR"),
    ("southkorea", "KR"),
    ("republicofkorea", "KR"),
    ("vietnam", "VN"),
    ("ivorycoast", "CI"),
    ("kosovo", "XK"),
    ("xk", "XK"),
];

/// Codes and names of countries, in the form of [`bare`].
static COUNTRIES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut known = HashMap::new();
    for country in iso_country::data::all() {
        // "Bolivia (Plurinational State of)" and "Tanzania, United Republic of" have short names.
        let short = country.name.split(['(', ',', '[']).next().unwrap_or_default();
        for name in [country.alpha2, country.alpha3, country.name, short] {
            known.entry(bare(name)).or_insert(country.alpha2);
        }
    }
    known.extend(NAMES.map(|(name, code)| (name.to_owned(), code)));
    known
});

/// Small letters and digits alone: `U.S.A.` is `usa`.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The code of a country by its code or by a common name.
fn named(text: &str) -> Option<&'static str> {
    COUNTRIES.get(&bare(text)).copied()
}

/// The borders of all countries (ODbL, © OpenStreetMap contributors), only looked at during imports.
static BORDERS: LazyLock<Option<CountryBoundaries>> =
    LazyLock::new(|| CountryBoundaries::from_reader(BOUNDARIES_ODBL_360X180).ok());

fn around(position: Position) -> Option<&'static str> {
    let at = LatLon::new(position.lat(), position.lon()).ok()?;
    // The smallest area comes first: US-TX, US; and HK, CN.
    let ids = BORDERS.as_ref()?.ids(at);
    ids.into_iter().filter(|id| id.len() == 2).find_map(named)
}

/// Where the list of currencies by country lags behind or has a gap: El Salvador pays in dollars
/// since 2001, VES of 2018 goes on in Venezuela, Kosovo has no ISO code, South Georgia no currency.
const PAID_IN: [(&str, Currency); 5] = [
    ("GS", Currency::GBP),
    ("NA", Currency::NAD),
    ("SV", Currency::USD),
    ("VE", Currency::VES),
    ("XK", Currency::EUR),
];

/// The currency a country (ISO 3166 alpha-2) pays in; `None` for what is no country.
pub fn currency_of(country: &str) -> Option<Currency> {
    if let Some((_, currency)) = PAID_IN.iter().find(|(code, _)| *code == country) {
        return Some(*currency);
    }
    let used = Currency::from_country(country.parse().ok()?);
    let paid_in = |currency: &Currency| {
        !currency.is_fund() && !currency.is_special() && currency.is_superseded().is_none()
    };
    // Where two are in use, the country's own begins with its code.
    used.into_iter().filter(paid_in).max_by_key(|currency| currency.code().starts_with(country))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_codes_and_by_its_common_names() {
        for (text, code) in [
            ("jp", "JP"),
            ("JPN", "JP"),
            ("United States", "US"),
            ("U.S.A.", "US"),
            ("united states of america", "US"),
            ("UK", "GB"),
            ("United Kingdom", "GB"),
            ("England", "GB"),
            ("Deutschland", "DE"),
            ("Côte d'Ivoire", "CI"),
            ("Bolivia", "BO"),
            ("South Korea", "KR"),
            ("Korea (Republic of)", "KR"),
            ("Russia", "RU"),
            ("XK", "XK"),
            ("日本", "JP"),
            ("Viet Nam", "VN"),
            ("Canada", "CA"),
        ] {
            assert_eq!(named(text), Some(code), "{text}");
        }
        for text in ["", "-", "XX", "Atlantis", "Congolia"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn a_country_is_found_by_position_and_the_sea_has_none() {
        for (lat, lon, code) in [
            (41.9, 12.5, Some("IT")),
            (41.9022, 12.4533, Some("VA")),
            (35.68, 139.76, Some("JP")),
            (47.6973, 8.6910, Some("DE")),
            (42.6, 21.1, Some("XK")),
            (22.3, 114.17, Some("HK")),
            (-16.8, 179.97, Some("FJ")),
            (43.65, -79.38, Some("CA")),
            (-48.9, -123.4, None),
        ] {
            let at = Position::from_degrees(lat, lon).unwrap();
            assert_eq!(around(at), code, "{lat}, {lon}");
        }
    }

    #[test]
    fn what_a_record_says_beats_its_position() {
        let rome = Position::from_degrees(41.9, 12.5).unwrap();
        let said = Country::of(&Tags::from_iter([("addr:country", "Germany")]), rome);
        assert_eq!((said.code, said.said()), ("DE", "DE"));
        let found = Country::of(&Tags::default(), rome);
        assert_eq!((found.code, found.said(), found.whence), ("IT", "", Whence::Position));
    }

    #[test]
    fn a_country_pays_in_what_is_in_use_today() {
        for (country, code) in [
            ("IT", "EUR"),
            ("SV", "USD"),
            ("VE", "VES"),
            ("XK", "EUR"),
            ("HR", "EUR"),
            ("BG", "EUR"),
            ("SL", "SLE"),
            ("ZW", "ZWG"),
            ("CU", "CUP"),
            ("CH", "CHF"),
            ("MX", "MXN"),
            ("NA", "NAD"),
            ("CW", "XCG"),
            ("PA", "PAB"),
        ] {
            assert_eq!(currency_of(country).map(|currency| currency.code()), Some(code));
        }
        assert_eq!(currency_of("XX"), None);
        let without: Vec<&str> = iso_country::data::all()
            .into_iter()
            .map(|country| country.alpha2)
            .filter(|code| currency_of(code).is_none())
            .collect();
        assert_eq!(without, ["AQ"], "nobody sells anything in Antarctica");
    }
}
