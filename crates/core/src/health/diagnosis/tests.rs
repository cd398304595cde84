use expect_test::{Expect, expect};

use super::*;
use crate::activation::ActivationSpec;
use crate::health::Cause;
use crate::health::{Health, What};
use crate::nn::spec::Initializer;
use crate::observe::{LayerSnapshot, UnitSnapshot};
use crate::scenario::{Edit, Setting};

/// A case to diagnose, made up step by step.
struct Made {
    scenario: Scenario,
    snapshot: Snapshot,
    events: Vec<HealthEvent>,
    history: Vec<HistoryPoint>,
}

/// The default network at learning rate 1.2, at a step, all units alive, the loss on its way from 0.7 to 0.3.
fn at_step(step: u64) -> Made {
    let mut scenario = Scenario::default();
    scenario.training.learning_rate = 1.2;
    let unit = UnitSnapshot::default();
    let hidden = scenario.network.hidden.iter().map(|&n| LayerSnapshot {
        units: vec![unit; n],
        z_gradient_rms: 0.1,
        ..LayerSnapshot::default()
    });
    let output = LayerSnapshot {
        z_gradient_rms: 0.1,
        ..LayerSnapshot::default()
    };
    let layers = hidden.chain([output]).collect();
    let snapshot = Snapshot {
        run: 1,
        step,
        epoch: 0.0,
        is_training: true,
        has_diverged: false,
        loss: 0.3,
        accuracy: Some(0.9),
        test_loss: None,
        test_accuracy: None,
        layers,
        unit_weights: None,
        history: Vec::new(),
        history_is_whole: false,
        field: Vec::new(),
        answers: None,
        steps_per_second: 60.0,
        last_step: step,
    };
    let mut made = Made {
        scenario,
        snapshot,
        events: Vec::new(),
        history: Vec::new(),
    };
    made.losses(|share| 0.7 - 0.4 * share);
    made
}

impl Made {
    /// The loss as a function of the share of the run that is over.
    fn losses(&mut self, loss: impl Fn(f32) -> f32) {
        let step = self.snapshot.step;
        let n = step.min(40);
        self.history = (0..=n)
            .map(|i| HistoryPoint {
                step: (step * i).checked_div(n).unwrap_or(0),
                batch_loss: f32::NAN,
                loss: loss(i as f32 / n.max(1) as f32),
                dead: 0,
                saturated: 0,
            })
            .collect();
        self.snapshot.loss = self.history[self.history.len() - 1].loss;
    }

    fn becomes(&mut self, step: u64, layer: usize, unit: usize, to: Health, by: Option<Cause>) {
        let place = &mut self.snapshot.layers[layer].units[unit].health;
        self.events.push(HealthEvent {
            step,
            what: What::Unit {
                layer,
                unit,
                from: *place,
                to,
            },
            cause: by,
        });
        *place = to;
    }

    fn die(&mut self, step: u64, layer: usize, units: std::ops::Range<usize>) {
        for unit in units {
            self.becomes(step, layer, unit, Health::Dead, update());
        }
    }

    fn edit(&mut self, step: u64, edit: &Edit) {
        edit.apply(&mut self.scenario);
        let text = edit.describe();
        self.happened(step, What::Edited { text });
    }

    fn happened(&mut self, step: u64, what: What) {
        let cause = None;
        self.events.push(HealthEvent { step, what, cause });
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            scenario: &self.scenario,
            snapshot: &self.snapshot,
            events: &self.events,
            history: &self.history,
        }
    }

    fn diagnosis(&self) -> Finding {
        diagnose(self.evidence())
    }
}

fn update() -> Option<Cause> {
    Some(Cause {
        learning_rate: 1.2,
        gradient_norm: 0.55,
        bias_change: -0.66,
        weight_change_norm: 0.4,
        ..Cause::default()
    })
}

