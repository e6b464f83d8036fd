//! What kind of store it is, as far as that tells what it takes.

/// A kind of store: a chain's, or what it sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A store of a chain, whatever it sells.
    Chain,
    /// It serves food or drink.
    Eat,
    /// A farm's own.
    Farm,
    /// Petrol and the washing of cars.
    Fuel,
    /// Food to take home.
    Grocery,
    /// Medicines, teeth, animals.
    Health,
    /// A market of several stalls.
    Market,
    /// Everything else that is sold.
    Retail,
    /// Work done for the customer.
    Service,
    /// Beds.
    Stay,
    /// What is paid to be let in.
    Visit,
}

impl Class {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Chain, "chain"),
        (Self::Eat, "eat"),
        (Self::Farm, "farm"),
        (Self::Fuel, "fuel"),
        (Self::Grocery, "grocery"),
        (Self::Health, "health"),
        (Self::Market, "market"),
        (Self::Retail, "retail"),
        (Self::Service, "service"),
        (Self::Stay, "stay"),
        (Self::Visit, "visit"),
    ];

    /// The class of a store of this industry (`shop=bakery`, `amenity=restaurant;bar`).
    pub fn of(industry: &str, is_of_chain: bool) -> Self {
        if is_of_chain {
            return Self::Chain;
        }
        let (key, kinds) = industry.split_once('=').unwrap_or(("shop", industry));
        let kind = kinds.split(';').next().unwrap_or_default().trim();
        match (key, kind) {
            (
                "amenity",
                "bar" | "biergarten" | "cafe" | "fast_food" | "food_court" | "ice_cream"
                | "nightclub" | "pub" | "restaurant",
            ) => Self::Eat,
            ("amenity", "car_wash" | "fuel") => Self::Fuel,
            ("amenity", "clinic" | "dentist" | "doctors" | "pharmacy" | "veterinary") => {
                Self::Health
            }
            ("amenity", "marketplace") => Self::Market,
            ("amenity", "casino" | "cinema" | "theatre") => Self::Visit,
            ("shop", "farm") => Self::Farm,
            (
                "shop",
                "alcohol" | "bakery" | "beverages" | "butcher" | "cheese" | "chocolate" | "coffee"
                | "confectionery" | "convenience" | "dairy" | "deli" | "food" | "frozen_food"
                | "general" | "greengrocer" | "health_food" | "kiosk" | "newsagent" | "pasta"
                | "pastry" | "seafood" | "spices" | "supermarket" | "tea" | "tobacco" | "water"
                | "wine",
            ) => Self::Grocery,
            (
                "shop",
                "beauty" | "bicycle_repair" | "bookmaker" | "car_repair" | "copyshop"
                | "dry_cleaning" | "funeral_directors" | "hairdresser" | "hearing_aids" | "laundry"
                | "locksmith" | "lottery" | "massage" | "medical_supply" | "nails" | "optician"
                | "rental" | "shoe_repair" | "tailor" | "tattoo" | "ticket" | "travel_agency",
            ) => Self::Service,
            ("shop", _) => Self::Retail,
            (
                "tourism",
                "alpine_hut" | "apartment" | "camp_site" | "caravan_site" | "chalet"
                | "guest_house" | "hostel" | "hotel" | "motel",
            ) => Self::Stay,
            ("tourism" | "leisure", _) => Self::Visit,
            _ => Self::Service,
        }
    }

    /// Its word in tables.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(class, _)| *class == self).map_or("", |(_, word)| word)
    }

    /// The class of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(class, _)| *class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_a_chain_whatever_it_sells_and_an_unknown_trade_is_one_all_the_same() {
        assert_eq!(Class::of("amenity=restaurant;bar", false), Class::Eat);
        assert_eq!(Class::of("amenity=restaurant", true), Class::Chain);
        assert_eq!(Class::of("shop=clothes;shoes", false), Class::Retail);
        assert_eq!(Class::of("craft=brewery", false), Class::Service);
        assert_eq!(Class::of("", false), Class::Retail);
        for (class, word) in Class::ALL {
            assert_eq!(Class::of_word(word), Some(class));
        }
    }
}
