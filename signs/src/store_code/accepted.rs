//! Which of 32 common schemes a store takes, in 32 bits.

/// The meaning of the bits, lowest first. The order is part of the format and never changes: a new
/// scheme needs a new version of the record.
pub const SCHEMES: [&str; 32] = [
    "visa",
    "mastercard",
    "amex",
    "jcb",
    "diners",
    "discover",
    "unionpay",
    "id",
    "quicpay",
    "suica",
    "edy",
    "nanaco",
    "waon",
    "paypay",
    "rakuten_pay",
    "merpay",
    "au_pay",
    "d_payment",
    "alipay",
    "wechat_pay",
    "paynow",
    "promptpay",
    "qris",
    "duitnow",
    "pix",
    "vietqr",
    "khqr",
    "qrph",
    "upi",
    "fps",
    "tillsight",
    "girocard",
];

/// A set of [`SCHEMES`]. A bit that is set says *accepted*; one that is not set says nothing, since
/// a store may take a scheme that it did not declare or that has no bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct AcceptedBits(pub u32);

impl AcceptedBits {
    /// The set of these scheme ids; `None` if one of them has no bit.
    pub fn of<'a>(schemes: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        schemes.into_iter().try_fold(Self::default(), |bits, scheme| {
            let place = SCHEMES.iter().position(|known| *known == scheme)?;
            Some(Self(bits.0 | 1 << place))
        })
    }

    /// The scheme ids in the set, in the order of [`SCHEMES`].
    pub fn schemes(self) -> impl Iterator<Item = &'static str> {
        SCHEMES
            .into_iter()
            .enumerate()
            .filter(move |(place, _)| self.0 >> place & 1 == 1)
            .map(|(_, scheme)| scheme)
    }

    /// Whether the store declared this scheme id.
    pub fn contains(self, scheme: &str) -> bool {
        self.schemes().any(|known| known == scheme)
    }
}
