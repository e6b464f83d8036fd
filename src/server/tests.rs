//! Whom the phone talks to in clear text.

use super::*;
use crate::phone::SystemClock;

struct Nobody;
impl Sessions for Nobody {
    fn key(&self) -> Option<ed25519_dalek::SigningKey> {
        None
    }
    fn current(&self, _: &Token) -> Option<Token> {
        None
    }
    fn follow(&self, _: &Token, _: BoundSession) -> Option<Token> {
        None
    }
}

#[test]
fn clear_text_stays_on_the_phone() {
    for (address, on_the_phone) in [
        ("127.0.0.1:8080", true),
        ("localhost/base", true),
        ("[::1]:8080", true),
        ("wallet.example", false),
        ("127.0.0.1.wallet.example", false),
        ("127.0.0.1:80@wallet.example", false),
        ("localhost@wallet.example", false),
        ("10.0.2.2:8080", false),
    ] {
        let url = format!("http://{address}");
        let server = WalletServer::new(&url, "", None, Arc::new(SystemClock), Arc::new(Nobody));
        let refused = matches!(server, Err(ServerProblem::ClearText));
        assert_eq!(!refused, on_the_phone, "{address}");
    }
}
