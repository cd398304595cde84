//! Stories: what is told of a unit is what a look at those steps finds, and asking changes nothing.

use std::collections::BTreeMap;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::recovery::{Inputs, Lever};
use actiscope_core::health::story::{By, StoryRequest, UnitStory};
use actiscope_core::health::{Health, HealthEvent, What};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::nn::spec::Initializer;
use actiscope_core::protocol::{Event, LayerSnapshot, RunCommand, RunEvent};
use actiscope_core::scenario::{Edit, Scenario};

use super::desk::{Desk, FAST, SLOW, assert_same};
use super::scenarios;

fn request_of(event: &HealthEvent) -> Option<StoryRequest> {
    match event.what {
        What::Unit {
            layer, unit, to, ..
        } => Some(StoryRequest {
            layer,
            unit,
            step: event.step,
            to: Some(to),
        }),
        _ => None,
    }
}

/// A run with deaths, and what happened in it.
fn dying() -> (Desk, Vec<HealthEvent>) {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(400);
    let events = desk.take_happened();
    (desk, events)
}

fn first_death(events: &[HealthEvent]) -> StoryRequest {
    let is_death = |request: &StoryRequest| request.to == Some(Health::Dead) && request.step > 40;
    events
        .iter()
        .filter_map(request_of)
        .find(is_death)
        .expect("a unit dies")
}

/// What a story tells, against looks at the steps that it covers.
fn check_against_looks(desk: &mut Desk, story: &UnitStory) {
    let (layer, unit) = (story.layer, story.unit);
    assert_eq!(story.drift.last(), Some(&story.after.point));
    let steps: Vec<u64> = story.drift.iter().map(|point| point.step).collect();
    let n = steps.len() as u64;
    assert!(steps.iter().copied().eq(story.step + 1 - n..=story.step));
    desk.edit(Edit::Layer(layer));
    desk.edit(Edit::Unit(Some(unit)));
    for point in &story.drift {
        desk.seek(point.step);
        let snapshot = desk.snapshot();
        assert_eq!(snapshot.step, point.step);
        let of_layer = &snapshot.layers[layer];
        let seen = of_layer.units[unit];
        assert_eq!(
            (point.z_min, point.z_max),
            (seen.z_min, seen.z_max),
            "step {}",
            point.step
        );
        assert!((point.z_mean - seen.z_mean).abs() < 1e-5 * (1.0 + seen.z_mean.abs()));
        assert_eq!(point.zero_slope_share == 1.0, seen.health == Health::Dead);
        assert!(point.z_min <= point.z_q1 && point.z_q1 <= point.z_q3);
        assert!(point.z_q3 <= point.z_max);
        let moment = match point.step {
            step if step == story.step => Some(&story.after),
            step if step + 1 == story.step => story.before.as_ref(),
            _ => None,
        };
        if let Some(moment) = moment {
            let n_in = of_layer.weights.len() / of_layer.units.len();
            let row = &of_layer.weights[unit * n_in..][..n_in];
            assert_eq!(
                (&*moment.weights, moment.bias),
                (row, of_layer.biases[unit])
            );
            let z = of_layer.z_of_unit.as_ref().expect("the unit is looked at");
            let total = |counts: &[u32]| counts.iter().sum::<u32>();
            assert_eq!(total(&moment.z.counts), total(&z.counts));
            // Bins of both have an edge at 0.
            let below = |h: &actiscope_core::protocol::Histogram| {
                let width = (h.high - h.low) / h.counts.len() as f32;
                total(&h.counts[..(-h.low / width).round() as usize])
            };
            assert_eq!(below(&moment.z), below(z), "samples under 0");
        }
    }
}

#[test]
fn a_death_is_told_as_looks_find_it() {
    let (mut desk, events) = dying();
    let request = first_death(&events);
    let story = desk.explain(request).expect("a story");
    assert!(story.from != Health::Dead && story.to == Health::Dead);
    let event = events
        .iter()
        .find(|event| request_of(event) == Some(request))
        .expect("the event");
    let cause = event.cause.expect("an update did it");
    assert_eq!(story.by, By::Update(cause));
    assert_eq!(story.drift.len(), 32);
    let before = story.before.as_ref().expect("a step before");
    let change = f64::from(story.after.bias) - f64::from(before.bias);
    assert_eq!(change, cause.bias_change);
    assert_eq!(
        (before.z.low, before.z.high),
        (story.after.z.low, story.after.z.high)
    );
    // The default's ReLU lives over 0: the nearest sample is the way back.
    let recovery = story.recovery.expect("a way back");
    let shift = recovery.shift.expect("a shift");
    assert!((shift + f64::from(story.after.point.z_max)).abs() < 1e-6);
    assert_eq!(recovery.lever, Lever::Bias);
    check_against_looks(&mut desk, &story);
}

