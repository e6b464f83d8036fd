//! A merchant-presented code, taken apart.

use super::{AmountError, LengthUnit, Object, Tag, TlvError, minor_units, networks, tlv};

/// LankaQR's number: network 1, bank 4, sub-acquirer 3, merchant 16, terminal 4.
const LANKAQR_LEN: usize = 28;

/// A code, cut into its data objects. Which rules it breaks stands beside it, in
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
    /// The national system whose template it is, if known (`tanqr`, `ke-qr`). It names the rules of
    /// the template and no network: which wallets and banks can pay is the country's to say.
    pub system: Option<&'static str>,
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
    /// The code under the assumption that the lengths of its objects count `unit`.
    pub(super) fn of(text: &'a str, unit: LengthUnit) -> Result<Self, TlvError> {
        let objects = tlv::objects(text, unit)?;
        let mut templates = Templates { around: unit, bytes_seen: unit == LengthUnit::Bytes };
        let value = |tag| first(&objects, tag);
        let country = value(Tag::COUNTRY);
        let accounts = objects.iter().filter(|object| object.tag.is_account());
        let accounts = accounts.map(|object| account(object, country, &mut templates)).collect();
        let additional = value(Tag::ADDITIONAL).map(|value| templates.read(value));
        let language = value(Tag::LANGUAGE).map(|value| templates.read(value));
        let unreserved = objects
            .iter()
            .filter(|object| object.tag.is_unreserved())
            .map(|object| Unreserved { tag: object.tag, body: templates.read(object.value) })
            .collect();
        let length_unit =
            if templates.bytes_seen { LengthUnit::Bytes } else { LengthUnit::Characters };
        Ok(Self { objects, length_unit, accounts, additional, language, unreserved })
    }

    /// All data objects of the code, in their order.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// What the lengths count: bytes if those of the code or of any template do.
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

    /// LankaQR's number, which stands in place of the GUID, in another object or without objects.
    pub(super) fn lankaqr_number(&self) -> Option<&'a str> {
        let is_number = |value: &&str| {
            value.len() == LANKAQR_LEN && value.bytes().all(|digit| digit.is_ascii_digit())
        };
        let objects = match &self.body {
            AccountBody::Template(objects) => objects.as_slice(),
            AccountBody::Opaque => &[],
            AccountBody::Primitive => return None,
        };
        objects.iter().map(|object| object.value).chain([self.value]).find(is_number)
    }

    /// The value of an object of the template.
    pub fn sub(&self, tag: u8) -> Option<&'a str> {
        match &self.body {
            AccountBody::Template(objects) => first(objects, Tag(tag)),
            AccountBody::Primitive | AccountBody::Opaque => None,
        }
    }
}

/// Reads templates and remembers whether one of them counts bytes.
struct Templates {
    around: LengthUnit,
    bytes_seen: bool,
}

impl Templates {
    fn objects<'a>(&mut self, value: &'a str) -> Option<Vec<Object<'a>>> {
        let (objects, unit) = tlv::template(value, self.around)?;
        self.bytes_seen |= unit == LengthUnit::Bytes;
        Some(objects)
    }

    fn read<'a>(&mut self, value: &'a str) -> Template<'a> {
        self.objects(value).map_or(Template::Opaque(value), Template::Objects)
    }
}

impl<'a> Template<'a> {
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

fn account<'a>(
    object: &Object<'a>,
    country: Option<&str>,
    templates: &mut Templates,
) -> Account<'a> {
    let Object { tag, value } = *object;
    let (mut network, mut system) = (None, None);
    let body = if !tag.is_account_template() {
        network = networks::of_tag(tag, country);
        AccountBody::Primitive
    } else if let Some(objects) = templates.objects(value) {
        if let Some(guid) = first(&objects, Tag(0)) {
            (network, system) = networks::of_guid(tag, guid, country);
        }
        AccountBody::Template(objects)
    } else {
        AccountBody::Opaque
    };
    let account = Account { tag, value, body, network, system };
    let is_lankaqr = country == Some("LK") && account.lankaqr_number().is_some();
    Account { network: network.or(is_lankaqr.then_some("lankaqr")), ..account }
}
