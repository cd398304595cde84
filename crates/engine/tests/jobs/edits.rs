//! Live edits keep the weights; the others begin anew.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::{Health, What};
use actiscope_core::nn::spec::Optimizer;
use actiscope_core::protocol::{
    Event, ParamAt, ParamValue, RunCommand, RunEvent, Snapshot, UnitParam,
};
use actiscope_core::scenario::{Edit, Scenario, Setting};

use super::desk::{Desk, FAST, SLOW, assert_same};

fn parameters(snapshot: &Snapshot) -> Vec<(&[f32], &[f32])> {
    snapshot
        .layers
        .iter()
        .map(|layer| (&layer.weights[..], &layer.biases[..]))
        .collect()
}

fn n_dead(snapshot: &Snapshot) -> usize {
    let units = snapshot.layers.iter().flat_map(|layer| &layer.units);
    units.filter(|unit| unit.health == Health::Dead).count()
}

#[test]
fn a_live_edit_keeps_the_weights_and_acts_at_once() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(400);
    let before = desk.snapshot();
    assert!(n_dead(&before) >= 8);
    desk.take_happened();
    desk.edit(Edit::Activation(ActivationSpec::new("leaky_relu")));
    let after = desk.snapshot();
    assert_eq!(parameters(&before), parameters(&after));
    assert_eq!((after.run, after.step), (before.run, before.step));
    assert_eq!(n_dead(&after), 0);

    // The edit first, then what it did, all at this step and by no update.
    let events = desk.take_happened();
    assert!(
        matches!(&events[0].what, What::Edited { text } if text.contains("Leaky ReLU")),
        "{events:?}"
    );
    assert!(
        events
            .iter()
            .all(|event| event.step == 400 && event.cause.is_none())
    );
    let n_revived = events.iter().filter(|event| {
        matches!(
            event.what,
            What::Unit {
                from: Health::Dead,
                ..
            }
        )
    });
    assert_eq!(n_revived.count(), n_dead(&before));
}

#[test]
fn prelu_comes_and_goes_with_its_alphas() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.edit(Edit::Optimizer(Optimizer::ADAM));
    desk.edit(Edit::Set(Setting::LearningRate, 0.02));
    desk.step(50);
    let before = desk.snapshot();
    desk.edit(Edit::Activation(ActivationSpec::new("prelu")));
    let prelu = desk.snapshot();
    assert_eq!(parameters(&before), parameters(&prelu));
    assert!(prelu.layers[..3].iter().all(|layer| layer.alphas == [0.25]));
    desk.step(50);
    assert!(
        desk.snapshot().layers[..3]
            .iter()
            .all(|layer| layer.alphas != [0.25])
    );
    desk.edit(Edit::Set(Setting::Param(0), 0.5));
    assert!(
        desk.snapshot().layers[..3]
            .iter()
            .all(|layer| layer.alphas == [0.5])
    );
    desk.edit(Edit::Activation(ActivationSpec::new("relu")));
    assert!(
        desk.snapshot()
            .layers
            .iter()
            .all(|layer| layer.alphas.is_empty())
    );
    desk.step(50);
    assert_eq!(desk.take_problems(), [""; 0]);
}

/// A layer's own function comes and goes alone: weights stay, and so do what the other layers have learned.
#[test]
fn a_layer_gets_a_function_of_its_own() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.edit(Edit::Activation(ActivationSpec::new("prelu")));
    desk.edit(Edit::Set(Setting::LearningRate, 0.1));
    desk.step(50);
    let before = desk.snapshot();
    let alphas = |snapshot: &Snapshot| -> Vec<Vec<f32>> {
        let layers = snapshot.layers[..3].iter();
        layers.map(|layer| layer.alphas.clone()).collect()
    };
    desk.edit(Edit::LayerActivations(vec![
        None,
        Some(ActivationSpec::new("tanh")),
    ]));
    let after = desk.snapshot();
    assert_eq!(parameters(&before), parameters(&after));
    let [first, _, third] = &alphas(&before)[..] else {
        panic!("three hidden layers");
    };
    assert_ne!(first, &[0.25]);
    assert_eq!(alphas(&after), [first.clone(), vec![], third.clone()]);
    desk.step(50);
    desk.edit(Edit::LayerActivations(Vec::new()));
    let back = alphas(&desk.snapshot());
    assert_eq!(back[1], [0.25]);
    assert_ne!(back[0], [0.25]);
    assert_eq!(desk.take_problems(), [""; 0]);
}

