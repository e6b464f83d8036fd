//! A store's claims as the one text that its row holds: `scheme channel source acceptance as_of` of
//! each in their order, parted by commas.

use domain::{Claim, SchemeId, Timestamp};
use server_kit::{DatabaseError, damaged, from_word, word};

use super::damaged::named_if_damaged;

/// The text of `claims`.
///
/// # Errors
/// When a claim has no words for what it says.
pub fn write<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Result<String, DatabaseError> {
    let lines: Result<Vec<_>, DatabaseError> = claims.into_iter().map(line).collect();
    Ok(lines?.join(","))
}

fn line(
    Claim { scheme, channel, source, acceptance, as_of }: &Claim,
) -> Result<String, DatabaseError> {
    let (channel, source, acceptance) = (word(channel)?, word(source)?, word(acceptance)?);
    Ok(format!("{scheme} {channel} {source} {acceptance} {}", as_of.0))
}

/// The claims of a text. A damaged one is left out: it must not hide the others.
pub fn read(text: &str) -> impl Iterator<Item = Claim> {
    text.split_terminator(',').filter_map(|line| named_if_damaged(claim(line)))
}

fn claim(line: &str) -> Result<Claim, DatabaseError> {
    let mut words = line.split(' ');
    let mut next = |column| words.next().ok_or_else(|| damaged(column));
    Ok(Claim {
        scheme: SchemeId::new(next("scheme")?).map_err(|_| damaged("scheme"))?,
        channel: from_word(next("channel")?, "channel")?,
        source: from_word(next("source")?, "source")?,
        acceptance: from_word(next("acceptance")?, "acceptance")?,
        as_of: Timestamp(next("as_of")?.parse().map_err(|_| damaged("as_of"))?),
    })
}

#[cfg(test)]
mod tests {
    use domain::{Acceptance, Channel, Source};

    use super::*;

    fn claim(scheme: &str, source: Source, as_of: i64) -> Claim {
        Claim {
            scheme: SchemeId::new(scheme).unwrap(),
            channel: Channel::Contactless,
            acceptance: Acceptance::Refused,
            source,
            as_of: Timestamp(as_of),
        }
    }

    #[test]
    fn claims_that_were_written_are_read_as_they_were() {
        for claims in [
            Vec::new(),
            vec![claim("visa", Source::OpenStreetMap, -1)],
            vec![claim("visa", Source::Store, i64::MAX), claim("a_new_one", Source::Code, 0)],
        ] {
            let text = write(&claims).unwrap();
            assert_eq!(read(&text).collect::<Vec<_>>(), claims, "{text}");
        }
    }

    #[test]
    fn a_damaged_claim_hides_no_other() {
        let good = [claim("visa", Source::Store, 1), claim("jcb", Source::Store, 2)];
        let (first, last) = (write(&good[..1]).unwrap(), write(&good[1..]).unwrap());
        for damaged in
            ["", " ", "visa", "visa smell store accepted 1", "visa scan store accepted x"]
        {
            let text = format!("{first},{damaged},{last}");
            assert_eq!(read(&text).collect::<Vec<_>>(), good, "{text}");
        }
    }
}
