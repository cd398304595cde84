use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use super::desk::{Desk, assert_same};

/// Diverges in its first steps.
const DIVERGING: &str = "#v=1&h=8-8&a=tanh&i=glorot_uniform&b=20&lr=3&l2=1&s=1&sp=none";

fn diverged(link: &str) -> Desk {
    let desk = Desk::training(link);
    desk.until("it diverges", |desk| {
        let snapshot = desk.run.snapshot.get_untracked();
        snapshot.is_some_and(|snapshot| snapshot.has_diverged)
    });
    desk.settle();
    assert!(!desk.run.wants_training.get_untracked());
    desk
}

#[test]
fn the_timeline_lives_on_after_a_remedy_that_goes_back() {
    let desk = diverged(DIVERGING);
    desk.press("Go back to step 1 with learning rate 0.3");
    desk.until("it goes back", |desk| !desk.snapshot().has_diverged);
    desk.train_past(5);
    desk.pause();
    desk.assert_agreed();
    for step in [0, 4, 2, 0] {
        desk.seek(step);
    }
}

#[test]
fn the_timeline_lives_on_whatever_follows_a_seek_at_once() {
    let followers = [
        RunCommand::Train,
        RunCommand::Step(3),
        RunCommand::Pause,
        RunCommand::Reset,
        RunCommand::ReviveDead,
        RunCommand::Edit(Edit::LearningRate(0.2)),
        RunCommand::Edit(Edit::Seed(7)),
        RunCommand::Load(Box::default()),
    ];
    for follower in followers {
        let desk = Desk::at("#v=1", 60);
        desk.send(RunCommand::Seek(20));
        desk.send(follower.clone());
        desk.until("it is answered", |desk| {
            desk.turn();
            desk.snapshot().step != 60
        });
        desk.pause();
        desk.step_on(5);
        let end = desk.run.last_step();
        assert!(end >= 5, "{follower:?}");
        for step in [0, end / 2, end] {
            desk.seek(step);
        }
        desk.assert_agreed();
    }
}

#[test]
fn scrubbing_ends_at_the_last_step_that_was_asked_for() {
    let desk = Desk::at("#v=1", 200);
    for step in (0..200).rev() {
        desk.send(RunCommand::Seek(step));
        if step % 40 == 0 {
            desk.turn();
        }
    }
    desk.send(RunCommand::Seek(77));
    desk.settle();
    assert_eq!(desk.step(), 77);
    assert!(desk.n_seeks() < 20, "one at a time: {}", desk.n_seeks());
    assert_eq!(desk.run.last_step(), 200, "the end is still there");
}

#[test]
fn what_follows_a_scrub_is_done_where_it_led() {
    let desk = Desk::at("#v=1", 100);
    for step in [90, 50, 30] {
        desk.send(RunCommand::Seek(step));
    }
    desk.step_on(1);
    assert_eq!(desk.step(), 31);
}

#[test]
fn one_can_go_as_far_as_the_run_has_come() {
    let desk = Desk::at("#v=1", 50);
    desk.send(RunCommand::Seek(9_999));
    desk.settle();
    assert_eq!(desk.step(), 50);
    desk.seek(20);
    desk.send(RunCommand::Seek(9_999));
    desk.settle();
    assert_eq!(desk.step(), 50);
}

#[test]
fn a_seek_pauses_and_training_forgets_what_lay_ahead() {
    let desk = Desk::training("#v=1");
    desk.train_past(100);
    desk.send(RunCommand::Seek(30));
    assert!(!desk.run.wants_training.get_untracked());
    desk.settle();
    assert_eq!(desk.step(), 30);
    desk.step_on(1);
    assert_eq!((desk.step(), desk.run.last_step()), (31, 31));
}

#[test]
fn rewinding_is_exact() {
    let desk = Desk::at("#v=1", 40);
    let there = desk.state();
    desk.step_on(150);
    desk.seek(130);
    desk.seek(40);
    assert_same("step 40", &desk.state(), &there);
    let again = Desk::at("#v=1", 40);
    assert_same("another page", &again.state(), &there);
}

#[test]
fn reset_goes_to_the_same_first_weights() {
    let desk = Desk::at("#v=1", 0);
    let first = desk.state();
    desk.step_on(60);
    desk.send(RunCommand::Reset);
    desk.settle();
    assert_same("step 0", &desk.state(), &first);
    assert_eq!(desk.run.last_step(), 0);
    // One that trains goes on training.
    desk.send(RunCommand::Train);
    desk.train_past(30);
    desk.send(RunCommand::Reset);
    assert!(desk.run.wants_training.get_untracked());
    desk.until("it begins anew", |desk| desk.run.last_step() < 30);
    desk.train_past(30);
}

#[test]
fn training_goes_on_where_it_was_paused() {
    let desk = Desk::training("#v=1");
    desk.train_past(20);
    desk.run.toggle_training();
    desk.settle();
    let step = desk.step();
    desk.run.toggle_training();
    assert!(desk.run.wants_training.get_untracked());
    desk.train_past(step + 20);
}

#[test]
fn a_diverged_run_stands_at_its_end_and_can_be_taken_back() {
    let desk = diverged("#v=1&lr=10&o=momentum&l=mse");
    let end = desk.step();
    desk.press(&format!("Go to the step before ({})", end - 1));
    desk.settle();
    assert_eq!((desk.step(), desk.run.last_step()), (end - 1, end));
    desk.seek(end);
    assert!(desk.snapshot().has_diverged);
    desk.press("Go back to step ");
    desk.until("it trains past where it diverged", |desk| {
        desk.step() > end + 50
    });
    desk.pause();
    desk.assert_agreed();
}
