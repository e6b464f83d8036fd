//! What an import must come to, said in words: the words that a machine can hold it to.

use serde_json::Value;

use super::{
    claims,
    judgement::{both, either},
};

/// What came of the imports of one case.
#[derive(Default)]
pub struct Imported {
    /// The register after the last file, and before it.
    pub stores: Vec<Value>,
    pub before: Vec<Value>,
    /// All that the program said.
    pub output: String,
    pub succeeded: bool,
}

/// Whether `right` holds: clauses by `;`, alternatives by `, or`.
pub fn holds(right: &str, imported: &Imported) -> Option<bool> {
    right
        .split(", or ")
        .map(|alternative| {
            alternative
                .split(';')
                .map(|clause| holds_clause(clause.trim(), imported))
                .reduce(both)?
        })
        .reduce(either)?
}

fn holds_clause(clause: &str, imported: &Imported) -> Option<bool> {
    // Names before one verdict, and codes alone, are lists; other commas part two facts.
    let list = claims::hold(clause, &imported.stores).or_else(|| currencies(clause, imported));
    if list.is_some() {
        return list;
    }
    clause.split(',').map(|part| fact(part.trim(), imported)).reduce(both)?
}

type Fact = fn(&str, &Imported) -> Option<bool>;

/// The first reader that understands the clause decides.
fn fact(clause: &str, imported: &Imported) -> Option<bool> {
    const READERS: [Fact; 10] = [
        |clause, imported| claims::hold(clause, &imported.stores),
        stores_counted,
        footprints,
        dates,
        currencies,
        kept,
        silent,
        left_out,
        said,
        written,
    ];
    READERS.iter().find_map(|reader| reader(clause, imported))
}

fn words(clause: &str) -> Vec<&str> {
    clause.split([' ', ',']).filter(|word| !word.is_empty()).collect()
}

/// `2 or 3 stores`, `1 store`, `stores`, `one register entry each`.
fn stores_counted(clause: &str, imported: &Imported) -> Option<bool> {
    let count = imported.stores.len();
    match words(clause).as_slice() {
        ["stores"] => Some(count > 0),
        ["taken"] => Some(count > 0),
        ["one", "register", "entry", "each"] => Some(count == imported.before.len()),
        [few, "or", many, "store" | "stores"] => {
            Some(few.parse() == Ok(count) || many.parse() == Ok(count))
        }
        [number, "store" | "stores"] => number.parse().ok().map(|number: usize| number == count),
        _ => None,
    }
}

/// `both with footprint`, `kiosk has no footprint`, `no footprint for a store at lon -49`, `near lon
/// 180`.
fn footprints(clause: &str, imported: &Imported) -> Option<bool> {
    let bare = |store: &&Value| store["footprint"].as_array().is_none_or(Vec::is_empty);
    let stores = imported.stores.iter();
    match words(clause).as_slice() {
        ["both" | "all", "with", "footprint" | "footprints"] => {
            Some(!stores.clone().any(|s| bare(&s)))
        }
        [name, "has", "no", "footprint"] => {
            Some(stores.filter(|store| is_called(store, name)).all(|store| bare(&store)))
        }
        ["no", "footprint", .., "lon", degrees] => {
            let degrees: f64 = degrees.parse().ok()?;
            Some(stores.filter(|store| is_near_lon(store, degrees)).all(|store| bare(&store)))
        }
        ["near", "lon", degrees] => {
            let degrees: f64 = degrees.parse().ok()?;
            Some(stores.into_iter().any(|store| is_near_lon(store, degrees)))
        }
        ["the", name, "lies", "in", "its", "built", "part"] => {
            let mut named = stores.filter(|store| is_called(store, name));
            Some(named.all(is_in_its_footprint))
        }
        _ => None,
    }
}

/// By its name or by what it sells.
fn is_called(store: &Value, name: &str) -> bool {
    ["name", "industry"].iter().any(|key| {
        let text = store[*key].as_str().unwrap_or("").to_lowercase();
        text.contains(&name.to_lowercase())
    })
}

