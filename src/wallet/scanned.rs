//! What the sign scanned last said of itself, beside naming a store: whom it pays, how much, by
//! which schemes, and what about it deserves a second look. Nothing of it is ever opened.

use domain::{
    Acceptance, Channel, Claim, Currency, Money, SchemeId, Source, Store, StoreId, Timestamp,
    rule::CodeSays, scheme, wire::STORE_CODE_MOST,
};
use signs::{
    Contradiction, Sign, StoreAddress,
    emvco::{self, MerchantCode, Payee, StoreClaim, Tag, Verdict},
    store_code::SignedStoreCode,
};

use crate::{
    entry::{CodePlace, Proof},
    error::SignalProblem,
    screen::{CodeNote, CodeWarning, SignKind},
};

/// A person who scanned a code is at that till for about so long.
const LASTS_MS: i64 = 120_000;

/// A sign that was scanned.
#[derive(Clone, Debug)]
pub(super) struct Scanned {
    kind: SignKind,
    /// The code as it was scanned, where it is a store code.
    code: Option<String>,
    /// The store that a store code names, and what vouches for that.
    store: Option<(StoreId, Proof)>,
    payee: String,
    amount: Option<Money>,
    schemes: Vec<SchemeId>,
    warnings: Vec<CodeWarning>,
    place: PlaceSaid,
    at: Timestamp,
    until: Timestamp,
}

/// Where a code says that it hangs.
#[derive(Clone, Debug, Default)]
struct PlaceSaid {
    country: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    local_city: Option<String>,
}

impl Scanned {
    fn new(kind: SignKind, now: Timestamp) -> Self {
        Self {
            kind,
            code: None,
            store: None,
            payee: String::new(),
            amount: None,
            schemes: Vec::new(),
            warnings: Vec::new(),
            place: PlaceSaid::default(),
            at: now,
            until: Timestamp(now.0.saturating_add(LASTS_MS)),
        }
    }

    /// A Tillsight store code. The store's name and what it takes are the cache's to say; an amount
    /// that is not proven is left out. `ahead_ms`: how far the server's clock, on which a payment
    /// code ends, is before the phone's.
    pub fn store_code(code: &SignedStoreCode, proof: Proof, now: Timestamp, ahead_ms: i64) -> Self {
        let mut scanned = Self::new(SignKind::StoreCode, now);
        scanned.code = Some(code.to_text());
        let code = code.unverified();
        scanned.store = Some((StoreId(code.store), proof));
        match proof {
            Proof::Signed { .. } => {}
            Proof::Unsigned => scanned.warnings.push(CodeWarning::NotProven),
            Proof::Broken => scanned.warnings.push(CodeWarning::Forged),
        }
        let Some(payment) = code.payment else { return scanned };
        scanned.kind = SignKind::PaymentCode;
        let Proof::Signed { .. } = proof else { return scanned };
        scanned.amount = Currency::from_numeric(payment.currency)
            .map(|currency| Money::new(payment.amount_minor, currency));
        let ends = i64::from(payment.issued_at) + i64::from(payment.life_s);
        let ends = Timestamp(ends.saturating_mul(1_000).saturating_sub(ahead_ms));
        scanned.until = ends.min(scanned.until);
        scanned
    }

    /// The text of a store's own code that is proven, and which store's it is; not of one for a payment, which would say
    /// whose.
    pub fn own_code(&self) -> Option<(StoreId, &str)> {
        let (store, Proof::Signed { .. }) = self.store? else { return None };
        let text = self.code.as_deref().filter(|_| self.kind == SignKind::StoreCode)?;
        Some((store, text))
    }

    /// Any other sign of a till.
    ///
    /// # Errors
    /// [`SignalProblem::TextNoStoreCode`] for what is no such sign, [`SignalProblem::CodeMalformed`]
    /// for one that is damaged or breaks its own rules beyond doubt.
    pub fn other(text: &str, now: Timestamp) -> Result<Self, SignalProblem> {
        let text = signs::link::carried_code(text);
        let sign = signs::read(&text);
        let mut scanned = match &sign {
            Sign::Emvco(reading) => match (&reading.code, reading.verdict()) {
                (Ok(code), Verdict::Accept) => Self::emvco(code, now),
                (Ok(code), Verdict::Lenient) => {
                    let mut scanned = Self::emvco(code, now);
                    scanned.warnings.push(CodeWarning::NotAsSpecified);
                    scanned
                }
                _ => return Err(SignalProblem::CodeMalformed),
            },
            Sign::Upi(Ok(link)) => {
                let mut scanned = Self::new(SignKind::UpiLink, now);
                scanned.payee = link.name.clone().unwrap_or_else(|| link.payee.clone());
                scanned.amount = link.amount_minor().map(|minor| Money::new(minor, Currency::INR));
                scanned.schemes.extend(SchemeId::new("upi").ok());
                scanned
            }
            Sign::Gs1(Ok(link)) => {
                let mut scanned = Self::new(SignKind::Gs1Link, now);
                link.gln.clone_into(&mut scanned.payee);
                scanned
            }
            Sign::Link(link) => {
                let mut scanned = Self::new(SignKind::SchemeLink, now);
                scanned.schemes.extend(SchemeId::new(link.scheme).ok());
                scanned
            }
            Sign::BankTransfer(_) => Self::new(SignKind::BankTransfer, now),
            Sign::Upi(Err(_)) | Sign::Gs1(Err(_)) => return Err(SignalProblem::CodeMalformed),
            Sign::StoreCode(_) | Sign::ForeignLink { .. } | Sign::Unknown | Sign::TooLong => {
                return Err(SignalProblem::TextNoStoreCode);
            }
        };
        if sign.payee() == Payee::Person {
            scanned.warnings.insert(0, CodeWarning::PersonalAccount);
        }
        Ok(scanned)
    }

