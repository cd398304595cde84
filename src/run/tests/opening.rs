use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::link::{from_link, to_link};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use leptos::prelude::*;

use super::desk::{Desk, assert_same, scenario};
use crate::run::Start;
use crate::views::NOTHING;

#[test]
fn a_link_opens_at_its_step_and_rests_there() {
    for step in [0, 1, 137, 2_000] {
        let desk = Desk::at("#v=1&lr=0.1", step);
        assert_eq!((desk.step(), desk.run.last_step()), (step, step));
        assert!(!desk.run.wants_training.get_untracked());
        desk.assert_agreed();
        desk.turn();
        assert_eq!(desk.step(), step);
    }
}

#[test]
fn without_a_step_it_trains_at_once() {
    let desk = Desk::training("#v=1");
    assert!(desk.run.wants_training.get_untracked());
    desk.train_past(50);
}

fn unseen() -> Desk {
    let desk = Desk::open(scenario("#v=1"), Start::WhenSeen);
    desk.run.set_seen(None);
    desk.settle();
    assert_eq!(desk.step(), 0);
    desk
}

#[test]
fn opened_beside_another_view_it_trains_when_it_is_seen() {
    let desk = unseen();
    desk.run.edit(Edit::Set(Setting::LearningRate, 0.1));
    desk.send(RunCommand::Load(Box::default()));
    desk.settle();
    assert_eq!(desk.step(), 0);
    desk.run.set_seen(Some(NOTHING));
    desk.train_past(50);
    desk.pause();
    desk.run.set_seen(None);
    desk.run.set_seen(Some(NOTHING));
    assert!(!desk.run.wants_training.get_untracked());
}

#[test]
fn it_rests_at_the_step_of_a_link_that_came_before_it_was_seen() {
    let desk = unseen();
    // What an address with `at=120` does.
    desk.send(RunCommand::Pause);
    desk.send(RunCommand::Load(Box::default()));
    desk.send(RunCommand::Step(120));
    desk.run.set_seen(Some(NOTHING));
    desk.settle();
    assert_eq!(desk.step(), 120);
    assert!(!desk.run.wants_training.get_untracked());
}

#[test]
fn a_link_gives_the_same_run() {
    let mut other = Scenario::default();
    other.training.learning_rate = 0.07;
    other.network.hidden = vec![5, 6];
    other.seed = 4;
    let link = to_link(&other);
    assert_eq!(scenario(&link), other);
    let (one, two) = (Desk::at(&link, 90), Desk::open(other, Start::At(90)));
    two.settle();
    assert_same("by link or as it is", &one.state(), &two.state());
}

#[test]
fn what_is_restored_is_undone_to_nothing() {
    let (restored, _) = from_link("#v=1&a=elu&lr=0.03");
    let desk = Desk::open(restored.clone(), Start::Training);
    desk.train_past(10);
    assert_eq!(desk.undo_texts(), (None, None));
    desk.run.undo();
    assert_eq!(desk.scenario(), restored);
}
