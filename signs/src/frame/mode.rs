//! How strictly a frame is read.

/// How strictly a frame must keep its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A frame has exactly the length of its format and lies within its structure.
    #[default]
    Strict,
    /// Two faults seen in the field are forgiven: an AltBeacon whose structure ends before the
    /// manufacturer's reserved byte, and an encrypted TLM whose structure ends before salt and
    /// check value. An identity is never read from beyond its structure.
    Lenient,
}
