//! A made-up city, as a list of stores, and a day of it.

use rand::{Rng as _, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

/// Its middle, degrees.
pub const MIDDLE: (f64, f64) = (41.9, 12.5);

/// All of it is nearer.
pub const RADIUS_M: u32 = 9_000;

/// How far stores are from the middle, degrees; most are near it.
const WIDE: (f64, f64) = (0.07, 0.09);

const KINDS: [(&str, &str); 14] = [
    ("shop", "clothes"),
    ("amenity", "restaurant"),
    ("amenity", "cafe"),
    ("shop", "convenience"),
    ("amenity", "bar"),
    ("shop", "hairdresser"),
    ("amenity", "fast_food"),
    ("amenity", "pharmacy"),
    ("shop", "supermarket"),
    ("shop", "bakery"),
    ("shop", "jewelry"),
    ("shop", "tobacco"),
    ("shop", "shoes"),
    ("shop", "greengrocer"),
];

const PAYMENTS: [&str; 7] = [
    "payment:visa",
    "payment:mastercard",
    "payment:american_express",
    "payment:cash",
    "payment:contactless",
    "payment:jcb",
    "payment:maestro",
];

const SYLLABLES: [&str; 24] = [
    "ba", "co", "di", "fe", "ga", "li", "lo", "ma", "mi", "na", "ne", "no", "pa", "ri", "ro", "sa",
    "se", "ta", "ti", "to", "va", "ve", "vi", "zo",
];

/// The city as it is on some day.
pub struct City {
    random: ChaCha8Rng,
    chains: Vec<String>,
    streets: Vec<String>,
    next: u32,
    stores: Vec<Value>,
}

impl City {
    /// So many stores, made from `seed`.
    pub fn of(stores: u32, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let chains = (0..40).map(|_| word(&mut random, 3)).collect();
        let streets = (0..600).map(|_| format!("Via {}", word(&mut random, 4))).collect();
        let mut city = Self { random, chains, streets, next: 0, stores: Vec::new() };
        for _ in 0..stores {
            let store = city.store();
            city.stores.push(store);
        }
        city
    }

    /// All of it, a feature a line.
    pub fn lines(&self) -> String {
        lines(&self.stores)
    }

    /// A day on which one store in a hundred changed: of five one closed, one is new, three say something
    /// else. Those that changed or are new, a feature a line.
    pub fn day(&mut self) -> String {
        let mut changed = Vec::new();
        for nth in 0..(self.stores.len() / 100).max(1) {
            let at = self.random.random_range(0..self.stores.len());
            match nth % 5 {
                0 => drop(self.stores.swap_remove(at)),
                1 => {
                    let store = self.store();
                    changed.push(store.clone());
                    self.stores.push(store);
                }
                _ => changed.extend(self.changed(at)),
            }
        }
        lines(&changed)
    }

    /// The same without a store that closes.
    pub fn quiet_day(&mut self) -> String {
        let many = (self.stores.len() / 100).max(1);
        let changed = (0..many).filter_map(|_| {
            let at = self.random.random_range(0..self.stores.len());
            self.changed(at)
        });
        lines(&changed.collect::<Vec<_>>())
    }

    fn changed(&mut self, at: usize) -> Option<Value> {
        let said = self.payments();
        let store = self.stores.get_mut(at)?;
        let properties = store.get_mut("properties")?.as_object_mut()?;
        properties.retain(|key, _| !key.starts_with("payment:"));
        properties.extend(said);
        Some(store.clone())
    }

    fn store(&mut self) -> Value {
        let random = &mut self.random;
        let mut off = |wide: f64| {
            let sum: f64 = (0..3).map(|_| random.random_range(-1.0..1.0)).sum();
            sum / 3.0 * wide
        };
        let (lat, lon) = (MIDDLE.0 + off(WIDE.0), MIDDLE.1 + off(WIDE.1));
        // A block has a few streets of its own, and a quarter one postal code.
        let block =
            ((lat * 400.0) as usize * 31 + (lon * 300.0) as usize * 17) % self.streets.len();
        let quarter = ((lat * 60.0) as u32 * 7 + (lon * 60.0) as u32) % 90;
        let mut properties = Map::new();
        let mut put = |key: &str, value: String| properties.insert(key.to_owned(), value.into());
        let (key, kind) = KINDS[skewed(random, KINDS.len())];
        put(key, kind.to_owned());
        let name = if random.random_bool(0.15) {
            self.chains[skewed(random, self.chains.len())].clone()
        } else {
            let syllables = random.random_range(2..5);
            format!("{} {}", word(random, 2), word(random, syllables))
        };
        put("name", name);
        let street = (block + random.random_range(0..4)) % self.streets.len();
        put("addr:street", self.streets[street].clone());
        put("addr:housenumber", random.random_range(1..200).to_string());
        put("addr:postcode", format!("00{:03}", 100 + quarter));
        put("addr:city", "Roma".to_owned());
        put("addr:country", "IT".to_owned());
        if random.random_bool(0.6) {
            put("phone", format!("+39 06 {:07}", random.random_range(0..10_000_000)));
        }
        let corners = if random.random_bool(0.35) { random.random_range(4..9) } else { 0 };
        let mut corner = |nth: u32| {
            let turn = f64::from(nth) / f64::from(corners) * std::f64::consts::TAU;
            let metres = random.random_range(6.0..14.0);
            [e7(lon + turn.cos() * metres / 83_000.0), e7(lat + turn.sin() * metres / 111_000.0)]
        };
        let mut outline: Vec<_> = (0..corners).map(&mut corner).collect();
        let geometry = if let Some(first) = outline.first().copied() {
            outline.push(first);
            json!({ "type": "Polygon", "coordinates": [outline] })
        } else {
            json!({ "type": "Point", "coordinates": [e7(lon), e7(lat)] })
        };
        properties.extend(self.payments());
        let id = format!("{:08x}", self.random.next_u32() ^ self.next);
        self.next += 1;
        json!({ "type": "Feature", "id": id, "properties": properties, "geometry": geometry })
    }

    /// What a store says that it takes: half of them say nothing.
    fn payments(&mut self) -> Map<String, Value> {
        let random = &mut self.random;
        if random.random_bool(0.5) {
            return Map::new();
        }
        let said = PAYMENTS.iter().filter_map(|key| {
            let says = random.random_bool(0.5);
            let answer = if random.random_bool(0.85) { "yes" } else { "no" };
            says.then(|| ((*key).to_owned(), answer.into()))
        });
        said.collect()
    }
}

fn lines(stores: &[Value]) -> String {
    stores.iter().map(|store| format!("{store}\n")).collect()
}

fn e7(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// The first are more frequent than the last.
fn skewed(random: &mut ChaCha8Rng, count: usize) -> usize {
    let part: f64 = random.random_range(0.0..1.0);
    // Below the count: the part is below one.
    (part * part * count as f64) as usize
}

fn word(random: &mut ChaCha8Rng, syllables: usize) -> String {
    let mut syllable = || SYLLABLES[random.random_range(0..SYLLABLES.len())];
    let word: String = (0..syllables).map(|_| syllable()).collect();
    word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
}