/// A slope of 0.01 is all that a function may have, and is small beside a ReLU's.
#[test]
fn each_layer_is_judged_by_its_own_function() {
    let mut scenario = Scenario::default();
    scenario.network.layer_activations = vec![
        Some(ActivationSpec::formula("0.01 * z")),
        Some(ActivationSpec::new("sigmoid")),
    ];
    let mut desk = Desk::new(&scenario, FAST);
    let loaded = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Loaded(_))));
    let Some(Event::Run(_, RunEvent::Loaded(loaded))) = loaded.first() else {
        panic!("a run is loaded");
    };
    let largest = loaded.max_abs_slopes.iter().zip([0.01, 0.25, 1.0]);
    assert_eq!(largest.len(), 3);
    for (slope, expected) in largest {
        assert!((slope - expected).abs() < 1e-6, "{slope}, not {expected}");
    }
    let snapshot = desk.snapshot();
    let is_alive = |unit: &actiscope_core::protocol::UnitSnapshot| unit.health == Health::Alive;
    assert!(snapshot.layers[0].units.iter().all(is_alive));
    assert!(
        snapshot.layers[0]
            .units
            .iter()
            .all(|unit| unit.mean_abs_slope < 0.0101)
    );
    desk.edit(Edit::LayerActivations(vec![Some(ActivationSpec::formula(
        "where(z > 20, z, 0.01 * z)",
    ))]));
    let snapshot = desk.snapshot();
    let is_saturated =
        |unit: &actiscope_core::protocol::UnitSnapshot| unit.health == Health::Saturated;
    assert!(snapshot.layers[0].units.iter().all(is_saturated));
}

/// As in PyTorch, where a new optimizer remembers nothing and a new learning rate changes nothing else.
#[test]
fn another_optimizer_begins_anew_and_another_rate_does_not() {
    let weights_after = |edits: &[Edit]| {
        let mut desk = Desk::new(&Scenario::default(), FAST);
        desk.edit(Edit::Optimizer(Optimizer::MOMENTUM));
        desk.edit(Edit::Set(Setting::LearningRate, 0.05));
        desk.step(40);
        edits.iter().for_each(|edit| desk.edit(edit.clone()));
        desk.step(1);
        desk.state()
    };
    let plain = weights_after(&[]);
    let same_kind = weights_after(&[
        Edit::Set(Setting::LearningRate, 0.01),
        Edit::Set(Setting::LearningRate, 0.05),
    ]);
    assert_same("same velocity", &plain, &same_kind);
    let there_and_back = [
        Edit::Optimizer(Optimizer::Sgd),
        Edit::Optimizer(Optimizer::MOMENTUM),
    ];
    let anew = weights_after(&there_and_back);
    assert_ne!(parameters(&plain), parameters(&anew));
    let at_once = weights_after(&[Edit::Optimizer(Optimizer::Sgd)]);
    assert_eq!(
        parameters(&anew),
        parameters(&at_once),
        "a first step has no velocity"
    );
}

#[test]
fn edits_of_shape_and_data_begin_anew_and_train_on() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.send(RunCommand::Train);
    desk.advance();
    let first = desk.snapshot();
    desk.edit(Edit::Hidden(vec![4, 4]));
    let loaded = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Loaded(_))));
    assert_eq!(loaded.len(), 2);
    let snapshot = desk.snapshot();
    assert_eq!(snapshot.run, first.run + 1);
    assert!(snapshot.is_training);
    assert_eq!(snapshot.layers.len(), 3);
    assert!(snapshot.history_is_whole);
    desk.send(RunCommand::Reset);
    let snapshot = desk.snapshot();
    assert_eq!(
        (snapshot.run, snapshot.step, snapshot.is_training),
        (first.run + 2, 0, false)
    );
}

#[test]
fn a_reset_run_is_the_run_again() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(300);
    let first = (desk.state(), desk.take_happened());
    desk.send(RunCommand::Reset);
    desk.step(300);
    assert_same("again", &(desk.state(), desk.take_happened()), &first);
}

#[test]
fn reviving_gives_new_weights_to_dead_units_only() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(100);
    let before = desk.snapshot();
    assert!(n_dead(&before) > 0);
    desk.send(RunCommand::ReviveDead);
    let after = desk.snapshot();
    assert_eq!(n_dead(&after), 0, "eight draws a unit are enough here");
    for (l, layer) in before.layers.iter().enumerate() {
        let n_in = layer.weights.len() / layer.biases.len();
        for unit in 0..layer.biases.len() {
            let weights =
                |s: &Snapshot| s.layers[l].weights[unit * n_in..(unit + 1) * n_in].to_vec();
            let was_dead = layer
                .units
                .get(unit)
                .is_some_and(|u| u.health == Health::Dead);
            assert_eq!(
                weights(&before) != weights(&after),
                was_dead,
                "layer {l} unit {unit}"
            );
        }
    }
    // Nothing to revive is nothing done.
    desk.take_happened();
    desk.send(RunCommand::ReviveDead);
    assert_eq!(desk.take_happened(), []);
}

