//! A store code from the register's key to the phone's judgement:
//! `cargo run -p signs --example store_code`

use signs::store_code::{
    AcceptedBits, Circle, Days, KeyId, KeySet, PublicKey, SignedStoreCode, SigningKey, StoreCode,
    StoreCodeError, sign,
};

fn main() -> Result<(), StoreCodeError> {
    // The wallet server signs; a real key is drawn at random and kept in a vault.
    let key = SigningKey::from_bytes(&[42; 32]);
    let code = StoreCode {
        store: uuid::Uuid::from_u128(0x5eed),
        valid: Days { not_before: 20_400, not_after: 20_765 },
        place: Circle { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
        accepted: AcceptedBits::of(["visa", "suica", "paypay"]).unwrap_or_default(),
        payment: None,
    };
    let printed = sign(&code, &key)?;
    println!("link to print:   {}", printed.to_url("pay.example"));
    println!("compact text:    {}", printed.to_text());

    // The phone reads and judges.
    let mut keys = KeySet::from_iter([PublicKey::active(key.verifying_key())]);
    let scanned = SignedStoreCode::read(&printed.to_url("pay.example"))?;
    let noon = 20_500 * 86_400 + 43_200;
    let at_the_counter = Some((35.681_3, 139.767_2, 15.0));
    let elsewhere = Some((35.690_9, 139.700_3, 15.0));
    println!("at the counter:  {:?}", scanned.verify(&keys, noon, at_the_counter));
    println!("carried away:    {:?}", scanned.verify(&keys, noon, elsewhere));
    println!("two years later: {:?}", scanned.verify(&keys, noon + 730 * 86_400, at_the_counter));
    keys.revoke(KeyId::of(&key.verifying_key()));
    println!("key revoked:     {:?}", scanned.verify(&keys, noon, at_the_counter));
    Ok(())
}
