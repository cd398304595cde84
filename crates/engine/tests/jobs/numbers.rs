//! Numbers of messages: what was heard when something was told, and when nothing is left to do.

use actiscope_core::health::story::StoryRequest;
use actiscope_core::protocol::{
    Event, FleetCommand, JobId, JobSpec, Look, RunCommand, RunEvent, Snapshot, ToEngine,
};
use actiscope_core::scenario::{Edit, Scenario, Setting, link};
use actiscope_engine::Progress;

use super::desk::{Desk, FAST, RUN, SLOW};

const OTHER: JobId = JobId(7);

impl Desk {
    /// Numbers that were heard when the engine came to rest.
    fn take_rests(&mut self) -> Vec<u64> {
        let told = self.take_told(|event| matches!(event, Event::Idle));
        told.into_iter().map(|told| told.heard).collect()
    }

    /// Snapshots of a job, with the numbers heard.
    fn take_snapshots(&mut self, job: JobId) -> Vec<(u64, Snapshot)> {
        let is_one =
            |event: &Event| matches!(event, Event::Run(id, RunEvent::Snapshot(_)) if *id == job);
        let told = self.take_told(is_one).into_iter();
        told.filter_map(|told| match told.event {
            Event::Run(_, RunEvent::Snapshot(snapshot)) => Some((told.heard, *snapshot)),
            _ => None,
        })
        .collect()
    }

    /// Scenarios that the engine told, with the numbers heard.
    fn take_scenarios(&mut self) -> Vec<(u64, Scenario)> {
        let told = self.take_told(|event| matches!(event, Event::Run(_, RunEvent::Scenario(_))));
        told.into_iter()
            .filter_map(|told| match told.event {
                Event::Run(_, RunEvent::Scenario(scenario)) => Some((told.heard, *scenario)),
                _ => None,
            })
            .collect()
    }

    /// What the engine holds.
    fn scenario(&self) -> Scenario {
        let run = self.engine.run(RUN).expect("the run is open");
        run.scenario().clone()
    }
}

/// The way out of a divergence that the page offers: back, with a lower learning rate, and on.
#[test]
fn a_seek_is_answered_though_the_run_goes_on_at_once() {
    let link = "#v=1&h=8-8&a=tanh&i=glorot_uniform&b=20&lr=3&l2=1&s=1&sp=none";
    let (scenario, problems) = link::from_link(link);
    assert!(problems.is_empty(), "{problems:?}");
    let mut desk = Desk::new(&scenario, FAST);
    desk.send(RunCommand::Train);
    desk.settle();
    assert!(desk.snapshot().has_diverged);
    desk.take(|_| true);

    desk.pace = SLOW;
    desk.send(RunCommand::Shown);
    desk.send(RunCommand::Seek(1));
    let sought = desk.n_sent;
    desk.send(RunCommand::Edit(Edit::Set(Setting::LearningRate, 0.3)));
    desk.send(RunCommand::Train);
    while desk.engine.heard() < desk.n_sent {
        desk.advance();
    }
    let (heard, answer) = &desk.take_snapshots(RUN)[0];
    assert!(*heard >= sought, "{heard}");
    assert!(answer.step <= 1 && !answer.has_diverged);
    desk.send(RunCommand::Shown);
    desk.advance();
    let (_, answer) = &desk.take_snapshots(RUN)[0];
    assert!(answer.is_training && answer.step > 1, "{}", answer.step);

    // The timeline goes on.
    desk.send(RunCommand::Shown);
    desk.send(RunCommand::Pause);
    desk.send(RunCommand::Seek(0));
    let sought = desk.n_sent;
    desk.settle();
    let (heard, answer) = desk.take_snapshots(RUN).pop().expect("an answer");
    assert_eq!((heard, answer.step), (sought, 0));
    assert_eq!(desk.take_problems(), [""; 0]);
}

#[test]
fn no_snapshot_is_made_on_the_way_of_a_seek() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.step(300);
    desk.snapshot();
    desk.send(RunCommand::Shown);
    for target in [170, 90, 250] {
        // A journey that is under way is given up for the next.
        desk.send(RunCommand::Seek(target));
        desk.advance();
    }
    let sought = desk.n_sent;
    desk.settle();
    let snapshots = desk.take_snapshots(RUN);
    let (heard, answer) = snapshots.last().expect("an answer");
    assert_eq!((*heard, answer.step), (sought, 250));
    let is_on_the_way = |(heard, shown): &&(u64, Snapshot)| {
        *heard >= sought - 2 && ![170, 90, 250].contains(&shown.step)
    };
    assert_eq!(
        snapshots.iter().find(is_on_the_way).map(|(_, s)| s.step),
        None
    );
}

