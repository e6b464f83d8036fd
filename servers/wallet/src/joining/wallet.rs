//! The wallet a new member begins with.

use domain::{Channel, Currency, Method, MethodId, MethodKind, Money, Ride, SchemeId, scheme};

use crate::methods::{Backing, StoredMethod};

/// The scheme of the wallet's own electronic money.
const SCHEME: &str = "tillsight";

/// An empty wallet of this currency.
pub fn empty_wallet(currency: Currency) -> Option<StoredMethod> {
    let scheme = SchemeId::new(SCHEME).ok()?;
    let channels = scheme::find(SCHEME)?.channels.iter();
    let ride = |channel: &Channel| Ride { scheme: scheme.clone(), channel: *channel };
    let method = Method {
        id: MethodId("wallet".to_owned()),
        kind: MethodKind::ElectronicMoney,
        name: scheme.name().to_owned(),
        rides: channels.map(ride).collect(),
        expires_at: None,
        blocked: false,
        minimum: None,
    };
    let balance = Money::new(0, currency);
    Some(StoredMethod {
        method,
        backing: Backing::Wallet { balance },
        times_used: 0,
        deposit_source: false,
    })
}
