//! Joins the parts of a message that was split over several symbols (ISO/IEC 18004:2015, 8).

use super::reading::Code;

/// Every message whose parts are all there becomes one code, in the place of its first part; parts
/// of incomplete messages stay as they are.
pub(super) fn joined(mut codes: Vec<Code>) -> Vec<Code> {
    for first in 0..codes.len() {
        let Some(parts) = codes.get(first).and_then(|code| parts(&codes, code)) else { continue };
        let Some(whole) = join(&parts) else { continue };
        let of_message = |code: &Code| parts.contains(code);
        let mut rest: Vec<Code> = codes.iter().filter(|code| !of_message(code)).cloned().collect();
        rest.push(whole);
        codes = rest;
        return joined(codes);
    }
    codes
}

/// All parts of the message that `one` belongs to, in order; `None` when one is missing or two
/// contradict each other.
fn parts(codes: &[Code], one: &Code) -> Option<Vec<Code>> {
    let sought = one.part?;
    (0..sought.of)
        .map(|index| {
            let wanted = super::content::Part { index, ..sought };
            let mut same = codes.iter().filter(|code| code.part == Some(wanted));
            let part = same.next()?;
            same.all(|other| other.bytes == part.bytes).then(|| part.clone())
        })
        .collect()
}

/// `None` when the bytes do not have the parity their parts announce: parts of two messages.
fn join(parts: &[Code]) -> Option<Code> {
    let first = parts.first()?;
    let bytes: Vec<u8> = parts.iter().flat_map(|part| &part.bytes).copied().collect();
    let parity = bytes.iter().fold(0, |parity, byte| parity ^ byte);
    (first.part?.parity == parity).then_some(())?;
    // A character may be split between two parts.
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => parts.iter().map(|part| part.text.as_str()).collect(),
    };
    Some(Code { bytes, text, part: None, ..first.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::content::Part;
    use super::super::strategy::Strategy;
    use super::*;

    fn part(bytes: &[u8], index: u8, of: u8, parity: u8) -> Code {
        Code {
            bytes: bytes.to_vec(),
            text: String::from_utf8_lossy(bytes).into_owned(),
            part: Some(Part { index, of, parity }),
            corners: [(f32::from(index), 0.0); 4],
            strategy: Strategy::Whole,
        }
    }

    #[test]
    fn parts_in_any_order_become_the_whole_message() {
        let parity = "né".bytes().fold(0, |all, byte| all ^ byte);
        let codes = joined(vec![part(b"\xa9", 1, 2, parity), part(b"n\xc3", 0, 2, parity)]);
        assert_eq!(codes.len(), 1);
        assert_eq!((codes[0].text.as_str(), codes[0].part), ("né", None));
    }

    #[test]
    fn an_incomplete_message_and_one_of_wrong_parity_stay_parts() {
        let alone = vec![part(b"ab", 0, 2, 7)];
        assert_eq!(joined(alone.clone()), alone);
        let strangers = vec![part(b"ab", 0, 2, 7), part(b"cd", 1, 2, 7)];
        assert_eq!(joined(strangers.clone()), strangers);
    }
}
