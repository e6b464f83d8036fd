//! The phone as a till's reader sees it: what it answers to each command; values in and values out.

use domain::wire::{ReaderCommand, StatusWord};

/// What the phone may hand over at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness<'a> {
    /// Nothing: it is locked.
    Locked,
    /// Nothing: no payment of this channel is on the screen.
    NotOpen,
    /// The token of the payment on the screen.
    Ready(&'a str),
}

/// What a reader has said since the phone came into its field.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Card {
    is_selected: bool,
}

impl Card {
    /// The answer to a command, whatever it is: never longer than a short APDU.
    pub fn answer(&mut self, command: &[u8], readiness: Readiness<'_>) -> Vec<u8> {
        let answered = self.ready(command, readiness);
        answered.unwrap_or_else(|word| word.bytes().to_vec())
    }

    fn ready(&mut self, command: &[u8], readiness: Readiness<'_>) -> Result<Vec<u8>, StatusWord> {
        let command = ReaderCommand::read(command)?;
        let was_selected = std::mem::take(&mut self.is_selected);
        let token = match readiness {
            Readiness::Locked => return Err(StatusWord::Locked),
            Readiness::NotOpen => return Err(StatusWord::NotOpen),
            Readiness::Ready(token) => token,
        };
        if command == ReaderCommand::Token && !was_selected {
            return Err(StatusWord::OutOfOrder);
        }
        self.is_selected = true;
        Ok(command.answer(token))
    }
}

#[cfg(test)]
mod tests {
    use domain::wire::{LONGEST_COMMAND, NotAnswered, read_answer};
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const READY: Readiness<'static> = Readiness::Ready(TOKEN);

    fn told(card: &mut Card, command: ReaderCommand, readiness: Readiness<'_>) -> String {
        let answer = card.answer(&command.bytes(), readiness);
        match read_answer(command, &answer) {
            Ok(token) => token.to_owned(),
            Err(NotAnswered::Refused(word)) => format!("{word:?}"),
            Err(NotAnswered::Unreadable) => panic!("{answer:02x?}"),
        }
    }

    #[test]
    fn a_token_is_handed_over_in_order_from_an_open_and_unlocked_phone_alone() {
        use ReaderCommand::{Select, Token};
        let mut card = Card::default();
        assert_eq!(told(&mut card, Token, READY), "OutOfOrder", "nobody selected it");
        assert_eq!(told(&mut card, Select, Readiness::Locked), "Locked");
        assert_eq!(told(&mut card, Select, Readiness::NotOpen), "NotOpen");
        assert_eq!(told(&mut card, Token, READY), "OutOfOrder", "it was not selected");
        assert_eq!(told(&mut card, Select, READY), "");
        assert_eq!(told(&mut card, Token, READY), TOKEN);
        assert_eq!(told(&mut card, Token, READY), TOKEN, "its answer may be lost in the air");
        assert_eq!(told(&mut card, Token, Readiness::Locked), "Locked", "locked in between");
        assert_eq!(told(&mut card, Token, READY), "OutOfOrder");
    }

    #[test]
    fn a_command_of_somebody_elses_does_not_end_what_was_begun() {
        let mut card = Card::default();
        told(&mut card, ReaderCommand::Select, READY);
        assert_eq!(card.answer(&[0x80], READY), StatusWord::WrongLength.bytes());
        assert_eq!(told(&mut card, ReaderCommand::Token, READY), TOKEN);
    }

    proptest! {
        #[test]
        fn whatever_a_reader_sends_is_answered_by_a_word_and_a_locked_phone_tells_nothing(
            commands in proptest::collection::vec(
                prop_oneof![
                    proptest::collection::vec(any::<u8>(), 0..LONGEST_COMMAND + 40),
                    Just(ReaderCommand::Select.bytes()),
                    Just(ReaderCommand::Token.bytes()),
                ],
                1..12,
            ),
            unlocked in any::<bool>(),
        ) {
            let mut card = Card::default();
            for command in commands {
                let readiness = if unlocked { READY } else { Readiness::Locked };
                let answer = card.answer(&command, readiness);
                prop_assert!((2..=256).contains(&answer.len()));
                prop_assert!(unlocked || answer.len() == 2);
            }
        }
    }
}