fn point(position: &Value) -> (f64, f64) {
    let degrees = |index: usize| position[index].as_f64().unwrap_or(0.0) / 1e7;
    (degrees(0), degrees(1))
}

fn is_near_lon(store: &Value, degrees: f64) -> bool {
    let away = (point(&store["position"]).1 - degrees).rem_euclid(360.0);
    away.min(360.0 - away) < 1.0
}

/// Whether a store's position lies inside its footprint: crossings of the line to the east.
fn is_in_its_footprint(store: &Value) -> bool {
    let (lat, lon) = point(&store["position"]);
    let corners: Vec<(f64, f64)> =
        store["footprint"].as_array().into_iter().flatten().map(point).collect();
    let sides = corners.iter().zip(corners.iter().cycle().skip(1));
    let crossed = sides.filter(|((lat_a, lon_a), (lat_b, lon_b))| {
        (*lat_a > lat) != (*lat_b > lat)
            && lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
    });
    corners.is_empty() || crossed.count() % 2 == 1
}

/// `claim as of 2017-07-14`, `the claim of 2025 stays`.
fn dates(clause: &str, imported: &Imported) -> Option<bool> {
    if !clause.contains("claim") {
        return None;
    }
    let date =
        words(clause).into_iter().find(|word| word.starts_with("20") || word.starts_with("19"))?;
    let claims = imported.stores.iter().flat_map(|store| store["accepted"].as_array()).flatten();
    let days: Vec<String> = claims.map(|claim| day(claim["as_of"].as_i64().unwrap_or(0))).collect();
    Some(!days.is_empty() && days.iter().all(|day| day.starts_with(date)))
}

/// `YYYY-MM-DD` of milliseconds since 1970, by the civil calendar.
fn day(milliseconds: i64) -> String {
    let days = milliseconds.div_euclid(86_400_000) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{:02}", of_year - (153 * shifted + 2) / 5 + 1)
}

/// `USD, VES, EUR`.
fn currencies(clause: &str, imported: &Imported) -> Option<bool> {
    let mut expected = words(clause);
    let is_code = |word: &&str| word.len() == 3 && word.chars().all(|c| c.is_ascii_uppercase());
    if expected.is_empty() || !expected.iter().all(is_code) {
        return None;
    }
    let currencies = imported.stores.iter().filter_map(|store| store["currency"].as_str());
    let mut found: Vec<&str> = currencies.collect();
    expected.sort_unstable();
    found.sort_unstable();
    if expected.len() == 1 {
        found.dedup();
    }
    Some(found == expected)
}

/// `B keeps its id and beacon`: every store that was there before is there after, as it was.
fn kept(clause: &str, imported: &Imported) -> Option<bool> {
    let (names, _) =
        clause.split_once(" keeps its ").or_else(|| clause.split_once(" keep their "))?;
    let names = words(names);
    let same = |before: &&Value| {
        imported
            .stores
            .iter()
            .any(|after| ["name", "id", "beacon"].iter().all(|key| after[*key] == before[*key]))
    };
    let mut named = imported
        .before
        .iter()
        .filter(|store| names.iter().any(|name| store["name"] == *name))
        .peekable();
    Some(named.peek().is_some() && named.all(|before| same(&before)))
}

/// `no claim`, `says nothing`: nothing is accepted and nothing refused.
fn silent(clause: &str, imported: &Imported) -> Option<bool> {
    let is_about = ["no claim", "no claims", "says nothing", "nothing said"];
    is_about.iter().any(|about| clause.starts_with(about)).then(|| {
        let mut claims =
            imported.stores.iter().flat_map(|store| store["accepted"].as_array()).flatten();
        claims.all(|claim| claim["acceptance"] == "unknown")
    })
}

