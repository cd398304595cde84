use actiscope_core::activation::ActivationSpec;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Scenario, Setting};
use leptos::prelude::*;

use super::desk::{Desk, assert_same, scenario};

fn rate(desk: &Desk) -> f64 {
    desk.scenario().training.learning_rate
}

fn tanh() -> Edit {
    Edit::Activation(ActivationSpec::new("tanh"))
}

#[test]
fn an_edit_that_was_made_before_a_seek_arrived_holds() {
    let desk = Desk::at("#v=1&lr=0.1", 100);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.2));
    desk.step_on(50);
    // To a time before that edit, where another setting is changed at once.
    desk.send(RunCommand::Seek(30));
    desk.run.edit(Edit::Set(Setting::L2, 0.01));
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.step(), 30);
    assert_eq!((rate(&desk), desk.scenario().training.l2), (0.1, 0.01));
    assert_eq!(desk.undo_texts(), (Some("L2 0.01".into()), None));
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario(), scenario("#v=1&lr=0.1"));
}

#[test]
fn an_edit_that_is_on_its_way_when_the_engine_tells_of_another_scenario_holds() {
    let desk = Desk::at("#v=1&lr=0.1", 100);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.2));
    desk.step_on(50);
    desk.send(RunCommand::Seek(30));
    // The engine has arrived, and tells so while the edit is on its way.
    desk.deliver();
    desk.work();
    desk.run.edit(Edit::Set(Setting::L2, 0.01));
    desk.turn();
    desk.settle();
    desk.assert_agreed();
    assert_eq!((rate(&desk), desk.scenario().training.l2), (0.1, 0.01));
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!((rate(&desk), desk.scenario().training.l2), (0.1, 0.0));
}

#[test]
fn what_is_undone_before_a_seek_is_answered_can_be_made_again() {
    let desk = Desk::at("#v=1&lr=0.1", 50);
    for value in [0.2, 0.4] {
        desk.wait(1e3);
        desk.run.edit(Edit::Set(Setting::LearningRate, value));
        desk.step_on(50);
    }
    // To a time before both; the engine is there, and the page has not heard it.
    desk.send(RunCommand::Seek(30));
    desk.deliver();
    desk.work();
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(rate(&desk), 0.2);
    let texts = ["learning rate 0.2", "learning rate 0.4"].map(|text| Some(text.to_owned()));
    assert_eq!(desk.undo_texts(), texts.into());
    desk.run.redo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(rate(&desk), 0.4);
}

#[test]
fn scrubbing_through_edits_takes_the_page_along() {
    let desk = Desk::at("#v=1&lr=0.1", 50);
    for value in [0.2, 0.4, 0.8] {
        desk.wait(1e3);
        desk.run.edit(Edit::Set(Setting::LearningRate, value));
        desk.step_on(50);
    }
    for (step, value) in [(0, 0.1), (199, 0.8), (60, 0.2), (120, 0.4), (49, 0.1)] {
        desk.seek(step);
        desk.assert_agreed();
        assert_eq!(rate(&desk), value, "at step {step}");
    }
    assert_eq!(
        desk.undo_texts(),
        (None, Some("learning rate 0.2".into())),
        "edits of later steps can be made again"
    );
}

#[test]
fn edits_are_undone_and_made_again() {
    let desk = Desk::at("#v=1", 20);
    let first = desk.scenario();
    desk.run.edit(tanh());
    desk.wait(1e3);
    desk.run.edit(Edit::Set(Setting::BatchNorm, 1.0));
    let last = desk.scenario();
    desk.settle();
    assert_eq!(desk.step(), 0, "another shape begins anew");
    assert_eq!(desk.undo_texts().0.as_deref(), Some("BatchNorm on"));
    desk.run.undo();
    assert_eq!(desk.undo_texts().0.as_deref(), Some("activation Tanh"));
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario(), first);
    assert_eq!(desk.undo_texts().0, None);
    desk.run.undo();
    desk.run.redo();
    desk.run.redo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario(), last);
    assert_eq!(desk.undo_texts().1, None);
}

#[test]
fn a_drag_is_one_edit_and_undoing_it_keeps_the_weights() {
    let desk = Desk::training("#v=1&lr=0.1");
    desk.train_past(20);
    desk.run.begin_gesture();
    for i in 1..=30 {
        desk.run
            .edit(Edit::Set(Setting::LearningRate, 0.1 + 0.01 * f64::from(i)));
        desk.wait(200.0);
        desk.turn();
    }
    desk.run.end_gesture();
    let at = desk.step();
    desk.run.undo();
    assert_eq!(rate(&desk), 0.1);
    assert_eq!(desk.undo_texts().0, None, "the drag was one edit");
    desk.train_past(at);
    desk.pause();
    desk.assert_agreed();
    assert_eq!(desk.edits(), ["learning rate 0.4", "learning rate 0.1"]);
}

#[test]
fn an_edit_that_cannot_be_is_told_and_changes_nothing() {
    let desk = Desk::at("#v=1", 10);
    let before = (desk.scenario(), desk.state());
    desk.run.edit(Edit::Set(Setting::LearningRate, -1.0));
    let told = desk.told().concat();
    assert!(told.contains("out of range"), "{told}");
    desk.settle();
    assert_eq!(desk.scenario(), before.0);
    assert_same("the run", &desk.state(), &before.1);
    assert_eq!(desk.undo_texts().0, None);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.2));
    assert!(desk.told().is_empty(), "settled by the next that can be");
}

#[test]
fn what_is_only_looked_at_is_no_edit_of_the_run() {
    let desk = Desk::at("#v=1", 30);
    let before = desk.snapshot().last_step;
    desk.run.edit(Edit::Layer(1));
    desk.run.edit(Edit::Unit(Some(2)));
    desk.run.edit(Edit::Set(Setting::Speed, 50.0));
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.undo_texts(), (None, None));
    assert_eq!(desk.snapshot().last_step, before);
    assert!(desk.edits().is_empty());
    assert!(desk.snapshot().layers[1].z_of_unit.is_some());
}

#[test]
fn other_data_begin_anew_and_go_on_training() {
    let desk = Desk::training("#v=1");
    desk.train_past(50);
    desk.run.edit(Edit::Set(Setting::Seed, 9.0));
    assert!(desk.run.wants_training.get_untracked());
    desk.until("it begins anew", |desk| desk.run.last_step() < 50);
    desk.train_past(60);
    desk.pause();
    desk.assert_agreed();
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.step(), 0);
}

#[test]
fn another_scenario_can_be_loaded_and_taken_back() {
    let desk = Desk::at("#v=1&lr=0.1&a=elu", 30);
    let before = desk.scenario();
    desk.send(RunCommand::Load(Box::default()));
    desk.settle();
    desk.assert_agreed();
    assert_eq!((desk.scenario(), desk.step()), (Scenario::default(), 0));
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert_eq!(desk.scenario(), before);
}
