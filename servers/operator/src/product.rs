//! What a holder links to a wallet: an account or a card.

use domain::wire::LinkedTo;

/// An account or a card. Both have bookings and grants in the same form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// An account.
    Account,
    /// A card.
    Card,
}

impl Product {
    /// Which of both `to` is, and its id.
    pub fn of(to: &LinkedTo) -> (Self, &str) {
        match to {
            LinkedTo::Account { id } => (Self::Account, id),
            LinkedTo::Card { id } => (Self::Card, id),
        }
    }

    /// The one with this id, as it is told.
    pub fn linked_to(self, id: String) -> LinkedTo {
        match self {
            Self::Account => LinkedTo::Account { id },
            Self::Card => LinkedTo::Card { id },
        }
    }

    /// Its word in the tables, which is also the name of its own table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Card => "card",
        }
    }

    /// The product of a word in the tables.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Account, Self::Card].into_iter().find(|product| product.word() == word)
    }
}
