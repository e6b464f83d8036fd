//! What is this code? `cargo run -p signs --example read_sign -- TEXT`
//!
//! Without a text, a static PayNow code is read.

use signs::emvco::{Payee, Tag, Verdict};
use signs::{Sign, read};

const PAYNOW: &str = "00020101021126490009SG.PAYNOW010120210201403121W030110408203012315204000053037025802SG5913ACME Pte Ltd.6009Singapore6304B69E";

fn main() {
    let text = std::env::args().nth(1).unwrap_or_else(|| PAYNOW.to_owned());
    let sign = read(&text);
    match &sign {
        Sign::Emvco(reading) => {
            println!("a merchant-presented code: {:?}", reading.verdict());
            for breach in &reading.breaches {
                println!("  breach: {breach}");
            }
            if let (Ok(code), Verdict::Accept | Verdict::Lenient) =
                (&reading.code, reading.verdict())
            {
                println!("  networks: {}", code.networks().join(", "));
                println!("  name: {}", code.value(Tag::NAME).unwrap_or("not stated"));
                match code.amount_minor() {
                    Some(Ok(minor)) => println!("  amount: {minor} minor units"),
                    Some(Err(error)) => println!("  amount: {error}"),
                    None => println!("  amount: typed by the customer"),
                }
            }
        }
        Sign::StoreCode(Ok(code)) => println!("a store code, not verified: {code:?}"),
        Sign::StoreCode(Err(error)) => println!("a broken store code: {error}"),
        Sign::Upi(Ok(link)) => println!("a UPI link to {}", link.payee),
        Sign::Upi(Err(error)) => println!("a broken UPI link: {error}"),
        Sign::Gs1(Ok(link)) => println!("the place with GLN {}", link.gln),
        Sign::Gs1(Err(error)) => println!("a broken GS1 Digital Link: {error}"),
        Sign::Link(link) => println!("a payment link of {}", link.scheme),
        Sign::BankTransfer(format) => println!("a bank transfer: {format:?}"),
        Sign::ForeignLink { host } => println!("a link to {host}, which is not opened"),
        Sign::Unknown => println!("no payment sign"),
        Sign::TooLong => println!("more text than any sign has"),
    }
    if sign.payee() == Payee::Person {
        println!("careful: this pays into a person's account");
    }
}
