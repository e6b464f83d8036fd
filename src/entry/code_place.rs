//! Judges whether a code hangs where it was signed for; nothing else does.

use domain::Position;

use super::{position::Estimate, projection::Projection, signal::Proof};

/// How far from its store an unsigned code, or a signed one that names no place, is believed,
/// metres: the reach of a store's premises, terrace and queue included.
const USUAL_RADIUS_M: f64 = 50.0;

/// A signed radius beyond this is no claim about one store, metres.
const MOST_RADIUS_M: f64 = 300.0;

/// Fixes contradict a place from this many standard deviations outside its radius: one fix in
/// twenty-three is further off than that.
const CERTAIN_SIGMAS: f64 = 2.5;

/// What the phone's position says of the place where a code should hang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePlace {
    /// Nothing: the phone has no position, or nobody knows where the code should hang.
    Unknown,
    /// The phone may well be where the code should hang.
    Agrees,
    /// The phone is elsewhere: the code was copied, sent or carried away.
    Contradicted,
}

/// Whether a code with this proof hangs in its place, judged from where the phone probably is.
/// `store` is the position of the store that the code names, where it is known; the place that is
/// signed goes before it.
pub fn code_place(proof: Proof, store: Option<Position>, phone: Option<Estimate>) -> CodePlace {
    let signed = match proof {
        Proof::Signed { place: Some((centre, radius)) } if radius > 0.0 => {
            Some((centre, radius.min(MOST_RADIUS_M)))
        }
        _ => store.map(|centre| (centre, USUAL_RADIUS_M)),
    };
    let Some(((centre, radius), phone)) = signed.zip(phone) else { return CodePlace::Unknown };
    let projection = Projection::at(phone.position);
    let off = projection.point(centre).distance(projection.point(phone.position));
    if off > radius + CERTAIN_SIGMAS * phone.sigma {
        CodePlace::Contradicted
    } else {
        CodePlace::Agrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn north(metres: f64) -> Position {
        Position::from_degrees(41.9 + metres / 111_195.0, 12.5).unwrap()
    }

    fn judged(proof: Proof, store: Option<Position>, metres: f64) -> CodePlace {
        code_place(
            proof,
            store,
            Some(Estimate { position: north(metres), sigma: 10.0, simulated: false }),
        )
    }

    #[test]
    fn a_code_is_contradicted_beyond_its_radius_and_what_the_fixes_may_be_off() {
        let signed = |radius| Proof::Signed { place: Some((north(0.0), radius)) };
        let rows = [
            (signed(30.0), 54.0, CodePlace::Agrees),
            (signed(30.0), 56.0, CodePlace::Contradicted),
            // A radius that covers a district is cut.
            (signed(5_000.0), 324.0, CodePlace::Agrees),
            (signed(5_000.0), 326.0, CodePlace::Contradicted),
        ];
        for (proof, metres, place) in rows {
            assert_eq!(judged(proof, None, metres), place, "{proof:?} from {metres} m");
        }
    }

    #[test]
    fn without_a_signed_place_the_register_says_where_it_should_hang() {
        let unnamed = [f64::NAN, -1.0, 0.0].map(|radius| Some((north(900.0), radius)));
        let signed = unnamed.into_iter().chain([None]).map(|place| Proof::Signed { place });
        for proof in signed.chain([Proof::Unsigned, Proof::Broken]) {
            let store = Some(north(0.0));
            assert_eq!(judged(proof, store, 74.0), CodePlace::Agrees, "{proof:?}");
            assert_eq!(judged(proof, store, 76.0), CodePlace::Contradicted, "{proof:?}");
            assert_eq!(judged(proof, None, 76.0), CodePlace::Unknown, "{proof:?}");
        }
    }

    #[test]
    fn without_a_position_nothing_is_said() {
        let proof = Proof::Signed { place: Some((north(0.0), 30.0)) };
        assert_eq!(code_place(proof, Some(north(0.0)), None), CodePlace::Unknown);
    }
}