fn check(made: &Made, expect: Expect) {
    let said = made.diagnosis();
    // A glance is enough where nothing is amiss, and says nothing where something is.
    if let Some(glanced) = glance(made.evidence()) {
        assert_eq!(examine(made.evidence()), [glanced]);
        assert!(!said.verdict.is_trouble(), "{said:?}");
    }
    let remedy = said.remedy().map_or("nothing", |r| &r.label);
    let Finding {
        verdict,
        before,
        emphasis,
        after,
        ..
    } = &said;
    expect.assert_eq(&format!(
        "{verdict:?}: {before}*{emphasis}*{after} [{remedy}]"
    ));
}

#[test]
fn a_run_that_is_well() {
    check(
        &at_step(0),
        expect![
            "Ready: ReLU at learning rate 1.2: *all 24 units are alive* at the start. [nothing]"
        ],
    );
    let mut made = at_step(412);
    check(
        &made,
        expect![
            "Learning: The loss fell from 0.7 to *0.3 in 412 steps*; all 24 units are alive. [nothing]"
        ],
    );
    made.becomes(300, 1, 2, Health::Saturated, update());
    check(
        &made,
        expect![
            "Learning: The loss fell from 0.7 to *0.3 in 412 steps*; 23 of 24 units are alive. [nothing]"
        ],
    );
    made.snapshot.accuracy = Some(0.992);
    check(
        &made,
        expect![
            "Solved: *99.2 % of the samples are right* after 412 steps; 23 of 24 units are alive. [nothing]"
        ],
    );
}

#[test]
fn a_regression_is_solved_by_its_loss() {
    let mut made = at_step(2_000);
    made.snapshot.accuracy = None;
    made.losses(|share| 0.7 * (1.0 - share) + 0.004);
    check(
        &made,
        expect![
            "Solved: After 2,000 steps *the loss is down to 0.004*, from 0.7; all 24 units are alive. [nothing]"
        ],
    );
}

#[test]
fn units_die() {
    let mut made = at_step(60);
    made.die(12, 0, 2..3);
    check(
        &made,
        expect![
            "Dying: *Layer 1 unit 3 died* at step 12: one update moved its bias by −0.66. [Rescue with Leaky ReLU]"
        ],
    );
    made.die(20, 0, 3..8);
    made.die(58, 2, 0..1);
    check(
        &made,
        expect![
            "Dying: Learning rate 1.2 throws units off the data: *7 of 24 are dead*, most in layer 1. [Rescue with Leaky ReLU]"
        ],
    );
    assert!(made.diagnosis().blames_learning_rate);
    // Much later the same is a state and no event.
    made.snapshot.step = 3_000;
    check(
        &made,
        expect![
            "Dying: *7 of 24 units are dead*, most in layer 1; the last died at step 58, at learning rate 1.2. [Rescue with Leaky ReLU]"
        ],
    );
}

#[test]
fn a_unit_that_hardly_moved_was_moved_from_below() {
    let mut made = at_step(60);
    let moved_below = update().map(|cause| Cause {
        below_change: 90.0,
        ..cause
    });
    made.becomes(12, 1, 2, Health::Dead, moved_below);
    check(
        &made,
        expect![
            "Dying: *Layer 2 unit 3 died* at step 12: one update of the layers below moved its inputs. [Rescue with Leaky ReLU]"
        ],
    );
    let rows = made.diagnosis().evidence;
    let below = rows.iter().find(|row| row.what == "change of a unit below");
    assert_eq!(below.map(|row| &row.value[..]), Some("90"));
}

#[test]
fn units_that_were_born_dead_are_not_put_down_to_the_learning_rate() {
    let mut made = at_step(100);
    for unit in 0..5 {
        made.becomes(0, 1, unit, Health::Dead, None);
    }
    made.die(90, 0, 0..2);
    check(
        &made,
        expect![
            "Dying: *7 of 24 units are dead*, most in layer 2: 5 of them were born dead. [Rescue with Leaky ReLU]"
        ],
    );
    assert!(!made.diagnosis().blames_learning_rate);
}

