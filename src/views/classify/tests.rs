//! Classify as the page has it, over the real engine in process.

use actiscope_core::classify::{Remedy, SURE, Verdict};
use actiscope_core::protocol::{Loaded, Look, RunCommand, Snapshot};
use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;
use serde_json::Value;

use super::controls::answers_to_imbalance;
use super::judged::{Judged, names_of};
use crate::run::tests::desk::Desk;

/// Seen with its answers, at a step.
fn desk(link: &str, step: u64) -> Desk {
    let desk = Desk::at(link, step);
    desk.run.set_seen(Some(Look {
        answers: true,
        ..Look::NOTHING
    }));
    desk.settle();
    desk
}

fn judged(desk: &Desk) -> Judged {
    let (loaded, snapshot) = (
        desk.run.loaded.get_untracked(),
        desk.run.snapshot.get_untracked(),
    );
    let (loaded, snapshot) = loaded.zip(snapshot).expect("a run that was shown");
    let scenario = desk.run.scenario.get_untracked();
    Judged::new(&scenario, &loaded, &snapshot).expect("answers")
}

/// A block of the metrics that scikit-learn and PyTorch gave.
fn reference(block: &str) -> Value {
    let text = include_str!("../../../crates/core/tests/reference/metrics.json");
    serde_json::from_str::<Value>(text).expect("valid JSON")[block].take()
}

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).expect("numbers")
}

#[track_caller]
fn check_close(got: f64, expected: &Value) {
    let expected = expected.as_f64().expect("a number");
    // What a network says has 32 bits.
    assert!((got - expected).abs() <= 1e-6, "{got} is not {expected}");
}

/// As the page judges them, had the network of a link said these outputs of samples of these classes, for validation too.
fn judged_of(link: &str, outputs: &[f64], y: &[f64]) -> Judged {
    let desk = desk(link, 1);
    let loaded = desk.run.loaded.get_untracked();
    let snapshot = desk.run.snapshot.get_untracked();
    let (loaded, snapshot) = loaded.zip(snapshot).expect("a run that was shown");
    let (mut loaded, mut snapshot) = (Loaded::clone(&loaded), Snapshot::clone(&snapshot));
    let f32s = |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<_>>();
    loaded.n_classes = 1 + y.iter().fold(0.0, |a: f64, &b| a.max(b)) as usize;
    loaded.judges.y = f32s(y);
    loaded.y_validation = f32s(y);
    let answers = snapshot.answers.as_mut().expect("answers are seen");
    answers.judged = f32s(outputs);
    answers.validation = f32s(outputs);
    let scenario = desk.run.scenario.get_untracked();
    Judged::new(&scenario, &loaded, &snapshot).expect("numbers")
}

#[test]
fn two_classes_are_judged_as_scikit_learn_judges_them() {
    let case = reference("binary");
    let logit = |p: f64| libm::log(p) - libm::log1p(-p);
    let outputs: Vec<f64> = numbers(&case["p"]).into_iter().map(logit).collect();
    let judged = judged_of("#v=1&d=moons", &outputs, &numbers(&case["y"]));
    let two = judged.two().expect("two classes");
    check_close(
        two.ranked.roc_auc().expect("both classes"),
        &case["roc_auc"],
    );
    let precision = two.ranked.average_precision().expect("rare ones");
    check_close(precision, &case["average_precision"]);
    let scores = two.scores(1.0);
    check_close(scores.brier, &case["brier"]);
    check_close(scores.log_loss, &case["log_loss"]);
    let thresholds = case["at"].as_array().expect("a list");
    assert_eq!(thresholds.len(), 4);
    for at in thresholds {
        let counts = two.at(logit(at["threshold"].as_f64().expect("a number")));
        let rows = [
            [counts.rejections, counts.false_alarms],
            [counts.misses, counts.hits],
        ];
        assert_eq!(serde_json::json!(rows), at["confusion"]);
        check_close(counts.f1(), &at["f1"]);
    }
}

