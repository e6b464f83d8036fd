//! Several questions at once, all of them within one time.

use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<T> {
    /// It was answered in time.
    Answered(T),
    /// It was asked and not answered in time.
    Late,
    /// The time was over before its turn came.
    TooLate,
}

/// Asks all of `questions`, `at_once` at a time, until all are answered or it is `until`; what became
/// of them in their order.
pub async fn ask_until<T>(
    questions: Vec<impl Future<Output = T>>,
    at_once: usize,
    until: Instant,
) -> Vec<Asked<T>> {
    let numbered = questions.into_iter().enumerate();
    let asked: Vec<_> = numbered.map(|(nth, question)| ask_one(nth, question, until)).collect();
    // One that is slow keeps no other from its turn.
    let mut answers: Vec<_> = stream::iter(asked).buffer_unordered(at_once).collect().await;
    answers.sort_unstable_by_key(|(nth, _)| *nth);
    answers.into_iter().map(|(_, asked)| asked).collect()
}

async fn ask_one<T>(
    nth: usize,
    question: impl Future<Output = T>,
    until: Instant,
) -> (usize, Asked<T>) {
    if Instant::now() >= until {
        return (nth, Asked::TooLate);
    }
    (nth, timeout_at(until, question).await.map_or(Asked::Late, Asked::Answered))
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use super::*;

    #[tokio::test]
    async fn seventeen_that_never_answer_end_within_one_time_and_not_within_three() {
        let until = Instant::now() + Duration::from_secs(1);
        let asked = ask_until((0..17).map(|_| pending::<()>()).collect(), 8, until).await;
        // A second round, with a time of its own, would make more of them late.
        assert_eq!(asked[..8], [Asked::Late; 8]);
        assert_eq!(asked[8..], [Asked::TooLate; 9]);
    }

    #[tokio::test]
    async fn a_slow_answer_holds_up_no_other_and_the_order_stays() {
        let until = Instant::now() + Duration::from_secs(1);
        let question = |nth| async move {
            if nth < 7 {
                pending::<()>().await;
            }
            nth
        };
        let asked = ask_until((0..17).map(question).collect(), 8, until).await;
        assert_eq!(asked[..7], [Asked::Late; 7]);
        assert_eq!(asked[7..], (7..17).map(Asked::Answered).collect::<Vec<_>>());
    }
}
