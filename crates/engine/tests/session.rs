//! Sessions: what a run does is a function of its scenario, its edits and the steps at which they were
//! made.

use actiscope_core::health::{Health, What};
use actiscope_core::protocol::{Command, Event, Look};
use actiscope_engine::{Engine, Progress};

/// A clock that moves on by a fixed time at each look.
fn ticking(ms: f64) -> impl FnMut() -> f64 {
    let mut now = 0.0;
    move || {
        now += ms;
        now
    }
}

/// Advances until there is nothing to do, answering every snapshot, and returns all events.
fn run_until_idle(engine: &mut Engine, budget_ms: f64, tick_ms: f64) -> Vec<Event> {
    let mut clock = ticking(tick_ms);
    let mut events = engine.take_events();
    loop {
        let progress = engine.advance(budget_ms, &mut clock);
        let new = engine.take_events();
        if new.iter().any(|event| matches!(event, Event::Snapshot(_))) {
            engine.handle(Command::Shown);
        }
        events.extend(new);
        if progress != Progress::Busy {
            return events;
        }
    }
}

#[test]
fn the_default_scenario_kills_units() {
    let mut engine = Engine::new();
    engine.handle(Command::Look(Look {
        unit_map_cells: 12,
        field_cells: 40,
        weights: true,
        extent: 1.2,
    }));
    engine.handle(Command::Load(Box::default()));
    engine.handle(Command::Step(3_000));
    let events = run_until_idle(&mut engine, 8.0, 0.01);
    let n_deaths = events
        .iter()
        .filter_map(|event| match event {
            Event::Happened(happened) => Some(happened),
            _ => None,
        })
        .flatten()
        .filter(|event| {
            matches!(
                event.what,
                What::Unit {
                    to: Health::Dead,
                    ..
                }
            ) && event.cause.is_some()
        })
        .count();
    assert!(n_deaths > 0, "no unit died");
    let snapshots: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Snapshot(snapshot) => Some(snapshot),
            _ => None,
        })
        .collect();
    let last = snapshots.last().expect("a snapshot");
    assert_eq!(last.step, 3_000);
    assert_eq!(last.field.len(), 40 * 40);
    assert_eq!(last.layers.len(), 4);
    assert_eq!(last.layers[0].unit_maps.len(), 8 * 12 * 12);
    assert_eq!(last.layers[1].weights.len(), 64);
}
