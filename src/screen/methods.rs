//! The methods screen: what the member has registered, in the member's order, and where deposits come
//! from.

use domain::{MethodId, Registered, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Amount, KindOfMethod, ServerState, WhyNot, deposit::is_source, reason::works_nowhere};

/// Everything the methods screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct MethodsScreen {
    /// The member's methods, in the member's order.
    pub methods: Vec<RegisteredRow>,
    /// Whether the wallet server has been heard; without it nothing can be changed.
    pub server: ServerState,
    /// When it was drawn, milliseconds since 1970.
    pub drawn_at_ms: i64,
}

/// A method that the member has registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct RegisteredRow {
    /// Its id, with which it is changed and removed.
    pub id: String,
    /// As the member knows it.
    pub name: String,
    /// What it is.
    pub kind: KindOfMethod,
    /// The names of the schemes it rides on, each once.
    pub schemes: Vec<String>,
    /// What is left on it, when that was ever learnt.
    pub balance: Option<Amount>,
    /// When that was, milliseconds since 1970.
    pub balance_as_of_ms: Option<i64>,
    /// Until when it is valid, milliseconds since 1970; absent when it does not end.
    pub expires_at_ms: Option<i64>,
    /// Why it works nowhere now: it is expired or blocked, or its operator is down.
    pub reason: Option<WhyNot>,
    /// Whether it is blocked, by the member or by its operator. The member undoes only the first.
    pub is_blocked: bool,
    /// Whether deposits come from it unless the member takes another.
    pub is_deposit_source: bool,
    /// Whether deposits can come from it: it is an account or a card.
    pub can_be_deposit_source: bool,
}

/// What the methods screen is drawn from.
pub(crate) struct DrawMethods<'a> {
    pub registered: &'a [Registered],
    pub deposit_source: Option<&'a MethodId>,
    pub server: ServerState,
    pub now: Timestamp,
}

/// The methods screen.
pub(crate) fn draw_methods(from: &DrawMethods<'_>) -> MethodsScreen {
    MethodsScreen {
        methods: from.registered.iter().map(|registered| row(registered, from)).collect(),
        server: from.server,
        drawn_at_ms: from.now.0,
    }
}

fn row(registered: &Registered, from: &DrawMethods<'_>) -> RegisteredRow {
    let Registered { method, balance, .. } = registered;
    let mut schemes: Vec<String> = Vec::new();
    for ride in &method.rides {
        let name = ride.scheme.name();
        if !schemes.iter().any(|known| known == name) {
            schemes.push(name.to_owned());
        }
    }
    RegisteredRow {
        id: method.id.0.clone(),
        name: method.name.clone(),
        kind: method.kind.into(),
        schemes,
        balance: balance.map(|balance| balance.left.into()),
        balance_as_of_ms: balance.map(|balance| balance.as_of.0),
        expires_at_ms: method.expires_at.map(|at| at.0),
        reason: works_nowhere(registered, from.now),
        is_blocked: method.blocked,
        is_deposit_source: from.deposit_source == Some(&method.id),
        can_be_deposit_source: is_source(method.kind),
    }
}
