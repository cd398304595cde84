use actiscope_core::nn::layout::ParamLayout;
use leptos::prelude::*;

use super::desk::{Desk, assert_same};
use crate::run::Followed;

/// The parameters that the page knows of.
fn params(desk: &Desk) -> Option<Vec<f64>> {
    let layout = ParamLayout::new(&desk.scenario().network);
    let snapshot = desk.run.snapshot.get_untracked()?;
    snapshot.params(&layout)
}

#[test]
fn a_sample_is_followed_in_a_run_that_stands() {
    let desk = Desk::training("#v=1&bn=1");
    desk.until("it trains", |desk| desk.step() > 20);
    desk.run.follow(Followed::Worst);
    desk.settle();
    assert!(!desk.run.wants_training.get_untracked());
    let (step, before) = (desk.step(), desk.state());
    let known = params(&desk).expect("all weights are told, with scale and shift");
    // What is asked for meanwhile is of the sample alone.
    desk.run.step();
    desk.settle();
    assert_eq!(desk.run.own_updates.get_untracked(), 1);
    assert_eq!(desk.step(), step);
    desk.run.follow(Followed::Nothing);
    desk.settle();
    assert_same("the run keeps its state", &desk.state(), &before);
    desk.run.step();
    desk.settle();
    assert_eq!(desk.step(), step + 1);
    desk.run.follow(Followed::Sample(3));
    desk.settle();
    assert_ne!(params(&desk), Some(known), "another step, other weights");
}
