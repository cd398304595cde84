use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Setting};

use super::desk::{Desk, assert_same};

fn with_dead_units() -> Desk {
    let desk = Desk::training("#v=1");
    desk.until("units die", |desk| desk.n_dead() >= 3);
    desk.pause();
    desk
}

#[test]
fn dead_units_that_were_revived_are_dead_again_exactly() {
    let desk = with_dead_units();
    let before = (desk.step(), desk.state());
    desk.send(RunCommand::ReviveDead);
    desk.settle();
    assert_eq!(desk.n_dead(), 0);
    assert_eq!(desk.undo_texts().0.as_deref(), Some("dead units revived"));
    let revived = desk.state();
    desk.step_on(1);
    desk.run.undo();
    desk.settle();
    assert_eq!(desk.step(), before.0);
    assert_same("dead again", &desk.state(), &before.1);
    assert!(desk.edits().is_empty(), "the log says nothing of it");
    desk.run.redo();
    desk.settle();
    assert_same("and back once more", &desk.state(), &revived);
}

#[test]
fn where_none_is_dead_there_is_nothing_to_undo() {
    let desk = Desk::at("#v=1&a=tanh&lr=0.01", 10);
    desk.send(RunCommand::ReviveDead);
    desk.settle();
    assert_eq!(desk.undo_texts(), (None, None));
}

#[test]
fn a_second_press_before_the_first_is_shown_is_none() {
    let desk = with_dead_units();
    desk.send(RunCommand::ReviveDead);
    desk.step_on(5);
    let first = desk.undo_texts();
    desk.until("units die once more", |desk| {
        desk.send(RunCommand::Step(5));
        desk.settle();
        desk.n_dead() > 0
    });
    let (step, before) = (desk.step(), desk.state());
    for _ in 0..2 {
        desk.send(RunCommand::ReviveDead);
    }
    desk.settle();
    desk.run.undo();
    desk.settle();
    assert_eq!(desk.step(), step);
    assert_same("dead again", &desk.state(), &before);
    assert_eq!(desk.undo_texts().0, first.0, "that of before is left");
    desk.run.undo();
    desk.settle();
    assert!(desk.step() < step && desk.n_dead() >= 3);
    assert_eq!(desk.undo_texts().0, None);
}

#[test]
fn a_revival_that_was_just_taken_back_is_not_made_beside_the_stack() {
    let desk = with_dead_units();
    desk.send(RunCommand::ReviveDead);
    desk.settle();
    desk.run.undo();
    desk.send(RunCommand::ReviveDead);
    desk.settle();
    assert_eq!(desk.undo_texts().0.is_some(), desk.n_dead() == 0);
}

#[test]
fn a_revival_between_edits_is_taken_back_in_its_turn() {
    let desk = with_dead_units();
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.1));
    desk.send(RunCommand::ReviveDead);
    desk.step_on(10);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.05));
    desk.step_on(10);
    let rate = |desk: &Desk| desk.scenario().training.learning_rate;
    for expect in [0.1, 0.1, 1.6] {
        desk.run.undo();
        desk.settle();
        desk.assert_agreed();
        assert_eq!(rate(&desk), expect);
    }
    assert!(desk.n_dead() >= 3);
    assert_eq!(desk.undo_texts().0, None);
}
