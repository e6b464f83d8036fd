//! The receipt that the member owns: proven by the list of keys alone.

use domain::{
    Channel,
    wire::{Keys, ReceiptProblem, SignedReceipt},
};
use reqwest::{Method, StatusCode};
use uuid::Uuid;

use crate::{
    settlements::{Till, code_of},
    terminals::euro,
};

#[tokio::test]
async fn a_paid_settlement_has_a_receipt_that_the_list_of_keys_proves_without_the_server() {
    let till = Till::open().await;
    till.charge(1, 250).await;
    till.begun(2, 1).await;
    let path = format!("/v1/settlements/{}/receipt", Uuid::from_u128(2));
    let early = till.world.call(Method::GET, &path, &till.token).await;
    assert_eq!(code_of(early).await, (409, "not_paid".into()));
    till.pay(11, 400).await;
    till.refund(20, 12, euro(150), &till.key).await;
    let path = format!("/v1/settlements/{}/receipt", Uuid::from_u128(12));
    let answer = till.world.call(Method::GET, &path, &till.token).await;
    let signed: SignedReceipt = answer.json().await.unwrap();
    let keys: Keys = till.world.get("/v1/keys").await.json().await.unwrap();
    let receipt = signed.proven(&keys).unwrap();
    assert_eq!((receipt.amount.amount, receipt.store), (400, till.store));
    assert_eq!((receipt.store_name.as_str(), receipt.method.as_str()), ("Uno", "money"));
    assert_eq!((receipt.channel, receipt.refunds[0].amount.amount), (Channel::Scan, 150));
    let more = SignedReceipt { receipt: signed.receipt.replace("400", "40"), ..signed };
    assert_eq!(more.proven(&keys), Err(ReceiptProblem::Changed));
    let other = till.world.token_of("kenji", "battery staple").await;
    let strange = till.world.call(Method::GET, &path, &other).await;
    assert_eq!(strange.status(), StatusCode::NOT_FOUND, "another member's");
    till.stop().await;
}
