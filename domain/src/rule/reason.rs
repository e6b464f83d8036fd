//! Why a method does not work: the closed list of reasons, and when each holds.

use serde::{Deserialize, Serialize};

use super::terms::Terms;
use crate::{
    Acceptance, Accepted, Balance, Channel, Claim, Known, Method, MethodKind, Money, Registered,
    Ride, Verdict,
};

/// Why a method does not work here: a closed list, so that a screen can act on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The store takes none of the method's schemes.
    StoreDoesNotTake,
    /// The store takes its scheme, but not in a way this method can be used.
    ChannelNotOffered,
    /// The method is past its validity.
    Expired,
    /// The member or the operator blocked it.
    Blocked,
    /// What is left does not cover the amount (or nothing is left).
    BalanceTooLow,
    /// The amount is below the method's minimum.
    BelowMinimum,
    /// What is left of a card's limit does not cover the amount (or nothing is left).
    LimitReached,
    /// It would work contactless, which this phone cannot do.
    PhoneLacksNfc,
    /// The method's operator cannot be reached.
    OperatorDown,
    /// Nothing is known of whether the store takes it.
    StoreListUnknown,
    /// Some who were there say that it is taken, some that it is not.
    ReportsDiffer,
}

impl Reason {
    /// Every reason, in the order of the definition.
    pub const ALL: [Self; 11] = [
        Self::StoreDoesNotTake,
        Self::ChannelNotOffered,
        Self::Expired,
        Self::Blocked,
        Self::BalanceTooLow,
        Self::BelowMinimum,
        Self::LimitReached,
        Self::PhoneLacksNfc,
        Self::OperatorDown,
        Self::StoreListUnknown,
        Self::ReportsDiffer,
    ];
}

/// What stands against the method itself, whatever the store.
pub(super) fn own_reason(registered: &Registered, terms: &Terms) -> Option<Reason> {
    let Registered { method, balance, operator_down, .. } = registered;
    if method.expires_at.is_some_and(|end| end <= terms.now) {
        return Some(Reason::Expired);
    }
    if method.blocked {
        return Some(Reason::Blocked);
    }
    if let (Some(amount), Some(minimum)) = (terms.amount, method.minimum)
        && amount.covers(minimum) == Some(false)
    {
        return Some(Reason::BelowMinimum);
    }
    if balance.is_some_and(|balance| !enough(balance, terms.amount)) {
        let card = method.kind == MethodKind::CreditCard;
        return Some(if card { Reason::LimitReached } else { Reason::BalanceTooLow });
    }
    operator_down.then_some(Reason::OperatorDown)
}

/// Amounts in another currency are converted by the operator: not for us to refuse.
fn enough(Balance { left, .. }: Balance, amount: Option<Money>) -> bool {
    match amount {
        Some(amount) => left.covers(amount).unwrap_or(true),
        None => left.amount > 0,
    }
}

/// What one store says of one method.
pub(super) struct InStore<'a> {
    pub known: Known,
    /// The claim it rests on; `None` for silence and for what the phone cannot do.
    pub claim: Option<&'a Claim>,
    /// Why not, where it does not or likely does not; [`Reason::ReportsDiffer`] where that is why it is unknown.
    pub reason: Option<Reason>,
}

/// What one store says of one method: the first ride it takes, else the first it likely takes, else
/// unknown if it is silent on any ride the phone could do, else the least certain of its refusals with
/// the most telling reason.
pub(super) fn in_store<'a>(accepted: &'a Accepted, method: &Method, terms: &Terms) -> InStore<'a> {
    let refused = Known { verdict: Verdict::Refused, low: 0.0, high: 0.0 };
    let mut best: Option<(Known, Option<&Claim>)> = None;
    let (mut lacks_nfc, mut differ) = (false, false);
    for Ride { scheme, channel } in &method.rides {
        let claim = accepted.claim(scheme, *channel);
        let known = claim.map_or(Known::NOTHING, |claim| claim.known(terms.now));
        differ |= claim.is_some_and(|claim| claim.differs(terms.now));
        let is_refused = known.verdict > Verdict::Unknown;
        // Whatever the store would say, this phone cannot do it: no refusal of the store's.
        let impossible = *channel == Channel::Contactless && !terms.phone_has_nfc;
        if impossible && !is_refused {
            lacks_nfc = true;
        } else if best.is_none_or(|(best, _)| known.verdict < best.verdict) {
            best = Some((known, claim.filter(|_| known.verdict != Verdict::Unknown)));
        }
    }
    match best {
        Some((known, claim)) if known.verdict <= Verdict::Unknown => {
            let differ = differ && known.verdict == Verdict::Unknown;
            InStore { known, claim, reason: differ.then_some(Reason::ReportsDiffer) }
        }
        _ if lacks_nfc => {
            InStore { known: refused, claim: None, reason: Some(Reason::PhoneLacksNfc) }
        }
        _ => {
            let (known, claim) = best.unwrap_or((refused, None));
            InStore { known, claim, reason: Some(refusal(accepted, method)) }
        }
    }
}

fn refusal(accepted: &Accepted, method: &Method) -> Reason {
    let taken = |claim: &Claim| claim.acceptance == Acceptance::Accepted;
    let takes_scheme = |ride: &Ride| {
        let on = |channel| accepted.claim(&ride.scheme, channel);
        Channel::ALL.into_iter().filter_map(on).any(taken)
    };
    if method.rides.iter().any(takes_scheme) {
        Reason::ChannelNotOffered
    } else {
        Reason::StoreDoesNotTake
    }
}
