//! Writes small OpenStreetMap files, uncompressed, so that every byte of them can be damaged.
//! Field numbers are those of `osmformat.proto` and `fileformat.proto`.

/// An element: its id, tags, and what it is made of.
pub enum Element {
    /// Position in 1e-7 degrees.
    Node(i64, Vec<(&'static str, &'static str)>, i64, i64),
    /// Ids of its nodes.
    Way(i64, Vec<(&'static str, &'static str)>, Vec<i64>),
    /// Ids of its ways, all `outer`; one below zero is of a kind of member that does not exist, one
    /// from [`INNER`] on is the way with that much less, as `inner`.
    Relation(i64, Vec<(&'static str, &'static str)>, Vec<i64>),
}

/// What is added to the id of a way that runs round a hole.
pub const INNER: i64 = 1_000_000;

/// When every element was edited: 2020-01-01, seconds.
pub const EDITED: u64 = 1_577_836_800;

/// A file of these elements, one blob for each slice.
pub fn file(blobs: &[&[Element]]) -> Vec<u8> {
    let mut header = Vec::new();
    for feature in ["OsmSchema-V0.6", "DenseNodes"] {
        bytes(&mut header, 4, feature.as_bytes());
    }
    let mut file = blob("OSMHeader", &header);
    for elements in blobs {
        file.extend(blob("OSMData", &block(elements)));
    }
    file
}

/// A file whose header requires `feature`.
pub fn requiring(feature: &str) -> Vec<u8> {
    let mut header = Vec::new();
    bytes(&mut header, 4, feature.as_bytes());
    blob("OSMHeader", &header)
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let mut blob = Vec::new();
    bytes(&mut blob, 1, content);
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, blob.len() as u64);
    let size = u32::try_from(header.len()).unwrap();
    [&size.to_be_bytes()[..], &header, &blob].concat()
}

fn block(elements: &[Element]) -> Vec<u8> {
    let mut strings: Vec<&str> = vec!["", "outer", "inner"];
    let mut index = |text| {
        let known = strings.iter().position(|known| *known == text);
        known.unwrap_or_else(|| {
            strings.push(text);
            strings.len() - 1
        }) as u64
    };
    let mut groups = Vec::new();
    for element in elements {
        let mut message = Vec::new();
        let (id, tags) = match element {
            Element::Node(id, tags, ..)
            | Element::Way(id, tags, _)
            | Element::Relation(id, tags, _) => (*id, tags),
        };
        let is_node = matches!(element, Element::Node(..));
        number(&mut message, 1, if is_node { zigzag(id) } else { id as u64 });
        packed(&mut message, 2, tags.iter().map(|(key, _)| index(key)));
        packed(&mut message, 3, tags.iter().map(|(_, value)| index(value)));
        let mut info = Vec::new();
        number(&mut info, 2, EDITED);
        bytes(&mut message, 4, &info);
        let field = match element {
            Element::Node(_, _, lat, lon) => {
                number(&mut message, 8, zigzag(*lat));
                number(&mut message, 9, zigzag(*lon));
                1
            }
            Element::Way(_, _, refs) => {
                packed(&mut message, 8, deltas(refs));
                3
            }
            Element::Relation(_, _, ways) => {
                let ids: Vec<i64> = ways.iter().map(|way| way % INNER).collect();
                packed(&mut message, 8, ways.iter().map(|way| 1 + u64::from(*way >= INNER)));
                packed(&mut message, 9, deltas(&ids));
                packed(&mut message, 10, ways.iter().map(|way| if *way < 0 { 9 } else { 1 }));
                4
            }
        };
        let mut group = Vec::new();
        bytes(&mut group, field, &message);
        groups.push(group);
    }
    let mut table = Vec::new();
    strings.iter().for_each(|text| bytes(&mut table, 1, text.as_bytes()));
    let mut block = Vec::new();
    bytes(&mut block, 1, &table);
    groups.iter().for_each(|group| bytes(&mut block, 2, group));
    block
}