#[test]
fn a_small_learning_rate_is_not_blamed() {
    let mut made = at_step(100);
    made.scenario.training.learning_rate = 1e-3;
    for unit in 0..3 {
        let small = update().map(|cause| Cause {
            learning_rate: 1e-3,
            ..cause
        });
        made.becomes(90, 1, unit, Health::Dead, small);
    }
    check(
        &made,
        expect![
            "Dying: *3 of 24 units are dead*, all in layer 2; the last died at step 90, at learning rate 0.001. [Rescue with Leaky ReLU]"
        ],
    );
    assert!(!made.diagnosis().blames_learning_rate);
}

#[test]
fn deaths_without_an_update() {
    let mut made = at_step(100);
    made.becomes(0, 0, 1, Health::Dead, None);
    made.becomes(0, 2, 1, Health::Dead, None);
    check(
        &made,
        expect![
            "Dying: *2 of 24 units were born dead*: their first weights give them slope 0 on every sample. [Rescue with Leaky ReLU]"
        ],
    );
    assert!(!made.diagnosis().blames_learning_rate);
    let mut made = at_step(100);
    made.edit(90, &Edit::Set(Setting::LearningRate, 0.1));
    made.becomes(90, 0, 1, Health::Dead, None);
    check(
        &made,
        expect![
            "Dying: The last change left *1 of 24 units dead*, all in layer 1: no gradient reaches them. [Rescue with Leaky ReLU]"
        ],
    );
}

#[test]
fn a_layer_dies() {
    let mut made = at_step(100);
    made.die(60, 1, 0..8);
    check(
        &made,
        expect![
            "LayerDead: *All of layer 2 is dead since step 60*, killed at learning rate 1.2: the output is the same for every input. [Rescue with Leaky ReLU]"
        ],
    );
    // The function leaks already: what is left is to begin again.
    made.edit(100, &Edit::Activation(ActivationSpec::new("leaky_relu")));
    check(
        &made,
        expect![
            "LayerDead: *All of layer 2 is dead since step 60*, killed at learning rate 1.2: the output is the same for every input. [Re-initialize the dead units only]"
        ],
    );
    made.edit(100, &Edit::Set(Setting::Param(0), 0.0));
    check(
        &made,
        expect![
            "LayerDead: *All of layer 2 is dead since step 60*, killed at learning rate 1.2: the output is the same for every input. [Raise alpha to 0.01]"
        ],
    );
}

#[test]
fn a_layer_is_born_dead() {
    let mut made = at_step(500);
    made.happened(0, What::BornDead { layer: 2 });
    for unit in &mut made.snapshot.layers[2].units {
        unit.health = Health::Dead;
    }
    check(
        &made,
        expect![
            "BornDead: *Layer 3 was born dead*: whatever the input, the output is the same, and nothing can be learnt. [Rescue with Leaky ReLU]"
        ],
    );
    made.scenario.network.initializer = Initializer::Zeros;
    made.scenario.network.gain = 0.5;
    check(
        &made,
        expect![
            "BornDead: *Layer 3 was born dead*: whatever the input, the output is the same, and nothing can be learnt. [Initialize with He normal]"
        ],
    );
}

#[test]
fn a_rescue_brings_units_back() {
    let mut made = at_step(220);
    made.die(60, 0, 0..5);
    made.die(150, 1, 0..4);
    let leaky = ActivationSpec::named("leaky_relu", &[("alpha", 0.01)]);
    made.edit(200, &Edit::Activation(leaky));
    for unit in 0..5 {
        made.becomes(200, 0, unit, Health::Alive, None);
    }
    made.becomes(200, 1, 0, Health::Saturated, None);
    made.becomes(201, 1, 1, Health::Alive, None);
    check(
        &made,
        expect![
            "Rescued: Leaky ReLU brought *7 of 9 back*; 1 of them is saturated and learns slowly; 2 are dead. [Set the learning rate to 0.12]"
        ],
    );
    made.becomes(205, 1, 2, Health::Alive, None);
    made.becomes(205, 1, 3, Health::Alive, None);
    made.becomes(206, 1, 0, Health::Alive, None);
    check(
        &made,
        expect!["Rescued: Leaky ReLU brought *9 of 9 back*. [Set the learning rate to 0.12]"],
    );
    made.snapshot.step = 2_000;
    check(
        &made,
        expect![
            "Learning: The loss fell from 0.7 to *0.3 in 2,000 steps*; all 24 units are alive. [nothing]"
        ],
    );
}

