//! Country profiles: what the objects of an account template mean in each scheme.

use super::{Account, AccountBody, JPQR_GUID, LengthUnit, Tag, tlv};

/// An account under the rules of its scheme. Values are as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile<'a> {
    /// A card network's own value, which names a merchant.
    Card {
        /// The value.
        merchant: &'a str,
    },
    /// Japan: the store id of JPQR, see [`super::MerchantCode::jpqr`].
    Jpqr,
    /// Singapore: PayNow.
    PayNow {
        /// What the proxy is.
        proxy: Proxy,
        /// The proxy.
        value: &'a str,
        /// Whether the customer may change the amount.
        editable: bool,
        /// The last day, `YYYYMMDD`, some with a time; local time of Singapore.
        expires: Option<&'a str>,
    },
    /// Singapore: the SGQR register's record of the store, which is no network.
    Sgqr {
        /// The record's id.
        id: &'a str,
        /// Postal code of the counter.
        postal_code: Option<&'a str>,
        /// Floor.
        level: Option<&'a str>,
        /// Unit on the floor.
        unit: Option<&'a str>,
    },
    /// Thailand: PromptPay, credit transfer.
    PromptPay {
        /// What the proxy is.
        proxy: Proxy,
        /// The proxy; a phone number begins with `0066`.
        value: &'a str,
    },
    /// Thailand: PromptPay, bill payment.
    PromptPayBill {
        /// The biller.
        biller: &'a str,
        /// The bill.
        references: [Option<&'a str>; 2],
    },
    /// Indonesia: QRIS, at the acquirer or with the national id.
    Qris {
        /// Merchant's account number at the acquirer.
        account: Option<&'a str>,
        /// Merchant id: of the acquirer, or the national one in the template of QRIS itself.
        merchant: Option<&'a str>,
        /// Whether `merchant` is the national id.
        national: bool,
        /// Size of the business: `UMI`, `UKE`, `UME`, `UBE` or `URE`.
        criteria: Option<&'a str>,
        /// A transfer between persons (object 40).
        transfer: bool,
    },
    /// Malaysia: DuitNow QR.
    DuitNow {
        /// The acquirer.
        acquirer: &'a str,
        /// The merchant at the acquirer.
        merchant: Option<&'a str>,
    },
    /// Brazil: Pix.
    Pix {
        /// What the key is; with no key, a dynamic charge.
        key: Option<(Proxy, &'a str)>,
        /// Where the charge lies, without `https://`. It is not fetched here.
        url: Option<&'a str>,
    },
    /// Vietnam: VietQR of NAPAS.
    VietQr {
        /// The bank's number (BIN).
        bank: Option<&'a str>,
        /// Account or card.
        account: Option<&'a str>,
        /// `QRIBFTTA` to an account, `QRIBFTTC` to a card, `QRPUSH` to a merchant.
        service: Option<&'a str>,
    },
    /// Cambodia: KHQR.
    Khqr {
        /// The Bakong account, `name@bank`.
        account: &'a str,
        /// The merchant id; `None` for an individual.
        merchant: Option<&'a str>,
        /// Whether it is an individual's account (object 29).
        individual: bool,
    },
    /// Philippines: QR Ph.
    QrPh {
        /// The bank's code (BIC).
        bank: Option<&'a str>,
        /// The merchant's or the person's id.
        payee: Option<&'a str>,
        /// Whether it is a payment between persons.
        individual: bool,
    },
    /// India: BharatQR with a UPI address.
    Upi {
        /// The address, `name@bank`.
        address: &'a str,
        /// The smallest amount.
        minimum: Option<&'a str>,
    },
    /// India: the reference of a UPI payment (object 27).
    UpiReference {
        /// The reference.
        reference: &'a str,
    },
    /// Hong Kong: FPS.
    Fps {
        /// What the proxy is.
        proxy: Proxy,
        /// The proxy.
        value: &'a str,
    },
    /// Sri Lanka: LankaQR, 28 digits.
    LankaQr {
        /// The bank.
        bank: &'a str,
        /// The merchant.
        merchant: &'a str,
        /// The terminal.
        terminal: &'a str,
    },
}

/// What stands for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proxy {
    /// A phone number.
    Phone,
    /// A person's number: national id, tax number.
    Person,
    /// A company's number: entity number, tax number.
    Company,
    /// A mail address.
    Mail,
    /// An account of electronic money.
    Wallet,
    /// A bank account.
    BankAccount,
    /// A number or key that says nothing of its owner.
    Key,
}

