//! What the ledger booked for the transfers made on the page.

use serde_json::{Value, json};
use uuid::Uuid;
use wallet_server::Booked;

/// The transfers looked after, and what was booked for them.
#[derive(Default)]
pub struct Ledger {
    transfers: Vec<Transfer>,
    /// What was known of them when they were read last.
    read_at: String,
}

struct Transfer {
    id: Uuid,
    kind: &'static str,
    at_ms: i64,
    booked: Vec<Booked>,
}

impl Ledger {
    /// Looks after a transfer, unless it does.
    pub fn watch(&mut self, id: Uuid, kind: &'static str, at_ms: i64) {
        if !self.transfers.iter().any(|known| known.id == id) {
            self.transfers.push(Transfer { id, kind, at_ms, booked: Vec::new() });
        }
    }

    /// The transfers to be read, when what is known of them is not what it was.
    pub fn due(&mut self, known: String) -> Vec<Uuid> {
        if self.read_at == known {
            return Vec::new();
        }
        self.read_at = known;
        self.transfers.iter().map(|transfer| transfer.id).collect()
    }

    /// Takes what was booked for one of them.
    pub fn take(&mut self, id: Uuid, booked: Vec<Booked>) {
        if let Some(known) = self.transfers.iter_mut().find(|known| known.id == id) {
            known.booked = booked;
        }
    }

    /// As the page shows it, the newest first.
    pub fn json(&self) -> Value {
        let all = || self.transfers.iter().flat_map(|transfer| &transfer.booked);
        let sum: i64 = all().map(|entry| entry.credit - entry.debit).sum();
        let row = |it: &Transfer| json!({ "id": it.id, "kind": it.kind, "at_ms": it.at_ms, "entries": it.booked });
        let rows: Vec<Value> = self.transfers.iter().rev().map(row).collect();
        json!({ "transfers": rows, "sum": sum })
    }
}
