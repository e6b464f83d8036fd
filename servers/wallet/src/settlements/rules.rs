//! What a charge and a settlement may be; values in and values out.

use domain::{
    Channel, Currency, Money, Reason, Registered, Standing, Store, StoreId, Timestamp,
    rule::{self, Ask, Question, State, StoreInQuestion},
    wire::{
        APPROVAL_LASTS_MS, Approval, ChargeState, Decline, STORE_CODE_MOST, Settlement,
        SettlementFailure, SettlementState,
    },
};
use ledger::{Account, Action, Amount, Owner, Request};
use uuid::Uuid;

/// How long a charge can be begun to be paid, ms: a queue moves on.
pub const CHARGE_LASTS_MS: i64 = 15 * 60 * 1_000;
/// Longest word for a cashier, characters.
const LONGEST_CASHIER: usize = 64;

/// Whether so much may be paid by a store's own code, which names no amount, where its currency is this.
pub fn fits_store_code(amount: Money, currency: Currency) -> bool {
    amount.currency == currency && (1..=STORE_CODE_MOST).contains(&amount.amount)
}

/// The word for a cashier without blanks round it.
///
/// # Errors
/// What is wrong with it.
pub fn cashier(word: Option<String>) -> Result<Option<String>, &'static str> {
    let Some(word) = word else { return Ok(None) };
    let trimmed = word.trim();
    let fits = (1..=LONGEST_CASHIER).contains(&trimmed.chars().count());
    let is_plain = !trimmed.chars().any(char::is_control);
    (fits && is_plain)
        .then(|| Some(trimmed.to_owned()))
        .ok_or("`cashier` is one line of 1 to 64 characters.")
}

/// Whether a member who was asked at `at` agrees too late at `now`. A clock that went back makes
/// nobody late.
pub fn is_too_late(at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(at) >= APPROVAL_LASTS_MS
}

/// Whether a settlement begun at `at` is not pursued any more at `now`: the till has gone on, and only
/// what was done counts.
pub fn is_over(at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(at) >= 2 * APPROVAL_LASTS_MS
}

/// Why an operator's refusal is the settlement's.
pub fn failure(decline: Decline) -> SettlementFailure {
    let reason = match decline {
        Decline::NoSuchAccount | Decline::NotGranted => return SettlementFailure::NotRegistered,
        Decline::Blocked => Reason::Blocked,
        Decline::Expired => Reason::Expired,
        Decline::InsufficientFunds => Reason::BalanceTooLow,
        Decline::LimitReached => Reason::LimitReached,
        Decline::OtherCurrency
        | Decline::NotAuthorised
        | Decline::AlreadyEnded
        | Decline::MoreThanAuthorised
        | Decline::MoreThanCaptured
        | Decline::Other => return SettlementFailure::NotPayable,
    };
    SettlementFailure::ByRule(reason)
}

/// Where a charge stands, by the settlement that pays it.
pub fn charge_state(
    settlement: Option<SettlementState>,
    ends_at: Timestamp,
    now: Timestamp,
) -> ChargeState {
    match settlement {
        Some(SettlementState::Captured) => ChargeState::Paid,
        Some(SettlementState::ToApprove | SettlementState::Pending) => ChargeState::Paying,
        _ if now < ends_at => ChargeState::Open,
        _ => ChargeState::Ended,
    }
}

/// Whether a member agreed to exactly what is to be settled.
pub fn is_agreed(approval: &Approval, settlement: &Settlement) -> bool {
    approval.store == settlement.store
        && approval.amount == settlement.amount
        && approval.method == settlement.method
}

/// Why the member cannot pay `amount` in this way at this store now. The rule is asked as for the
/// screen, over the method's rides on this channel alone. The store's terminal asked for the money, so
/// that what its list does not say is no refusal.
///
/// # Errors
/// The reason.
pub fn may_pay(
    store: &Store,
    registered: Option<Registered>,
    channel: Channel,
    amount: Money,
    now: Timestamp,
) -> Result<(), SettlementFailure> {
    let mut registered = registered.ok_or(SettlementFailure::NotRegistered)?;
    registered.method.rides.retain(|ride| ride.channel == channel);
    let answer = rule::judge(&Question {
        stores: &[StoreInQuestion::new(store, 1.0)],
        registered: &[registered],
        code: None,
        ask: &Ask { amount: Some(amount), ..Ask::at(now) },
    });
    let reason = match answer.standings.first() {
        Some(Standing { state: State::Inactive | State::LikelyNot, reason, .. }) => *reason,
        // What was said so long ago that it is unknown by now was asked for by the store itself.
        Some(_) => return Ok(()),
        None => None,
    };
    Err(SettlementFailure::ByRule(reason.unwrap_or(Reason::StoreListUnknown)))
}

/// Moves the amount from a wallet to the store. `None` unless it is above zero.
pub fn capture(id: Uuid, wallet: Uuid, store: StoreId, amount: Money) -> Option<Request> {
    let action = Action::Post {
        debit: Account::new(Owner::Member(wallet), amount.currency),
        credit: Account::new(Owner::Store(store.0), amount.currency),
        amount: Amount::new(amount.amount)?,
    };
    Some(Request { id, action })
}

/// Moves a part of what a settlement took back. `None` unless it is above zero.
pub fn refund(id: Uuid, settlement: Uuid, amount: Money) -> Option<Request> {
    let action = Action::Refund { of: settlement, amount: Amount::new(amount.amount)? };
    Some(Request { id, action })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cashier_is_one_short_line_or_nobody() {
        let of = |word: &str| cashier(Some(word.to_owned()));
        assert_eq!(cashier(None), Ok(None));
        assert_eq!(of(" Anna 2 "), Ok(Some("Anna 2".to_owned())));
        for wrong in ["", "  ", "a\nb", "\u{1b}[2J", &"a".repeat(65)] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn f9_a_clock_that_jumps_back_makes_no_approval_late() {
        let at = Timestamp(1_000_000_000_000);
        assert!(!is_too_late(at, Timestamp(at.0 - 3_600_000)));
        assert!(!is_too_late(at, Timestamp(i64::MIN)));
        assert!(!is_too_late(at, Timestamp(at.0 + APPROVAL_LASTS_MS - 1)));
        assert!(is_too_late(at, Timestamp(at.0 + APPROVAL_LASTS_MS)));
    }

    #[test]
    fn a_charge_stands_where_the_settlement_that_pays_it_does() {
        let (before, end) = (Timestamp(1), Timestamp(2));
        for (settlement, now, state) in [
            (None, before, ChargeState::Open),
            (None, end, ChargeState::Ended),
            (Some(SettlementState::ToApprove), end, ChargeState::Paying),
            (Some(SettlementState::Pending), end, ChargeState::Paying),
            (Some(SettlementState::Captured), before, ChargeState::Paid),
            (Some(SettlementState::Failed), before, ChargeState::Open),
            (Some(SettlementState::Void), end, ChargeState::Ended),
        ] {
            assert_eq!(charge_state(settlement, end, now), state, "{settlement:?} {now:?}");
        }
    }
}
