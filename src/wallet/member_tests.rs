//! The member's vault when two wallets were opened over it.

use std::sync::Arc;

use domain::{
    Timestamp,
    wire::{BoundSession, Methods},
};

use super::member::Member;
use crate::phone::{KeyStore, KeyStoreError};

struct Open;
impl KeyStore for Open {
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(secret)
    }
    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(sealed)
    }
    fn forget(&self) -> Result<(), KeyStoreError> {
        Ok(())
    }
}

fn session(token: &str) -> BoundSession {
    let (expires_at, refresh_expires_at) = (Timestamp(9), Timestamp(99));
    let (token, refresh_token) = (token.to_owned(), token.to_owned());
    BoundSession { token, expires_at, refresh_token, refresh_expires_at, device: None }
}

#[test]
fn an_answer_to_a_wallet_that_was_given_up_never_replaces_the_member_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Member::open(folder.path(), Arc::new(Open)).unwrap();
    let first = open();
    first.begin("hanako", session("hanako")).unwrap();
    let token = first.token().unwrap();
    first.give_up();
    open().begin("taro", session("taro")).unwrap();
    let late = Methods { methods: Vec::new(), as_of: Timestamp(1), deposit_source: None };
    first.keep(&token, late, 1).unwrap();
    first.keep_log_outs().unwrap();
    assert_eq!(open().token().unwrap().secret, "taro");
}
