use actiscope_core::health::Health;
use actiscope_core::health::story::StoryRequest;
use actiscope_core::health::words::request_of;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use super::desk::Desk;
use crate::run::Answer;

fn told(desk: &Desk, request: StoryRequest) -> Answer {
    desk.send(RunCommand::Explain(request));
    desk.settle();
    let answer = desk.run.story.get_untracked();
    Answer::clone(&answer.expect("the story is told"))
}

#[test]
fn a_death_has_its_story_and_the_run_is_untouched() {
    let desk = Desk::training("#v=1");
    desk.until("a unit dies", |desk| desk.death().is_some());
    desk.pause();
    let step = desk.step();
    let death = desk.death().expect("a unit died");
    let request = request_of(&death).expect("a death has a story");
    let answer = told(&desk, request);
    assert_eq!(answer.request, request);
    let story = answer.story.expect("the CPU replays its own run exactly");
    assert_eq!(story.step, death.step);
    assert_eq!(desk.step(), step);
    // Before it the unit was not dead.
    let health = |desk: &Desk| desk.snapshot().layers[request.layer].units[request.unit].health;
    desk.seek(death.step - 1);
    assert_ne!(health(&desk), Health::Dead);
    desk.seek(death.step);
    assert_eq!(health(&desk), Health::Dead);
}

#[test]
fn the_last_story_that_was_asked_for_is_told() {
    let desk = Desk::training("#v=1");
    desk.until("units die", |desk| desk.n_dead() >= 2);
    desk.pause();
    let events = desk.events();
    let mut requests: Vec<StoryRequest> = events.iter().filter_map(request_of).collect();
    requests.truncate(4);
    for request in &requests {
        desk.send(RunCommand::Explain(*request));
    }
    desk.settle();
    let answer = desk.run.story.get_untracked();
    assert_eq!(
        answer.map(|answer| answer.request),
        requests.last().copied()
    );
}

#[test]
fn no_story_outlives_its_run() {
    let desk = Desk::training("#v=1");
    desk.until("a unit dies", |desk| desk.death().is_some());
    desk.pause();
    let death = desk.death().expect("a unit died");
    let request = request_of(&death).expect("a death has a story");
    told(&desk, request);
    let is_told = |desk: &Desk| desk.run.story.with_untracked(Option::is_some);
    assert!(is_told(&desk));
    desk.run.edit(Edit::Set(Setting::Seed, 9.0));
    assert!(
        !is_told(&desk),
        "another run may have one of the same request"
    );
    desk.settle();
    assert!(!is_told(&desk));
    // Nor does one that is on its way.
    desk.run.undo();
    desk.send(RunCommand::Train);
    desk.train_past(death.step);
    desk.pause();
    desk.send(RunCommand::Explain(request));
    desk.deliver();
    desk.work();
    desk.send(RunCommand::Reset);
    desk.settle();
    assert!(!is_told(&desk));
}

#[test]
fn what_never_happened_is_said_not_to_have() {
    let desk = Desk::at("#v=1&a=tanh&lr=0.01", 50);
    let request = StoryRequest {
        layer: 0,
        unit: 0,
        step: 20,
        to: Some(Health::Dead),
    };
    let story = told(&desk, request).story;
    assert!(story.is_err_and(|why| !why.is_empty()));
}
