//! What a place is: a store, one that is closed, or something else.

use domain::Timestamp;

use super::{tags::day, text::plain};

/// What the tags of a place make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A store, and what it sells: `shop=bakery`, `amenity=restaurant;bar`.
    Store(String),
    /// It would be a store, but it is no more or not yet one.
    Closed,
    /// A named place of a kind that is not taken: `amenity=bank`.
    Other(String),
    /// Nothing that has a till.
    None,
}

/// Amenities where one pays for what one gets.
const AMENITIES: [&str; 21] = [
    "bar",
    "biergarten",
    "cafe",
    "car_rental",
    "car_wash",
    "casino",
    "cinema",
    "dentist",
    "fast_food",
    "food_court",
    "fuel",
    "ice_cream",
    "internet_cafe",
    "marketplace",
    "nightclub",
    "pharmacy",
    "post_office",
    "pub",
    "restaurant",
    "theatre",
    "veterinary",
];

/// Kinds of `tourism` with a desk where one pays.
const TOURISM: [&str; 8] =
    ["aquarium", "guest_house", "hostel", "hotel", "motel", "museum", "theme_park", "zoo"];

/// The keys that say what a place sells, the one that counts most first.
const KEYS: [&str; 3] = ["shop", "amenity", "tourism"];

/// Further keys whose places are named when they are left out.
const OTHER_KEYS: [&str; 4] = ["craft", "healthcare", "leisure", "office"];

/// Words that are no kind of shop but say that there is none.
const NO_SHOP: [&str; 3] = ["", "no", "none"];

/// States in which a place is not open, as a key with the value `yes`, as a value, or before the
/// key they speak of (`disused:shop`).
const GONE: [&str; 15] = [
    "abandoned",
    "closed",
    "construction",
    "demolished",
    "destroyed",
    "disused",
    "empty",
    "former",
    "planned",
    "proposed",
    "razed",
    "removed",
    "ruins",
    "vacant",
    "was",
];

/// The longest kind kept, characters.
const MAX_KIND: usize = 255;

/// What a place with these tags is at `now`.
pub fn kind(tags: &[(&str, &str)], now: Timestamp) -> Kind {
    let mut other = None;
    let mut closed = false;
    for key in KEYS {
        let Some(value) = value(tags, key) else { continue };
        let words = words(value);
        let sold: Vec<&str> = words
            .iter()
            .filter(|word| sells(key, word) && !is_gone_before(tags, key, word))
            .map(String::as_str)
            .collect();
        if !sold.is_empty() {
            let kind = format!("{key}={}", sold.join(";"));
            let closed = is_over(tags, now);
            let kind = plain(&kind).chars().take(MAX_KIND).collect();
            return if closed { Kind::Closed } else { Kind::Store(kind) };
        }
        closed |= words.iter().any(|word| GONE.contains(&word.as_str()))
            || words.iter().any(|word| sells(key, word));
        other = other.or_else(|| words.first().map(|word| format!("{key}={word}")));
    }
    if closed {
        return Kind::Closed;
    }
    let further = || {
        OTHER_KEYS
            .iter()
            .find_map(|key| Some(format!("{key}={}", words(value(tags, key)?).first()?)))
    };
    let named = tags.iter().any(|(key, _)| *key == "name" || key.starts_with("payment:"));
    match other.or_else(further) {
        Some(kind) if named => Kind::Other(plain(&kind).chars().take(MAX_KIND).collect()),
        _ => Kind::None,
    }
}

fn value<'a>(tags: &[(&'a str, &'a str)], key: &str) -> Option<&'a str> {
    tags.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
}

