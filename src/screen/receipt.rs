//! The receipt of a payment as files that the member owns: what was signed, and a page to print.

use std::fmt::Write as _;

use domain::{
    Timestamp,
    wire::{Receipt, SignedReceipt},
};

/// The proven receipt of a payment, to be kept or handed on. Neither file needs the app, or a server.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ReceiptFiles {
    /// The receipt and who signed it, as JSON: whoever has the wallet company's list of keys can prove it.
    pub json: String,
    /// A page to print: HTML that holds all it needs, and nothing that runs.
    pub page: String,
}

/// The files of a receipt that was proven. `language`: ISO 639-1; English where it is not Japanese.
pub(crate) fn draw_receipt(
    receipt: &Receipt,
    signed: &SignedReceipt,
    language: &str,
) -> Result<ReceiptFiles, serde_json::Error> {
    let json = serde_json::to_string(signed)?;
    let page = page(receipt, signed, language);
    Ok(ReceiptFiles { json, page })
}

fn page(receipt: &Receipt, signed: &SignedReceipt, language: &str) -> String {
    let say = |english, japanese| if language == "ja" { japanese } else { english };
    let (title, code) = (say("Receipt", "領収書"), say("en", "ja"));
    let mut rows = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing into a string never fails.
        let _ = write!(rows, "<tr><th>{name}</th><td>{}</td></tr>", escaped(value));
    };
    row(say("Store", "店舗"), &receipt.store_name);
    row(say("Address", "住所"), &receipt.store_address.line());
    row(say("Paid", "支払額"), &receipt.amount.to_string());
    row(say("At", "日時"), &utc(receipt.paid_at));
    row(say("With", "支払い方法"), &receipt.method);
    for refund in &receipt.refunds {
        let value = format!("{}, {}", refund.amount, utc(refund.at));
        row(say("Given back", "返金"), &value);
    }
    row(say("Payment", "支払い番号"), &receipt.settlement.to_string());
    row(say("Signed by the key", "署名鍵"), &signed.key);
    row(say("Signature (Ed25519)", "署名（Ed25519）"), &signed.signature);
    format!(
        "<!DOCTYPE html><html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>\
         body{{font:16px/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}}\
         th{{text-align:start;vertical-align:top;padding-inline-end:1em}}\
         td{{overflow-wrap:anywhere}}</style></head>\
         <body><h1>{title}</h1><table>{rows}</table></body></html>"
    )
}

/// As text of a page: a store's name is outside data.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// `2026-09-21 14:13 UTC`: a receipt reads alike wherever it is read.
fn utc(at: Timestamp) -> String {
    let minutes = at.0.div_euclid(60_000);
    let (days, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    // Days since 1 March of the year 0, in eras of 400 years (Hinnant, "days from civil").
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let (year, hour, minute) = (era * 400 + year + next, minute / 60, minute % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

#[cfg(test)]
mod tests {
    use domain::{
        Address, Channel, Currency, Money, StoreId,
        wire::{ReceiptRefund, SigningKey},
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_page_says_what_was_paid_and_given_back_and_nothing_in_it_runs() {
        let euro = |amount| Money::new(amount, Currency::EUR);
        let receipt = Receipt {
            settlement: Uuid::from_u128(1),
            store: StoreId(Uuid::from_u128(2)),
            store_name: "Bar <script>alert('1')</script> & \"Uno\"".to_owned(),
            store_address: Address { city: "Roma".to_owned(), ..Address::default() },
            method: "Visa".to_owned(),
            channel: Channel::Scan,
            amount: euro(250),
            paid_at: Timestamp(1_790_000_000_000),
            refunds: vec![ReceiptRefund {
                id: Uuid::from_u128(3),
                amount: euro(50),
                at: Timestamp(0),
            }],
        };
        let signed = SignedReceipt::sign(&receipt, &SigningKey::from_bytes(&[7; 32])).unwrap();
        let files = draw_receipt(&receipt, &signed, "en").unwrap();
        for said in ["2.50 EUR", "0.50 EUR, 1970-01-01 00:00 UTC", "Roma", &signed.signature] {
            assert!(files.page.contains(said), "{said}: {}", files.page);
        }
        assert!(!files.page.contains("<script") && files.page.contains("&lt;script&gt;"));
        assert!(draw_receipt(&receipt, &signed, "ja").unwrap().page.contains("領収書"));
        let read: SignedReceipt = serde_json::from_str(&files.json).unwrap();
        assert_eq!(read, signed, "it proves what it did");
    }

    #[test]
    fn a_date_is_right_in_leap_years_at_the_turn_of_years_and_before_1970() {
        for (ms, date) in [
            (1_709_164_800_000, "2024-02-29 00:00 UTC"),
            (1_709_251_199_999, "2024-02-29 23:59 UTC"),
            (1_798_761_600_000, "2027-01-01 00:00 UTC"),
            (4_107_542_400_000, "2100-03-01 00:00 UTC"),
            (-1, "1969-12-31 23:59 UTC"),
        ] {
            assert_eq!(utc(Timestamp(ms)), date);
        }
        utc(Timestamp(i64::MAX));
        utc(Timestamp(i64::MIN));
    }
}
