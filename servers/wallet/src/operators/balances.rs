//! A member's methods with their balances, each as its own operator says.

use std::{collections::BTreeMap, time::Instant};

use domain::{Balance, Registered, Timestamp};
use futures_util::future::join_all;

use super::{
    http::{Answer, CALL, Operator, Said},
    named::Operators,
    until::Asked,
};
use crate::methods::{Backing, StoredMethod};

impl Operators {
    /// `stored` with balances of the last seconds, in the same order; where an operator is away, or
    /// has not answered when the time for all of them is over, with the last known balance and its
    /// age.
    pub async fn balances(
        &self,
        stored: Vec<(StoredMethod, Option<Balance>)>,
        now: Timestamp,
    ) -> Vec<Registered> {
        let until = Instant::now() + CALL;
        let mut by_operator: BTreeMap<Option<&str>, Vec<(usize, Backing)>> = BTreeMap::new();
        for (nth, (method, _)) in stored.iter().enumerate() {
            let of_one = by_operator.entry(method.backing.operator()).or_default();
            of_one.push((nth, method.backing.clone()));
        }
        // Each has turns of its own: a slow operator holds up no account of another.
        let asked = by_operator.into_iter().map(|(name, backings)| {
            let operator = name.and_then(|name| self.get(name));
            let (nths, backings): (Vec<_>, Vec<_>) = backings.into_iter().unzip();
            async move { nths.into_iter().zip(said(operator, backings, now, until).await) }
        });
        let mut asked: Vec<_> = join_all(asked).await.into_iter().flatten().collect();
        asked.sort_unstable_by_key(|(nth, _)| *nth);
        let both = stored.into_iter().zip(asked);
        both.map(|((stored, last), (_, asked))| registered(stored, last, asked)).collect()
    }
}

async fn said(
    operator: Option<&Operator>,
    backings: Vec<Backing>,
    now: Timestamp,
    until: Instant,
) -> Vec<Asked<Answer<Said>>> {
    if let Some(operator) = operator {
        return operator.said(backings, now, until).await;
    }
    let unasked = |backing| match backing {
        Backing::Wallet { balance } => Answer::Known(Said::of_wallet(balance, now)),
        // Of an operator that is not configured.
        Backing::Account { .. } | Backing::Card { .. } => Answer::Down,
    };
    backings.into_iter().map(unasked).map(Asked::Answered).collect()
}

/// The method as it is now. An expiry that nobody said stays.
fn registered(
    stored: StoredMethod,
    last: Option<Balance>,
    asked: Asked<Answer<Said>>,
) -> Registered {
    let StoredMethod { method, times_used, .. } = stored;
    let mut registered = Registered { method, balance: last, operator_down: false, times_used };
    match asked {
        Asked::Answered(Answer::Known(Said { balance, blocked, expires_at })) => {
            registered.balance = Some(balance);
            registered.method.blocked |= blocked;
            registered.method.expires_at = expires_at.or(registered.method.expires_at);
        }
        Asked::Answered(Answer::Gone) => registered.method.blocked = true,
        Asked::Answered(Answer::Down) | Asked::Late | Asked::TooLate => {
            registered.operator_down = true;
        }
    }
    registered
}