/// Parameters at a step, in the order of the layout.
fn params_at(desk: &mut Desk, step: u64) -> Vec<f64> {
    desk.seek(step);
    let layers = desk.snapshot().layers;
    let of_layer = |layer: &LayerSnapshot| [&layer.weights[..], &layer.biases].concat();
    layers.iter().flat_map(of_layer).map(f64::from).collect()
}

/// The parts of an update, made alone, make of a unit what the oracle says.
#[test]
fn the_parts_of_an_update_are_told_as_the_oracle_finds_them() {
    let (mut desk, events) = dying();
    let scenario = Scenario::default();
    let data = scenario.data.generate(scenario.seed).expect("a data set");
    let to_f64 = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<_>>();
    let (x, y) = (to_f64(&data.x_train), to_f64(&data.y_train));
    let layout = ParamLayout::new(&scenario.network);
    let requests = events
        .iter()
        .filter(|event| event.step > 0)
        .filter_map(request_of);
    let (mut n_first, mut kinds) = (0, BTreeMap::<(bool, bool), u32>::new());
    for request in requests.take(150) {
        let story = desk.explain(request).expect("a story");
        let StoryRequest {
            layer, unit, step, ..
        } = request;
        let Some(parts) = story.parts else {
            assert_eq!(layer, 0);
            n_first += 1;
            continue;
        };
        let [before, after] = [step - 1, step].map(|step| params_at(&mut desk, step));
        let with_own = |base: &[f64], own: &[f64]| {
            let mut params = base.to_vec();
            layout.layers[layer]
                .of_unit(unit)
                .for_each(|i| params[i] = own[i]);
            let (network, training) = (scenario.network.clone(), scenario.training.clone());
            let oracle = Oracle::new(network, training, params).expect("a known function");
            oracle.probe(&x, &y).layers[layer].units[unit].health
        };
        let found = [with_own(&before, &after), with_own(&after, &before)];
        assert_eq!([parts.own, parts.below], found, "{request:?}");
        *kinds
            .entry((parts.own == story.to, parts.below == story.to))
            .or_default() += 1;
    }
    // There are some of every kind.
    assert!(n_first > 0 && kinds.len() == 4, "{n_first} {kinds:?}");
}

#[test]
fn early_and_late_events_are_told_too() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.edit(Edit::LearningRate(0.3));
    desk.step(12_000);
    let events = desk.take_happened();
    let requests: Vec<StoryRequest> = events.iter().filter_map(request_of).collect();
    let early = requests.iter().find(|r| (1..20).contains(&r.step));
    let late = requests.iter().rev().find(|r| r.step > 2_000);
    for request in [early, late].into_iter().flatten() {
        let story = desk.explain(*request).expect("a story");
        assert_eq!(Some(story.to), request.to);
        assert_eq!(story.drift.len() as u64, (request.step + 1).min(32));
        check_against_looks(&mut desk, &story);
    }
    assert!(late.is_some(), "something happens late");
}

#[test]
fn every_scenario_tells_of_any_unit() {
    for scenario in scenarios() {
        let mut desk = Desk::new(&scenario, FAST);
        desk.step(150);
        let request = StoryRequest {
            layer: 0,
            unit: 1,
            step: 150,
            to: None,
        };
        let story = desk.explain(request).expect("a story");
        check_against_looks(&mut desk, &story);
        if scenario.network.batch_norm {
            assert!(story.after.norm_shift.is_some());
        }
    }
}

/// Bit for bit the same run, asked or not, while it trains and while it stands.
#[test]
fn asking_changes_nothing() {
    for scenario in scenarios() {
        let run = |asks: bool| {
            let mut desk = Desk::new(&scenario, SLOW);
            let ask = |desk: &mut Desk, step| {
                if asks {
                    let request = StoryRequest {
                        layer: 0,
                        unit: 0,
                        step,
                        to: None,
                    };
                    desk.explain(request).expect("a story");
                }
            };
            desk.step(250);
            ask(&mut desk, 200);
            desk.edit(Edit::LearningRate(0.5 * scenario.training.learning_rate));
            desk.send(RunCommand::ReviveDead);
            ask(&mut desk, 250);
            desk.step(333);
            ask(&mut desk, 583);
            desk.seek(300);
            ask(&mut desk, 400);
            desk.step(200);
            ask(&mut desk, 7);
            (desk.take_happened(), desk.state())
        };
        let (asked, plain) = (run(true), run(false));
        assert_same("events", &asked.0, &plain.0);
        assert_same("state", &asked.1, &plain.1);
    }
}

#[test]
fn a_story_is_told_while_the_run_trains() {
    let (mut desk, events) = dying();
    let request = first_death(&events);
    let still = desk.explain(request).expect("a story");
    let before = desk.snapshot().step;
    desk.send(RunCommand::Train);
    let moving = desk.explain(request).expect("a story");
    desk.send(RunCommand::Pause);
    assert_same("the story", &moving, &still);
    assert!(desk.snapshot().step >= before);
    desk.seek(3);
    assert_same(
        "after a seek",
        &desk.explain(request),
        &Ok::<_, String>(still),
    );
}

