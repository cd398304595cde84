use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use crate::app::idle;

use super::desk::{Desk, assert_same};

/// Milliseconds after which the engine has given the page a checkpoint.
const CHECKPOINT_MS: f64 = 5_000.0;

fn saved(link: &str) -> Desk {
    let desk = Desk::training(link);
    desk.train_past(100);
    desk.wait(CHECKPOINT_MS);
    desk.until("a checkpoint is told", |desk| {
        desk.run.checkpoint_step().is_some_and(|step| step > 50)
    });
    desk
}

#[test]
fn a_run_outlives_its_engine() {
    let desk = saved("#v=1&lr=0.1");
    let from = desk.run.checkpoint_step();
    desk.lose_engine();
    let told = desk.told().concat();
    assert!(
        told.contains("goes on on the CPU from its last checkpoint"),
        "{told}"
    );
    desk.train_past(from.unwrap_or(0) + 20);
    desk.pause();
    desk.assert_agreed();
    // Numbers began anew: what is asked is answered.
    desk.seek(from.unwrap_or(0));
    let there = desk.state();
    let undisturbed = Desk::at("#v=1&lr=0.1", from.unwrap_or(0));
    assert_same("as without the loss", &there, &undisturbed.state());
}

#[test]
fn nothing_on_its_way_is_lost_with_the_engine() {
    let desk = saved("#v=1&lr=0.1");
    desk.pause();
    // None of this arrives.
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.3));
    desk.send(RunCommand::Seek(10));
    desk.send(RunCommand::Seek(5));
    desk.lose_engine();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario().training.learning_rate, 0.3);
    desk.seek(7);
    desk.seek(0);
}

#[test]
fn without_a_checkpoint_it_begins_anew() {
    let desk = Desk::at("#v=1", 15);
    desk.lose_engine();
    assert!(desk.told().concat().contains("the start of the run"));
    desk.settle();
    assert_eq!(desk.step(), 15, "where the address has it rest");
    desk.assert_agreed();
}

#[test]
fn a_checkpoint_that_was_under_way_when_the_run_began_anew_is_none() {
    let anew = [
        RunCommand::Reset,
        RunCommand::Edit(Edit::Set(Setting::Seed, 7.0)),
        RunCommand::Load(Box::default()),
    ];
    for command in anew {
        let desk = Desk::training("#v=1&lr=0.1");
        desk.train_past(100);
        desk.wait(CHECKPOINT_MS);
        // It is made, and the page has not heard of it.
        desk.work();
        desk.send(command.clone());
        desk.hear();
        assert_eq!(desk.run.checkpoint_step(), None, "{command:?}");
        desk.lose_engine();
        assert!(desk.told().concat().contains("the start of the run"));
        // Those of the new engine, whose numbers begin anew, count.
        desk.train_past(100);
        desk.wait(CHECKPOINT_MS);
        desk.until("a checkpoint is told", |desk| {
            desk.run.checkpoint_step().is_some()
        });
    }
}

#[test]
fn a_run_that_begins_anew_before_it_was_resumed_keeps_no_events() {
    let anew = [
        RunCommand::Reset,
        RunCommand::Edit(Edit::Set(Setting::Seed, 7.0)),
    ];
    for command in anew {
        let desk = saved("#v=1&lr=1.6");
        desk.until("a unit dies", |desk| desk.death().is_some());
        desk.pause();
        desk.lose_engine();
        desk.send(command.clone());
        desk.settle();
        assert_eq!((desk.step(), desk.death()), (0, None), "{command:?}");
    }
}

#[test]
fn lost_again_and_again_it_is_left_to_the_user() {
    let desk = Desk::training("#v=1");
    for _ in 0..4 {
        desk.turn();
        desk.lose_engine();
    }
    assert!(desk.is_stopped());
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.2));
    assert!(idle::is_at_rest(), "nobody is left to answer");
    assert!(!desk.run.wants_training.get_untracked());
    desk.engine.restart();
    desk.settle();
    assert_eq!(desk.step(), 0);
    desk.send(RunCommand::Train);
    desk.train_past(20);
}
