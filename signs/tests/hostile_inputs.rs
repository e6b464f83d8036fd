//! A short run of the hammer in every test run: the long ones are by hand (`fuzz/README.md`).

mod hostile;

use hostile::TARGETS;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Changed vectors for each reader.
const INPUTS: u64 = 200_000;

#[test]
fn no_changed_vector_makes_a_reader_panic() {
    std::thread::scope(|scope| {
        for target in &TARGETS {
            scope.spawn(|| {
                let mut inputs = target.inputs(1);
                for number in 0..INPUTS {
                    let input = inputs.next_input();
                    let calm = catch_unwind(AssertUnwindSafe(|| (target.read)(input)));
                    assert!(
                        calm.is_ok(),
                        "{} panics on input {number}: {:?}",
                        target.name,
                        String::from_utf8_lossy(input)
                    );
                }
            });
        }
    });
}

#[test]
fn the_same_seed_throws_the_same_inputs() {
    for target in &TARGETS {
        let (mut one, mut other) = (target.inputs(7), target.inputs(7));
        let mut differ = 0;
        for _ in 0..1_000 {
            let input = one.next_input().to_vec();
            assert_eq!(input, other.next_input());
            differ += usize::from(input != one.next_input());
            other.next_input();
        }
        assert!(differ > 900, "{} throws the same input again and again", target.name);
    }
}
