//! Marks that issuers print where the specification wants a value and they have none.

/// Words for *nothing*, in any case.
const WORDS: [&str; 4] = ["N/A", "NULL", "NONE", "UNDEFINED"];

/// Whether a name, city, postal code or country says nothing: `***`, `-`, zeros, `NA`.
pub(crate) fn is_filler(value: &str) -> bool {
    let value = value.trim();
    let is_mark = |letter: char| letter == '0' || letter == ' ' || letter.is_ascii_punctuation();
    // `NA` in capital letters alone: Na is a name.
    value == "NA"
        || value.chars().all(is_mark)
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether a city is no more than the code of its country, in two letters or in three.
pub(super) fn is_country_code(city: &str, country: &str) -> bool {
    let city = city.trim();
    let is_code = (2..=3).contains(&city.len()) && city.bytes().all(|b| b.is_ascii_uppercase());
    // Nearly every code of three letters begins with the one of two.
    is_code && country.len() == 2 && city.starts_with(country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_for_nothing_are_no_values_and_short_names_are() {
        for mark in ["", " ", "0", "00", "00000-000", "***", "-", ".", "NA", "n/a", "null"] {
            assert!(is_filler(mark), "{mark:?}");
        }
        for name in ["A", "Na", "007", "O", "1", "ñ", "寿", "🍜"] {
            assert!(!is_filler(name), "{name:?}");
        }
    }

    #[test]
    fn a_countrys_code_is_no_city() {
        assert!(is_country_code("CO", "CO") && is_country_code("BRA", "BR"));
        assert!(!is_country_code("Hue", "HU") && !is_country_code("CALI", "CA"));
    }
}
