//! The ids of data objects, by the specification's names.

/// The id of a data object, 0 to 99. `Display` writes two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u8);

impl Tag {
    /// Payload format indicator.
    pub const PAYLOAD_FORMAT: Self = Self(0);
    /// Point of initiation method.
    pub const INITIATION: Self = Self(1);
    /// Merchant category code, ISO 18245.
    pub const MCC: Self = Self(52);
    /// Transaction currency, ISO 4217 number.
    pub const CURRENCY: Self = Self(53);
    /// Transaction amount.
    pub const AMOUNT: Self = Self(54);
    /// Tip or convenience indicator.
    pub const TIP: Self = Self(55);
    /// Value of convenience fee, fixed.
    pub const FEE_FIXED: Self = Self(56);
    /// Value of convenience fee, percentage.
    pub const FEE_PERCENT: Self = Self(57);
    /// Country code, ISO 3166-1 alpha 2.
    pub const COUNTRY: Self = Self(58);
    /// Merchant name.
    pub const NAME: Self = Self(59);
    /// Merchant city.
    pub const CITY: Self = Self(60);
    /// Postal code.
    pub const POSTAL_CODE: Self = Self(61);
    /// Additional data field template.
    pub const ADDITIONAL: Self = Self(62);
    /// CRC.
    pub const CRC: Self = Self(63);
    /// Merchant information, language template.
    pub const LANGUAGE: Self = Self(64);

    /// Merchant account information: 02 to 51.
    pub fn is_account(self) -> bool {
        (2..=51).contains(&self.0)
    }

    /// Merchant account information in a template: 26 to 51.
    pub fn is_account_template(self) -> bool {
        (26..=51).contains(&self.0)
    }

    /// Merchant account information that EMVCo keeps for itself: 06 to 08 and 17 to 25.
    pub fn is_reserved_account(self) -> bool {
        matches!(self.0, 6..=8 | 17..=25)
    }

    /// Unreserved templates: 80 to 99.
    pub fn is_unreserved(self) -> bool {
        (80..=99).contains(&self.0)
    }
}

impl std::fmt::Display for Tag {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:02}", self.0)
    }
}
