//! A payment agreed to by a key of the phone's key store, which this test has in its place.

use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};

use tillsight::{ApprovalSignature, ApprovalToSign};

use super::*;

struct Key(EcdsaKeyPair, SystemRandom);

impl Key {
    fn new() -> Self {
        let (random, form) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let made = EcdsaKeyPair::generate_pkcs8(form, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(form, made.as_ref(), &random).unwrap(), random)
    }

    fn agree(&self, signs: &ApprovalToSign) -> ApprovalSignature {
        let signature = self.0.sign(&self.1, &signs.bytes).unwrap().as_ref().to_vec();
        ApprovalSignature { at_ms: signs.at_ms, signature }
    }

    fn public(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }
}

#[test]
fn a_key_of_the_phone_agrees_to_what_is_shown_and_one_that_is_not_set_pays_nothing() {
    let cast = Cast::assemble();
    let (phone, terminal) = (at_the_till(&cast), cast.terminal(&TAKES_WALLET));
    let (wallet, key, other) = (&phone.wallet, Key::new(), Key::new());
    let wrong = wallet.set_approval_key(key.public(), "000000".to_owned()).unwrap_err();
    let WalletError::RequestRefused { problem, .. } = wrong else { panic!("{wrong:?}") };
    assert_eq!(problem, tillsight::RequestProblem::WrongSecret);
    let (charge, code) = charged(&terminal, 500);
    wallet.sense_text(code).unwrap();
    let begun = wallet.begin_payment(ask(1)).unwrap();
    let approve = |key: &Key| {
        let signs = wallet.approval_to_sign(begun.id.clone()).unwrap().unwrap();
        wallet.approve_payment_signed(begun.id.clone(), key.agree(&signs))
    };
    assert_eq!(problem_of(approve(&key)), PaymentProblem::KeyRefused, "no key is set");
    wallet.set_approval_key(key.public(), CODE.to_owned()).unwrap();
    assert_eq!(problem_of(approve(&other)), PaymentProblem::KeyRefused, "another key is");
    assert_eq!(left(&phone), 1_250);
    assert_eq!(approve(&key).unwrap().state, PaymentState::Done);
    assert_eq!(
        (left(&phone), terminal.charge_of(charge.id).unwrap().state),
        (750, ChargeState::Paid)
    );
    assert_eq!(wallet.approval_to_sign(begun.id.clone()).unwrap(), None, "there is nothing left");

    wallet.forget_approval_key().unwrap();
    let (_, code) = charged(&terminal, 100);
    wallet.sense_text(code).unwrap();
    let begun = wallet.begin_payment(ask(2)).unwrap();
    let signs = wallet.approval_to_sign(begun.id.clone()).unwrap().unwrap();
    let refused = wallet.approve_payment_signed(begun.id.clone(), key.agree(&signs));
    assert_eq!(problem_of(refused), PaymentProblem::KeyRefused, "it was forgotten");
    let by_code = wallet.approve_payment(begun.id, CODE.to_owned()).unwrap();
    assert_eq!(by_code.state, PaymentState::Done, "the code still agrees");
}
