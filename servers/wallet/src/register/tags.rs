//! The tags of a place: text by key, as it came in, made safe to show.

use domain::Timestamp;

use super::text::plain;

/// The tags of an element that may be a store or a building.
#[derive(Clone, Debug, Default)]
pub struct Tags(Vec<(String, String)>);

/// The keys that say which chain a store is of.
pub const BRAND: [&str; 2] = ["brand", "brand:wikidata"];

/// Longest value kept, characters: OpenStreetMap's own limit.
const MAX_VALUE: usize = 255;

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(tags: I) -> Self {
        let cut = |text: &str| plain(text).chars().take(MAX_VALUE).collect::<String>();
        let tags = tags.into_iter().map(|(key, value)| (cut(key.as_ref()), cut(value.as_ref())));
        Self(tags.collect())
    }
}

impl Tags {
    /// The value of `key`; without the blanks around it; `None` when only blanks are left.
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = self.0.iter().find(|(known, _)| known == key)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The first of these that has a value, or nothing.
    pub fn first(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.get(key)).unwrap_or_default().to_owned()
    }
}

/// When the payment tags were last looked at, as far as the element says.
pub fn payment_checked(tags: &Tags, now: Timestamp) -> Option<Timestamp> {
    tags.iter()
        .filter(|(key, _)| key.starts_with("check_date:payment"))
        .filter_map(|(_, value)| day(value))
        .filter(|checked| *checked <= now)
        .max()
}

/// The beginning of a day, or of the month or year where no more is said: `2026-05-01`, `2026-05`,
/// `2026`.
pub fn day(text: &str) -> Option<Timestamp> {
    let mut parts = text.trim().splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month: u8 = parts.next().map_or(Some(1), |month| month.parse().ok())?;
    let day = parts.next().map_or(Some(1), |day| day.parse().ok())?;
    let date = time::Date::from_calendar_date(year, month.try_into().ok()?, day).ok()?;
    Some(Timestamp::from_unix_seconds(date.midnight().assume_utc().unix_timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_far_as_it_is_said() {
        let at = Timestamp::from_unix_seconds;
        assert_eq!(day("2026-05-01"), Some(at(1_777_593_600)));
        assert_eq!(day("2026-05"), day("2026-05-01"));
        assert_eq!(day(" 2026 "), day("2026-01-01"));
        for text in ["", "soon", "2026-13-01", "2026-02-30", "26-01-01", "~2026", "2026-01-01-01"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_blank_value_is_none_and_the_next_key_is_asked() {
        let tags = Tags::from_iter([("name", " \u{a0}"), ("brand", " Conad ")]);
        assert_eq!(tags.first(&["name", "brand"]), "Conad");
    }
}
