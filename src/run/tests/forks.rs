use actiscope_core::activation::ActivationSpec;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use super::desk::{Desk, assert_same};

fn leaky() -> Edit {
    Edit::Activation(ActivationSpec::new("leaky_relu"))
}

fn ghosts(desk: &Desk) -> Vec<String> {
    let labels = |log: &crate::run::RunLog| log.ghosts().map(|ghost| ghost.label).collect();
    desk.run.log.with_untracked(labels)
}

#[test]
fn a_run_is_forked_where_it_stands_and_what_was_before_stays_in_view() {
    let desk = Desk::at("#v=1", 120);
    desk.seek(40);
    let there = desk.state();
    desk.run
        .dispatch_all(vec![RunCommand::Edit(leaky()), RunCommand::Train]);
    desk.train_past(45);
    desk.pause();
    desk.assert_agreed();
    let end = desk.run.last_step();
    assert!(desk.edits().concat().starts_with("activation Leaky ReLU"));
    assert_eq!(ghosts(&desk), ["ReLU"]);
    // Before the fork nothing is another.
    desk.seek(39);
    assert_eq!(desk.scenario().network.activation.params, [0.0; 0]);
    desk.assert_agreed();
    desk.step_on(1);
    assert_same("step 40", &desk.state(), &there);
    assert!(end > 40);
    assert!(desk.edits().is_empty(), "of the other course");
}

#[test]
fn a_fork_is_undone_with_its_weights_kept() {
    let desk = Desk::at("#v=1", 60);
    desk.seek(20);
    desk.run
        .dispatch_all(vec![RunCommand::Edit(leaky()), RunCommand::Train]);
    desk.train_past(30);
    desk.pause();
    let at = desk.step();
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.step(), at);
    assert_eq!(desk.scenario(), super::desk::scenario("#v=1"));
}
