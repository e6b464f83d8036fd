use std::collections::BTreeMap;

use domain::{Bssid, Position, Source, Timestamp};

use super::{
    osm::{Tags, address, claims, industry, payment_checked},
    record::Record,
};

/// What holds for every record of a list.
#[derive(Clone, Debug)]
pub struct About {
    /// What must be shown with them.
    pub attribution: String,
    /// Their licence.
    pub licence: String,
    /// When what they say was true, unless they say it themselves.
    pub as_of: Timestamp,
}

/// Access points kept of one store.
const MAX_ACCESS_POINTS: usize = 16;

/// Why a record of a list is left out.
pub const NO_STORE: &str = "neither a name nor a kind of store";

/// A store out of a list that is not OpenStreetMap's but uses its keys: `name`, `brand`, `shop`,
/// `amenity`, `tourism` (or `industry`, free text), `addr:*`, `phone`, `level`, `payment:*`,
/// `access_points` (addresses with `;` between them), and `id`, the list's own. `None` when it has neither a name nor a kind.
pub fn listed(
    tags: &Tags,
    reference: String,
    (position, footprint): (Position, Vec<Position>),
    about: &About,
) -> Option<Record> {
    let name = tags.first(&["name", "brand"]);
    let industry = industry(tags.iter()).unwrap_or_else(|| tags.first(&["industry"]));
    if name.is_empty() && industry.is_empty() {
        return None;
    }
    let id = tags.first(&["id"]);
    let reference = if id.is_empty() { reference } else { id };
    let as_of = payment_checked(tags, about.as_of).unwrap_or(about.as_of);
    let mut strange = BTreeMap::new();
    let accepted = claims(tags.iter(), Source::Register, as_of, &mut strange);
    Some(Record {
        reference: reference.chars().take(255).collect(),
        name,
        industry,
        address: address(tags),
        phone: tags.first(&["phone", "contact:phone", "contact:mobile"]),
        position,
        footprint,
        level: tags.first(&["level"]),
        accepted,
        access_points: access_points(tags, &mut strange),
        strange,
        attribution: about.attribution.clone(),
        licence: about.licence.clone(),
    })
}

/// The addresses that are any; the others are counted among what was not understood.
fn access_points(tags: &Tags, strange: &mut BTreeMap<String, u64>) -> Vec<Bssid> {
    let listed = tags.first(&["access_points"]);
    let named = listed.split(';').map(str::trim).filter(|text| !text.is_empty());
    let mut known = Vec::new();
    for text in named {
        match Bssid::parse(text) {
            Some(address) if known.len() < MAX_ACCESS_POINTS => known.push(address),
            Some(_) => break,
            None => *strange.entry("access_points".to_owned()).or_default() += 1,
        }
    }
    known
}
