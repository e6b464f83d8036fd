//! What a code does against the specification, by name.

use super::Tag;
use std::fmt;

/// A breach of the specification. `Display` gives its name, in which object ids have two digits
/// (`missing:59`, `zero_length:62.01`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// `zero_length`: an object without a value.
    ZeroLength(ObjectPath),
    /// `duplicate`: a second object with the same id. Which one is meant is unknown.
    Duplicate(ObjectPath),
    /// `00_not_first`: the payload format indicator does not begin the code.
    FirstNot00,
    /// `63_not_last`: the checksum does not end the code.
    LastNot63,
    /// `pfi_not_01`: an unknown payload format.
    PayloadFormat,
    /// `missing`: a mandatory object.
    Missing(ObjectPath),
    /// `missing:02-51`: no account at all.
    MissingAccount,
    /// `bad`: a value of the wrong form.
    Bad(ObjectPath),
    /// `zero_amount:54`: an amount of zero.
    ZeroAmount,
    /// `cond`: a fee without the indicator that asks for it, or the other way round.
    Condition(Tag),
    /// `too_long`: a value longer than its object allows.
    TooLong(ObjectPath),
    /// `emvco_reserved_used`: an account object that EMVCo keeps for itself.
    ReservedUsed(Tag),
    /// `template_not_tlv`: an account template whose value is not objects.
    TemplateNotTlv(Tag),
    /// `template_no_guid`: an account template without its identifier.
    TemplateNoGuid(Tag),
    /// `unreserved_no_guid`: a template of 80 to 99 without its identifier.
    UnreservedNoGuid(Tag),
    /// `over_512`: more characters than the specification recommends.
    Over512,
    /// `length_in_bytes`: the lengths count bytes instead of characters.
    LengthInBytes,
}

/// An object, or an object within a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectPath {
    /// The object's id.
    pub tag: Tag,
    /// The id within the template.
    pub sub: Option<Tag>,
}

impl ObjectPath {
    pub(super) fn of(tag: Tag) -> Self {
        Self { tag, sub: None }
    }

    pub(super) fn within(tag: Tag, sub: Tag) -> Self {
        Self { tag, sub: Some(sub) }
    }
}

impl Breach {
    /// Whether the code is ambiguous, so that it must never lead to a payment.
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::Duplicate(_) | Self::FirstNot00 | Self::LastNot63)
    }
}

impl fmt::Display for ObjectPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sub {
            Some(sub) => write!(out, "{}.{sub}", self.tag),
            None => self.tag.fmt(out),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroLength(path) => write!(out, "zero_length:{path}"),
            Self::Duplicate(path) => write!(out, "duplicate:{path}"),
            Self::FirstNot00 => out.write_str("00_not_first"),
            Self::LastNot63 => out.write_str("63_not_last"),
            Self::PayloadFormat => out.write_str("pfi_not_01"),
            Self::Missing(path) => write!(out, "missing:{path}"),
            Self::MissingAccount => out.write_str("missing:02-51"),
            Self::Bad(path) => write!(out, "bad:{path}"),
            Self::ZeroAmount => out.write_str("zero_amount:54"),
            Self::Condition(tag) => write!(out, "cond:{tag}"),
            Self::TooLong(path) => write!(out, "too_long:{path}"),
            Self::ReservedUsed(tag) => write!(out, "emvco_reserved_used:{tag}"),
            Self::TemplateNotTlv(tag) => write!(out, "template_not_tlv:{tag}"),
            Self::TemplateNoGuid(tag) => write!(out, "template_no_guid:{tag}"),
            Self::UnreservedNoGuid(tag) => write!(out, "unreserved_no_guid:{tag}"),
            Self::Over512 => out.write_str("over_512"),
            Self::LengthInBytes => out.write_str("length_in_bytes"),
        }
    }
}
