//! The name of a source out of the name of its file.

/// The file's name without its ends and without the day, month or year it was written: the next export of
/// the same list is the same source. `restaurants-2026-01-31 (2)` is `restaurants`.
pub fn source_name(stem: &str) -> String {
    let bare = stem.trim_end_matches(')');
    let copy = bare.rsplit_once(" (").filter(|(_, nth)| nth.bytes().all(|b| b.is_ascii_digit()));
    let stem = copy.map_or(stem, |(stem, _)| stem);
    let separators = ['-', '_', ' '];
    let whole: Vec<&str> = stem.split_inclusive(separators).collect();
    let parts: Vec<&str> = whole.iter().map(|part| part.trim_end_matches(separators)).collect();
    let mut kept = String::new();
    let mut at = 0;
    while let Some((rest, part)) = parts.get(at..).zip(whole.get(at)) {
        let dated = dated(rest);
        if dated == 0 {
            kept.push_str(part);
        }
        at += dated.max(1);
    }
    let kept = kept.trim_matches(separators);
    if kept.is_empty() { stem.to_owned() } else { kept.to_owned() }
}

/// How many of the first parts are a date, with the time of day if that follows.
fn dated(parts: &[&str]) -> usize {
    let date = match parts {
        [year, month, day, ..] if is_year(year) && is_month(month) && is_day(day) => 3,
        [day, month, year, ..] if is_year(year) && is_month(month) && is_day(day) => 3,
        [year, month, ..] if is_year(year) && is_month(month) => 2,
        [one, ..] if is_year(one) || is_day_in_one(one) => 1,
        _ => return 0,
    };
    let is_time = |part: &&&str| matches!(part.len(), 4 | 6) && is_digits(part);
    date + usize::from(parts.get(date).as_ref().is_some_and(is_time))
}

fn is_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn between(part: &str, length: usize, low: u32, high: u32) -> bool {
    part.len() == length
        && is_digits(part)
        && part.parse::<u32>().is_ok_and(|number| (low..=high).contains(&number))
}

fn is_year(part: &str) -> bool {
    between(part, 4, 1990, 2099)
}

fn is_month(part: &str) -> bool {
    between(part, 2, 1, 12)
}

/// Also with the time of day behind it: `31T235959Z`.
fn is_day(part: &str) -> bool {
    part.split(['T', 't']).next().is_some_and(|day| between(day, 2, 1, 31))
}

/// `20260131`, `20260131T2359`, `202601`.
fn is_day_in_one(part: &str) -> bool {
    let day = part.split(['T', 't']).next().unwrap_or_default();
    let (Some(year), Some(month)) = (day.get(..4), day.get(4..6)) else { return false };
    let rest = day.get(6..).unwrap_or_default();
    is_year(year) && is_month(month) && (rest.is_empty() || is_day(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_export_of_a_list_is_the_same_source() {
        for (stem, expected) in [
            ("bp_20170507", "bp"),
            ("bp_20170508", "bp"),
            ("20170507_bp", "bp"),
            ("l-2026-01-31", "l"),
            ("l_2026_01", "l"),
            ("l-202601", "l"),
            ("l-31-01-2026", "l"),
            ("l_2026-01-31T235959Z", "l"),
            ("l_20260131_2359", "l"),
            ("my shops (2)", "my shops"),
            ("city-east-2026", "city-east"),
            ("l_2026-01-31_east", "l_east"),
            ("shop_12345678", "shop_12345678"),
            ("route66", "route66"),
            ("20260131", "20260131"),
            ("city-east", "city-east"),
        ] {
            assert_eq!(source_name(stem), expected, "{stem}");
        }
    }
}
