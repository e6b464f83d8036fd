//! The ways of paying that are spoken of together.

use domain::scheme::Reach;
use serde::Serialize;

/// A way of paying, as registers speak of it: a family of cards, one network, or something that is no card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Any card.
    Card,
    /// Credit cards.
    Credit,
    /// Debit cards.
    Debit,
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// Coins and notes.
    Cash,
    /// Cards held to the till.
    Contactless,
    /// A national wallet: a code that is scanned or shown.
    Wallet,
    /// Food assistance of the United States.
    Snap,
}

impl Group {
    /// All, in the order of the definition.
    pub const ALL: [Self; 9] = [
        Self::Card,
        Self::Credit,
        Self::Debit,
        Self::Visa,
        Self::Mastercard,
        Self::Cash,
        Self::Contactless,
        Self::Wallet,
        Self::Snap,
    ];

    /// Those that are counted: the others never borrow from other stores.
    pub const COUNTED: [Self; 3] = [Self::Card, Self::Credit, Self::Debit];

    /// Its word in answers and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Credit => "credit",
            Self::Debit => "debit",
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Cash => "cash",
            Self::Contactless => "contactless",
            Self::Wallet => "wallet",
            Self::Snap => "snap",
        }
    }

    /// The group of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.word() == word)
    }

    /// How fast what is said of it ages.
    pub const fn reach(self) -> Reach {
        match self {
            Self::Wallet | Self::Snap => Reach::National,
            _ => Reach::Mainstream,
        }
    }
}
