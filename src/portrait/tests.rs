//! Portraits as the page has them, over the real engine in process.

use actiscope_core::protocol::{FleetSpec, Lanes, Look, Part};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use leptos::prelude::*;

use super::{Portrait, Sitter};
use crate::run::Start;
use crate::run::tests::desk::{Desk, assert_same, scenario};
use crate::views::NOTHING;

const LINK: &str = "#v=1&n=40&h=4&b=10&s=1";
/// Loses its numbers within a few steps.
const DIVERGING: &str = "#v=1&n=40&h=4&b=10&s=1&d=sine&l=mse&a=identity&lr=10";

const LOOK: Look = Look {
    field_cells: 8,
    ..NOTHING
};

fn desk() -> (Desk, Portrait) {
    let desk = Desk::open(scenario(LINK), Start::At(0));
    let portrait = desk.engine.new_portrait();
    (desk, portrait)
}

fn with_rate(rate: f64) -> Scenario {
    let mut scenario = scenario(LINK);
    Edit::Set(Setting::LearningRate, rate).apply(&mut scenario);
    scenario
}

fn sitter(portrait: Portrait) -> std::sync::Arc<Sitter> {
    portrait.sitter.get_untracked().expect("it is shown")
}

fn is_awaited(portrait: Portrait) -> bool {
    portrait.is_awaited.get_untracked()
}

fn fleet(n_steps: u64) -> FleetSpec {
    FleetSpec {
        base: scenario(LINK),
        lanes: Lanes::List(vec![vec![Edit::Set(Setting::LearningRate, 0.1)]]),
        seeds: 8,
        n_steps,
        n_looks: 10,
        keeps_curves: true,
        part: Part::WHOLE,
    }
}

#[test]
fn it_is_the_run_at_that_step_and_leaves_the_run_alone() {
    let (desk, portrait) = desk();
    portrait.show(with_rate(0.1), 60, LOOK);
    assert!(is_awaited(portrait));
    desk.settle();
    let shown = sitter(portrait);
    assert!(!is_awaited(portrait) && shown.is_of(&with_rate(0.1), 60));
    assert_eq!(shown.snapshot.step, 60);
    assert_eq!(shown.snapshot.field.len(), 64);
    assert_eq!(shown.loaded.y.len(), 40);
    assert_eq!(desk.step(), 0, "the run is left alone");

    let run = Desk::open(with_rate(0.1), Start::At(60));
    run.settle();
    let seen = |snapshot: &actiscope_core::protocol::Snapshot| {
        let mut seen = snapshot.clone();
        (seen.run, seen.history, seen.steps_per_second) = (0, Vec::new(), 0.0);
        (seen.history_is_whole, seen.last_step) = (false, 0);
        for layer in &mut seen.layers {
            (layer.weights, layer.biases) = (Vec::new(), Vec::new());
        }
        seen
    };
    assert_same("as the run", &seen(&shown.snapshot), &seen(&run.snapshot()));
}

#[test]
fn at_step_0_it_is_how_the_network_begins() {
    let (desk, portrait) = desk();
    portrait.show(with_rate(0.1), 0, LOOK);
    desk.settle();
    assert_eq!(sitter(portrait).snapshot.step, 0);
    assert_eq!(sitter(portrait).snapshot.field.len(), 64);
}

#[test]
fn what_is_on_show_stays_until_another_has_come() {
    let (desk, portrait) = desk();
    portrait.show(with_rate(0.1), 20, LOOK);
    desk.settle();
    portrait.show(with_rate(0.2), 30, LOOK);
    assert!(is_awaited(portrait));
    assert!(sitter(portrait).is_of(&with_rate(0.1), 20));
    desk.settle();
    assert!(sitter(portrait).is_of(&with_rate(0.2), 30));
    portrait.show(with_rate(0.2), 30, LOOK);
    assert!(!is_awaited(portrait), "it is there");
    portrait.clear();
    desk.settle();
    assert!(portrait.sitter.with_untracked(Option::is_none));
}

