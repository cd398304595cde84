//! How a run begins, asked of an engine beside the run itself.

use actiscope_core::health::diagnosis::Start;
use actiscope_core::protocol::{Event, JobId, JobSpec, RunCommand, ToEngine};
use actiscope_core::scenario::link::from_link;

use super::desk::{Desk, SLOW};

const LOOK: JobId = JobId(9);

#[test]
fn it_is_told_once_and_the_run_goes_on() {
    let scenario = from_link("#v=1&s=5&h=8-8").0;
    let mut desk = Desk::new(&scenario, SLOW);
    desk.send(RunCommand::Step(200));
    let spec = JobSpec::Start(Box::new(scenario.clone()));
    desk.tell(ToEngine::Open { job: LOOK, spec });
    desk.settle();
    let told = desk.take(|event| matches!(event, Event::Start(..)));
    let start = Start::of(&scenario).expect("there are samples");
    assert_eq!(told, [Event::Start(LOOK, Box::new(start))]);
    assert_eq!(desk.snapshot().step, 200);
    desk.tell(ToEngine::Close(LOOK));
    desk.settle();
    assert!(
        desk.take(|event| matches!(event, Event::Problem { .. }))
            .is_empty()
    );
}

#[test]
fn it_is_no_run() {
    let scenario = from_link("#v=1").0;
    let mut desk = Desk::new(&scenario, SLOW);
    let spec = JobSpec::Start(Box::new(scenario));
    desk.tell(ToEngine::Open { job: LOOK, spec });
    desk.tell(ToEngine::Run(LOOK, RunCommand::Train));
    desk.settle();
    let problems = desk.take(|event| {
        matches!(
            event,
            Event::Problem {
                job: Some(LOOK),
                ..
            }
        )
    });
    assert_eq!(problems.len(), 1);
}