impl<'a> Account<'a> {
    /// The account under the rules of its scheme; `None` for a scheme without a profile here, or
    /// when what the profile needs is missing.
    pub fn profile(&self) -> Option<Profile<'a>> {
        match (self.network, &self.body) {
            (Some(_), AccountBody::Primitive) => Some(Profile::Card { merchant: self.value }),
            (None, AccountBody::Template(_)) if self.has_guid("SG.SGQR") => Some(Profile::Sgqr {
                id: self.sub(1)?,
                postal_code: self.sub(3),
                level: self.sub(4),
                unit: self.sub(5),
            }),
            (Some("jpqr"), _) if self.has_guid(JPQR_GUID) => Some(Profile::Jpqr),
            (Some("paynow"), _) => self.paynow(),
            (Some("promptpay"), _) => self.promptpay(),
            (Some("qris"), _) => Some(Profile::Qris {
                account: self.sub(1),
                merchant: self.sub(2),
                national: self.has_guid("ID.CO.QRIS.WWW") || self.has_guid("ID.OR.GPNQR.WWW"),
                criteria: self.sub(3),
                transfer: self.tag == Tag(40),
            }),
            (Some("duitnow"), _) => {
                Some(Profile::DuitNow { acquirer: self.sub(1)?, merchant: self.sub(2) })
            }
            (Some("pix"), _) => {
                let key = self.sub(1).map(|key| (pix_key(key), key));
                Some(Profile::Pix { key, url: self.sub(25) })
            }
            (Some("vietqr"), _) => Some(self.vietqr()),
            (Some("khqr"), _) => Some(Profile::Khqr {
                account: self.guid()?,
                merchant: self.sub(1).filter(|_| self.tag == Tag(30)),
                individual: self.tag == Tag(29),
            }),
            (Some("qrph"), _) => Some(Profile::QrPh {
                bank: self.sub(1),
                payee: self.sub(3),
                individual: self.has_guid("com.p2pqrpay"),
            }),
            (Some("upi"), _) if self.tag == Tag(26) => {
                Some(Profile::Upi { address: self.sub(1)?, minimum: self.sub(2) })
            }
            (Some("upi"), _) => Some(Profile::UpiReference { reference: self.sub(1)? }),
            (Some("fps-hk"), _) => [(2, Proxy::Key), (3, Proxy::Phone), (4, Proxy::Mail)]
                .into_iter()
                .find_map(|(tag, proxy)| Some(Profile::Fps { proxy, value: self.sub(tag)? })),
            (Some("lankaqr"), _) => lankaqr(self.lankaqr_number()?),
            _ => None,
        }
    }

    fn paynow(&self) -> Option<Profile<'a>> {
        let proxy = match self.sub(1)? {
            "0" => Proxy::Phone,
            "1" => Proxy::Person,
            "2" => Proxy::Company,
            _ => Proxy::Key,
        };
        Some(Profile::PayNow {
            proxy,
            value: self.sub(2)?,
            editable: self.sub(3) == Some("1"),
            expires: self.sub(4),
        })
    }

    fn promptpay(&self) -> Option<Profile<'a>> {
        if self.has_guid("A000000677010112") {
            let references = [self.sub(2), self.sub(3)];
            return Some(Profile::PromptPayBill { biller: self.sub(1)?, references });
        }
        if !self.has_guid("A000000677010111") {
            return None;
        }
        [(1, Proxy::Phone), (2, Proxy::Person), (3, Proxy::Wallet), (4, Proxy::BankAccount)]
            .into_iter()
            .find_map(|(tag, proxy)| {
                let value = self.sub(tag)?;
                // A company's tax number begins with 0, a citizen's with 1 to 8.
                let is_company = proxy == Proxy::Person && value.starts_with('0');
                let proxy = if is_company { Proxy::Company } else { proxy };
                Some(Profile::PromptPay { proxy, value })
            })
    }

    /// Bank and account are a template within the template; the service stands beside it, or, as
    /// some issuers have it, within.
    fn vietqr(&self) -> Profile<'a> {
        let beneficiary =
            self.sub(1).and_then(|value| tlv::template(value, LengthUnit::Characters));
        let beneficiary = beneficiary.map(|(objects, _)| objects).unwrap_or_default();
        let within = |tag| {
            beneficiary.iter().find(|object| object.tag == Tag(tag)).map(|object| object.value)
        };
        Profile::VietQr {
            bank: within(0),
            account: within(1),
            service: self.sub(2).or_else(|| within(2)),
        }
    }
}

/// A Pix key: CPF and phone are a person's, CNPJ a company's.
fn pix_key(key: &str) -> Proxy {
    // The number as it is written on paper: 123.456.789-09, 12.ABC.345/01DE-35.
    let number: String = key.chars().filter(|c| !matches!(c, '.' | '/' | '-' | ' ')).collect();
    match key {
        _ if key.starts_with('+') => Proxy::Phone,
        _ if key.contains('@') => Proxy::Mail,
        _ if is_cpf(&number) => Proxy::Person,
        _ if is_cnpj(&number) => Proxy::Company,
        _ => Proxy::Key,
    }
}

/// A person's number in Brazil: 11 digits.
fn is_cpf(number: &str) -> bool {
    number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A company's number in Brazil: 12 digits or, since July 2026, also letters, and two check digits
/// (Receita Federal, Instrução Normativa 2.229/2024).
fn is_cnpj(number: &str) -> bool {
    number.split_at_checked(12).is_some_and(|(root, check)| {
        root.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && check.len() == 2
            && check.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Network 1, bank 4, sub-acquirer 3, merchant 16, terminal 4.
fn lankaqr(value: &str) -> Option<Profile<'_>> {
    Some(Profile::LankaQr {
        bank: value.get(1..5)?,
        merchant: value.get(8..24)?,
        terminal: value.get(24..28)?,
    })
}
