//! The messages of the PBF format (`fileformat.proto`, `osmformat.proto`), as far as they are read.

/// Says of the blob after it what it is and how long.
#[derive(Clone, PartialEq, prost::Message)]
pub struct BlobHeader {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(int32, tag = "3")]
    pub size: i32,
}

/// A block, compressed in one of several ways.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Blob {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub raw: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub zlib: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub lzma: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "5")]
    pub bzip2: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "6")]
    pub lz4: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "7")]
    pub zstd: Option<Vec<u8>>,
}

/// What a reader of the file must understand.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Header {
    #[prost(string, repeated, tag = "4")]
    pub required_features: Vec<String>,
}

/// Elements, with the table their texts are in.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Block {
    #[prost(message, optional, tag = "1")]
    pub strings: Option<Strings>,
    #[prost(message, repeated, tag = "2")]
    pub groups: Vec<Group>,
    /// Nanodegrees in one unit of a position.
    #[prost(int32, optional, tag = "17")]
    pub granularity: Option<i32>,
    /// Milliseconds in one unit of a date.
    #[prost(int32, optional, tag = "18")]
    pub date_granularity: Option<i32>,
    #[prost(int64, tag = "19")]
    pub lat_offset: i64,
    #[prost(int64, tag = "20")]
    pub lon_offset: i64,
}

/// Texts, by their place.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Strings {
    #[prost(bytes = "vec", repeated, tag = "1")]
    pub texts: Vec<Vec<u8>>,
}

/// Elements of one kind.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Group {
    #[prost(message, repeated, tag = "1")]
    pub nodes: Vec<Node>,
    #[prost(message, optional, tag = "2")]
    pub dense: Option<DenseNodes>,
    #[prost(message, repeated, tag = "3")]
    pub ways: Vec<Way>,
    #[prost(message, repeated, tag = "4")]
    pub relations: Vec<Relation>,
}

/// When an element was edited.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Info {
    #[prost(int64, tag = "2")]
    pub timestamp: i64,
}

/// One node.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Node {
    #[prost(sint64, tag = "1")]
    pub id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub values: Vec<u32>,
    #[prost(message, optional, tag = "4")]
    pub info: Option<Info>,
    #[prost(sint64, tag = "8")]
    pub lat: i64,
    #[prost(sint64, tag = "9")]
    pub lon: i64,
}

/// Nodes column by column, each number the difference to the one before it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DenseNodes {
    #[prost(sint64, repeated, tag = "1")]
    pub ids: Vec<i64>,
    #[prost(message, optional, tag = "5")]
    pub info: Option<DenseInfo>,
    #[prost(sint64, repeated, tag = "8")]
    pub lats: Vec<i64>,
    #[prost(sint64, repeated, tag = "9")]
    pub lons: Vec<i64>,
    /// Key, value, key, value, then 0, node by node; empty when no node has a tag.
    #[prost(int32, repeated, tag = "10")]
    pub tags: Vec<i32>,
}

/// When the nodes were edited. Every column of the format's `DenseInfo` may be missing, whichever
/// others are there.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DenseInfo {
    #[prost(sint64, repeated, tag = "2")]
    pub timestamps: Vec<i64>,
}

/// A line or an area.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Way {
    #[prost(int64, tag = "1")]
    pub id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub values: Vec<u32>,
    #[prost(message, optional, tag = "4")]
    pub info: Option<Info>,
    #[prost(sint64, repeated, tag = "8")]
    pub refs: Vec<i64>,
    /// Where its nodes are, in files with the feature `LocationsOnWays`.
    #[prost(sint64, repeated, tag = "9")]
    pub lats: Vec<i64>,
    #[prost(sint64, repeated, tag = "10")]
    pub lons: Vec<i64>,
}

/// Members with their roles.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Relation {
    #[prost(int64, tag = "1")]
    pub id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub values: Vec<u32>,
    #[prost(message, optional, tag = "4")]
    pub info: Option<Info>,
    #[prost(int32, repeated, tag = "8")]
    pub roles: Vec<i32>,
    #[prost(sint64, repeated, tag = "9")]
    pub members: Vec<i64>,
    /// 0 for a node, 1 for a way, 2 for a relation.
    #[prost(int32, repeated, tag = "10")]
    pub kinds: Vec<i32>,
}
