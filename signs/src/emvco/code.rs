//! A merchant-presented code, taken apart.

use super::{AmountError, LengthUnit, Object, Tag, TlvError, minor_units, networks, tlv};

/// A code whose data objects were told apart. Which rules it breaks stands beside it, in
/// [`super::Reading`]; it may be anything from perfect to a fraud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantCode<'a> {
    objects: Vec<Object<'a>>,
    length_unit: LengthUnit,
    accounts: Vec<Account<'a>>,
    additional: Option<Template<'a>>,
    language: Option<Template<'a>>,
    unreserved: Vec<Unreserved<'a>>,
}

/// A merchant account information object (02 to 51).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account<'a> {
    /// Its id.
    pub tag: Tag,
    /// Its value as it stands.
    pub value: &'a str,
    /// Its value, taken apart.
    pub body: AccountBody<'a>,
    /// The network it belongs to, if known: the ids are those of [`super::scheme`] and some that
    /// are no scheme of their own.
    pub network: Option<&'static str>,
}

/// The value of an account object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountBody<'a> {
    /// 02 to 25: a value of the card network.
    Primitive,
    /// 26 to 51: objects, of which 00 is the globally unique identifier.
    Template(Vec<Object<'a>>),
    /// 26 to 51 against the specification: a value that is not objects.
    Opaque,
}

/// The value of object 62 or 64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template<'a> {
    /// Objects.
    Objects(Vec<Object<'a>>),
    /// Against the specification: a value that is not objects.
    Opaque(&'a str),
}

/// An unreserved template (80 to 99), free for anyone with an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreserved<'a> {
    /// Its id.
    pub tag: Tag,
    /// Its value, taken apart.
    pub body: Template<'a>,
}

/// Point of initiation method (01).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiation {
    /// 11: one code for many payments, as on a sticker.
    Static,
    /// 12: a new code for each payment, as on a screen.
    Dynamic,
}

impl<'a> MerchantCode<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, TlvError> {
        let (objects, length_unit) = match tlv::objects(text, LengthUnit::Characters) {
            Ok(objects) => (objects, LengthUnit::Characters),
            Err(error) if text.is_ascii() => return Err(error),
            // Some issuers count bytes; only non-ASCII text can show it.
            Err(error) => {
                (tlv::objects(text, LengthUnit::Bytes).or(Err(error))?, LengthUnit::Bytes)
            }
        };
        let value = |tag| first(&objects, tag);
        let country = value(Tag::COUNTRY);
        let accounts =
            objects.iter().filter(|object| object.tag.is_account()).map(|o| account(o, country));
        let unreserved = objects
            .iter()
            .filter(|object| object.tag.is_unreserved())
            .map(|object| Unreserved { tag: object.tag, body: Template::of(object.value) });
        Ok(Self {
            accounts: accounts.collect(),
            additional: value(Tag::ADDITIONAL).map(Template::of),
            language: value(Tag::LANGUAGE).map(Template::of),
            unreserved: unreserved.collect(),
            objects,
            length_unit,
        })
    }

    /// All data objects of the code, in their order.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// What the lengths count.
    pub fn length_unit(&self) -> LengthUnit {
        self.length_unit
    }

    /// The value of the first object with this id.
    pub fn value(&self, tag: Tag) -> Option<&'a str> {
        first(&self.objects, tag)
    }

    /// Point of initiation method; `None` if absent or unknown.
    pub fn initiation(&self) -> Option<Initiation> {
        match self.value(Tag::INITIATION)? {
            "11" => Some(Initiation::Static),
            "12" => Some(Initiation::Dynamic),
            _ => None,
        }
    }

    /// The accounts, in their order.
    pub fn accounts(&self) -> &[Account<'a>] {
        &self.accounts
    }

    /// The networks of the accounts, each once, in their order. An empty answer means *unknown*,
    /// not *none*: the scheme may be one this crate has no name for.
    pub fn networks(&self) -> Vec<&'static str> {
        let mut networks = Vec::new();
        for network in self.accounts.iter().filter_map(|account| account.network) {
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        networks
    }

    /// Additional data field template (62).
    pub fn additional(&self) -> Option<&Template<'a>> {
        self.additional.as_ref()
    }

    /// Merchant information, language template (64).
    pub fn language(&self) -> Option<&Template<'a>> {
        self.language.as_ref()
    }

    /// Unreserved templates (80 to 99).
    pub fn unreserved(&self) -> &[Unreserved<'a>] {
        &self.unreserved
    }

    /// The amount in minor units of its currency; `None` if the customer types it.
    pub fn amount_minor(&self) -> Option<Result<i64, AmountError>> {
        Some(minor_units(self.value(Tag::AMOUNT)?, self.value(Tag::CURRENCY)))
    }

    /// The account template with this GUID.
    pub fn account(&self, guid: &str) -> Option<&Account<'a>> {
        self.accounts.iter().find(|account| account.has_guid(guid))
    }
}

impl<'a> Account<'a> {
    /// The globally unique identifier of a template.
    pub fn guid(&self) -> Option<&'a str> {
        self.sub(0)
    }

    /// Whether the template has this GUID; case does not count.
    pub fn has_guid(&self, guid: &str) -> bool {
        self.guid().is_some_and(|own| own.eq_ignore_ascii_case(guid))
    }

    /// The value of an object of the template.
    pub fn sub(&self, tag: u8) -> Option<&'a str> {
        match &self.body {
            AccountBody::Template(objects) => first(objects, Tag(tag)),
            AccountBody::Primitive | AccountBody::Opaque => None,
        }
    }
}

impl<'a> Template<'a> {
    fn of(value: &'a str) -> Self {
        tlv::template(value).map_or(Self::Opaque(value), Self::Objects)
    }

    /// The objects; none if the value is not objects.
    pub fn objects(&self) -> &[Object<'a>] {
        match self {
            Self::Objects(objects) => objects,
            Self::Opaque(_) => &[],
        }
    }

    /// The value of the first object with this id.
    pub fn value(&self, tag: u8) -> Option<&'a str> {
        first(self.objects(), Tag(tag))
    }
}

fn first<'a>(objects: &[Object<'a>], tag: Tag) -> Option<&'a str> {
    objects.iter().find(|object| object.tag == tag).map(|object| object.value)
}

fn account<'a>(object: &Object<'a>, country: Option<&str>) -> Account<'a> {
    let Object { tag, value } = *object;
    let (body, network) = if !tag.is_account_template() {
        (AccountBody::Primitive, networks::of_tag(tag, country))
    } else if let Some(objects) = tlv::template(value) {
        let network =
            first(&objects, Tag(0)).and_then(|guid| networks::of_guid(tag, guid, country));
        (AccountBody::Template(objects), network)
    } else {
        (AccountBody::Opaque, networks::of_opaque(value, country))
    };
    Account { tag, value, body, network }
}
