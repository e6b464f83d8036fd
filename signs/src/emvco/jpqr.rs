//! The JPQR profile: Japan's unified code, whose only account is a store id of four levels.

use super::{MerchantCode, Tag, Template};
use std::fmt;

/// The GUID of JPQR's account template.
pub const JPQR_GUID: &str = "jp.or.paymentsjapan";

/// Characters of the levels of the store id: objects 01 to 04 of the template.
const LEVELS: [(u8, usize); 4] = [(1, 13), (2, 4), (3, 6), (4, 6)];

/// What a code says under the JPQR profile. Which services the store takes is not in it: that
/// stands in JPQR's register under the store id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jpqr<'a> {
    /// The levels of the unified store id, 13, 4, 6 and 6 characters.
    pub store_id: [Option<&'a str>; 4],
    /// What the code does against the profile, which is stricter than the specification.
    pub breaches: Vec<JpqrBreach>,
}

/// A breach of the JPQR profile. `Display` gives its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JpqrBreach {
    /// `country`: the country is not JP.
    Country,
    /// `currency`: the currency is not 392.
    Currency,
    /// `postal_code_missing`: no postal code.
    PostalCodeMissing,
    /// `language_missing`: no language template.
    LanguageMissing,
    /// `language_not_ja`: the language template is not in Japanese.
    LanguageNotJa,
    /// `language_city_present`: the language template has a city.
    LanguageCityPresent,
    /// `id_level_01` to `id_level_04`: a level of the store id is missing or of a wrong length.
    IdLevel(u8),
}

impl fmt::Display for JpqrBreach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Country => "country",
            Self::Currency => "currency",
            Self::PostalCodeMissing => "postal_code_missing",
            Self::LanguageMissing => "language_missing",
            Self::LanguageNotJa => "language_not_ja",
            Self::LanguageCityPresent => "language_city_present",
            Self::IdLevel(level) => return write!(out, "id_level_{level:02}"),
        })
    }
}

impl<'a> MerchantCode<'a> {
    /// The code under the JPQR profile, if it has JPQR's account.
    pub fn jpqr(&self) -> Option<Jpqr<'a>> {
        let account = self.account(JPQR_GUID)?;
        let mut breaches = Vec::new();
        let mut require = |kept: bool, breach| {
            if !kept {
                breaches.push(breach);
            }
        };
        require(self.value(Tag::COUNTRY) == Some("JP"), JpqrBreach::Country);
        require(self.value(Tag::CURRENCY) == Some("392"), JpqrBreach::Currency);
        let postal_code = self.value(Tag::POSTAL_CODE);
        require(postal_code.is_some_and(|code| !code.is_empty()), JpqrBreach::PostalCodeMissing);
        require(self.language().is_some(), JpqrBreach::LanguageMissing);
        if let Some(language) = self.language() {
            let is_ja = |language: &Template<'_>| {
                language.value(0).is_some_and(|code| code.eq_ignore_ascii_case("JA"))
            };
            require(is_ja(language), JpqrBreach::LanguageNotJa);
            require(language.value(2).is_none(), JpqrBreach::LanguageCityPresent);
        }
        for (level, length) in LEVELS {
            let is_right = |id: &str| id.chars().count() == length;
            require(account.sub(level).is_some_and(is_right), JpqrBreach::IdLevel(level));
        }
        Some(Jpqr { store_id: LEVELS.map(|(level, _)| account.sub(level)), breaches })
    }
}
