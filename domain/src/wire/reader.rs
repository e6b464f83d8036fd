//! What a till's reader and a member's phone say to each other over ISO 7816-4: two commands and their
//! answers. Every reading is total, and none is longer than a short APDU.

/// The name that a phone answers under. Proprietary (ISO 7816-4, category F): it needs no registration, and
/// is none of a payment network's.
pub const READER_AID: [u8; 10] = *b"\xF0TILLSIGHT";

/// The longest command, bytes: a header, a length, 255 bytes of data, and how much is expected.
pub const LONGEST_COMMAND: usize = 4 + 1 + 255 + 1;

/// The version of what is said, told when a reader selects the phone's name.
const VERSION: u8 = 1;
/// The tag of a token: private, primitive.
const TOKEN_TAG: u8 = 0xC1;
/// The tag of the version.
const VERSION_TAG: u8 = 0xC0;

/// What a reader asks of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderCommand {
    /// Whether it pays so (SELECT by name).
    Select,
    /// The token of the payment (GET DATA, proprietary class).
    Token,
}

/// How a phone ends an answer. All but [`StatusWord::Done`] come alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusWord {
    /// It was done.
    Done,
    /// The command is cut or too long, or its length is not what it says.
    WrongLength,
    /// The phone is locked.
    Locked,
    /// The member has no payment by this channel open.
    NotOpen,
    /// The reader has not selected the phone's name.
    OutOfOrder,
    /// The phone does not answer under that name.
    UnknownName,
    /// The parameters are others.
    WrongParameters,
    /// There is no such command.
    UnknownCommand,
    /// There is no such class of commands.
    UnknownClass,
}

/// Why an answer gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnswered {
    /// The phone says why.
    #[error("the phone refuses: {0:?}")]
    Refused(StatusWord),
    /// It is no answer of such a phone, or of a newer one.
    #[error("that is no phone that pays so")]
    Unreadable,
}

impl StatusWord {
    /// Every word and its two bytes (ISO 7816-4).
    const BYTES: [(Self, [u8; 2]); 9] = [
        (Self::Done, [0x90, 0x00]),
        (Self::WrongLength, [0x67, 0x00]),
        (Self::Locked, [0x69, 0x82]),
        (Self::NotOpen, [0x69, 0x85]),
        (Self::OutOfOrder, [0x69, 0x86]),
        (Self::UnknownName, [0x6A, 0x82]),
        (Self::WrongParameters, [0x6A, 0x86]),
        (Self::UnknownCommand, [0x6D, 0x00]),
        (Self::UnknownClass, [0x6E, 0x00]),
    ];

    /// As it is sent.
    pub fn bytes(self) -> [u8; 2] {
        let known = Self::BYTES.iter().find(|(word, _)| *word == self);
        known.map_or([0x6F, 0x00], |(_, bytes)| *bytes)
    }

    fn of(bytes: [u8; 2]) -> Option<Self> {
        Self::BYTES.iter().find(|(_, known)| *known == bytes).map(|(word, _)| *word)
    }
}

impl ReaderCommand {
    /// As it is sent.
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::Select => {
                let mut bytes = vec![0x00, 0xA4, 0x04, 0x00, READER_AID.len() as u8];
                bytes.extend(READER_AID);
                bytes.push(0x00);
                bytes
            }
            Self::Token => vec![0x80, 0xCA, 0x00, TOKEN_TAG, 0x00],
        }
    }

    /// Reads a command as a phone gets it.
    ///
    /// # Errors
    /// The word that answers what is none of these.
    pub fn read(command: &[u8]) -> Result<Self, StatusWord> {
        let (&[class, instruction, p1, p2], body) =
            command.split_first_chunk().ok_or(StatusWord::WrongLength)?;
        let data = data(body).ok_or(StatusWord::WrongLength)?;
        match (class, instruction) {
            (0x00, 0xA4) if (p1, p2) != (0x04, 0x00) => Err(StatusWord::WrongParameters),
            (0x00, 0xA4) if data == READER_AID => Ok(Self::Select),
            (0x00, 0xA4) if data.is_empty() => Err(StatusWord::WrongLength),
            (0x00, 0xA4) => Err(StatusWord::UnknownName),
            (0x80, 0xCA) if (p1, p2) != (0x00, TOKEN_TAG) => Err(StatusWord::WrongParameters),
            (0x80, 0xCA) if data.is_empty() => Ok(Self::Token),
            (0x80, 0xCA) => Err(StatusWord::WrongLength),
            (0x00 | 0x80, _) => Err(StatusWord::UnknownCommand),
            _ => Err(StatusWord::UnknownClass),
        }
    }

    /// What a phone that is ready answers.
    pub fn answer(self, token: &str) -> Vec<u8> {
        let mut answer = match self {
            Self::Select => selected(),
            Self::Token => {
                let length = u8::try_from(token.len()).unwrap_or(0);
                let mut answer = vec![TOKEN_TAG, length];
                answer.extend(token.bytes().take(usize::from(length)));
                answer
            }
        };
        answer.extend(StatusWord::Done.bytes());
        answer
    }
}