fn deltas(ids: &[i64]) -> impl Iterator<Item = u64> {
    let before = std::iter::once(&0).chain(ids);
    ids.iter().zip(before).map(|(id, before)| zigzag(id - before))
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

fn bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn packed(out: &mut Vec<u8>, field: u64, values: impl Iterator<Item = u64>) {
    let mut all = Vec::new();
    values.for_each(|value| varint(&mut all, value));
    bytes(out, field, &all);
}

/// A file of one dense node whose only metadata are versions and dates (seconds), and a way edited
/// at `way_edited`: the form of extracts without users.
pub fn dated(
    id: i64,
    tags: &[(&str, &str)],
    at: (i64, i64),
    edited: u64,
    way_edited: u64,
) -> Vec<u8> {
    let mut table = Vec::new();
    bytes(&mut table, 1, b"");
    tags.iter().for_each(|(key, value)| {
        bytes(&mut table, 1, key.as_bytes());
        bytes(&mut table, 1, value.as_bytes());
    });
    let mut info = Vec::new();
    packed(&mut info, 1, [1].into_iter());
    packed(&mut info, 2, (edited > 0).then(|| zigzag(edited as i64)).into_iter());
    let mut nodes = Vec::new();
    packed(&mut nodes, 1, [zigzag(id)].into_iter());
    bytes(&mut nodes, 5, &info);
    packed(&mut nodes, 8, [zigzag(at.0)].into_iter());
    packed(&mut nodes, 9, [zigzag(at.1)].into_iter());
    packed(&mut nodes, 10, (1..=2 * tags.len() as u64).chain([0]));
    let mut way = Vec::new();
    number(&mut way, 1, 5);
    let mut info = Vec::new();
    number(&mut info, 2, way_edited);
    bytes(&mut way, 4, &info);
    packed(&mut way, 8, deltas(&[1, 1]));
    let mut group = Vec::new();
    bytes(&mut group, 2, &nodes);
    let mut ways = Vec::new();
    bytes(&mut ways, 3, &way);
    [file(&[]), blob("OSMData", &of_groups(&table, &[group, ways]))].concat()
}

/// A file of one way with its corners in it (feature `LocationsOnWays`), whose nodes are not there.
pub fn located(tags: &[(&str, &str)], corners: &[(i64, i64)]) -> Vec<u8> {
    let mut header = Vec::new();
    for feature in ["OsmSchema-V0.6", "LocationsOnWays"] {
        bytes(&mut header, 4, feature.as_bytes());
    }
    let mut table = Vec::new();
    bytes(&mut table, 1, b"");
    tags.iter().for_each(|(key, value)| {
        bytes(&mut table, 1, key.as_bytes());
        bytes(&mut table, 1, value.as_bytes());
    });
    let closed = || corners.iter().chain(corners.first());
    let ids: Vec<i64> = (0..corners.len() as i64).chain([0]).map(|id| id + 10).collect();
    let lats: Vec<i64> = closed().map(|corner| corner.0).collect();
    let lons: Vec<i64> = closed().map(|corner| corner.1).collect();
    let mut way = Vec::new();
    number(&mut way, 1, 5);
    packed(&mut way, 2, (0..tags.len() as u64).map(|tag| 2 * tag + 1));
    packed(&mut way, 3, (0..tags.len() as u64).map(|tag| 2 * tag + 2));
    packed(&mut way, 8, deltas(&ids));
    packed(&mut way, 9, deltas(&lats));
    packed(&mut way, 10, deltas(&lons));
    let mut group = Vec::new();
    bytes(&mut group, 3, &way);
    [blob("OSMHeader", &header), blob("OSMData", &of_groups(&table, &[group]))].concat()
}

/// A file whose only data blob is packed with lz4.
pub fn lz4() -> Vec<u8> {
    let mut content = Vec::new();
    number(&mut content, 2, 9);
    bytes(&mut content, 6, b"whatever");
    let mut header = Vec::new();
    bytes(&mut header, 1, b"OSMData");
    number(&mut header, 3, content.len() as u64);
    let size = u32::try_from(header.len()).unwrap();
    [&file(&[])[..], &size.to_be_bytes(), &header, &content].concat()
}

fn of_groups(table: &[u8], groups: &[Vec<u8>]) -> Vec<u8> {
    let mut block = Vec::new();
    bytes(&mut block, 1, table);
    groups.iter().for_each(|group| bytes(&mut block, 2, group));
    block
}