#[test]
fn a_small_leak_is_slow() {
    let mut made = at_step(220);
    made.die(60, 0, 0..5);
    made.edit(190, &Edit::Set(Setting::LearningRate, 0.1));
    let leaky = ActivationSpec::named("leaky_relu", &[("alpha", 0.01)]);
    made.edit(200, &Edit::Activation(leaky));
    for unit in 0..5 {
        made.becomes(200, 0, unit, Health::Saturated, None);
    }
    check(
        &made,
        expect![
            "Rescued: Leaky ReLU brought *5 of 5 back*; saturated as they are, they learn slowly. [Raise alpha to 0.1]"
        ],
    );
}

#[test]
fn units_saturate() {
    let mut made = at_step(200);
    made.edit(0, &Edit::Activation(ActivationSpec::new("sigmoid")));
    for unit in 0..8 {
        made.becomes(150, 0, unit, Health::Saturated, update());
    }
    check(
        &made,
        expect![
            "Saturated: *8 of 24 units are saturated*, all in layer 1: their slope is under 5 % of its maximum, so they hardly learn. [Initialize with Glorot normal]"
        ],
    );
    made.scenario.network.initializer = Initializer::GlorotNormal;
    made.scenario.network.gain = 4.0;
    check(
        &made,
        expect![
            "Saturated: *8 of 24 units are saturated*, all in layer 1: their slope is under 5 % of its maximum, so they hardly learn. [Set the gain to 1]"
        ],
    );
    made.scenario.network.gain = 1.0;
    check(
        &made,
        expect![
            "Saturated: *8 of 24 units are saturated*, all in layer 1: their slope is under 5 % of its maximum, so they hardly learn. [Add batch normalization]"
        ],
    );
    made.scenario.network.batch_norm = true;
    check(
        &made,
        expect![
            "Saturated: *8 of 24 units are saturated*, all in layer 1: their slope is under 5 % of its maximum, so they hardly learn. [Rescue with Leaky ReLU]"
        ],
    );
}

#[test]
fn training_diverges() {
    let mut made = at_step(41);
    made.losses(|share| if share < 0.7 { 0.7 } else { 1e4 });
    made.snapshot.has_diverged = true;
    made.snapshot.loss = f32::NAN;
    made.happened(41, What::Diverged { layer: Some(1) });
    check(
        &made,
        expect![
            "Diverged: At learning rate 1.2 training *diverged at step 41*: a parameter of layer 2 is no longer a finite number. [Go back to step 27 with learning rate 0.12]"
        ],
    );
    made.events.clear();
    made.snapshot.loss = 3e6;
    made.happened(41, What::Diverged { layer: None });
    check(
        &made,
        expect![
            "Diverged: At learning rate 1.2 training *diverged at step 41*: the loss is over a million times what it was at first. [Go back to step 27 with learning rate 0.12]"
        ],
    );
    let deeds = made.diagnosis().remedy().map(|remedy| remedy.deeds.clone());
    let expected = [
        Deed::Seek(27),
        Deed::Edit(Edit::Set(Setting::LearningRate, 0.12)),
        Deed::Train,
    ];
    assert_eq!(deeds.as_deref(), Some(&expected[..]));
}

