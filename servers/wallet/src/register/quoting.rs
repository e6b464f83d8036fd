//! The fields of a row of delimited text, with and without quotes (RFC 4180).

/// Why the quotes of a line are no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// One is opened and not closed.
    Open,
    /// Text follows one that closes.
    Stray,
}

/// The fields of a row.
///
/// # Errors
/// When its quotes are no good.
pub fn fields(row: &[u8], separator: u8) -> Result<Vec<Vec<u8>>, Quote> {
    let mut fields = Vec::new();
    let mut rest = Some(row);
    while let Some(row) = rest {
        let (field, after) = match row.trim_ascii_start() {
            [b'"', quoted @ ..] if separator != b'"' => quoted_field(quoted, separator)?,
            _ => plain_field(row, separator),
        };
        fields.push(field);
        rest = after;
    }
    Ok(fields)
}

/// A field without quotes, and what is behind its separator; `None` behind the last.
fn plain_field(row: &[u8], separator: u8) -> (Vec<u8>, Option<&[u8]>) {
    let mut parts = row.splitn(2, |byte| *byte == separator);
    let field = parts.next().unwrap_or_default();
    (field.to_vec(), parts.next())
}

/// A field behind its opening quote, and what is behind its separator.
fn quoted_field(row: &[u8], separator: u8) -> Result<(Vec<u8>, Option<&[u8]>), Quote> {
    let mut field = Vec::new();
    let mut rest = row;
    loop {
        let end = rest.iter().position(|byte| *byte == b'"').ok_or(Quote::Open)?;
        let (text, after) = rest.split_at(end);
        field.extend_from_slice(text);
        match after {
            // Two quotes are one that is meant.
            [b'"', b'"', after @ ..] => {
                field.push(b'"');
                rest = after;
            }
            [_, after @ ..] => {
                let mut blank = after.iter().skip_while(|byte| **byte == b' ');
                let blanks = after.iter().take_while(|byte| **byte == b' ').count();
                return match blank.next() {
                    None => Ok((field, None)),
                    Some(byte) if *byte == separator => Ok((field, after.get(blanks + 1..))),
                    Some(_) => Err(Quote::Stray),
                };
            }
            [] => return Err(Quote::Open),
        }
    }
}
