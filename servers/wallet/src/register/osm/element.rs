use domain::{Address, Timestamp};

/// The tags of an element that may be a store or a building.
#[derive(Clone, Debug, Default)]
pub struct Tags(Vec<(String, String)>);

/// Longest value kept, characters: OpenStreetMap's own limit.
const MAX_VALUE: usize = 255;

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(tags: I) -> Self {
        let cut = |text: &str| text.chars().take(MAX_VALUE).collect::<String>();
        let tags = tags.into_iter().map(|(key, value)| (cut(key.as_ref()), cut(value.as_ref())));
        Self(tags.collect())
    }
}

impl Tags {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The first of these that has a value, or nothing.
    pub fn first(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.get(key)).unwrap_or_default().trim().to_owned()
    }
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

/// What the element sells, as `key=value`; `None` when it is no store.
pub fn industry<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut found: Option<(u8, String)> = None;
    for (key, value) in tags {
        let rank = match key {
            "shop" if !matches!(value, "" | "no" | "vacant") => 0,
            "amenity" if AMENITIES.contains(&value) => 1,
            "tourism" if TOURISM.contains(&value) => 2,
            _ => continue,
        };
        if found.as_ref().is_none_or(|(known, _)| rank < *known) {
            let value: String = value.chars().take(MAX_VALUE).collect();
            found = Some((rank, format!("{key}={value}")));
        }
    }
    found.map(|(_, industry)| industry)
}

/// Whether the element is a building with walls.
pub fn is_building<'a>(mut tags: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    tags.any(|(key, value)| key == "building" && !matches!(value, "" | "no" | "roof"))
}

/// Countries that write the house number before the street (ISO 3166 alpha-2).
const NUMBER_FIRST: [&str; 16] = [
    "AU", "CA", "FR", "GB", "HK", "IE", "IL", "IN", "LU", "MA", "NZ", "PH", "SG", "TH", "US", "ZA",
];

pub fn address(tags: &Tags) -> Address {
    let country = tags.first(&["addr:country"]).to_ascii_uppercase();
    let country = if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        country
    } else {
        String::new()
    };
    let street = tags.first(&["addr:street", "addr:place", "addr:neighbourhood", "addr:quarter"]);
    let number = tags.first(&["addr:housenumber", "addr:block_number"]);
    let street = match (street.is_empty(), number.is_empty()) {
        (true, _) => tags.first(&["addr:full"]),
        (false, true) => street,
        (false, false) if NUMBER_FIRST.contains(&country.as_str()) => format!("{number} {street}"),
        (false, false) => format!("{street} {number}"),
    };
    Address {
        street,
        postal_code: tags.first(&["addr:postcode"]),
        city: tags.first(&["addr:city"]),
        country,
    }
}

/// When the payment tags were last looked at, as far as the element says.
pub fn payment_checked(tags: &Tags, now: Timestamp) -> Option<Timestamp> {
    let day = time::macros::format_description!("[year]-[month]-[day]");
    tags.iter()
        .filter(|(key, _)| key.starts_with("check_date:payment"))
        .filter_map(|(_, value)| time::Date::parse(value, &day).ok())
        .map(|date| Timestamp::from_unix_seconds(date.midnight().assume_utc().unix_timestamp()))
        .filter(|checked| *checked <= now)
        .max()
}