#[test]
fn nothing_is_learnt() {
    let mut made = at_step(1_200);
    made.losses(|_| 0.69);
    check(
        &made,
        expect![
            "NotLearning: *The loss has not fallen* in 1,200 steps: it is 0.69, as at the start. [Set the learning rate to 0.12]"
        ],
    );
    made.scenario.training.learning_rate = 1e-4;
    check(
        &made,
        expect![
            "NotLearning: *Hardly anything is learnt*: learning rate 0.0001 moves the weights too little. [Set the learning rate to 0.1]"
        ],
    );
    made.scenario.network.initializer = Initializer::Zeros;
    check(
        &made,
        expect![
            "NotLearning: *Nothing is learnt*: all weights began at zero, so all units are alike and stay so. [Initialize with He normal]"
        ],
    );
    made.snapshot.layers[0].z_gradient_rms = 3.2e-9;
    made.snapshot.layers[3].z_gradient_rms = 0.02;
    check(
        &made,
        expect![
            "Vanishing: The gradient *shrinks to 3e−9 in layer 1*, from 0.02 in the output layer: the first layers do not learn. [Initialize with He normal]"
        ],
    );
}

#[test]
fn training_explodes() {
    let mut made = at_step(60);
    made.losses(|share| 0.7 + 20.0 * share);
    check(
        &made,
        expect![
            "Exploding: The loss *grew from 0.7 to 20.7* in 60 steps: at learning rate 1.2 each update overshoots. [Set the learning rate to 0.12]"
        ],
    );
    // One high loss is no explosion.
    made.losses(|share| if share < 1.0 { 0.7 } else { 20.0 });
    assert_ne!(made.diagnosis().verdict, Verdict::Exploding);
    let mut made = at_step(60);
    made.snapshot.layers[0].z_gradient_rms = 200.0;
    check(
        &made,
        expect![
            "Exploding: The gradient *grows to 200 in layer 1*, from 0.1 in the output layer: the first layers are thrown about. [Set the learning rate to 0.12]"
        ],
    );
    // Where all is learnt, both ends are next to nothing.
    made.snapshot.layers[0].z_gradient_rms = 2e-4;
    made.snapshot.layers[3].z_gradient_rms = 1e-8;
    assert_ne!(made.diagnosis().verdict, Verdict::Exploding);
}

#[test]
fn answers_are_too_sure() {
    let mut made = at_step(900);
    made.snapshot.test_loss = Some(1.4);
    made.snapshot.test_accuracy = Some(0.8);
    check(
        &made,
        expect![
            "Overconfident: *The answers are too sure*: on the test samples the loss is 1.4, where 0.5 would do for 80 % right answers. [Set L2 to 0.001]"
        ],
    );
    // As sure as they are right.
    made.snapshot.test_loss = Some(0.5);
    assert_eq!(made.diagnosis().verdict, Verdict::Learning);
    // Not the test set alone.
    made.snapshot.test_loss = Some(1.4);
    made.snapshot.loss = 1.3;
    assert_ne!(made.diagnosis().verdict, Verdict::Overconfident);
}

/// Runs with one trouble each.
fn troubled() -> Vec<(Verdict, Made)> {
    let made = |step, change: &dyn Fn(&mut Made)| {
        let mut made = at_step(step);
        change(&mut made);
        made
    };
    vec![
        (Verdict::Dying, made(60, &|m| m.die(12, 0, 2..6))),
        (Verdict::LayerDead, made(60, &|m| m.die(12, 1, 0..8))),
        (
            Verdict::BornDead,
            made(60, &|m| {
                m.scenario.network.gain = 0.1;
                m.happened(0, What::BornDead { layer: 2 });
                for unit in &mut m.snapshot.layers[2].units {
                    unit.health = Health::Dead;
                }
            }),
        ),
        (
            Verdict::Saturated,
            made(60, &|m| {
                m.edit(0, &Edit::Activation(ActivationSpec::new("tanh")));
                for unit in 0..8 {
                    m.becomes(12, 0, unit, Health::Saturated, update());
                }
            }),
        ),
        (
            Verdict::Vanishing,
            made(1_200, &|m| {
                m.losses(|_| 0.69);
                m.snapshot.layers[0].z_gradient_rms = 1e-9;
            }),
        ),
        (
            Verdict::Exploding,
            made(60, &|m| m.losses(|share| 0.7 + 20.0 * share)),
        ),
        (Verdict::NotLearning, made(1_200, &|m| m.losses(|_| 0.69))),
        (
            Verdict::Overconfident,
            made(900, &|m| {
                m.snapshot.test_loss = Some(1.4);
                m.snapshot.test_accuracy = Some(0.8);
            }),
        ),
        (
            Verdict::Diverged,
            made(41, &|m| {
                m.losses(|share| if share < 0.7 { 0.7 } else { 1e4 });
                m.snapshot.has_diverged = true;
                m.happened(41, What::Diverged { layer: Some(1) });
            }),
        ),
    ]
}

