//! Which schemes a store takes, a bit for each.

/// The meaning of the bits, lowest first. The order is part of the format and never changes; a new
/// scheme is added at the end, up to [`MAX_SCHEMES`]. Bits that a reader does not know it passes
/// over.
pub const SCHEMES: &[&str] = &[
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
    "maestro",
    "bancomat",
    "interac",
    "rupay",
    "jpqr",
    "nets",
    "grabpay",
    "dash",
    "favepay",
    "ezlink",
    "vnpay",
    "octopus",
    "fonepay",
    "laoqr",
    "zeropay",
    "nqr",
    "twint",
    "swish",
    "satispay",
    "bizum",
    "blik",
];

/// Bits of the record's first version, which has no room for more.
pub const FIRST_VERSION_BITS: u32 = 32;
/// Bits that the record's second version has room for.
pub const MAX_SCHEMES: usize = 128;

/// A set of [`SCHEMES`]. A bit that is set says *accepted*; one that is not set says nothing, since
/// a store may take a scheme that it did not declare or that has no bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct AcceptedBits(pub u128);

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
        let is_set = move |place: usize| self.0 >> place & 1 == 1;
        SCHEMES
            .iter()
            .enumerate()
            .filter(move |(place, _)| is_set(*place))
            .map(|(_, scheme)| *scheme)
    }

    /// Whether the store declared this scheme id.
    pub fn contains(self, scheme: &str) -> bool {
        self.schemes().any(|known| known == scheme)
    }

    /// Whether the first version of the record has room for it.
    pub(super) fn fits_first_version(self) -> bool {
        self.0 >> FIRST_VERSION_BITS == 0
    }
}

const _: () = assert!(SCHEMES.len() <= MAX_SCHEMES);
