//! Why no frame was read.

/// Why no frame was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A foreign advertisement: none of its structures claims to be a format of this crate.
    #[error("no known format")]
    NoKnownFormat,
    /// As `NoKnownFormat`, and a structure runs past the end.
    #[error("a structure runs past the end")]
    AdLengthOverrun,
    /// Manufacturer data without a whole company id.
    #[error("manufacturer data without a whole company id")]
    ManufacturerDataShort,
    /// Service data without a whole 16-bit service UUID.
    #[error("service data without a whole service UUID")]
    ServiceDataShort,
    /// An iBeacon that is not 23 bytes long.
    #[error("iBeacon of a wrong length")]
    IBeaconLength,
    /// An AltBeacon that is not 24 bytes long.
    #[error("AltBeacon of a wrong length")]
    AltBeaconLength,
    /// Eddystone service data without a frame.
    #[error("Eddystone service data without a frame")]
    EmptyFrame,
    /// An Eddystone frame type that does not exist, or reserved bits that are set.
    #[error("unknown Eddystone frame type")]
    FrameType,
    /// A UID frame that is neither 20 nor (legacy) 18 bytes long.
    #[error("Eddystone-UID of a wrong length")]
    UidLength,
    /// A URL frame that is not 4 to 20 bytes long.
    #[error("Eddystone-URL of a wrong length")]
    UrlLength,
    /// A URL frame with a reserved byte.
    #[error("Eddystone-URL with a reserved byte")]
    UrlEncoding,
    /// A plain TLM frame that is not 14 bytes long.
    #[error("Eddystone-TLM of a wrong length")]
    TlmLength,
    /// A TLM frame of an unknown version.
    #[error("Eddystone-TLM of an unknown version")]
    TlmVersion,
    /// An encrypted TLM frame that is not 18 bytes long.
    #[error("encrypted Eddystone-TLM of a wrong length")]
    EtlmLength,
    /// An EID frame that is not 10 bytes long.
    #[error("Eddystone-EID of a wrong length")]
    EidLength,
}
