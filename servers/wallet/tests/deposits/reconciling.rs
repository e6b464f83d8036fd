//! Operators' day files: late, twice, cut, with foreign lines and with lines that split one of ours.

use domain::{
    Money,
    wire::{DayFoot, DayLine},
};
use wallet_server::{Clock, Database, Day, Report, open_database, reconcile, verify};

use crate::cast::{Cast, deposit_of, id};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// Ten deposits of 100 to 1,000 cents, made and settled: the day's file and the wallet's database.
async fn ten_deposits() -> (Cast, String, Database, Day) {
    let mut cast = Cast::plain().await;
    let token = cast.log_in("giulia").await;
    for number in 1..=10 {
        deposit_of(cast.deposit(&token, id(number), "card", number as i64 * 100).await).await;
    }
    assert_eq!(cast.settled().await, 5_500);
    let (file, database) = (cast.day_file().await, open_database(&cast.data()).await.unwrap());
    let head: serde_json::Value = serde_json::from_str(file.lines().next().unwrap()).unwrap();
    let day = head["day"].as_str().unwrap().parse().unwrap();
    (cast, file, database, day)
}

/// The file with other movements and the foot that fits them.
fn with_lines(file: &str, change: impl Fn(Vec<DayLine>) -> Vec<DayLine>) -> String {
    let all: Vec<&str> = file.lines().collect();
    let lines = all[1..all.len() - 1].iter().map(|line| serde_json::from_str(line).unwrap());
    let lines = change(lines.collect());
    let sum = lines.iter().map(|line| line.amount.amount).sum();
    let foot = DayFoot { lines: lines.len() as u64, sums: [("EUR".to_owned(), sum)].into() };
    let mut text = format!("{}\n", all[0]);
    for line in &lines {
        text += &format!("{}\n", serde_json::to_string(line).unwrap());
    }
    text + &serde_json::to_string(&foot).unwrap()
}

async fn reconciled(database: &Database, day: Day, file: &str, days_later: i64) -> Report {
    let now = domain::Timestamp(Clock::system().now().0 + days_later * DAY_MS);
    let report = reconcile(database, "a", day, file, now).await.unwrap();
    verify(database).await.unwrap();
    // L16: the ledger's clearing account is what the operator says, whatever lies in suspense.
    assert_eq!(report.clearing, report.by_files, "{report}");
    report
}

fn counts(report: &Report) -> [usize; 5] {
    let Report { ours_only, theirs_only, differs, duplicate, suspense, .. } = report;
    [ours_only.len(), theirs_only.len(), differs.len(), duplicate.len(), suspense.len()]
}

#[tokio::test]
async fn l16_a_day_on_which_both_sides_agree_is_matched_to_the_cent_again_and_again() {
    let (cast, file, database, day) = ten_deposits().await;
    for (time, new) in [(0, 10), (1, 0), (2, 0)] {
        let report = reconciled(&database, day, &file, time).await;
        assert_eq!((report.matched, report.lines, report.new_lines), (10, 10, new));
        assert_eq!(counts(&report), [0; 5]);
        assert_eq!(report.clearing["EUR"], 5_500);
    }
    database.close().await;
    cast.stop().await;
}

#[tokio::test]
async fn f11_what_both_sides_do_not_agree_on_lies_in_suspense_with_its_age_until_they_do() {
    let (cast, file, database, day) = ten_deposits().await;
    let early = with_lines(&file, |mut lines| {
        // The last one is late, one is said twice, one differs, one is foreign, one comes in parts.
        lines.pop();
        let again = DayLine { line: 901, ..lines[0].clone() };
        lines[1].amount = Money { amount: lines[1].amount.amount + 5, ..lines[1].amount };
        let foreign = DayLine { line: 902, id: id(77), reference: id(78), ..lines[2].clone() };
        let part = Money { amount: 100, ..lines[3].amount };
        lines[3].amount = Money { amount: lines[3].amount.amount - 100, ..lines[3].amount };
        let rest = DayLine { line: 903, amount: part, ..lines[3].clone() };
        lines.extend([again, foreign, rest]);
        lines
    });
    let first = reconciled(&database, day, &early, 0).await;
    assert_eq!((first.matched, counts(&first)), (7, [1, 1, 1, 1, 4]), "{first}");
    let later = reconciled(&database, day, &early, 3).await;
    assert_eq!((later.matched, counts(&later), later.new_lines), (7, [1, 1, 1, 1, 4], 0));
    assert!(later.suspense.iter().all(|item| item.age_days == 3), "{later}");
    assert_eq!(later.clearing, first.clearing, "a repeated file moved money");
    // The late line comes by itself in a file of the same day.
    let late = with_lines(&file, |mut lines| lines.split_off(9));
    let last = reconciled(&database, day, &late, 4).await;
    assert_eq!((last.matched, counts(&last)), (8, [0, 1, 1, 1, 3]), "{last}");
    database.close().await;
    cast.stop().await;
}

#[tokio::test]
async fn f11_a_file_that_is_cut_or_contradicts_an_earlier_one_changes_nothing() {
    let (cast, file, database, day) = ten_deposits().await;
    let now = Clock::system().now();
    let cut: String = file.lines().take(6).map(|line| format!("{line}\n")).collect();
    assert!(reconcile(&database, "a", day, &cut, now).await.is_err());
    assert!(reconcile(&database, "b", day, &file, now).await.is_err());
    assert_eq!(reconciled(&database, day, &file, 0).await.new_lines, 10);
    let other = with_lines(&file, |mut lines| {
        lines[9].amount = Money { amount: 1, ..lines[9].amount };
        lines
    });
    let refused = reconcile(&database, "a", day, &other, now).await.unwrap_err().to_string();
    assert!(refused.contains("earlier file"), "{refused}");
    assert_eq!(counts(&reconciled(&database, day, &file, 0).await), [0; 5]);
    database.close().await;
    cast.stop().await;
}