#[test]
fn rest_is_told_once_for_each_number_that_leads_to_it() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    let mut check = |what: &str, commands: Vec<RunCommand>, is_at_rest: bool| {
        desk.take_rests();
        commands.into_iter().for_each(|command| desk.send(command));
        desk.settle();
        // However often it is looked at.
        desk.advance();
        desk.advance();
        let expected = if is_at_rest {
            vec![desk.n_sent]
        } else {
            vec![]
        };
        assert_eq!(desk.take_rests(), expected, "{what}");
    };
    check("opened", vec![], true);
    check("steps, not shown", vec![RunCommand::Step(40)], false);
    check("shown", vec![RunCommand::Shown], true);
    check("shown, again", vec![RunCommand::Shown], true);
    check("a step", vec![RunCommand::Step(1)], true);
    let commands = vec![RunCommand::Shown, RunCommand::Seek(7)];
    check("a seek", commands, true);
    let commands = vec![
        RunCommand::Shown,
        RunCommand::Edit(Edit::Set(Setting::LearningRate, 0.1)),
    ];
    check("an edit", commands, true);
    let commands = vec![
        RunCommand::Shown,
        RunCommand::Edit(Edit::Set(Setting::Speed, 1.0)),
    ];
    check("a slow speed", commands, true);
    check("trains, and waits", vec![RunCommand::Train], false);
    let commands = vec![RunCommand::Shown, RunCommand::Pause];
    check("paused", commands, true);
}

#[test]
fn a_story_under_way_is_no_rest() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.step(200);
    desk.snapshot();
    desk.settle();
    desk.take_rests();
    desk.send(RunCommand::Explain(StoryRequest {
        layer: 0,
        unit: 0,
        step: 150,
        to: None,
    }));
    let is_story = |event: &Event| matches!(event, Event::Run(_, RunEvent::Story { .. }));
    while desk.advance() == Progress::Busy {
        let is_told = desk.events.iter().any(|told| is_story(&told.event));
        assert!(is_told || desk.take_rests().is_empty());
    }
    assert_eq!(desk.take(is_story).len(), 1);
    desk.settle();
    assert_eq!(desk.take_rests(), [desk.n_sent]);
}

/// What the page holds: the last scenario told, and its own edits since.
#[test]
fn page_and_engine_hold_the_same_scenario_at_the_same_number() {
    let rates = [0.01, 0.02, 0.03, 0.04];
    // How far the engine gets between two messages.
    for n_turns in 0..4 {
        let mut desk = Desk::new(&Scenario::default(), SLOW);
        desk.edit(Edit::Set(Setting::LearningRate, rates[0]));
        desk.step(150);
        desk.edit(Edit::Set(Setting::LearningRate, rates[1]));
        desk.step(150);
        let mut page = desk.scenario();
        let mut unheard: Vec<(u64, Edit)> = Vec::new();
        let mut send = |desk: &mut Desk, command: RunCommand| {
            if let RunCommand::Edit(edit) = &command {
                edit.apply(&mut page);
                unheard.push((desk.n_sent + 1, edit.clone()));
            }
            desk.send(command);
            for _ in 0..n_turns {
                desk.advance();
            }
            for (heard, scenario) in desk.take_scenarios() {
                page = scenario;
                for (_, edit) in unheard.iter().filter(|(number, _)| *number > heard) {
                    edit.apply(&mut page);
                }
            }
        };
        send(&mut desk, RunCommand::Seek(120));
        send(&mut desk, RunCommand::Edit(Edit::Set(Setting::L2, 0.01)));
        send(&mut desk, RunCommand::Seek(130));
        send(
            &mut desk,
            RunCommand::Edit(Edit::Set(Setting::LearningRate, -1.0)),
        );
        send(&mut desk, RunCommand::Edit(Edit::Set(Setting::L1, 0.02)));
        send(&mut desk, RunCommand::Train);
        send(&mut desk, RunCommand::Seek(10));
        send(&mut desk, RunCommand::Edit(Edit::Unit(Some(1))));
        send(&mut desk, RunCommand::Reset);
        send(&mut desk, RunCommand::Pause);
        desk.settle();
        send(&mut desk, RunCommand::Shown);
        assert_eq!(page, desk.scenario(), "{n_turns} turns");
        assert_eq!(page.training.learning_rate, rates[0]);
        assert_eq!(desk.take_problems().len(), 1, "one edit was refused");
    }
}

#[test]
fn an_edit_that_is_refused_is_answered_by_the_scenario() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    let before = desk.scenario();
    desk.edit(Edit::Hidden(vec![0]));
    let number = desk.n_sent;
    assert_eq!(desk.take_scenarios(), [(number, before)]);
    assert_eq!(desk.take_problems().len(), 1);
}

