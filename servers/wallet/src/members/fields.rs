//! What the fields of a member can be: names, contacts, secrets by their shape.

use domain::wire::{DeviceDescription, JoinRequest, Profile};

use super::rules::{PASSWORD_LENGTH, Unfit};

/// Shortest and longest user id of who joins, bytes.
const USER_ID_LENGTH: std::ops::RangeInclusive<usize> = 3..=64;
/// Shortest and longest settlement code, digits.
const CODE_LENGTH: std::ops::RangeInclusive<usize> = 6..=12;
/// Longest name and address, characters.
const MAX_NAME: usize = 200;
const MAX_ADDRESS: usize = 500;
/// Digits of a telephone number (ITU-T E.164 has 15 at most).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Longest telephone number as it is written, bytes.
const MAX_PHONE: usize = 32;
/// Longest address of mail and its part before the `@`, bytes (RFC 5321, section 4.5.3.1).
const MAX_EMAIL: usize = 254;
const MAX_EMAIL_USER: usize = 64;
/// Longest part of a device's description, characters.
const MAX_DEVICE_TEXT: usize = 64;

/// Whether what a person says of themselves can be.
///
/// # Errors
/// [`Unfit`], for the first field that cannot.
pub fn joining(asked: &JoinRequest) -> Result<(), Unfit> {
    user_id(&asked.user_id)?;
    password(&asked.password)?;
    settlement_code(&asked.settlement_code)?;
    profile(&asked.profile)?;
    device(&asked.device)
}

fn user_id(user_id: &str) -> Result<(), Unfit> {
    let fits =
        |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'@' | b'+');
    let is_fit = USER_ID_LENGTH.contains(&user_id.len()) && user_id.bytes().all(fits);
    or(is_fit, "user_id: 3 to 64 of a-z, 0-9 and . _ - @ +")
}

/// Whether a password has a length that can be.
///
/// # Errors
/// [`Unfit`].
pub fn password(password: &str) -> Result<(), Unfit> {
    or(PASSWORD_LENGTH.contains(&password.len()), "password: 8 to 1024 bytes")
}

/// Whether a settlement code is digits, enough and not too many.
///
/// # Errors
/// [`Unfit`].
pub fn settlement_code(code: &str) -> Result<(), Unfit> {
    let is_fit =
        CODE_LENGTH.contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    or(is_fit, "settlement_code: 6 to 12 digits")
}

/// Whether a member can be called and reached so.
///
/// # Errors
/// [`Unfit`].
pub fn profile(profile: &Profile) -> Result<(), Unfit> {
    let Profile { name, address, phone, email } = profile;
    or(is_text(name, MAX_NAME), "name: 1 to 200 characters in one line")?;
    or(is_text(address, MAX_ADDRESS), "address: 1 to 500 characters in one line")?;
    or(
        is_phone(phone),
        "phone: 7 to 15 digits, with + before them where it is of another country",
    )?;
    or(is_email(email), "email: an address such as giulia@example.org, 254 bytes at most")
}

/// Whether a device can describe itself so.
///
/// # Errors
/// [`Unfit`].
pub fn device(device: &DeviceDescription) -> Result<(), Unfit> {
    let DeviceDescription { name, system, app } = device;
    let is_fit = |text: &String| text.is_empty() || is_text(text, MAX_DEVICE_TEXT);
    or([name, system, app].into_iter().all(is_fit), "device: up to 64 characters in one line each")
}

fn or(is_fit: bool, must_be: &'static str) -> Result<(), Unfit> {
    if is_fit { Ok(()) } else { Err(Unfit(must_be)) }
}

fn is_text(text: &str, longest: usize) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= longest
        && !text.chars().any(char::is_control)
}

fn is_phone(phone: &str) -> bool {
    let rest = phone.strip_prefix('+').unwrap_or(phone);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    phone.len() <= MAX_PHONE
        && PHONE_DIGITS.contains(&digits)
        && rest.bytes().all(|byte| byte.is_ascii_digit() || b" -()".contains(&byte))
}

/// An address that a mail program takes without quoting. Whether it exists is what the code tells.
fn is_email(email: &str) -> bool {
    let Some((user, host)) = email.rsplit_once('@') else { return false };
    let fits = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_label = |label: &str| {
        let inside = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty() && label.chars().all(inside) && !label.starts_with('-')
    };
    email.len() <= MAX_EMAIL
        && (1..=MAX_EMAIL_USER).contains(&user.len())
        && user.chars().all(fits)
        && host.contains('.')
        && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_phone, is_text};

    #[test]
    fn addresses_of_mail() {
        for right in ["a@b.org", "giulia.rossi+wallet@mail.example.org", "用户@例子.公司"] {
            assert!(is_email(right), "{right}");
        }
        let long = format!("{}@b.org", "a".repeat(65));
        for wrong in [
            "",
            "@",
            "a@",
            "@b.org",
            "a@b",
            "a@b..org",
            "a@.org",
            "a@-b.org",
            "a b@c.org",
            "a@b.org\r\nBcc: all@b.org",
            "a@b@c.org",
            "<a@b.org>",
            "a@b.org,c@d.org",
            &long,
        ] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    #[test]
    fn telephone_numbers() {
        for right in ["+39 06 482917", "(03) 1234-5678", "0901234567"] {
            assert!(is_phone(right), "{right}");
        }
        let padded = format!("1234567{}", " ".repeat(40));
        for wrong in ["", "+", "123456", "1234567890123456", "06+482917", "call me", &padded] {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }

    #[test]
    fn texts_are_one_line_and_not_blank() {
        assert!(is_text("東京都 千代田区 1-1", 200));
        for wrong in ["", "  ", "a\nb", "a\u{0}", "aaaa"] {
            assert!(!is_text(wrong, 3), "{wrong:?}");
        }
    }
}
