//! Why a method stands as it does: what each store in question says of it.

use domain::{Ask, Registered, rule::CodeSays};
use serde::{Deserialize, Serialize};

use super::{MethodRow, StoreHead, draw::head, draw::method_row};
use crate::standing::Stores;

/// A store in question, and how the method would stand if the phone were surely there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct StoreSays {
    /// The store.
    pub store: StoreHead,
    /// The method there; its basis is of this store alone.
    pub method: MethodRow,
}

/// What the stores in question say of a method, the likeliest store first.
pub(crate) fn draw_why(
    stores: &Stores,
    registered: &Registered,
    code: Option<&CodeSays>,
    ask: &Ask,
) -> Vec<StoreSays> {
    let each = stores.judge_each(registered, code, ask);
    each.map(|(store, standing)| StoreSays {
        store: head(store),
        method: method_row(registered, &standing),
    })
    .collect()
}
