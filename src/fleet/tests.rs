//! A fleet as the page has it, over the real engine in process.

use actiscope_core::protocol::{FleetSpec, Lanes, Part};
use actiscope_core::scenario::{Edit, Setting};

use leptos::prelude::WithUntracked;

use super::Fleet;
use crate::run::Start;
use crate::run::tests::desk::{Desk, scenario};

const LINK: &str = "#v=1&n=40&h=4&b=10&s=1";

fn spec(n_steps: u64) -> FleetSpec {
    let rate = |rate| vec![Edit::Set(Setting::LearningRate, rate)];
    FleetSpec {
        base: scenario(LINK),
        lanes: Lanes::List(vec![rate(0.01), rate(0.1), rate(1.0)]),
        seeds: 2,
        n_steps,
        n_looks: 10,
        keeps_curves: true,
        part: Part::WHOLE,
    }
}

fn desk() -> (Desk, Fleet) {
    let desk = Desk::open(scenario(LINK), Start::At(0));
    let fleet = desk.engine.new_fleet();
    (desk, fleet)
}

/// The last step of each network that was measured.
fn last_steps(fleet: Fleet) -> Vec<Option<u64>> {
    fleet.results.with_untracked(|results| {
        let networks = 0..results.curves.len();
        networks
            .map(|i| results.newest(i).map(|m| m.step))
            .collect()
    })
}

#[test]
fn it_is_trained_to_its_end_and_told_with_its_curves() {
    let (desk, fleet) = desk();
    fleet.open(spec(100));
    desk.settle();
    assert_eq!(last_steps(fleet), vec![Some(100); 6]);
    fleet.results.with_untracked(|results| {
        assert!(results.progress().is_done);
        assert!(results.curves.iter().all(|curve| curve.len() > 5));
    });
    assert_eq!(desk.run.steps().0, 0, "the run is left alone");
}

#[test]
fn another_in_its_place_hears_nothing_of_the_one_before() {
    let (desk, fleet) = desk();
    fleet.open(spec(5_000));
    desk.turn();
    desk.work();
    fleet.open(spec(20));
    desk.settle();
    assert_eq!(last_steps(fleet), vec![Some(20); 6]);
}

#[test]
fn paused_it_stands_and_goes_on_from_there() {
    let (desk, fleet) = desk();
    fleet.pause();
    fleet.open(spec(50));
    desk.settle();
    assert_ne!(last_steps(fleet), vec![Some(50); 6]);
    fleet.train();
    desk.settle();
    assert_eq!(last_steps(fleet), vec![Some(50); 6]);
}

#[test]
fn a_lost_engine_has_it_begin_anew_and_what_is_done_stays() {
    let (desk, fleet) = desk();
    fleet.open(spec(300));
    desk.turn();
    desk.lose_engine();
    desk.settle();
    assert_eq!(last_steps(fleet), vec![Some(300); 6]);
    desk.lose_engine();
    desk.settle();
    assert_eq!(last_steps(fleet), vec![Some(300); 6]);
}

#[test]
fn what_cannot_be_trained_is_said_and_the_next_is() {
    let (desk, fleet) = desk();
    let too_many = FleetSpec {
        seeds: 1_000_000,
        ..spec(10)
    };
    fleet.open(too_many);
    desk.settle();
    assert!(fleet.refusal.with_untracked(Option::is_some));
    fleet.open(spec(10));
    desk.settle();
    assert!(fleet.refusal.with_untracked(Option::is_none));
    assert_eq!(last_steps(fleet), vec![Some(10); 6]);
}
