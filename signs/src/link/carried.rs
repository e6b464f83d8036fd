//! Payment codes inside links: some acquirers print an EMVCo code as the end of a link of their own,
//! so that a camera without a payment app opens a page.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::emvco::{Crc, MAX_TEXT};

/// How every EMVCo code begins: its payload format indicator.
const BEGINNING: &str = "000201";
/// Objects 63 that are tried as the code's end. A code has one; its values may look like more.
const MOST_ENDS: usize = 16;
/// Id and length of object 63, and its value.
const END: &str = "6304";
const CHECKSUM_LEN: usize = 4;

/// The payment code that a web address carries in its path or its query, as it stands or with
/// percent-encoding; any other text as it is. Only a code whose checksum is right counts. The
/// address itself is not opened and says nothing: such a code is as little proven as any other.
///
/// ```
/// use signs::{Sign, link::carried_code, read};
///
/// let link = "https://pay.example/?qr=00020126420014br.gov.bcb.pix0120loja@exemplo.example\
///             5204000053039865802BR5904DEMO6009SAO+PAULO6304C4D5";
/// assert!(matches!(read(link), Sign::ForeignLink { .. }));
/// assert!(matches!(read(&carried_code(link)), Sign::Emvco(_)));
/// ```
pub fn carried_code(text: &str) -> Cow<'_, str> {
    if text.len() > MAX_TEXT || !is_web_address(text) {
        return Cow::Borrowed(text);
    }
    let Some((_, carried)) = text.find(BEGINNING).and_then(|at| text.split_at_checked(at)) else {
        return Cow::Borrowed(text);
    };
    if let Some(code) = whole_code(carried) {
        return Cow::Borrowed(code);
    }
    let decoded = percent_decode_str(carried).decode_utf8_lossy();
    let blanks = carried.replace('+', " ");
    let form = percent_decode_str(&blanks).decode_utf8_lossy();
    let code = whole_code(&decoded).or_else(|| whole_code(&form));
    code.map_or(Cow::Borrowed(text), |code| Cow::Owned(code.to_owned()))
}

fn is_web_address(text: &str) -> bool {
    text.trim_start().split_once("://").is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

/// The text up to the first checksum that is right.
fn whole_code(text: &str) -> Option<&str> {
    text.match_indices(END).take(MOST_ENDS).find_map(|(at, _)| {
        let (code, _) = text.split_at_checked(at + END.len() + CHECKSUM_LEN)?;
        Crc::of(code).is_valid().then_some(code)
    })
}
