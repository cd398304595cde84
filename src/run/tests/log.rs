use actiscope_core::health::{HealthEvent, What};
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use super::desk::Desk;

/// Lines that the panel of events lists.
const N_LISTED: usize = 60;

fn listed(desk: &Desk) -> Vec<HealthEvent> {
    let last_step = desk.run.last_step();
    desk.run
        .log
        .with_untracked(|log| log.latest(N_LISTED, last_step))
}

fn rate(i: u32) -> Edit {
    Edit::Set(Setting::LearningRate, 0.5 + 0.001 * f64::from(i))
}

#[test]
fn a_drag_is_one_line_where_it_began() {
    let desk = Desk::training("#v=1");
    desk.train_past(10);
    desk.run.begin_gesture();
    let mut began = None;
    for i in 1..=200 {
        desk.run.edit(rate(i));
        desk.turn();
        began = began.or(Some(desk.step()));
    }
    desk.run.end_gesture();
    desk.pause();
    assert_eq!(desk.edits(), ["learning rate 0.7"]);
    let is_edit = |event: &&HealthEvent| matches!(event.what, What::Edited { .. });
    let at = desk.events().iter().find(is_edit).map(|event| event.step);
    assert!(at <= began, "{at:?} {began:?}");
    // Another one is another line.
    desk.wait(1e3);
    desk.run.begin_gesture();
    desk.run.edit(rate(0));
    desk.run.end_gesture();
    desk.settle();
    assert_eq!(desk.edits(), ["learning rate 0.7", "learning rate 0.5"]);
}

#[test]
fn a_drag_that_ends_where_it_began_is_one_line() {
    let desk = Desk::training("#v=1&lr=0.5");
    desk.train_past(10);
    desk.run.begin_gesture();
    for i in [10, 20, 0] {
        desk.run.edit(rate(i));
        desk.turn();
    }
    desk.run.end_gesture();
    desk.pause();
    assert_eq!(desk.edits(), ["learning rate 0.5"]);
    assert_eq!(desk.undo_texts().0, None, "nothing to take back");
}

#[test]
fn all_that_a_remedy_changes_is_one_line() {
    let desk = Desk::at("#v=1", 30);
    desk.run.dispatch_all(vec![
        RunCommand::Edit(Edit::Set(Setting::LearningRate, 0.1)),
        RunCommand::Edit(Edit::Set(Setting::BatchSize, 40.0)),
    ]);
    desk.settle();
    assert_eq!(desk.edits(), ["learning rate 0.1, batch size 40"]);
}

#[test]
fn many_edits_push_out_no_death() {
    let desk = Desk::training("#v=1");
    desk.until("a unit dies", |desk| desk.death().is_some());
    desk.pause();
    let death = desk.death();
    let n_deaths = desk.events().len();
    for i in 0..500 {
        desk.wait(1e3);
        desk.run.edit(rate(i));
        desk.turn();
    }
    desk.settle();
    assert_eq!(desk.death(), death);
    let is_listed = |death: HealthEvent| listed(&desk).contains(&death);
    assert!(n_deaths < N_LISTED / 2 && death.is_some_and(is_listed));
    assert!(
        desk.events().len() < n_deaths + 1_500,
        "and memory is bounded"
    );
}

#[test]
fn many_edits_push_out_no_divergence() {
    let desk = Desk::training("#v=1&lr=10&o=momentum&l=mse");
    desk.until("it diverges", |desk| {
        let is_end = |event: &HealthEvent| matches!(event.what, What::Diverged { .. });
        desk.events().iter().any(is_end)
    });
    desk.settle();
    for i in 0..500 {
        desk.wait(1e3);
        desk.run.edit(rate(i));
        desk.turn();
    }
    desk.settle();
    let is_end = |event: &HealthEvent| matches!(event.what, What::Diverged { .. });
    assert!(listed(&desk).iter().any(is_end));
}
