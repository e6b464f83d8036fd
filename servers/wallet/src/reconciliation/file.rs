//! A day file, read whole or not at all.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use domain::wire::{DayFoot, DayHead, DayLine};
use serde::de::DeserializeOwned;
use server_kit::Day;

/// Longest line taken, bytes; one has some 250.
const LONGEST_LINE: usize = 4 * 1024;

/// The movements of the day file `text`, which must be the `operator`'s of that `day`.
///
/// # Errors
/// When it is another's or another day's, is cut short, or a line is not as documented.
pub fn read(text: &str, operator: &str, day: Day) -> anyhow::Result<Vec<DayLine>> {
    let numbered: Vec<(usize, &str)> = (1..).zip(text.lines()).collect();
    let [(_, head), lines @ .., (_, foot)] = numbered.as_slice() else {
        bail!("the file is cut short: it has no head and no foot");
    };
    let head: DayHead = parsed(head).context("line 1 is no head of a day file")?;
    ensure!(head.operator == operator, "the file is operator {:?}'s", head.operator);
    ensure!(head.day == day.to_string(), "the file is of the day {:?}", head.day);
    let foot =
        parsed::<DayFoot>(foot).ok().context("the file is cut short: its foot is missing")?;
    let read = |(number, line): &(usize, &str)| {
        parsed::<DayLine>(line).with_context(|| format!("line {number} is no movement"))
    };
    let lines = lines.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    ensure!(lines.len() as u64 == foot.lines, "the file is cut short: lines are missing");
    let sums = foot.sums.iter().map(|(code, sum)| (code.as_str(), i128::from(*sum))).collect();
    ensure!(sums_of(&lines) == sums, "the file is damaged: its lines do not add up to its foot");
    Ok(lines)
}

fn parsed<T: DeserializeOwned>(line: &str) -> anyhow::Result<T> {
    ensure!(line.len() <= LONGEST_LINE, "it is too long");
    // The reader's own words could quote the line.
    serde_json::from_str(line).map_err(|error| anyhow::anyhow!("column {}", error.column()))
}

fn sums_of(lines: &[DayLine]) -> BTreeMap<&str, i128> {
    let mut sums = BTreeMap::new();
    for DayLine { amount, .. } in lines {
        *sums.entry(amount.currency.code()).or_default() += i128::from(amount.amount);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::read;

    const HEAD: &str = r#"{"operator":"a","day":"2026-11-27"}"#;
    const FOOT: &str = r#"{"lines":1,"sums":{"EUR":100}}"#;

    fn line() -> String {
        let id = "00000000-0000-0000-0000-000000000001";
        format!(
            r#"{{"line":1,"id":"{id}","reference":"{id}","action":"capture","amount":{{"amount":100,"currency":"EUR"}},"at":5}}"#
        )
    }

    #[test]
    fn f11_a_file_that_is_cut_damaged_or_anothers_is_refused_whole() {
        let (line, day) = (line(), "2026-11-27".parse().unwrap());
        let whole = format!("{HEAD}\n{line}\n{FOOT}\n");
        assert_eq!(read(&whole, "a", day).unwrap().len(), 1);
        assert!(read(&whole, "b", day).is_err());
        assert!(read(&whole, "a", "2026-11-28".parse().unwrap()).is_err());
        // At every byte it can be cut, but for its last line break.
        for end in (0..whole.len() - 1).filter(|end| whole.is_char_boundary(*end)) {
            assert!(read(&whole[..end], "a", day).is_err(), "cut at {end}");
        }
        for wrong in [
            format!("{HEAD}\n{FOOT}"),
            format!("{HEAD}\n{line}\n{line}\n{FOOT}"),
            whole.replace(":100,", ":101,"),
            whole.replace(":100,", ":1.5,"),
            whole.replace("capture", "steal"),
            whole.replace(":\"EUR\"", ":\"XXX\""),
            format!("{HEAD}\n{}\n{FOOT}", "[".repeat(3_000)),
            format!("{HEAD}\n{}\n{FOOT}", " ".repeat(10_000)),
        ] {
            assert!(read(&wrong, "a", day).is_err(), "{wrong}");
        }
    }
}
