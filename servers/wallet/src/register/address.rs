//! The address of a store out of its tags, in the order of its country.

use domain::Address;

use super::{country::Country, tags::Tags};

/// Countries that write the house number before the street (ISO 3166 alpha-2).
const NUMBER_FIRST: [&str; 47] = [
    "AU", "BD", "BM", "BS", "CA", "CI", "DZ", "EG", "FR", "GB", "GF", "GG", "GH", "GI", "GP", "GU",
    "HK", "IE", "IL", "IM", "IN", "JE", "JM", "KE", "LK", "LU", "MA", "MC", "MQ", "MT", "MY", "NC",
    "NG", "NZ", "PF", "PH", "PK", "PR", "RE", "SG", "SN", "TH", "TN", "US", "VI", "VN", "ZA",
];

/// The address that the tags `addr:*` give; its country is the one they name.
pub fn address(tags: &Tags, country: &Country) -> Address {
    let street = match tags.get("addr:street") {
        Some(street) => with_number(street, &tags.first(&["addr:housenumber"]), country.code),
        None if country.code == "JP" => block(tags),
        None => {
            let place = tags.first(&["addr:place", "addr:neighbourhood", "addr:quarter"]);
            let number = tags.first(&["addr:housenumber", "addr:block_number"]);
            with_number(&place, &number, country.code)
        }
    };
    Address {
        street: if street.is_empty() { tags.first(&["addr:full"]) } else { street },
        postal_code: tags.first(&["addr:postcode"]),
        city: tags.first(&["addr:city"]),
        country: country.said().to_owned(),
    }
}

fn with_number(street: &str, number: &str, country: &str) -> String {
    match (street.is_empty(), number.is_empty()) {
        (true, _) => String::new(),
        (false, true) => street.to_owned(),
        (false, false) if NUMBER_FIRST.contains(&country) => format!("{number} {street}"),
        (false, false) => format!("{street} {number}"),
    }
}

/// A Japanese address has no street: quarter, its part (丁目), block and house follow each other.
fn block(tags: &Tags) -> String {
    let parts = ["addr:place", "addr:quarter", "addr:neighbourhood"];
    let place: String = parts.iter().filter_map(|key| tags.get(key)).collect();
    let numbers = ["addr:block_number", "addr:housenumber"];
    let numbers: Vec<&str> = numbers.iter().filter_map(|key| tags.get(key)).collect();
    if place.is_empty() { String::new() } else { place + &numbers.join("-") }
}

/// The store's telephone number as the source wrote it.
pub fn phone(tags: &Tags) -> String {
    tags.first(&["phone", "contact:phone", "contact:mobile"])
}

#[cfg(test)]
mod tests {
    use domain::Position;

    use super::*;

    /// The street of an address in the sea, so that only its tags say where it is.
    fn street(tags: &[(&str, &str)]) -> String {
        let sea = Position::from_degrees(-48.9, -123.4).unwrap();
        let tags: Tags = tags.iter().copied().collect();
        address(&tags, &Country::of(&tags, sea)).street
    }

    #[test]
    fn the_house_number_stands_where_the_country_writes_it() {
        for (country, expected) in [
            ("IT", "Main 5"),
            ("DE", "Main 5"),
            ("CA", "5 Main"),
            ("Canada", "5 Main"),
            ("United States", "5 Main"),
            ("UK", "5 Main"),
            ("FR", "5 Main"),
            ("", "Main 5"),
        ] {
            let tags =
                [("addr:street", "Main"), ("addr:housenumber", "5"), ("addr:country", country)];
            assert_eq!(street(&tags), expected, "{country}");
        }
    }

    #[test]
    fn a_country_that_only_the_position_tells_orders_the_address_and_is_not_put_in_it() {
        let toronto = Position::from_degrees(43.65, -79.38).unwrap();
        let tags = Tags::from_iter([("addr:street", "Queen St W"), ("addr:housenumber", "5")]);
        let address = address(&tags, &Country::of(&tags, toronto));
        assert_eq!((address.street.as_str(), address.country.as_str()), ("5 Queen St W", ""));
    }

    #[test]
    fn the_parts_of_a_japanese_address_are_joined() {
        let tags = [
            ("addr:country", "JP"),
            ("addr:city", "世田谷区"),
            ("addr:quarter", "代沢"),
            ("addr:neighbourhood", "4丁目"),
            ("addr:block_number", "27"),
            ("addr:housenumber", "15"),
        ];
        assert_eq!(street(&tags), "代沢4丁目27-15");
        assert_eq!(street(&tags[..5]), "代沢4丁目27");
        assert_eq!(street(&[tags[0], tags[2], tags[5]]), "代沢15");
        assert_eq!(street(&[tags[0], ("addr:full", "代沢")]), "代沢");
        assert_eq!(street(&[tags[0], ("addr:street", "Main"), tags[5]]), "Main 15");
        assert_eq!(street(&[tags[4], tags[5]]), "");
    }
}