#[test]
fn many_classes_are_judged_as_pytorch_judges_them() {
    let case = reference("multiclass");
    let rows = case["logits"].as_array().expect("a list");
    let outputs: Vec<f64> = rows.iter().flat_map(numbers).collect();
    let link = "#v=1&d=iris&l=softmax";
    let judged = judged_of(link, &outputs, &numbers(&case["y"]));
    let many = judged.many().expect("four classes");
    let confusion = many.confusion();
    assert_eq!(serde_json::json!(confusion.counts), case["confusion"]);
    check_close(confusion.accuracy(), &case["accuracy"]);
    check_close(many.scores(1.0).log_loss, &case["nll"]);
    check_close(many.scores(1.0).ece, &case["ece15"]);
    let fitted = judged.fitted.expect("a validation set");
    check_close(fitted.temperature, &case["best_temperature"]);
    check_close(fitted.log_loss[1], &case["nll_at_best"]);
    check_close(many.scores(fitted.temperature).ece, &case["ece15_at_best"]);
}

#[test]
fn answers_are_told_where_they_are_seen() {
    let desk = Desk::at("#v=1&t=0.25", 50);
    let answers = || {
        desk.run
            .snapshot
            .get_untracked()
            .and_then(|s| s.answers.clone())
    };
    assert_eq!(answers(), None);
    desk.run.set_seen(Some(Look {
        answers: true,
        ..Look::NOTHING
    }));
    desk.settle();
    assert_eq!(
        answers().map(|a| (a.judged.len(), a.validation.len())),
        Some((64, 0))
    );
    desk.run.set_seen(None);
    desk.run.dispatch(RunCommand::Step(1));
    desk.settle();
    assert_eq!(answers(), None);
}

#[test]
fn accuracy_is_that_of_the_answers_at_any_threshold() {
    let desk = desk("#v=1&d=moons&nz=0.3&t=0.3&lr=0.1", 300);
    for p in [0.5, 0.2, 0.9] {
        desk.run.edit(Edit::Set(Setting::Threshold, p));
        desk.settle();
        let two = judged(&desk);
        let two = two.two().expect("two classes");
        let counts = two.at(libm::log(p) - libm::log1p(-p));
        let told = desk
            .run
            .snapshot
            .get_untracked()
            .and_then(|s| s.test_accuracy);
        let told = f64::from(told.expect("a test set"));
        assert!(
            (told - counts.accuracy()).abs() < 1e-6,
            "{p}: {told} {counts:?}"
        );
    }
    // It is only looked at: the run is where it was.
    assert_eq!(desk.step(), 300);
}

#[test]
fn without_a_test_set_the_training_set_judges() {
    let desk = desk("#v=1", 20);
    let judged = judged(&desk);
    assert!(!judged.are_of_test);
    assert_eq!(judged.n(), 256);
    assert_eq!(judged.names, ["class 0", "class 1"]);
}

#[test]
fn classes_have_names() {
    let named = |link: &str| {
        let desk = desk(link, 0);
        let loaded = desk.run.loaded.get_untracked().expect("a run");
        names_of(&loaded)
    };
    assert_eq!(named("#v=1&im=9"), ["common", "rare"]);
    assert_eq!(named("#v=1&im=1.5"), ["class 0", "class 1"]);
    let csv = "#v=1&d=csv&csv=a,b,c,kind%0A1,2,3,cold%0A2,3,4,warm%0A3,4,6,cold%0A4,5,6,warm%0A";
    assert_eq!(named(csv), ["cold", "warm"]);
}

#[test]
fn a_temperature_is_fitted_on_what_was_kept_for_it() {
    let link =
        "#v=1&d=moons&nz=0.4&n=400&t=0.3&vs=0.3&h=32-32&o=adam&lr=0.01&a=tanh&i=glorot_normal";
    let desk = desk(link, 3_000);
    let judged = judged(&desk);
    let fitted = judged.fitted.expect("a validation set");
    let [before, after] = fitted.log_loss;
    assert!(after < before, "{fitted:?}");
    // Trained too long on too little it is too sure.
    assert!(fitted.temperature > 1.0, "{fitted:?}");
}

#[test]
fn the_run_before_stays_beside_what_comes() {
    let desk = desk("#v=1&t=0.3&lr=0.1", 100);
    let course = desk.run.course.get_untracked();
    desk.run.edit(Edit::Hidden(vec![4]));
    desk.settle();
    assert!(desk.run.course.get_untracked() > course);
}

