//! Reads the floor a map names.

/// The floor an OpenStreetMap-style `level` names, 0 = ground: of `0;1` and `1-2` the first, of
/// anything else none.
pub fn level(text: &str) -> Option<f32> {
    let first = text.split(';').next()?.trim();
    // A leading minus is a sign, a later one a range.
    let end =
        first.char_indices().skip(1).find(|(_, c)| *c == '-').map_or(first.len(), |(at, _)| at);
    let value: f32 = first.get(..end)?.parse().ok()?;
    (-20.0..=200.0).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn the_first_floor_of_a_list_or_range_counts() {
        for (text, floor) in
            [("0", 0.0), ("-1", -1.0), ("0;1", 0.0), ("1-2", 1.0), ("-2--1", -2.0), ("0.5", 0.5)]
        {
            assert_eq!(level(text), Some(floor), "{text}");
        }
    }

    #[test]
    fn what_is_no_floor_is_none() {
        for text in ["", "ground", "-", "NaN", "inf", "1e9", ";1"] {
            assert_eq!(level(text), None, "{text}");
        }
    }
}
