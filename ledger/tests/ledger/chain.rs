//! The chain: whatever is changed behind the books' back is found, and named.

use ledger::{Audit, Break, Entry, Fault, Oracle, Transfer};

use crate::requests::{outside, pending, post, post_pending, store, wallet};

/// Four transfers, and wallet 1's entries with them.
fn books() -> (Oracle, Vec<(Entry, Transfer)>) {
    let mut oracle = Oracle::default();
    for request in [
        post(1, outside(), wallet(1), 100),
        pending(2, wallet(1), store(), 60, 1000),
        post_pending(3, 2, 25),
        post(4, wallet(1), store(), 5),
    ] {
        oracle.apply(&request, 1_790_000_000_000).unwrap();
    }
    let with_transfer = |entry: &Entry| {
        let transfer = oracle.transfer(entry.transfer).unwrap();
        (entry.clone(), transfer.clone())
    };
    let lines = oracle.entries(&wallet(1)).iter().map(with_transfer).collect();
    (oracle, lines)
}

fn first_break(lines: &[(Entry, Transfer)]) -> Option<Break> {
    let mut audit = Audit::default();
    lines.iter().find_map(|(entry, transfer)| audit.entry(entry, transfer).err())
}

#[test]
fn books_that_nobody_touched_are_whole() {
    let (oracle, lines) = books();
    assert_eq!(first_break(&lines), None);
    let audit = oracle.audit().unwrap();
    assert_eq!((audit.accounts(), audit.entries()), (3, 8));
}

#[test]
fn every_flipped_bit_of_an_entrys_hash_is_found_there() {
    let (_, lines) = books();
    for line in 0..lines.len() {
        for bit in 0..256 {
            let mut changed = lines.clone();
            changed[line].0.hash[bit / 8] ^= 1 << (bit % 8);
            let found = first_break(&changed).unwrap();
            assert_eq!((found.number, found.fault), (line as i64 + 1, Fault::Hash));
        }
    }
}

#[test]
fn every_changed_field_of_an_entry_or_its_transfer_is_found_there() {
    type Change = fn(&mut Entry, &mut Transfer);
    let changes: [(Change, Fault); 14] = [
        (|entry, _| entry.number += 1, Fault::Number),
        (|entry, _| entry.posted += 1, Fault::Amounts),
        (|entry, _| entry.pending -= 1, Fault::Amounts),
        (|entry, _| entry.totals.credits_posted += 1, Fault::Totals),
        (|entry, _| entry.totals.debits_pending += 1, Fault::Totals),
        (|entry, _| entry.transfer = uuid::Uuid::nil(), Fault::Transfer),
        (|entry, _| entry.account = wallet(2), Fault::Number),
        (|_, transfer| transfer.id = uuid::Uuid::nil(), Fault::Transfer),
        (|_, transfer| transfer.debit = wallet(2), Fault::Transfer),
        (|_, transfer| transfer.credit = outside(), Fault::Hash),
        (|_, transfer| transfer.at += 1, Fault::Hash),
        (|_, transfer| transfer.expires_at = Some(7), Fault::Hash),
        (|_, transfer| transfer.of = Some(transfer.id), Fault::Hash),
        (|_, transfer| transfer.content[31] ^= 128, Fault::Hash),
    ];
    let (_, lines) = books();
    for (place, (change, fault)) in changes.into_iter().enumerate() {
        let mut changed = lines.clone();
        // The last line: wallet 1 is its debit side.
        let (entry, transfer) = &mut changed[3];
        change(entry, transfer);
        assert_eq!(first_break(&changed).map(|found| found.fault), Some(fault), "change {place}");
    }
}

#[test]
fn an_entry_that_was_left_out_or_exchanged_is_found() {
    let (_, lines) = books();
    let mut left_out = lines.clone();
    left_out.remove(1);
    assert_eq!(first_break(&left_out).unwrap().fault, Fault::Number);
    let mut exchanged = lines;
    exchanged.swap(1, 2);
    assert_eq!(first_break(&exchanged).unwrap().fault, Fault::Number);
}

#[test]
fn an_entry_without_its_other_half_leaves_the_currency_unbalanced() {
    let (_, lines) = books();
    let mut audit = Audit::default();
    for (entry, transfer) in &lines {
        audit.entry(entry, transfer).unwrap();
    }
    let found = audit.balanced().unwrap_err();
    assert_eq!(found.to_string(), "EUR: debits and credits differ");
}

#[test]
fn a_break_names_the_account_and_the_entry() {
    let (_, mut lines) = books();
    lines[2].0.hash[0] ^= 1;
    let account = wallet(1);
    let message = format!("{account}, entry 3: was changed: its hash is another");
    assert_eq!(first_break(&lines).unwrap().to_string(), message);
}

#[test]
fn the_encoding_is_the_documented_one_for_ever() {
    let (_, lines) = books();
    let (entry, transfer) = &lines[0];
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(hex(&transfer.content), CONTENT);
    assert_eq!(hex(&transfer.digest()), TRANSFER);
    assert_eq!(hex(&entry.hash), ENTRY);
}

// Computed from the documentation by another program, in another language.
const CONTENT: &str = "8078a5616aeed7b8e77252dd905a4d452bd9e286826aadc1400a645b93fe7ca6";
const TRANSFER: &str = "a6500caf0a77db83084ac3af64f8d82b83bd7745ccafc34a8bc2c52f432fc625";
const ENTRY: &str = "fc726475ce4e1c3aee81008d855be8b302c40ae617e0a46cd0847854a91551b0";
