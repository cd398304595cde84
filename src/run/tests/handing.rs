use std::cell::RefCell;
use std::rc::Rc;

use actiscope_core::interop::run_file::{RunFile, save};
use actiscope_core::protocol::{HandedOver, RunCommand, Snapshot};
use actiscope_core::scenario::link::from_link;
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use super::desk::{Desk, assert_same};
use crate::run::Resumed;

/// Where a run stands, without its last update: a file holds all that it led to, and not what it was.
fn state(desk: &Desk) -> Snapshot {
    let mut state = desk.state();
    state
        .layers
        .iter_mut()
        .for_each(|layer| layer.update_ratio = 0.0);
    state
}

/// What the engine hands over when it is asked.
fn handed(desk: &Desk) -> HandedOver {
    let taken = Rc::new(RefCell::new(None));
    let to = taken.clone();
    desk.run.hand_over(move |run| *to.borrow_mut() = Some(run));
    desk.settle();
    taken.take().expect("the engine answers")
}

/// By way of a file.
fn saved(desk: &Desk) -> Resumed {
    let events = desk.run.log.with_untracked(|log| log.events.clone());
    let file = save(&handed(desk), &events).expect("one network");
    let file = RunFile::read(&file).expect("just written");
    Resumed {
        scenario: from_link(&file.link).0,
        step: file.step,
        run: file.run.expect("of this version"),
        events: file.events,
    }
}

/// A run at step 400, some of whose units have died.
fn run_with_deaths() -> Desk {
    let desk = Desk::at("#v=1", 300);
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.1));
    desk.send(RunCommand::Step(100));
    desk.settle();
    desk
}

#[test]
fn a_run_is_where_it_was_saved_whatever_came_since() {
    let desk = run_with_deaths();
    let (saved_state, events) = (
        state(&desk),
        desk.run.log.with_untracked(|log| log.events.clone()),
    );
    assert!(events.len() > 3, "{events:?}");
    let file = saved(&desk);

    let other = Desk::training("#v=1&a=tanh&h=4");
    other.train_past(50);
    other.run.resume(file);
    other.settle();
    other.assert_agreed();
    assert_same("resumed", &state(&other), &saved_state);
    assert_eq!(
        other.run.log.with_untracked(|log| log.events.clone()),
        events
    );
    assert!(!other.run.wants_training.get_untracked());

    // On, back, and on as ever.
    for desk in [&desk, &other] {
        desk.send(RunCommand::Step(33));
        desk.settle();
    }
    assert_same("trained on", &other.state(), &desk.state());
    other.seek(120);
    desk.seek(120);
    assert_same("gone back", &other.state(), &desk.state());
    other.assert_agreed();
}

#[test]
fn undo_leads_back_to_the_scenario_before() {
    let file = saved(&run_with_deaths());
    let desk = Desk::at("#v=1&a=tanh&h=4", 20);
    let before = desk.scenario();
    desk.run.resume(file);
    desk.settle();
    assert_eq!(desk.scenario().network.hidden, [8, 8, 8]);
    desk.run.undo();
    desk.settle();
    desk.assert_agreed();
    assert!(desk.scenario().is_same_run(&before));
}

#[test]
fn an_engine_that_is_lost_at_once_goes_on_from_the_file() {
    let first = run_with_deaths();
    let saved_state = state(&first);
    let file = saved(&first);
    let desk = Desk::at("#v=1&a=tanh", 5);
    desk.run.resume(file);
    // Before it has heard of it.
    desk.lose_engine();
    desk.settle();
    desk.assert_agreed();
    assert_same("all the same", &state(&desk), &saved_state);
}

#[test]
fn who_waits_for_a_run_gets_it_from_the_next_engine() {
    let desk = Desk::at("#v=1&lr=0.1", 40);
    let taken = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..2 {
        let to = taken.clone();
        desk.run
            .hand_over(move |run| to.borrow_mut().push(run.step));
    }
    desk.lose_engine();
    desk.settle();
    assert_eq!(taken.borrow().len(), 2);
}

#[test]
fn a_damaged_file_is_told_and_all_stays() {
    let desk = Desk::at("#v=1&lr=0.1", 40);
    let before = desk.scenario();
    let mut file = saved(&desk);
    file.run.truncate(100);
    desk.run.resume(file);
    desk.settle();
    assert!(
        desk.told().concat().contains("damaged"),
        "{:?}",
        desk.told()
    );
    desk.assert_agreed();
    assert!(desk.scenario().is_same_run(&before));
}