#[test]
fn a_second_question_takes_the_place_of_the_first() {
    let (desk, portrait) = desk();
    portrait.show(with_rate(0.1), 5_000, LOOK);
    desk.turn();
    portrait.show(with_rate(0.2), 10, LOOK);
    desk.deliver();
    portrait.show(with_rate(0.3), 11, LOOK);
    desk.settle();
    assert!(sitter(portrait).is_of(&with_rate(0.3), 11));
    // Back to what is on show: nothing is asked.
    portrait.show(with_rate(0.1), 5_000, LOOK);
    portrait.show(with_rate(0.3), 11, LOOK);
    assert!(!is_awaited(portrait));
    desk.settle();
    assert!(sitter(portrait).is_of(&with_rate(0.3), 11));
    assert_eq!(desk.told(), [""; 0]);
}

#[test]
fn it_comes_while_a_fleet_trains_in_front_and_when_that_is_done() {
    let (desk, portrait) = desk();
    let fleet_of_page = desk.engine.new_fleet();
    fleet_of_page.set_in_front(true);
    fleet_of_page.open(fleet(50_000_000));
    desk.turn();
    let others: Vec<Portrait> = (0..7).map(|_| desk.engine.new_portrait()).collect();
    portrait.show(with_rate(0.1), 50, LOOK);
    for (i, other) in others.iter().enumerate() {
        other.show(with_rate(0.1 * (i + 2) as f64), 50, LOOK);
    }
    let all = || std::iter::once(portrait).chain(others.iter().copied());
    desk.until("all have come", |_| !all().any(is_awaited));
    let is_done = || {
        fleet_of_page
            .results
            .with_untracked(|r| r.progress().is_done)
    };
    assert!(!is_done(), "the fleet trains on");
    assert!(all().all(|portrait| sitter(portrait).snapshot.step == 50));
    fleet_of_page.open(fleet(20));
    desk.settle();
    assert!(is_done());
    portrait.show(with_rate(0.1), 70, LOOK);
    desk.settle();
    assert_eq!(sitter(portrait).snapshot.step, 70);
}

#[test]
fn a_lost_engine_is_asked_anew() {
    let (desk, portrait) = desk();
    portrait.show(with_rate(0.1), 400, LOOK);
    desk.turn();
    desk.lose_engine();
    desk.settle();
    assert!(sitter(portrait).is_of(&with_rate(0.1), 400));
    desk.lose_engine();
    desk.settle();
    assert!(
        !is_awaited(portrait),
        "what is on show is not asked for again"
    );
}

#[test]
fn one_that_diverged_stands_where_it_did() {
    let (desk, portrait) = desk();
    portrait.show(scenario(DIVERGING), 500, LOOK);
    desk.settle();
    let shown = sitter(portrait);
    assert!(shown.snapshot.has_diverged && shown.snapshot.step < 500);
    assert!(shown.is_of(&scenario(DIVERGING), 500));
    assert!(!is_awaited(portrait));
}

#[test]
fn what_cannot_be_trained_is_said_and_the_next_is_shown() {
    let (desk, portrait) = desk();
    let mut impossible = scenario(LINK);
    impossible.network.hidden = vec![100_000];
    portrait.show(impossible.clone(), 10, LOOK);
    desk.settle();
    assert!(!is_awaited(portrait));
    assert!(portrait.refusal.with_untracked(Option::is_some));
    portrait.show(impossible.clone(), 11, LOOK);
    assert!(!is_awaited(portrait), "it is not asked for again");
    portrait.clear();
    portrait.show(impossible, 11, LOOK);
    portrait.show(with_rate(0.1), 10, LOOK);
    desk.settle();
    assert!(portrait.refusal.with_untracked(Option::is_none));
    assert_eq!(sitter(portrait).snapshot.step, 10);
    assert_eq!(desk.told(), [""; 0], "it is told where it was asked for");
}
