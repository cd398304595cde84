//! The story that the page opens with, in the session that it drives: ReLU units die, and Leaky ReLU brings
//! them back.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::Health;
use actiscope_core::protocol::{Command, Event, Look, Snapshot};
use actiscope_core::scenario::{Edit, Scenario};
use actiscope_engine::Session;

/// The state `n_steps` later.
fn step(session: &mut Session, n_steps: u32) -> Snapshot {
    let mut now_ms = 0.0;
    let mut clock = || {
        now_ms += 1.0;
        now_ms
    };
    session.handle(Command::Step(n_steps));
    let mut events = Vec::new();
    while session.is_training() {
        session.advance(50.0, &mut clock);
        events.extend(session.take_events());
    }
    // A session tells only what is new: the last step, unless a snapshot shows it already.
    session.handle(Command::Shown);
    session.advance(50.0, &mut clock);
    events.extend(session.take_events());
    // The next call may be shown one too.
    session.handle(Command::Shown);
    let mut snapshots = events.into_iter().rev().filter_map(|event| match event {
        Event::Snapshot(snapshot) => Some(*snapshot),
        _ => None,
    });
    snapshots.next().expect("the steps are news")
}

fn n_dead(snapshot: &Snapshot) -> usize {
    let units = snapshot.layers.iter().flat_map(|layer| &layer.units);
    units.filter(|unit| unit.health == Health::Dead).count()
}

fn begin() -> Session {
    let look = Look {
        unit_map_cells: 0,
        field_cells: 0,
        weights: false,
        weights_of: None,
        extent: 1.0,
    };
    let mut scenario = Scenario::default();
    scenario.view.steps_per_second = None;
    Session::new(scenario, look, 1).expect("the default can be run")
}

#[test]
fn units_die_while_one_watches() {
    let mut session = begin();
    let [first, soon, later] = [0, 60, 240].map(|n_steps| n_dead(&step(&mut session, n_steps)));
    assert_eq!(first, 0);
    assert!(soon >= 5, "{soon} dead after 60 steps");
    assert!(later >= 7, "{later} dead after 300 steps");
}

#[test]
fn leaky_relu_rescues_them() {
    for n_steps in [200, 300, 500] {
        let mut session = begin();
        assert!(n_dead(&step(&mut session, n_steps)) >= 5);
        let leaky = ActivationSpec::new("leaky_relu");
        session.handle(Command::Edit(Edit::Activation(leaky)));
        let rescued = step(&mut session, 1_000);
        assert_eq!(n_dead(&rescued), 0);
        let accuracy = rescued.accuracy.expect("classes");
        assert!(
            accuracy >= 0.85,
            "{accuracy} after a rescue at step {n_steps}"
        );
    }
}
