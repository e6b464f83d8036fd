//! The rule as a table: each row is named by the statement it holds.

use domain::{Accepted, Ask, Balance, Choice, Currency, Money, Registered, Timestamp};

use crate::cast::{
    NOW, a_pay, ask, card, changed, choosing, money, over, paying, registered, states, store,
};

struct Row {
    statement: &'static str,
    stores: Vec<Accepted>,
    registered: Vec<Registered>,
    ask: Ask,
    /// How each method stands.
    standings: &'static [&'static str],
    /// Which are shown as usable, best first.
    shown: &'static [usize],
    /// What is told to be registered.
    suggested: &'static [&'static str],
}

#[test]
fn the_rule_row_by_row() {
    let rows = [
        Row {
            statement: "a method usable at the store is active, every other registered one inactive",
            stores: vec![store(&[
                "paypay/code",
                "!visa/contactless",
                "!tillsight/scan",
                "!tillsight/code",
            ])],
            registered: vec![a_pay(), card(), money()],
            ask: ask(),
            standings: &["active", "store_does_not_take", "store_does_not_take"],
            shown: &[0],
            suggested: &[],
        },
        Row {
            statement: "only methods the member registered are taken into account",
            stores: vec![store(&["paypay/code", "visa/contactless", "suica/contactless"])],
            registered: vec![card()],
            ask: ask(),
            standings: &["active"],
            shown: &[0],
            suggested: &[],
        },
        Row {
            statement: "several usable methods are all active, the most used first",
            stores: vec![store(&["paypay/code", "visa/contactless", "tillsight/scan"])],
            registered: vec![card(), money(), a_pay()],
            ask: ask(),
            standings: &["active", "active", "active"],
            shown: &[2, 1, 0],
            suggested: &[],
        },
        Row {
            statement: "when no registered method is usable, what the store takes is told",
            stores: vec![store(&[
                "suica/contactless",
                "id/contactless",
                "!paypay/code",
                "!visa/contactless",
            ])],
            registered: vec![a_pay(), card()],
            ask: ask(),
            standings: &["store_does_not_take", "store_does_not_take"],
            shown: &[],
            suggested: &["suica", "id"],
        },
        Row {
            statement: "a member with nothing registered is told what the store takes",
            stores: vec![store(&["paypay/code", "paypay/scan"])],
            registered: vec![],
            ask: ask(),
            standings: &[],
            shown: &[],
            suggested: &["paypay"],
        },
        Row {
            statement: "while one method is usable nothing is suggested",
            stores: vec![store(&["paypay/code", "suica/contactless"])],
            registered: vec![a_pay()],
            ask: ask(),
            standings: &["active"],
            shown: &[0],
            suggested: &[],
        },
        Row {
            statement: "only the most used usable method",
            stores: vec![store(&["visa/contactless", "tillsight/scan", "!paypay/code"])],
            registered: vec![a_pay(), card(), money()],
            ask: choosing(Choice::MostUsed),
            standings: &["store_does_not_take", "active", "active"],
            shown: &[2],
            suggested: &[],
        },
        Row {
            statement: "only the usable method with the largest balance",
            stores: vec![store(&["visa/contactless", "tillsight/scan", "paypay/code"])],
            registered: vec![a_pay(), card(), money()],
            ask: choosing(Choice::LargestBalance),
            standings: &["active", "active", "active"],
            shown: &[1],
            suggested: &[],
        },
        Row {
            statement: "the largest balance is sought among usable methods only",
            stores: vec![store(&["!visa/contactless", "tillsight/scan", "paypay/code"])],
            registered: vec![a_pay(), card(), money()],
            ask: choosing(Choice::LargestBalance),
            standings: &["active", "store_does_not_take", "active"],
            shown: &[2],
            suggested: &[],
        },
        Row {
            statement: "balances in another currency are not compared as if they were the till's",
            stores: vec![store(&["tillsight/scan", "paypay/code"])],
            registered: vec![
                changed(a_pay(), |registered| {
                    registered.balance =
                        Some(Balance { left: Money::new(900_000, Currency::JPY), as_of: NOW });
                }),
                money(),
            ],
            ask: choosing(Choice::LargestBalance),
            standings: &["active", "active"],
            shown: &[1],
            suggested: &[],
        },
        Row {
            statement: "a store whose list is unknown is told as unsure, never as nothing works",
            stores: vec![store(&[])],
            registered: vec![a_pay(), card(), money()],
            ask: ask(),
            standings: &["unsure", "unsure", "unsure"],
            shown: &[],
            suggested: &[],
        },
        Row {
            statement: "a pair the store's list does not name is unsure beside those it names",
            stores: vec![store(&["!visa/contactless", "suica/contactless"])],
            registered: vec![a_pay(), card()],
            ask: ask(),
            standings: &["unsure", "store_does_not_take"],
            shown: &[],
            suggested: &["suica"],
        },
        Row {
            statement: "one refused ride does not refuse a method with another ride the list does not name",
            stores: vec![store(&["!tillsight/scan"])],
            registered: vec![money()],
            ask: ask(),
            standings: &["unsure"],
            shown: &[],
            suggested: &[],
        },
        Row {
            statement: "a scheme taken on another channel is told as channel not offered",
            stores: vec![store(&["paypay/scan", "!paypay/code"])],
            registered: vec![a_pay()],
            ask: ask(),
            standings: &["channel_not_offered"],
            shown: &[],
            suggested: &["paypay"],
        },
        Row {
            statement: "a contactless method is inactive on a phone without NFC",
            stores: vec![store(&["visa/contactless"])],
            registered: vec![card()],
            ask: Ask { phone_has_nfc: false, ..ask() },
            standings: &["phone_lacks_nfc"],
            shown: &[],
            suggested: &["visa"],
        },
        Row {
            statement: "a phone without NFC never turns a store's silence into a refusal of the store's",
            stores: vec![store(&["tillsight/scan"])],
            registered: vec![card()],
            ask: Ask { phone_has_nfc: false, ..ask() },
            standings: &["phone_lacks_nfc"],
            shown: &[],
            suggested: &["tillsight"],
        },
        Row {
            statement: "an expired method is inactive from the instant its validity ends",
            stores: vec![store(&["paypay/code"])],
            registered: vec![
                changed(a_pay(), |registered| registered.method.expires_at = Some(NOW)),
                changed(a_pay(), |registered| {
                    registered.method.expires_at = Some(Timestamp(NOW.0 + 1))
                }),
            ],
            ask: ask(),
            standings: &["expired", "active"],
            shown: &[1],
            suggested: &[],
        },
        Row {
            statement: "a blocked method is inactive",
            stores: vec![store(&["paypay/code"])],
            registered: vec![changed(a_pay(), |registered| registered.method.blocked = true)],
            ask: ask(),
            standings: &["blocked"],
            shown: &[],
            suggested: &["paypay"],
        },
        Row {
            statement: "a balance below the amount is too low, one equal to it is enough",
            stores: vec![store(&["paypay/code"])],
            registered: vec![registered("short", &["paypay/code"], 999, 0), a_pay()],
            ask: paying(1_000),
            standings: &["balance_too_low", "active"],
            shown: &[1],
            suggested: &[],
        },
        Row {
            statement: "an empty balance is too low even when no amount is known",
            stores: vec![store(&["paypay/code"])],
            registered: vec![registered("empty", &["paypay/code"], 0, 0)],
            ask: ask(),
            standings: &["balance_too_low"],
            shown: &[],
            suggested: &["paypay"],
        },
        Row {
            statement: "a method whose balance was never learnt is not refused for it",
            stores: vec![store(&["paypay/code"])],
            registered: vec![changed(a_pay(), |registered| registered.balance = None)],
            ask: paying(1_000),
            standings: &["active"],
            shown: &[0],
            suggested: &[],
        },
        Row {
            statement: "an amount below a method's minimum makes it inactive",
            stores: vec![store(&["paypay/code"])],
            registered: vec![changed(a_pay(), |registered| {
                registered.method.minimum = Some(Money::new(500, Currency::EUR));
            })],
            ask: paying(499),
            standings: &["below_minimum"],
            shown: &[],
            suggested: &["paypay"],
        },
        Row {
            statement: "a card whose limit does not cover the amount has reached its limit",
            stores: vec![store(&["visa/contactless"])],
            registered: vec![card()],
            ask: paying(50_001),
            standings: &["limit_reached"],
            shown: &[],
            suggested: &["visa"],
        },
        Row {
            statement: "a method whose operator is down is inactive",
            stores: vec![store(&["visa/contactless"])],
            registered: vec![changed(card(), |registered| registered.operator_down = true)],
            ask: ask(),
            standings: &["operator_down"],
            shown: &[],
            suggested: &["visa"],
        },
        Row {
            statement: "what the store refuses is told before what is wrong with the method",
            stores: vec![store(&["!visa/contactless"])],
            registered: vec![changed(card(), |registered| registered.method.blocked = true)],
            ask: ask(),
            standings: &["store_does_not_take"],
            shown: &[],
            suggested: &[],
        },
        Row {
            statement: "what is wrong with the method is told even where the store's list is unknown",
            stores: vec![store(&[])],
            registered: vec![changed(card(), |registered| registered.method.blocked = true)],
            ask: ask(),
            standings: &["blocked"],
            shown: &[],
            suggested: &[],
        },
        Row {
            statement: "when every store in question takes a method nobody has to choose a store",
            stores: vec![store(&["paypay/code"]), store(&["paypay/code", "visa/contactless"])],
            registered: vec![a_pay(), card()],
            ask: ask(),
            standings: &["active", "unsure"],
            shown: &[0],
            suggested: &[],
        },
        Row {
            statement: "a method that many of the stores in question refuse is unsure",
            stores: vec![store(&["paypay/code"]), store(&["!paypay/code"])],
            registered: vec![a_pay()],
            ask: ask(),
            standings: &["unsure"],
            shown: &[],
            suggested: &[],
        },
        Row {
            statement: "a method every store in question refuses is inactive",
            stores: vec![store(&["!paypay/code"]), store(&["!paypay/code"])],
            registered: vec![a_pay()],
            ask: ask(),
            standings: &["store_does_not_take"],
            shown: &[],
            suggested: &[],
        },
        Row {
            statement: "only what every store in question takes is suggested",
            stores: vec![
                store(&["!visa/contactless", "suica/contactless", "id/contactless"]),
                store(&["!visa/contactless", "suica/contactless"]),
            ],
            registered: vec![card()],
            ask: ask(),
            standings: &["store_does_not_take"],
            shown: &[],
            suggested: &["suica"],
        },
        Row {
            statement: "with no store in question every method is unsure",
            stores: vec![],
            registered: vec![a_pay()],
            ask: ask(),
            standings: &["unsure"],
            shown: &[],
            suggested: &[],
        },
    ];
    for row in &rows {
        let stores: Vec<&Accepted> = row.stores.iter().collect();
        let answer = over(&stores, &row.registered, &row.ask);
        assert_eq!(states(&answer), row.standings, "{}", row.statement);
        assert_eq!(answer.active, row.shown, "{}", row.statement);
        let suggested: Vec<&str> =
            answer.suggestions.iter().map(|suggestion| suggestion.scheme.as_str()).collect();
        assert_eq!(suggested, row.suggested, "{}", row.statement);
    }
}
