//! Writes what was claimed, one JSON object per line.

use serde_json::json;

/// The claims of one scenario.
#[derive(Default)]
pub struct Claims {
    text: String,
    store: Option<String>,
    list: Vec<String>,
    receiver: bool,
}

impl Claims {
    fn line(&mut self, value: &serde_json::Value) {
        self.text.push_str(&value.to_string());
        self.text.push('\n');
    }

    /// From `t` on the phone is in `store`; written when that is news.
    pub fn store(&mut self, t: f64, store: Option<&str>) {
        if self.store.as_deref() != store {
            self.line(&json!({"t": t, "store": store}));
            self.store = store.map(str::to_owned);
        }
    }

    /// The candidates as the settlement screen lists them; written when `fresh` or news.
    pub fn list(&mut self, t: f64, list: Vec<String>, fresh: bool) {
        if fresh || list != self.list {
            self.line(&json!({"t": t, "list": list}));
            self.list = list;
        }
    }

    /// The fix receiver is on or off; written when that is news.
    pub fn receiver(&mut self, t: f64, on: bool) {
        if self.receiver != on {
            self.line(&json!({"t": t, "gnss": on}));
            self.receiver = on;
        }
    }

    /// All lines.
    pub fn into_text(self) -> String {
        self.text
    }
}