/// A live edit is told with the number of its message, so that the page knows which of its gestures it was.
#[test]
fn what_an_edit_did_is_told_with_its_number() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(10);
    desk.take_happened();
    desk.edit(Edit::Set(Setting::LearningRate, 0.2));
    let number = desk.n_sent;
    desk.send(RunCommand::Train);
    desk.advance();
    let is_happened = |event: &Event| matches!(event, Event::Run(_, RunEvent::Happened(_)));
    let told = desk.take_told(is_happened);
    assert_eq!(told[0].heard, number);
    assert!(
        matches!(&told[0].event, Event::Run(_, RunEvent::Happened(events)) if events.len() == 1)
    );
}

fn no_look() -> Look {
    Look {
        extent: 1.0,
        ..Look::NOTHING
    }
}

fn full_speed() -> Scenario {
    let mut scenario = Scenario::default();
    scenario.view.steps_per_second = None;
    scenario
}

/// Steps of both jobs after they have trained side by side.
fn steps_of_both(desk: &Desk) -> [u64; 2] {
    [RUN, OTHER].map(|job| desk.engine.run(job).expect("it is open").step())
}

#[test]
fn the_job_in_front_gets_the_time() {
    let mut desk = Desk::new(&full_speed(), SLOW);
    desk.open(OTHER, &full_speed(), None);
    desk.send(RunCommand::Train);
    desk.tell(ToEngine::Run(OTHER, RunCommand::Train));
    for _ in 0..500 {
        desk.advance();
    }
    let [front, behind] = steps_of_both(&desk);
    assert!(behind > 0 && front > 4 * behind, "{front} and {behind}");
    desk.tell(ToEngine::Front(OTHER));
    for _ in 0..500 {
        desk.advance();
    }
    let [was_front, is_front] = steps_of_both(&desk);
    let (fewer, more) = (was_front - front, is_front - behind);
    assert!(fewer > 0 && more > 4 * fewer, "{more} and {fewer}");

    // What is at rest leaves all of it to the others.
    desk.tell(ToEngine::Run(OTHER, RunCommand::Pause));
    for _ in 0..500 {
        desk.advance();
    }
    let [last, _] = steps_of_both(&desk);
    assert!(last - was_front > 4 * fewer, "{}", last - was_front);
    // Each shows what is its own.
    assert!(!desk.take_snapshots(RUN).is_empty() && !desk.take_snapshots(OTHER).is_empty());
}

/// Runs do not touch each other.
#[test]
fn a_run_among_others_is_the_run_alone() {
    let mut alone = Desk::new(&full_speed(), FAST);
    alone.step(300);
    let mut desk = Desk::new(&full_speed(), SLOW);
    let mut other = full_speed();
    other.network.hidden = vec![3];
    desk.open(OTHER, &other, None);
    desk.tell(ToEngine::Run(OTHER, RunCommand::Train));
    desk.send(RunCommand::Step(300));
    while desk.engine.run(RUN).is_some_and(|run| run.is_training()) {
        desk.advance();
    }
    desk.tell(ToEngine::Close(OTHER));
    desk.settle();
    let (state, expected) = (desk.state(), alone.state());
    assert_eq!((state.step, state.loss), (expected.step, expected.loss));
    assert_eq!(state.layers[0].weights, expected.layers[0].weights);
    assert!(desk.engine.run(OTHER).is_none());
}

#[test]
fn a_job_that_there_is_not_is_a_problem() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    let mut check = |message: ToEngine| {
        let job = match &message {
            ToEngine::Open { job, .. } => *job,
            _ => OTHER,
        };
        desk.tell(message);
        let heard = desk.n_sent;
        let told = desk.take_told(|event| matches!(event, Event::Problem { .. }));
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].heard, heard);
        assert!(matches!(&told[0].event, Event::Problem { job: Some(id), .. } if *id == job));
    };
    check(ToEngine::Run(OTHER, RunCommand::Train));
    check(ToEngine::Fleet(OTHER, FleetCommand::Pause));
    check(ToEngine::Front(OTHER));
    check(ToEngine::Close(OTHER));
    let spec = JobSpec::Run {
        scenario: Box::default(),
        look: no_look(),
        checkpoint: None,
    };
    check(ToEngine::Open { job: RUN, spec });
    let mut scenario = Scenario::default();
    scenario.network.hidden = vec![0];
    let spec = JobSpec::Run {
        scenario: Box::new(scenario),
        look: no_look(),
        checkpoint: None,
    };
    check(ToEngine::Open { job: OTHER, spec });
}