/// The words of a list, without blanks and in small letters.
fn words(value: &str) -> Vec<String> {
    let words = value.split(';').map(|word| word.trim().to_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

fn sells(key: &str, word: &str) -> bool {
    match key {
        "shop" => !NO_SHOP.contains(&word) && !GONE.contains(&word),
        "amenity" => AMENITIES.contains(&word),
        _ => TOURISM.contains(&word),
    }
}

/// Whether a second tag says of this very word that it is over: `shop=bakery` beside
/// `disused:shop=bakery`. Another word there was there before.
fn is_gone_before(tags: &[(&str, &str)], key: &str, word: &str) -> bool {
    let gone = |name: &str| {
        name.split_once(':').is_some_and(|(state, of)| of == key && GONE.contains(&state))
    };
    tags.iter().any(|(name, value)| gone(name) && words(value).iter().any(|was| was == word))
}

/// Whether the whole place is no more, or not yet, what it is.
fn is_over(tags: &[(&str, &str)], now: Timestamp) -> bool {
    tags.iter().any(|(key, value)| {
        let value = value.trim();
        match *key {
            "end_date" => day(value).is_some_and(|end| end <= now),
            "start_date" | "opening_date" => day(value).is_some_and(|start| start > now),
            "opening_hours" => ["closed", "off"].contains(&value.to_lowercase().as_str()),
            key => GONE.contains(&key) && value.eq_ignore_ascii_case("yes"),
        }
    })
}

/// Whether the element is a building with walls.
pub fn is_building(tags: &[(&str, &str)]) -> bool {
    let value = value(tags, "building").map(|value| value.trim().to_lowercase());
    value.is_some_and(|value| {
        !matches!(value.as_str(), "" | "no" | "roof") && !GONE.contains(&value.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22.
    const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_305_600);

    fn of(tags: &[(&str, &str)]) -> Kind {
        kind(tags, NOW)
    }

    #[test]
    fn a_list_is_a_store_when_one_of_its_words_is() {
        for (tags, expected) in [
            (&[("amenity", "restaurant;bar")][..], "amenity=restaurant;bar"),
            (&[("amenity", "parking; fuel")], "amenity=fuel"),
            (&[("amenity", " Cafe ")], "amenity=cafe"),
            (&[("tourism", "attraction;museum")], "tourism=museum"),
            (&[("shop", "clothes;shoes")], "shop=clothes;shoes"),
            (&[("shop", "vacant;bakery")], "shop=bakery"),
            (&[("shop", "no"), ("amenity", "pub")], "amenity=pub"),
            (&[("amenity", "pub"), ("shop", "alcohol")], "shop=alcohol"),
        ] {
            assert_eq!(of(tags), Kind::Store(expected.to_owned()), "{tags:?}");
        }
    }

    #[test]
    fn a_store_that_is_closed_is_none() {
        for tags in [
            &[("amenity", "pub"), ("disused", "yes")][..],
            &[("shop", "toys"), ("abandoned", "Yes")],
            &[("shop", "toys"), ("demolished", "yes")],
            &[("shop", "Vacant")],
            &[("shop", "vacant ")],
            &[("shop", "disused")],
            &[("shop", "closed")],
            &[("shop", "empty")],
            &[("shop", "toys"), ("end_date", "2025-03")],
            &[("shop", "toys"), ("opening_date", "2027-01-01")],
            &[("shop", "toys"), ("disused:shop", "toys")],
            &[("amenity", "cafe"), ("abandoned:amenity", "cafe")],
        ] {
            assert_eq!(of(tags), Kind::Closed, "{tags:?}");
        }
    }

    #[test]
    fn what_was_there_before_does_not_close_what_is_there_now() {
        for tags in [
            &[("shop", "toys"), ("disused:shop", "books")][..],
            &[("shop", "toys"), ("disused", "no")],
            &[("shop", "toys"), ("end_date", "2027")],
            &[("shop", "toys"), ("start_date", "1890")],
            &[("shop", "toys"), ("end_date", "unknown")],
            &[("shop", "toys"), ("was:amenity", "bank"), ("demolished:building", "yes")],
        ] {
            assert_eq!(of(tags), Kind::Store("shop=toys".to_owned()), "{tags:?}");
        }
    }

    #[test]
    fn a_named_place_of_another_kind_is_told_and_a_bench_is_not() {
        assert_eq!(of(&[("amenity", "bank"), ("name", "B")]), Kind::Other("amenity=bank".into()));
        assert_eq!(of(&[("office", "tax"), ("name", "B")]), Kind::Other("office=tax".into()));
        assert_eq!(of(&[("amenity", "bench")]), Kind::None);
        assert_eq!(of(&[("abandoned:amenity", "pub"), ("name", "B")]), Kind::None);
        assert_eq!(of(&[("shop", "no")]), Kind::None);
        assert!(is_building(&[("building", "Retail")]));
        assert!(!is_building(&[("building", "demolished")]) && !is_building(&[("shop", "x")]));
    }
}