    fn emvco(code: &MerchantCode<'_>, now: Timestamp) -> Self {
        let claim = code.claim();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let currency = code.value(Tag::CURRENCY).and_then(|number| number.parse().ok());
        let amount = code.amount_minor().and_then(Result::ok);
        let schemes = code.networks().into_iter().filter_map(emvco::scheme);
        Self {
            payee: claim.local_name.or(claim.name).unwrap_or_default().to_owned(),
            amount: amount
                .zip(currency.and_then(Currency::from_numeric))
                .map(|(minor, currency)| Money::new(minor, currency)),
            schemes: schemes.filter_map(|scheme| SchemeId::new(scheme).ok()).collect(),
            place: PlaceSaid {
                country: owned(claim.country),
                postal_code: owned(claim.postal_code),
                city: owned(claim.city),
                local_city: owned(claim.local_city),
            },
            ..Self::new(SignKind::MerchantCode, now)
        }
    }

    /// Whether it still says something at `now`.
    pub fn counts_at(&self, now: Timestamp) -> bool {
        (self.at..self.until).contains(&now)
    }

    /// The store that a store code names, and what vouches for that; `None` for other signs.
    pub fn store(&self) -> Option<(StoreId, Proof)> {
        self.store
    }

    /// The store code as a text, and whether it names an amount: whether it is one of a payment.
    pub fn code(&self) -> Option<(&str, bool)> {
        Some((self.code.as_deref()?, self.kind == SignKind::PaymentCode))
    }

    /// The amount it asks for; nothing is to be paid by a code that was carried here.
    fn amount(&self, place: CodePlace) -> Option<Money> {
        self.amount.filter(|_| place != CodePlace::Contradicted)
    }

    /// The most that the member may type where this is a store's own code, which names no amount. `till`: the
    /// currency of its store. Only where its signature is proven, and not where it was carried here.
    pub fn typed_up_to(&self, place: CodePlace, till: Currency) -> Option<Money> {
        self.own_code()
            .filter(|_| place != CodePlace::Contradicted)
            .map(|_| Money::new(STORE_CODE_MOST, till))
    }

    /// The schemes that it names for paying by scanning it; none of a store code, whose store's list is the register's.
    pub fn counter_schemes(&self) -> Vec<SchemeId> {
        if self.store.is_some() {
            return Vec::new();
        }
        let is_scanned = |known: &&SchemeId| {
            scheme::find(known.as_str()).is_some_and(|it| it.channels.contains(&Channel::Scan))
        };
        self.schemes.iter().filter(is_scanned).cloned().collect()
    }

    /// What it says to the rule: whoever printed the code says so. `place`: whether it hangs where it
    /// should.
    pub fn says(&self, place: CodePlace) -> CodeSays {
        let claim = |scheme: &SchemeId| Claim {
            scheme: scheme.clone(),
            channel: Channel::Scan,
            acceptance: Acceptance::Accepted,
            source: Source::Code,
            as_of: self.at,
        };
        CodeSays { accepted: self.schemes.iter().map(claim).collect(), amount: self.amount(place) }
    }

    /// What the screen says of it over the stores in question. `place`: as in [`Scanned::says`].
    pub fn note<'a>(&self, place: CodePlace, stores: impl Iterator<Item = &'a Store>) -> CodeNote {
        let mut warnings = self.warnings.clone();
        if place == CodePlace::Contradicted {
            warnings.insert(0, CodeWarning::FarFromItsPlace);
        }
        let claim = StoreClaim {
            country: self.place.country.as_deref(),
            postal_code: self.place.postal_code.as_deref(),
            city: self.place.city.as_deref(),
            local_city: self.place.local_city.as_deref(),
            ..StoreClaim::default()
        };
        let known = |text: &'a str| (!text.is_empty()).then_some(text);
        let contradictions = stores.map(|store| {
            let address = StoreAddress {
                country: known(&store.address.country),
                city: known(&store.address.city),
                postal_code: known(&store.address.postal_code),
            };
            signs::contradiction(&claim, &address)
        });
        // One store that it fits is enough: the code may hang there.
        let everywhere = contradictions.reduce(|one, other| Contradiction {
            country: one.country && other.country,
            postal_code: one.postal_code && other.postal_code,
            city: one.city && other.city,
        });
        let differs = everywhere.unwrap_or_default();
        let places = [
            (differs.country, CodeWarning::OtherCountry),
            (differs.postal_code, CodeWarning::OtherPostalCode),
            (differs.city, CodeWarning::OtherCity),
        ];
        warnings
            .extend(places.into_iter().filter_map(|(differs, warning)| differs.then_some(warning)));
        CodeNote {
            kind: self.kind,
            payee: self.payee.clone(),
            amount: self.amount(place).map(Into::into),
            typed_up_to: None,
            schemes: self.schemes.iter().map(|scheme| scheme.name().to_owned()).collect(),
            warnings,
        }
    }
}