/// The data of a short command: behind its length, before what is expected. `None` when they do not fit.
fn data(body: &[u8]) -> Option<&[u8]> {
    match body {
        // Nothing, or only how much is expected.
        [] | [_] => Some(&[]),
        // The long form, which no command here needs.
        [0, ..] => None,
        [length, rest @ ..] => {
            let (data, expected) = rest.split_at_checked(usize::from(*length))?;
            (expected.len() <= 1).then_some(data)
        }
    }
}

/// The template that a phone tells of itself (ISO 7816-4, tag 6F): its name, and the version.
fn selected() -> Vec<u8> {
    let (name, version) = (READER_AID.len() as u8, [VERSION_TAG, 1, VERSION]);
    let mut template = vec![0x6F, name + 7, 0x84, name];
    template.extend(READER_AID);
    template.extend([0xA5, 3]);
    template.extend(version);
    template
}

/// The token in a phone's answer to `command`; empty for [`ReaderCommand::Select`], which has none.
///
/// # Errors
/// [`NotAnswered`].
pub fn read_answer(command: ReaderCommand, answer: &[u8]) -> Result<&str, NotAnswered> {
    let (told, word) = answer.split_last_chunk().ok_or(NotAnswered::Unreadable)?;
    match StatusWord::of(*word) {
        Some(StatusWord::Done) => {}
        Some(refused) => return Err(NotAnswered::Refused(refused)),
        None => return Err(NotAnswered::Unreadable),
    }
    match (command, told) {
        (ReaderCommand::Select, told) if told == selected() => Ok(""),
        (ReaderCommand::Token, [TOKEN_TAG, length, token @ ..])
            if usize::from(*length) == token.len() =>
        {
            std::str::from_utf8(token).map_err(|_| NotAnswered::Unreadable)
        }
        _ => Err(NotAnswered::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_cut_too_long_or_another_is_answered_by_the_word_for_that() {
        for command in [ReaderCommand::Select, ReaderCommand::Token] {
            let bytes = command.bytes();
            assert_eq!(ReaderCommand::read(&bytes), Ok(command));
            let without_expected = &bytes[..bytes.len() - 1];
            assert_eq!(ReaderCommand::read(without_expected), Ok(command));
            let longer = [&bytes[..], &[0; 2]].concat();
            assert_eq!(ReaderCommand::read(&longer), Err(StatusWord::WrongLength));
            for cut in 0..4 {
                assert_eq!(ReaderCommand::read(&bytes[..cut]), Err(StatusWord::WrongLength));
            }
        }
        let select = ReaderCommand::Select.bytes();
        for cut in 4..select.len() - 1 {
            assert_eq!(ReaderCommand::read(&select[..cut]), Err(StatusWord::WrongLength), "{cut}");
        }
        for (command, word) in [
            (&b"\x00\xA4\x04\x00\x07\xA0\x00\x00\x00\x03\x10\x10\x00"[..], StatusWord::UnknownName),
            (b"\x00\xA4\x04\x0C\x01\xF0", StatusWord::WrongParameters),
            (b"\x80\xCA\x00\xC2\x00", StatusWord::WrongParameters),
            (b"\x80\xCA\x00\xC1\x01\xFF", StatusWord::WrongLength),
            (b"\x00\xB0\x00\x00\x00", StatusWord::UnknownCommand),
            (b"\xD0\xCA\x00\xC1\x00", StatusWord::UnknownClass),
            // The long form.
            (b"\x00\xA4\x04\x00\x00\x00\x01\xF0", StatusWord::WrongLength),
        ] {
            assert_eq!(ReaderCommand::read(command), Err(word), "{command:02x?}");
        }
        assert_eq!(ReaderCommand::read(&[0; 5_000]), Err(StatusWord::WrongLength));
    }

    #[test]
    fn an_answer_is_read_as_it_was_given_and_one_that_is_cut_gives_nothing() {
        let token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (command, told) in [(ReaderCommand::Select, ""), (ReaderCommand::Token, token)] {
            let answer = command.answer(token);
            assert_eq!(read_answer(command, &answer), Ok(told));
            for cut in 0..answer.len() {
                assert!(read_answer(command, &answer[..cut]).is_err(), "{command:?} {cut}");
            }
        }
        let locked = StatusWord::Locked.bytes();
        let locked = read_answer(ReaderCommand::Token, &locked);
        assert_eq!(locked, Err(NotAnswered::Refused(StatusWord::Locked)));
        let foreign = read_answer(ReaderCommand::Select, b"\x6F\x00\x90\x00");
        assert_eq!(foreign, Err(NotAnswered::Unreadable));
    }

    #[test]
    fn each_word_is_told_apart_by_its_bytes() {
        for (word, bytes) in StatusWord::BYTES {
            assert_eq!((word.bytes(), StatusWord::of(bytes)), (bytes, Some(word)));
        }
    }
}