/// `not taken`, `left out and counted`, `skipped with a reason`, `counted`.
fn left_out(clause: &str, imported: &Imported) -> Option<bool> {
    let none = imported.stores.is_empty();
    match clause {
        "not taken" => Some(none),
        "counted" => Some(is_told_more(imported)),
        "as in CSV" => Some(true),
        _ if clause.contains("left out") || clause.contains("skipped") => {
            Some(none && is_told_more(imported))
        }
        _ => None,
    }
}

/// Whether the program said more than the counts of an import at which all went well.
fn is_told_more(imported: &Imported) -> bool {
    let plain = ["read", "taken", "payments", "footprints", "currency"];
    let is_head = |line: &str| line.contains("(source ");
    !imported.succeeded
        || imported.output.lines().any(|line| {
            let first = line.split_whitespace().next().unwrap_or("");
            !first.is_empty() && !plain.contains(&first) && !line.contains('%') && !is_head(line)
        })
}

/// `"line 3"`, `Shift_JIS named once`, `feature 1 named`, `a word is said`, `told`.
fn said(clause: &str, imported: &Imported) -> Option<bool> {
    let output = imported.output.to_lowercase();
    if let Some(quoted) = clause.split('"').nth(1) {
        return Some(output.contains(&quoted.to_lowercase()));
    }
    if let Some((named, rest)) = clause.split_once(" named") {
        let count = output.matches(&named.to_lowercase()).count();
        return Some(if rest.contains("once") { count == 1 } else { count > 0 });
    }
    if let Some((_, named)) = clause.split_once(" names the ") {
        return Some(output.contains(&named.to_lowercase()));
    }
    let is_about = ["told", "a word", "a word is said", "said"].contains(&clause);
    is_about.then(|| is_told_more(imported))
}

/// An address, as it stands in one.
fn written(clause: &str, imported: &Imported) -> Option<bool> {
    let has_number = clause.chars().any(|c| c.is_ascii_digit());
    let is_sentence = ["shifted", "claim", "line"].iter().any(|word| clause.contains(word));
    if !has_number || is_sentence {
        return None;
    }
    let mut addresses = imported.stores.iter().flat_map(|store| store["address"].as_object());
    Some(addresses.any(|address| {
        address.values().any(|part| part.as_str().is_some_and(|part| part.contains(clause)))
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Imported, day, holds};

    fn store(name: &str) -> Value {
        json!({"name": name, "id": name, "beacon": [1, 2], "industry": "shop=mall",
            "currency": "USD", "position": [5_000_000, 1_799_990_000],
            "address": {"street": "代沢4丁目27-15"}, "footprint": [],
            "accepted": [{"scheme": "visa", "channel": "contactless", "acceptance": "accepted",
                "as_of": 1_500_000_000_000_i64}]})
    }

    #[test]
    fn what_words_say_of_an_import_is_held_or_left_to_a_person() {
        let imported = Imported {
            stores: vec![store("A"), store("B")],
            before: vec![store("B")],
            output: "list.csv (source list)\n  read       3\n  skipped    1: line 3: no place"
                .into(),
            succeeded: true,
        };
        for (right, expected) in [
            ("2 stores, both with footprint", Some(false)),
            ("2 or 3 stores, line 3 named", Some(true)),
            ("\"line 3\"", Some(true)),
            ("\"line 4\"", Some(false)),
            ("not taken, or skipped with a reason", Some(false)),
            ("USD", Some(true)),
            ("USD, EUR", Some(false)),
            ("代沢4丁目27-15", Some(true)),
            ("claim as of 2017-07-14", Some(true)),
            ("the claim of 2025 stays, or a word is said", Some(true)),
            ("B keeps its id and beacon", Some(true)),
            ("near lon 180; mall has no footprint", Some(true)),
            ("visa accepted; amex unknown", Some(true)),
            ("no claim, counted", Some(false)),
            ("1 store", Some(false)),
            ("it feels right", None),
        ] {
            assert_eq!(holds(right, &imported), expected, "{right}");
        }
    }

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(951_782_400_000), "2000-02-29");
        assert_eq!(day(1_500_000_000_000), "2017-07-14");
    }
}
