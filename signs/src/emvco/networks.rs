//! Which network an account belongs to: the table of data objects 02 to 25, the table of GUIDs,
//! and the rules of countries whose codes have no GUID of their own.

use super::Tag;

/// Networks of the primitive account objects (specification, table 4.1).
const BY_TAG: [(u8, u8, &str); 6] = [
    (2, 3, "visa"),
    (4, 5, "mastercard"),
    (9, 10, "discover"),
    (11, 12, "amex"),
    (13, 14, "jcb"),
    (15, 16, "unionpay"),
];

/// GUID in capital letters, and the network. `None` marks a record that is no network.
const BY_GUID: [(&str, Option<&str>); 35] = [
    // NPCI: UPI, BharatQR
    ("A000000524", Some("upi")),
    ("A0000006150001", Some("duitnow")),
    // PromptPay: credit transfer, bill payment, acquirer routing, customer presented
    ("A000000677010111", Some("promptpay")),
    ("A000000677010112", Some("promptpay")),
    ("A000000677010113", Some("promptpay")),
    ("A000000677010114", Some("promptpay")),
    ("A000000727", Some("vietqr")),
    ("A000000775", Some("vnpay")),
    ("A005266284662577", Some("lao-qr")),
    ("BR.GOV.BCB.PIX", Some("pix")),
    // the draft's GUID, still printed
    ("BR.GOV.BCB.SPI", Some("pix")),
    // Argentina's interoperable QR
    ("COM.AGR", Some("ar-t30")),
    ("COM.ALIPAY.OPENAPI", Some("alipay")),
    ("COM.GRAB", Some("grabpay")),
    ("COM.MERCADOLIBRE", Some("ar-t30")),
    ("COM.MYFAVE", Some("favepay")),
    ("COM.P2PQRPAY", Some("qrph")),
    ("COM.QQ.WEIXIN.PAY", Some("wechatpay")),
    ("COM.REMOPAY", Some("remopay")),
    ("COM.SPR", Some("ar-t30")),
    ("COM.TODOPAGO", Some("ar-t30")),
    ("COOP.SIPAGO", Some("ar-t30")),
    // RID D410000001
    ("D4100000014010", Some("kr-zeropay")),
    ("FONEPAY.COM", Some("fonepay")),
    ("HK.COM.HKICL", Some("fps-hk")),
    ("ID.CO.QRIS.WWW", Some("qris")),
    ("ID.OR.GPNQR.WWW", Some("qris")),
    // the services a store takes are in JPQR's register, not in the code
    ("JP.OR.PAYMENTSJAPAN", Some("jpqr")),
    ("NG.COM.NIBSSPLC.QR", Some("nqr")),
    ("PH.PPMI.P2M", Some("qrph")),
    ("SG.COM.DASH.WWW", Some("singtel-dash")),
    ("SG.COM.EZLINK", Some("ezlink")),
    ("SG.COM.NETS", Some("nets")),
    ("SG.PAYNOW", Some("paynow")),
    // the SGQR register's record: a store's address
    ("SG.SGQR", None),
];

/// LankaQR: network 1, bank 4, sub-acquirer 3, merchant 16, terminal 4.
const LANKAQR_LEN: usize = 28;

/// The network of a primitive account object. India gives objects that EMVCo reserves a meaning of
/// its own: RuPay, and a bank code (IFSC) with an account.
pub(super) fn of_tag(tag: Tag, country: Option<&str>) -> Option<&'static str> {
    match (tag.0, country) {
        (6 | 7, Some("IN")) => Some("rupay"),
        (8, Some("IN")) => Some("in-account-ifsc"),
        (number, _) => BY_TAG
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&number))
            .map(|(_, _, network)| *network),
    }
}

/// The network of an account template.
pub(super) fn of_guid(tag: Tag, guid: &str, country: Option<&str>) -> Option<&'static str> {
    if let Some((_, network)) = BY_GUID.iter().find(|(known, _)| known.eq_ignore_ascii_case(guid)) {
        return *network;
    }
    match country {
        // Bakong puts the account itself, `name@bank`, where the GUID belongs.
        _ if matches!(tag.0, 29 | 30) && guid.contains('@') => Some("khqr"),
        // Each acquirer writes its own domain, and every wallet of QRIS can pay.
        Some("ID") => Some("qris"),
        Some("LK") if is_lankaqr(guid) => Some("lankaqr"),
        _ => None,
    }
}

/// The network of an account object whose value is no template.
pub(super) fn of_opaque(value: &str, country: Option<&str>) -> Option<&'static str> {
    (country == Some("LK") && is_lankaqr(value)).then_some("lankaqr")
}

fn is_lankaqr(value: &str) -> bool {
    value.len() == LANKAQR_LEN && value.bytes().all(|digit| digit.is_ascii_digit())
}

/// Networks whose scheme id is written otherwise.
const SCHEMES: [(&str, &str); 5] = [
    ("wechatpay", "wechat_pay"),
    ("fps-hk", "fps"),
    ("singtel-dash", "dash"),
    ("lao-qr", "laoqr"),
    ("kr-zeropay", "zeropay"),
];

/// The scheme id of a network, by which payment methods are matched; `None` for networks that are
/// no scheme of their own (Argentina's interoperable QR, a bank account, LankaQR, RemoPay). JPQR
/// is one, but which services its store takes stands in a register, not in the code.
pub fn scheme(network: &str) -> Option<&str> {
    if matches!(network, "ar-t30" | "in-account-ifsc" | "lankaqr" | "remopay") {
        return None;
    }
    let other = SCHEMES.iter().find(|(known, _)| *known == network);
    Some(other.map_or(network, |(_, scheme)| *scheme))
}