#[test]
fn a_revival_is_taken_back_exactly() {
    // Where the revival comes first, where an edit at its step comes before it, and at the very start.
    for (at, edit) in [
        (100, None),
        (100, Some(Edit::Set(Setting::LearningRate, 0.4))),
        (137, None),
        (0, None),
    ] {
        let scenario = Scenario {
            network: actiscope_core::nn::spec::NetworkSpec {
                hidden: vec![2; 8],
                ..Scenario::default().network
            },
            ..Scenario::default()
        };
        let mut desk = Desk::new(&scenario, FAST);
        desk.step(at);
        if let Some(edit) = &edit {
            desk.edit(edit.clone());
        }
        let before = desk.state();
        assert!(n_dead(&before) > 0, "at {at}");
        desk.send(RunCommand::ReviveDead);
        assert!(n_dead(&desk.snapshot()) < n_dead(&before), "at {at}");
        desk.step(50);
        desk.edit(Edit::Set(Setting::LearningRate, 0.2));
        desk.edit(Edit::Set(
            Setting::LearningRate,
            edit.as_ref().map_or(1.6, |_| 0.4),
        ));
        desk.send(RunCommand::TakeBackRevival);
        let same = |what: &str, desk: &mut Desk, expected: &Snapshot| {
            let now = desk.state();
            assert_eq!(now.step, u64::from(at), "{what} at {at}");
            assert_same(
                &format!("{what} at {at}"),
                &(now.layers, now.loss),
                &(expected.layers.clone(), expected.loss),
            );
        };
        same("taken back", &mut desk, &before);
        // There is none any more, and the same one can be made again.
        desk.send(RunCommand::TakeBackRevival);
        same("twice", &mut desk, &before);
        desk.send(RunCommand::ReviveDead);
        assert!(n_dead(&desk.snapshot()) < n_dead(&before), "at {at}");
    }
}

#[test]
fn what_cannot_be_run_is_refused_and_the_run_goes_on() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(50);
    let before = desk.state();
    for edit in [
        Edit::Set(Setting::LearningRate, f64::NAN),
        Edit::Set(Setting::LearningRate, -1.0),
        Edit::Set(Setting::BatchSize, 0.0),
        Edit::Hidden(vec![]),
        Edit::Hidden(vec![1_000]),
        Edit::Hidden(vec![8; 40]),
        Edit::Set(Setting::Gain, f64::INFINITY),
        Edit::Activation(ActivationSpec::new("no_such_function")),
        Edit::ClassWeights(vec![1.0]),
        Edit::Set(Setting::Speed, -3.0),
    ] {
        desk.edit(edit.clone());
        let problems = desk.take_problems();
        assert_eq!(problems.len(), 1, "{edit:?}");
        assert!(problems[0].len() > 20, "{problems:?}");
        assert_same(&format!("{edit:?}"), &desk.state(), &before);
    }
    // An edit that changes nothing is not told.
    desk.take_happened();
    desk.edit(Edit::Set(
        Setting::LearningRate,
        Scenario::default().training.learning_rate,
    ));
    desk.edit(Edit::Set(Setting::Param(3), 1.0));
    assert_eq!(desk.take_happened(), []);
}

#[test]
fn what_is_typed_is_set_and_nothing_else() {
    let at = |layer, unit, part| ParamAt { layer, unit, part };
    let set = |at, value| RunCommand::SetParams(vec![ParamValue { at, value }]);
    let mut scenario = Scenario::default();
    Edit::Optimizer(Optimizer::MOMENTUM).apply(&mut scenario);
    scenario.training.learning_rate = 0.05;
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(50);
    let before = desk.state();
    desk.take_happened();
    // A bias so low that no input reaches it: the unit is dead at once.
    desk.send(set(at(0, 2, UnitParam::Bias), -30.0));
    let after = desk.state();
    assert_eq!((after.run, after.step), (before.run, before.step));
    for (l, (before, after)) in before.layers.iter().zip(&after.layers).enumerate() {
        assert_eq!(before.weights, after.weights);
        let mut expected = before.biases.clone();
        if l == 0 {
            expected[2] = -30.0;
        }
        assert_eq!(after.biases, expected);
    }
    assert_eq!(after.layers[0].units[2].health, Health::Dead);
    let events = desk.take_happened();
    assert!(
        matches!(&events[0].what, What::Edited { text } if text == "bias of layer 1 unit 3 \u{2212}30"),
        "{events:?}"
    );
    assert!(events.len() > 1, "it tells that the unit died");
    // Back again, and the run goes on from there.
    desk.send(set(at(0, 2, UnitParam::Bias), before.layers[0].biases[2]));
    assert_eq!(desk.state().layers[0].units[2].health, Health::Alive);
    desk.send(set(at(3, 0, UnitParam::Weight(7)), 2.5));
    assert_eq!(desk.state().layers[3].weights[7], 2.5);
    desk.step(1);
    assert_ne!(desk.state().layers[3].weights[7], 2.5);
    assert_eq!(desk.take_problems(), [""; 0]);

    let state = desk.state();
    for (wrong, value) in [
        (at(4, 0, UnitParam::Bias), 1.0),
        (at(0, 8, UnitParam::Bias), 1.0),
        (at(0, 0, UnitParam::Weight(2)), 1.0),
        (at(0, 0, UnitParam::Bias), f32::NAN),
    ] {
        desk.send(set(wrong, value));
        assert_eq!(desk.take_problems().len(), 1, "{wrong:?}");
        assert_same("nothing is set", &desk.state(), &state);
    }
}