#[test]
fn every_trouble_is_found_with_evidence_and_remedies_that_can_be_made() {
    for (verdict, made) in troubled() {
        let evidence = made.evidence();
        let findings = examine(evidence);
        assert_eq!(diagnose(evidence), findings[0], "{verdict:?}");
        assert_eq!(findings[0].verdict, verdict);
        for finding in findings.iter().filter(|f| f.verdict.is_trouble()) {
            assert!(!finding.evidence.is_empty(), "{verdict:?}");
            assert!(!finding.remedies.is_empty(), "{verdict:?}");
            for remedy in &finding.remedies {
                let mut scenario = made.scenario.clone();
                for command in &remedy.deeds {
                    match command {
                        Deed::Edit(edit) => {
                            edit.apply(&mut scenario);
                        }
                        Deed::Seek(step) => assert!(*step < made.snapshot.step),
                        Deed::Train | Deed::ReviveDead => {}
                    }
                    assert_eq!(scenario.check(), Ok(()), "{}", remedy.label);
                }
            }
        }
        let failed = checklist(evidence)
            .iter()
            .filter(|check| !check.is_passed)
            .count();
        assert!((1..=2).contains(&failed), "{verdict:?}");
    }
    let well = at_step(412);
    assert!(
        checklist(well.evidence())
            .iter()
            .all(|check| check.is_passed)
    );
}

#[test]
fn units_have_remedies_of_their_own() {
    let mut scenario = Scenario::default();
    let labels = |scenario: &Scenario, health| {
        let remedies = unit_remedies(scenario, health);
        let labels: Vec<String> = remedies.into_iter().map(|remedy| remedy.label).collect();
        labels.join("; ")
    };
    expect![
        "Rescue with Leaky ReLU; Re-initialize the dead units only; Set the learning rate to 0.16"
    ]
    .assert_eq(&labels(&scenario, Health::Dead));
    scenario.network.activation = ActivationSpec::new("tanh");
    expect![
        "Set the learning rate to 0.16; Initialize with Glorot normal; Add batch normalization"
    ]
    .assert_eq(&labels(&scenario, Health::Saturated));
    assert!(unit_remedies(&scenario, Health::Alive).is_empty());
}

#[test]
fn a_diverged_run_offers_the_step_before() {
    let troubled = troubled();
    let (_, made) = troubled.last().expect("the diverged one");
    let finding = made.diagnosis();
    let labels: Vec<&str> = finding.remedies.iter().map(|r| &*r.label).collect();
    expect!["Go back to step 27 with learning rate 0.12; Go to the step before (40); Go back to step 27 and clip the gradient; Add batch normalization"].assert_eq(&labels.join("; "));
    let rows: Vec<String> = finding
        .evidence
        .iter()
        .map(|row| format!("{}: {} ({})", row.what, row.value, row.place))
        .collect();
    expect!["first parameter that is not finite: layer 2 (step 41); loss: 10000 (step 41); loss before: 10000 (step 39); learning rate: 1.2 ()"].assert_eq(&rows.join("; "));
}

#[test]
fn numbers_are_short() {
    let numbers = [0.66, -0.664, 1.2, 12.34, 969.0, 1e-5, 3.4e7, 0.0, f64::NAN];
    let text = numbers.map(short).join(" ");
    expect!["0.66 −0.66 1.2 12.3 969 1e−5 3e7 0 not finite"].assert_eq(&text);
}
