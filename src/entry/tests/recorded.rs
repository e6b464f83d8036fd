//! A recording replays to the judgements it holds.

use domain::StoreId;

use super::street::{Street, at, code, fix, sighting, signed};
use crate::entry::{
    Engine, Motion, Signal, StoreKey,
    recording::{MAX_BYTES, RecordedPositions, Recorder, RecordingProblem, replay, signals},
};

fn id_of(StoreKey(key): StoreKey) -> Option<StoreId> {
    Some(Street::id(key))
}

fn visit(positions: RecordedPositions) -> String {
    let mut engine = Engine::new();
    let mut text = String::new();
    let mut recorder = Recorder::start(at(0.0), positions, &mut text);
    let mut signals = vec![
        (0.0, Signal::Visits(vec![(Street::id(3), 4)])),
        (0.0, Signal::Motion(Motion::Still)),
        (0.0, Signal::Screen(true)),
        (0.0, Signal::Scanning(true)),
    ];
    for second in 0..8 {
        let second = f64::from(second) + 0.125;
        signals.push((second, Signal::Fix(fix(second - 0.1, Street::position(4), 14.0))));
        signals.push((second, sighting(second, 3, -70)));
        signals.push((second + 0.5, sighting(second + 0.4, 5, -84)));
    }
    signals.push((9.0, code(3, signed(3))));
    signals.push((9.4, Signal::Denied(Street::id(3))));
    signals.push((9.5, Signal::Chosen(Street::id(4))));
    signals.push((40.0, Signal::Tick));
    for (seconds, signal) in signals {
        let judgement = engine.sense(at(seconds), &signal, &Street);
        assert!(recorder.record(at(seconds), &signal, judgement, &id_of, &mut text));
    }
    text
}

#[test]
fn a_recording_replays_to_the_same_judgements() {
    let replayed = replay(&visit(RecordedPositions::Exact), &Street, &id_of).unwrap();
    assert_eq!((replayed.compared, replayed.differs_at), (32, None));
}

#[test]
fn what_was_sensed_comes_out_in_its_order_and_at_its_times() {
    let text = visit(RecordedPositions::Exact);
    let signals: Vec<_> = signals(&text, at(0.0)).collect::<Result<_, _>>().unwrap();
    let starts = signals[0].0;
    let after = |index: usize| signals[index].0.millis_since(starts);
    assert_eq!(signals.len(), 32);
    assert_eq!((signals[2].1.clone(), after(2)), (Signal::Screen(true), 0));
    let Signal::Beacon(sighting) = &signals[6].1 else { panic!("{:?}", signals[6]) };
    assert_eq!((sighting.beacon.major, sighting.rssi_dbm, after(6)), (5, Some(-84), 625));
    assert_eq!(sighting.seen_at.millis_since(starts), 525);
    assert_eq!((signals[31].1.clone(), after(31)), (Signal::Tick, 40_000));
}

#[test]
fn nothing_is_sensed_after_a_damaged_line() {
    let text = visit(RecordedPositions::Exact);
    let damaged: Vec<_> =
        text.lines().enumerate().map(|(at, line)| if at == 5 { "{" } else { line }).collect();
    let signals: Vec<_> = signals(&damaged.join("\n"), at(0.0)).collect();
    assert_eq!(signals.len(), 3);
    assert_eq!(signals.last(), Some(&Err(RecordingProblem::Line { line: 6 })));
}

#[test]
fn a_changed_judgement_is_found_by_its_line() {
    let text = visit(RecordedPositions::Exact);
    let changed: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(index, line)| match index {
            20 => line.replace("\"alarm\":false", "\"alarm\":true"),
            _ => line.to_owned(),
        })
        .collect();
    assert_ne!(changed.join("\n"), text.trim_end());
    let replayed = replay(&changed.join("\n"), &Street, &id_of).unwrap();
    assert_eq!(replayed.differs_at, Some(21));
}

#[test]
fn withheld_positions_are_nowhere_in_the_recording() {
    let text = visit(RecordedPositions::Withheld);
    for trace in ["lat_e7", "store\"", "major", &Street::id(3).to_string()] {
        assert!(!text.contains(trace), "{trace} in {text}");
    }
    assert_eq!(replay(&text, &Street, &id_of), Err(RecordingProblem::Withheld));
    assert_eq!(signals(&text, at(0.0)).collect::<Vec<_>>(), [Err(RecordingProblem::Withheld)]);
}

#[test]
fn no_date_is_in_the_recording() {
    assert!(!visit(RecordedPositions::Exact).contains("1790000"));
}

#[test]
fn a_damaged_recording_is_refused_by_its_line() {
    let text = visit(RecordedPositions::Exact);
    let cut = text.get(..text.len() - 20).unwrap();
    let lines = text.lines().count();
    assert_eq!(replay(cut, &Street, &id_of), Err(RecordingProblem::Line { line: lines }));
    assert_eq!(replay("", &Street, &id_of), Err(RecordingProblem::Line { line: 1 }));
}

#[test]
fn a_full_recording_takes_no_more() {
    let mut text = String::new();
    let mut recorder = Recorder::start(at(0.0), RecordedPositions::Exact, &mut text);
    let judgement = Engine::new().judgement().clone();
    while recorder.record(at(0.0), &Signal::Tick, &judgement, &id_of, &mut text) {}
    assert!(text.len() < MAX_BYTES + 1_000);
}