#[test]
fn an_edit_that_revives_is_named() {
    let (mut desk, _) = dying();
    let now = desk.snapshot();
    let step = now.step;
    let dead = |layer: usize, unit: usize| now.layers[layer].units[unit].health == Health::Dead;
    desk.edit(Edit::Activation(ActivationSpec::named(
        "leaky_relu",
        &[("alpha", 0.2)],
    )));
    let events = desk.take_happened();
    let revival = events
        .iter()
        .filter_map(request_of)
        .find(|r| dead(r.layer, r.unit) && r.to == Some(Health::Alive));
    let revival = revival.expect("the leak revives it");
    let story = desk.explain(revival).expect("a story");
    assert_eq!(
        (story.from, story.to, story.step),
        (Health::Dead, Health::Alive, step)
    );
    let By::Edit { text } = &story.by else {
        panic!("{:?}", story.by)
    };
    assert!(text.contains("Leaky ReLU"), "{text}");
    assert_eq!(story.recovery, None);
    // Its weights stood still: the function changed.
    let before = story.before.expect("a state before the edit");
    assert_eq!(before.weights, story.after.weights);
    assert_eq!(before.bias, story.after.bias);
    assert_eq!(before.point.zero_slope_share, 1.0);
    assert_eq!(story.after.point.zero_slope_share, 0.0);
}

#[test]
fn units_born_dead_have_a_story() {
    let mut scenario = Scenario::default();
    scenario.network.initializer = Initializer::Zeros;
    let mut desk = Desk::new(&scenario, FAST);
    let request = StoryRequest {
        layer: 1,
        unit: 2,
        step: 0,
        to: Some(Health::Dead),
    };
    let story = desk.explain(request).expect("a story");
    assert_eq!((story.by, story.before), (By::Start, None));
    assert_eq!(story.drift.len(), 1);
    let recovery = story.recovery.expect("a way back");
    assert_eq!(recovery.inputs, Inputs::Cut { layer: 1 });
}

#[test]
fn saturation_has_a_story() {
    let mut scenario = Scenario::default();
    scenario.network.activation = ActivationSpec::new("tanh");
    scenario.network.gain = 4.0;
    scenario.training.learning_rate = 3.0;
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(300);
    let events = desk.take_happened();
    let of = |to: Health| {
        let requests = events.iter().filter_map(request_of);
        requests
            .filter(move |r| r.to == Some(to))
            .max_by_key(|r| r.step)
    };
    let saturated = desk.explain(of(Health::Saturated).expect("a unit saturates"));
    let saturated = saturated.expect("a story");
    let recovery = saturated.recovery.expect("a way back");
    assert!(recovery.shift.is_some() && recovery.n_needed > 1);
    let left = desk.explain(of(Health::Alive).expect("a unit leaves saturation"));
    let left = left.expect("a story");
    assert_eq!((left.from, left.recovery), (Health::Saturated, None));
}

#[test]
fn what_cannot_be_told_is_said() {
    let (mut desk, events) = dying();
    let request = first_death(&events);
    let check = |desk: &mut Desk, request: StoryRequest, words: &str| {
        let why = desk.explain(request).expect_err("no such story");
        assert!(why.contains(words), "{why}");
    };
    check(
        &mut desk,
        StoryRequest {
            layer: 9,
            ..request
        },
        "not part of the network",
    );
    check(
        &mut desk,
        StoryRequest {
            step: 5_000,
            ..request
        },
        "undone",
    );
    // Another course from before the death on, up to its step and beyond.
    desk.seek(request.step - 2);
    desk.edit(Edit::LearningRate(1e-4));
    check(&mut desk, request, "undone");
    desk.step(400);
    check(&mut desk, request, "another course");
}

#[test]
fn a_large_network_is_told_of_fewer_steps() {
    let mut scenario = Scenario::default();
    scenario.network.hidden = vec![128; 8];
    scenario.training.learning_rate = 0.001;
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(20);
    let request = StoryRequest {
        layer: 3,
        unit: 100,
        step: 20,
        to: None,
    };
    let story = desk.explain(request).expect("a story");
    assert!(
        (2..20).contains(&story.drift.len()),
        "{}",
        story.drift.len()
    );
    assert_eq!(story.drift.last().map(|point| point.step), Some(20));
}

#[test]
fn a_new_run_ends_a_story_that_was_asked_for() {
    let (mut desk, events) = dying();
    desk.send(RunCommand::Explain(first_death(&events)));
    desk.send(RunCommand::Reset);
    let told = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Story { .. })));
    assert!(
        matches!(&told[..], [Event::Run(_, RunEvent::Story { story: Err(why), .. })] if why.contains("anew"))
    );
}
