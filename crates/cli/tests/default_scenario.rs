//! The story that the page opens with, in the run that it drives: ReLU units die, and Leaky ReLU brings
//! them back.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::Health;
use actiscope_core::protocol::{Event, JobId, Look, RunCommand, RunEvent, Snapshot};
use actiscope_core::scenario::{Edit, Scenario};
use actiscope_engine::RunJob;

/// The state `n_steps` later.
fn step(job: &mut RunJob, n_steps: u32) -> Snapshot {
    let mut now_ms = 0.0;
    let mut clock = || {
        now_ms += 1.0;
        now_ms
    };
    job.handle(RunCommand::Step(n_steps));
    let mut events = Vec::new();
    while job.is_training() {
        job.advance(50.0, &mut clock);
        events.extend(job.take_events());
    }
    // A run tells only what is new: the last step, unless a snapshot shows it already.
    job.handle(RunCommand::Shown);
    job.advance(50.0, &mut clock);
    events.extend(job.take_events());
    // The next call may be shown one too.
    job.handle(RunCommand::Shown);
    let mut snapshots = events.into_iter().rev().filter_map(|event| match event {
        Event::Run(_, RunEvent::Snapshot(snapshot)) => Some(*snapshot),
        _ => None,
    });
    snapshots.next().expect("the steps are news")
}

fn n_dead(snapshot: &Snapshot) -> usize {
    let units = snapshot.layers.iter().flat_map(|layer| &layer.units);
    units.filter(|unit| unit.health == Health::Dead).count()
}

fn begin() -> RunJob {
    let look = Look {
        extent: 1.0,
        ..Look::NOTHING
    };
    let mut scenario = Scenario::default();
    scenario.view.steps_per_second = None;
    RunJob::new(JobId(1), scenario, look).expect("the default can be run")
}

#[test]
fn units_die_while_one_watches() {
    let mut job = begin();
    let [first, soon, later] = [0, 60, 240].map(|n_steps| n_dead(&step(&mut job, n_steps)));
    assert_eq!(first, 0);
    assert!(soon >= 5, "{soon} dead after 60 steps");
    assert!(later >= 7, "{later} dead after 300 steps");
}

#[test]
fn leaky_relu_rescues_them() {
    for n_steps in [200, 300, 500] {
        let mut job = begin();
        assert!(n_dead(&step(&mut job, n_steps)) >= 5);
        let leaky = ActivationSpec::new("leaky_relu");
        job.handle(RunCommand::Edit(Edit::Activation(leaky)));
        let rescued = step(&mut job, 1_000);
        assert_eq!(n_dead(&rescued), 0);
        let accuracy = rescued.accuracy.expect("classes");
        assert!(
            accuracy >= 0.85,
            "{accuracy} after a rescue at step {n_steps}"
        );
    }
}
