//! A fleet as the page has it, over the real engine in process.

use std::cell::Cell;

use actiscope_core::map::{self, Map};
use actiscope_core::protocol::{FleetSpec, Lanes, Part};
use actiscope_core::scenario::{Axis, AxisScale, Edit, Setting};

use leptos::prelude::{WithUntracked, untrack};

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

/// A map that is large enough to be shared out.
fn large() -> FleetSpec {
    let axis = |setting, from, to| Axis {
        setting,
        from,
        to,
        n: 32,
        scale: AxisScale::Log,
    };
    let (x, y) = (
        axis(Setting::LearningRate, 0.01, 10.0),
        axis(Setting::Gain, 0.1, 10.0),
    );
    map::fleet(scenario(LINK), x, y, 1, 600)
}

/// A page at rest, with so many engines beside its own, and a fleet in front.
fn desk_with(n_helpers: usize) -> (Desk, Fleet) {
    let (desk, fleet) = desk();
    desk.take_helpers(n_helpers);
    desk.settle();
    fleet.set_in_front(true);
    (desk, fleet)
}

fn csv(fleet: Fleet) -> String {
    let spec = fleet
        .spec
        .with_untracked(|spec| spec.clone().expect("one is open"));
    let map = (fleet.results).with_untracked(|results| Map::new(&spec, results));
    map.expect("a grid").csv()
}

fn is_done(fleet: Fleet) -> bool {
    untrack(|| fleet.progress()).is_done
}

/// Of each part.
fn made(fleet: Fleet, of: u32) -> Vec<u64> {
    let parts = (0..of).map(|index| Part { index, of });
    (fleet.results).with_untracked(|results| {
        parts
            .map(|part| results.progress_of(part).lane_steps)
            .collect()
    })
}

/// Turns that it takes.
fn trained(desk: &Desk, fleet: Fleet) -> usize {
    let n_turns = Cell::new(0);
    desk.until("it is done", |_| {
        n_turns.set(n_turns.get() + 1);
        is_done(fleet)
    });
    n_turns.get()
}

/// Trained by one engine.
fn whole() -> String {
    let (desk, fleet) = desk_with(0);
    fleet.open(large());
    desk.settle();
    csv(fleet)
}

#[test]
fn a_large_map_is_shared_out_and_is_the_same_in_less_time() {
    let (alone, of_one) = desk_with(0);
    of_one.open(large());
    let n_turns = trained(&alone, of_one);
    assert_eq!(alone.n_helpers(), 0);

    let (desk, of_three) = desk_with(2);
    of_three.open(large());
    assert_eq!(desk.n_helpers(), 2);
    let n_turns_of_three = trained(&desk, of_three);
    assert!(
        2 * n_turns_of_three < n_turns,
        "{n_turns_of_three} turns instead of {n_turns}"
    );
    desk.settle();
    assert!(csv(of_three) == csv(of_one), "byte by byte");
    let told = untrack(|| of_three.progress());
    assert_eq!((told.lane_steps, told.n_lane_steps), (614_400, 614_400));

    // Each has its share of what is seen first.
    let coarse = (0..1_024).filter(|lane| large().lanes.pass(*lane) == 0);
    let mut shares = [0; 3];
    coarse.for_each(|lane| shares[lane % 3] += 1);
    assert_eq!(shares, [6, 5, 5]);
}

#[test]
fn what_is_quick_is_not_shared_out() {
    let (desk, fleet) = desk_with(2);
    let quick = FleetSpec {
        n_steps: 30,
        ..large()
    };
    fleet.open(quick);
    desk.settle();
    assert!(is_done(fleet) && desk.n_helpers() == 0);
    // Nor is what is no map.
    fleet.open(spec(1_000));
    desk.settle();
    assert!(is_done(fleet) && desk.n_helpers() == 0);
}

#[test]
fn pausing_and_giving_up_reach_all_parts() {
    let (desk, fleet) = desk_with(2);
    fleet.open(large());
    desk.until("all have begun", |_| made(fleet, 3).iter().all(|n| *n > 0));
    fleet.pause();
    desk.settle();
    let stood = made(fleet, 3);
    desk.turn();
    assert_eq!(made(fleet, 3), stood);
    assert!(!is_done(fleet));
    fleet.train();
    desk.until("all go on", |_| {
        made(fleet, 3)
            .iter()
            .zip(&stood)
            .all(|(now, then)| now > then)
    });
    fleet.close();
    desk.settle();
    let stood = made(fleet, 3);
    desk.turn();
    assert_eq!((made(fleet, 3), is_done(fleet)), (stood, false));
    assert!(!untrack(|| fleet.is_open()));
    assert_eq!(desk.n_helpers(), 0, "nobody needs them any more");
}

#[test]
fn a_part_whose_engine_is_lost_goes_on_in_the_pages_own() {
    let whole = whole();
    let (desk, fleet) = desk_with(2);
    fleet.open(large());
    desk.until("all have begun", |_| made(fleet, 3).iter().all(|n| *n > 0));
    desk.lose_helper(1);
    assert_eq!((desk.n_helpers(), made(fleet, 3)[2]), (1, 0));
    desk.settle();
    assert!(csv(fleet) == whole, "byte by byte");
    assert!(desk.told()[0].contains("crashed (on purpose)"));

    // The next one has another in its place.
    fleet.open(large());
    assert_eq!(desk.n_helpers(), 2);
    desk.until("all have begun", |_| made(fleet, 3).iter().all(|n| *n > 0));
    // What others had stays where the page's own is lost.
    let before = made(fleet, 3);
    desk.lose_engine();
    let after = made(fleet, 3);
    assert_eq!((after[0], &after[1..]), (0, &before[1..]));
    desk.settle();
    assert!(csv(fleet) == whole, "byte by byte");
}

#[test]
fn engines_that_are_lost_again_and_again_are_not_started_any_more() {
    let (desk, fleet) = desk_with(2);
    for _ in 0..2 {
        fleet.open(large());
        desk.lose_helper(0);
        desk.lose_helper(1);
    }
    fleet.open(large());
    assert_eq!(desk.n_helpers(), 0);
    desk.settle();
    assert!(is_done(fleet));
}

#[test]
fn helpers_stay_as_long_as_the_map_is_in_front() {
    let (desk, fleet) = desk_with(2);
    fleet.open(large());
    desk.settle();
    assert_eq!(
        desk.n_helpers(),
        2,
        "what is changed next is trained at once"
    );
    fleet.set_in_front(false);
    desk.engine.run_to_front();
    assert_eq!(desk.n_helpers(), 0);
    desk.settle();
    assert!(is_done(fleet));
}

#[test]
fn one_that_began_before_the_engine_was_known_is_shared_out_then() {
    let (desk, fleet) = desk();
    desk.take_helpers(2);
    fleet.set_in_front(true);
    fleet.open(large());
    assert_eq!(desk.n_helpers(), 0);
    desk.until("it is shared out", |desk| desk.n_helpers() == 2);
    desk.settle();
    assert!(csv(fleet) == whole(), "byte by byte");
}

#[test]
fn what_no_engine_takes_is_refused_once() {
    let (desk, fleet) = desk_with(2);
    let too_many = FleetSpec {
        seeds: 65,
        ..large()
    };
    fleet.open(too_many);
    assert_eq!(desk.n_helpers(), 2);
    desk.settle();
    assert!(fleet.refusal.with_untracked(Option::is_some) && !untrack(|| fleet.is_open()));
    fleet.open(large());
    desk.settle();
    assert!(fleet.refusal.with_untracked(Option::is_none) && is_done(fleet));
}
