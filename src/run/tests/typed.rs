use actiscope_core::protocol::{LayerSnapshot, ParamAt, ParamValue, RunCommand, UnitParam};
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::GetUntracked;

use super::desk::{Desk, assert_same};

const BIAS: ParamAt = ParamAt {
    layer: 0,
    unit: 2,
    part: UnitParam::Bias,
};
const WEIGHT: ParamAt = ParamAt {
    layer: 1,
    unit: 0,
    part: UnitParam::Weight(3),
};

impl Desk {
    fn param(&self, at: ParamAt) -> f32 {
        self.state().param(at).expect("the drawing shows it")
    }

    fn set(&self, at: ParamAt, value: f32) {
        self.send(RunCommand::SetParams(vec![ParamValue { at, value }]));
        self.settle();
    }

    /// As somebody would who takes their time.
    fn set_later(&self, at: ParamAt, value: f32) {
        self.wait(1_000.0);
        self.set(at, value);
    }
}

#[test]
fn what_is_typed_is_undone_and_made_again_like_any_edit() {
    let desk = Desk::at("#v=1&lr=0.1", 40);
    let before = (desk.param(BIAS), desk.param(WEIGHT));
    let params = |desk: &Desk| {
        let layers = desk.state().layers;
        let of = |layer: LayerSnapshot| (layer.weights, layer.biases, layer.z);
        layers.into_iter().map(of).collect::<Vec<_>>()
    };
    let state = params(&desk);
    desk.set_later(BIAS, -3.0);
    desk.set_later(WEIGHT, 0.75);
    assert_eq!((desk.param(BIAS), desk.param(WEIGHT)), (-3.0, 0.75));
    let text = desk.undo_texts().0;
    assert_eq!(text.as_deref(), Some("weight 4 of layer 2 unit 1 0.75"));
    desk.run.undo();
    desk.settle();
    assert_eq!((desk.param(BIAS), desk.param(WEIGHT)), (-3.0, before.1));
    desk.run.undo();
    desk.settle();
    assert_eq!(params(&desk), state);
    desk.run.redo();
    desk.settle();
    assert_eq!((desk.param(BIAS), desk.param(WEIGHT)), (-3.0, before.1));
    // The run goes on from there, and what came of it stays when it is undone.
    desk.step_on(5);
    let moved = desk.param(WEIGHT);
    desk.run.undo();
    desk.settle();
    assert_eq!((desk.param(BIAS), desk.param(WEIGHT)), (before.0, moved));
    assert_eq!(desk.undo_texts().0, None);
}

#[test]
fn quick_keys_on_one_weight_are_one_entry() {
    let desk = Desk::at("#v=1&lr=0.1", 40);
    let before = desk.param(BIAS);
    for value in [0.1, 0.2, 0.3] {
        desk.set(BIAS, value);
    }
    desk.set(WEIGHT, 1.0);
    desk.run.undo();
    desk.settle();
    assert_eq!(desk.param(BIAS), 0.3);
    desk.run.undo();
    desk.settle();
    assert_eq!(desk.param(BIAS), before);
    assert_eq!(desk.undo_texts().0, None);
}

#[test]
fn before_it_was_typed_there_is_nothing_of_it_to_undo() {
    let desk = Desk::at("#v=1&lr=0.1", 20);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.05));
    desk.step_on(20);
    desk.set_later(BIAS, -3.0);
    desk.step_on(20);
    desk.send(RunCommand::Seek(30));
    desk.settle();
    let there = desk.param(BIAS);
    assert!(there > -1.0);
    desk.run.undo();
    desk.settle();
    assert_eq!(desk.scenario().training.learning_rate, 0.1);
    assert_eq!(desk.param(BIAS), there);
    desk.assert_agreed();
}

#[test]
fn a_run_that_begins_anew_knows_nothing_of_it() {
    let desk = Desk::at("#v=1&lr=0.1", 20);
    desk.set_later(BIAS, -3.0);
    desk.send(RunCommand::Reset);
    desk.settle();
    assert_eq!(desk.undo_texts().0, None);
    let fresh = Desk::at("#v=1&lr=0.1", 0);
    assert_same("begun anew", &desk.state(), &fresh.state());
}

#[test]
fn a_run_that_has_stopped_by_itself_is_paused_and_goes_on_when_told_to() {
    let desk = Desk::training("#v=1&lr=0.1&sp=none&st=90");
    desk.settle();
    assert_eq!(desk.step(), 90);
    assert!(!desk.run.wants_training.get_untracked());
    desk.send(RunCommand::Train);
    desk.until("it goes on", |desk| desk.step() > 100);
    desk.pause();
    // Back before the step it stops there once more.
    desk.send(RunCommand::Seek(10));
    desk.send(RunCommand::Train);
    desk.settle();
    assert_eq!(desk.step(), 90);
    assert!(!desk.run.wants_training.get_untracked());
}