#[test]
fn a_sample_of_ones_own_is_answered_at_every_step() {
    let desk = desk("#v=1&lr=0.1", 10);
    let asked = || {
        let snapshot = desk.run.snapshot.get_untracked();
        snapshot.and_then(|s| s.answers.clone()).map(|a| a.asked)
    };
    assert_eq!(asked(), Some(vec![]));
    desk.run.ask(vec![0.2, -0.4]);
    desk.settle();
    let first = asked().expect("answers");
    assert_eq!(first.len(), 1);
    desk.run.dispatch(RunCommand::Step(5));
    desk.settle();
    assert_ne!(asked(), Some(first));
    // What does not fit is not answered.
    desk.run.ask(vec![0.2]);
    desk.settle();
    assert_eq!(asked(), Some(vec![]));
}

#[test]
fn many_classes_are_told_apart_sample_by_sample() {
    let mut csv = String::from("a,b,kind%0A");
    for i in 0..60 {
        let class = i % 3;
        let (x, y) = (f64::from(class) - 1.0, f64::from(i % 7) / 10.0);
        csv += &format!("{x},{y},k{class}%0A");
    }
    let desk = desk(&format!("#v=1&d=csv&csv={csv}&lr=0.1&l=softmax"), 400);
    let judged = judged(&desk);
    let many = judged.many().expect("three classes");
    assert_eq!(judged.names, ["k0", "k1", "k2"]);
    let accuracy = many.confusion().accuracy();
    let told = desk.run.snapshot.get_untracked().and_then(|s| s.accuracy);
    assert!((f64::from(told.unwrap_or(0.0)) - accuracy).abs() < 1e-6);
    let n_wrong = (many.n() as f64 * (1.0 - accuracy)).round() as usize;
    assert_eq!(many.misread(1.0).len(), n_wrong);
    assert!(many.n_sure_and_wrong(1.0, SURE) <= n_wrong);
    let shares = many.shares(0, 2.0);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn what_is_said_first_is_what_matters_first() {
    use actiscope_core::classify::Situation;
    let situation = Situation {
        step: 300,
        has_diverged: false,
        dead_layer: None,
        threshold_logit: 0.0,
        miss_cost: 1.0,
        temperature: 1.0,
        fitted: None,
    };
    let desk = desk("#v=1&d=moons&nz=0.36&n=1000&im=19&t=0.3&lr=0.1", 300);
    let judged = judged(&desk);
    let of = |situation: Situation| judged.verdict(&situation);
    let dead = Situation {
        dead_layer: Some(1),
        ..situation
    };
    assert_eq!(of(dead), Verdict::LayerDead { layer: 1 });
    let gone = Situation {
        has_diverged: true,
        ..dead
    };
    assert_eq!(of(gone), Verdict::Diverged { step: 300 });
    assert_eq!(
        of(Situation {
            step: 0,
            ..situation
        }),
        Verdict::Untrained
    );
    // Where a miss costs much another threshold is cheaper.
    let dear = of(Situation {
        miss_cost: 20.0,
        ..situation
    });
    assert!(matches!(dear, Verdict::Cheaper { .. }), "{dear:?}");
    assert!(matches!(dear.remedy(), Some(Remedy::MoveThreshold { logit }) if logit < 0.0));
    // Who answers the same to everything says nobody to be rare, and no threshold helps.
    let same = self::desk("#v=1&d=moons&n=1000&im=19&t=0.3&i=zeros&lr=0.001", 1);
    let never = self::judged(&same).verdict(&situation);
    assert!(
        matches!(never, Verdict::AlwaysOne { class: 0, .. }),
        "{never:?}"
    );
}

#[test]
fn answers_to_imbalance_are_lanes_that_can_be_trained() {
    let desk = desk("#v=1&im=9&cw=1,3&rs=over", 0);
    let base = desk.run.scenario.get_untracked();
    let handed = answers_to_imbalance(&base, &[0.556, 5.0]);
    assert!(handed.base.training.class_weights.is_empty());
    assert_eq!(handed.names.len(), handed.lanes.len());
    for lane in &handed.lanes {
        let mut scenario = handed.base.clone();
        for edit in lane {
            edit.apply(&mut scenario);
        }
        assert_eq!(scenario.check(), Ok(()), "{lane:?}");
    }
    assert_eq!(handed.names[2], "threshold 0.1");
}
