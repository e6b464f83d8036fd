//! What an instruction is answered, as values in and values out.

use domain::{Currency, Money, Timestamp, wire::Decline};

/// How long an authorisation reserves, ms: seven days, as card networks commonly have it.
pub const AUTHORISED_FOR_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// An account or a card as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// What can be taken from it, without what is authorised. Below zero when overdrawn.
    pub left: Money,
    /// Why there is not enough, if there is not.
    pub short: Decline,
    /// Whether it is blocked.
    pub blocked: bool,
    /// The first instant at which a card is no longer valid.
    pub expires_at: Option<Timestamp>,
    /// What its bookings add up to.
    pub booked: i64,
}

/// An authorisation that was granted, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Authorised {
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
    /// What was captured of it.
    pub captured: Option<i64>,
    /// Whether it was voided.
    pub voided: bool,
    /// What was given back of what was captured.
    pub refunded: i64,
}

type Judged = Result<(), Decline>;

/// Whether `amount` may be reserved on or taken from what stands so at `now`.
pub fn take(standing: Option<&Standing>, amount: Money, now: Timestamp) -> Judged {
    let standing = open(standing, amount.currency)?;
    if standing.expires_at.is_some_and(|end| now >= end) {
        return Err(Decline::Expired);
    }
    if standing.left.amount < amount.amount { Err(standing.short) } else { Ok(()) }
}

/// Whether `amount` may be put on what stands so. A card past its validity may still be repaid.
pub fn put(standing: Option<&Standing>, amount: Money) -> Judged {
    let standing = open(standing, amount.currency)?;
    let most = standing.booked.checked_abs().and_then(|booked| booked.checked_add(amount.amount));
    most.map(drop).ok_or(Decline::LimitReached)
}

fn open(standing: Option<&Standing>, currency: Currency) -> Result<&Standing, Decline> {
    let standing = standing.ok_or(Decline::NoSuchAccount)?;
    if standing.blocked {
        return Err(Decline::Blocked);
    }
    if standing.left.currency != currency { Err(Decline::OtherCurrency) } else { Ok(standing) }
}

/// Whether `amount` of the authorisation may be captured at `now`.
pub fn capture(of: Option<&Authorised>, amount: Money, now: Timestamp) -> Judged {
    let of = unended(of)?;
    if is_over(of, now) {
        return Err(Decline::Expired);
    }
    if of.amount.currency != amount.currency {
        return Err(Decline::OtherCurrency);
    }
    if of.amount.amount < amount.amount { Err(Decline::MoreThanAuthorised) } else { Ok(()) }
}

/// Whether the authorisation may be voided.
pub fn void(of: Option<&Authorised>) -> Judged {
    unended(of).map(drop)
}

/// Whether `amount` of what was captured may be given back.
pub fn refund(of: Option<&Authorised>, amount: Money) -> Judged {
    let of = of.ok_or(Decline::NotAuthorised)?;
    if of.amount.currency != amount.currency {
        return Err(Decline::OtherCurrency);
    }
    let captured = of.captured.ok_or(Decline::NotAuthorised)?;
    let left = captured.saturating_sub(of.refunded);
    if left < amount.amount { Err(Decline::MoreThanCaptured) } else { Ok(()) }
}

fn unended(of: Option<&Authorised>) -> Result<&Authorised, Decline> {
    let of = of.ok_or(Decline::NotAuthorised)?;
    if of.captured.is_some() || of.voided { Err(Decline::AlreadyEnded) } else { Ok(of) }
}

fn is_over(of: &Authorised, now: Timestamp) -> bool {
    now.0.saturating_sub(of.at.0) >= AUTHORISED_FOR_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000_000);

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn standing(left: i64) -> Standing {
        let short = Decline::InsufficientFunds;
        Standing { left: eur(left), short, blocked: false, expires_at: None, booked: left }
    }

    fn authorised(amount: i64) -> Authorised {
        let amount = eur(amount);
        Authorised { amount, at: NOW, captured: None, voided: false, refunded: 0 }
    }

    #[test]
    fn what_is_not_left_blocked_past_or_in_another_currency_is_not_taken() {
        let blocked = Standing { blocked: true, ..standing(100) };
        let past = Standing { expires_at: Some(NOW), ..standing(100) };
        let yen = Money::new(1, Currency::JPY);
        for (standing, amount, expected) in [
            (Some(standing(100)), eur(100), Ok(())),
            (Some(standing(100)), eur(101), Err(Decline::InsufficientFunds)),
            (Some(standing(-5)), eur(1), Err(Decline::InsufficientFunds)),
            (Some(standing(i64::MAX)), eur(i64::MAX), Ok(())),
            (Some(blocked), eur(1), Err(Decline::Blocked)),
            (Some(past), eur(1), Err(Decline::Expired)),
            (Some(standing(100)), yen, Err(Decline::OtherCurrency)),
            (None, eur(1), Err(Decline::NoSuchAccount)),
        ] {
            assert_eq!(take(standing.as_ref(), amount, NOW), expected, "{standing:?} {amount}");
        }
        assert_eq!(put(Some(&past), eur(1)), Ok(()));
        assert_eq!(put(Some(&standing(i64::MAX)), eur(1)), Err(Decline::LimitReached));
    }

    #[test]
    fn an_authorisation_ends_once_in_time_and_never_by_more_than_it_reserved() {
        let after = Timestamp(NOW.0 + AUTHORISED_FOR_MS);
        let captured = Authorised { captured: Some(60), ..authorised(100) };
        let voided = Authorised { voided: true, ..authorised(100) };
        for (of, amount, now, expected) in [
            (Some(authorised(100)), eur(100), NOW, Ok(())),
            (Some(authorised(100)), eur(101), NOW, Err(Decline::MoreThanAuthorised)),
            (Some(authorised(100)), eur(100), after, Err(Decline::Expired)),
            (Some(captured), eur(40), NOW, Err(Decline::AlreadyEnded)),
            (Some(voided), eur(1), NOW, Err(Decline::AlreadyEnded)),
            (None, eur(1), NOW, Err(Decline::NotAuthorised)),
        ] {
            assert_eq!(capture(of.as_ref(), amount, now), expected, "{of:?} {amount}");
        }
        assert_eq!(void(Some(&captured)), Err(Decline::AlreadyEnded));
        assert_eq!(void(Some(&authorised(1))), Ok(()));
    }

    #[test]
    fn l17_refunds_never_exceed_what_was_captured() {
        let captured = Authorised { captured: Some(60), refunded: 50, ..authorised(100) };
        assert_eq!(refund(Some(&captured), eur(10)), Ok(()));
        assert_eq!(refund(Some(&captured), eur(11)), Err(Decline::MoreThanCaptured));
        assert_eq!(refund(Some(&authorised(100)), eur(1)), Err(Decline::NotAuthorised));
    }
}
