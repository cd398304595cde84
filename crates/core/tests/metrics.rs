//! Metrics against scikit-learn and PyTorch (`reference/metrics.json`), and against plain counting.

use actiscope_core::metrics::{Binary, Multiclass, Ranked, reliability};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::Value;

fn reference(block: &str) -> Value {
    let text = include_str!("reference/metrics.json");
    serde_json::from_str::<Value>(text).expect("valid JSON")[block].take()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Vec<Vec<u64>> {
    serde_json::from_value(value.clone()).expect("a matrix of counts")
}

#[track_caller]
fn check_close(got: f64, expected: &Value, tolerance: f64) {
    let expected = expected.as_f64().expect("a number");
    let error = (got - expected).abs() / expected.abs().max(1.0);
    assert!(
        error <= tolerance,
        "{got} is not {expected} within {tolerance:e}"
    );
}

#[test]
fn ranked_logits_agree_with_scikit_learn() {
    let case = reference("binary");
    let is_rare: Vec<bool> = numbers(&case["y"]).iter().map(|&y| y == 1.0).collect();
    let logit = |p: f64| libm::log(p) - libm::log1p(-p);
    let logits: Vec<f64> = numbers(&case["p"]).into_iter().map(logit).collect();
    let ranked = Ranked::new(&logits, &is_rare).expect("sound");
    check_close(
        ranked.roc_auc().expect("two classes"),
        &case["roc_auc"],
        1e-9,
    );
    check_close(
        ranked.average_precision().expect("positives"),
        &case["average_precision"],
        1e-9,
    );
    for at in case["at"].as_array().expect("a list") {
        let counts = ranked.at(logit(at["threshold"].as_f64().expect("a number")));
        let [rejections, false_alarms, misses, hits] = [
            counts.rejections,
            counts.false_alarms,
            counts.misses,
            counts.hits,
        ]
        .map(|n| n as u64);
        let rows = [vec![rejections, false_alarms], vec![misses, hits]];
        assert_eq!(matrix(&at["confusion"]), rows);
        check_close(counts.f1(), &at["f1"], 1e-9);
    }
}

#[test]
fn binary_agrees_with_scikit_learn() {
    let case = reference("binary");
    let y: Vec<bool> = numbers(&case["y"]).iter().map(|&y| y == 1.0).collect();
    let binary = Binary::new(&y, &numbers(&case["p"])).expect("sound");
    check_close(
        binary.roc_auc().expect("two classes"),
        &case["roc_auc"],
        1e-9,
    );
    check_close(
        binary.average_precision().expect("positives"),
        &case["average_precision"],
        1e-9,
    );
    check_close(binary.brier(), &case["brier"], 1e-9);
    check_close(binary.log_loss(), &case["log_loss"], 1e-9);
    let thresholds = case["at"].as_array().expect("a list");
    assert_eq!(thresholds.len(), 4);
    for at in thresholds {
        let confusion = binary.at(at["threshold"].as_f64().expect("a number"));
        assert_eq!(confusion.counts, matrix(&at["confusion"]));
        check_close(confusion.f1(1), &at["f1"], 1e-9);
        check_close(
            confusion.balanced_accuracy(),
            &at["balanced_accuracy"],
            1e-9,
        );
    }
}

#[test]
fn multiclass_agrees_with_pytorch() {
    let case = reference("multiclass");
    let rows = case["logits"].as_array().expect("a list");
    let logits: Vec<f64> = rows.iter().flat_map(numbers).collect();
    let y: Vec<usize> = numbers(&case["y"]).iter().map(|&y| y as usize).collect();
    let multiclass = Multiclass::new(4, &logits, &y).expect("sound");
    assert_eq!(multiclass.confusion().counts, matrix(&case["confusion"]));
    check_close(multiclass.confusion().accuracy(), &case["accuracy"], 1e-9);
    check_close(multiclass.nll(1.0), &case["nll"], 1e-9);
    check_close(multiclass.ece(1.0, 15), &case["ece15"], 1e-9);
    let best = multiclass.best_temperature();
    assert!(!best.is_at_bound);
    // The reference's L-BFGS stops when the loss changes by less than 1e-14. The loss is flat at its
    // minimum, so that leaves T uncertain by about sqrt(1e-14) = 1e-7; ours is the slope's root.
    check_close(best.value, &case["best_temperature"], 1e-6);
    check_close(multiclass.nll(best.value), &case["nll_at_best"], 1e-9);
    check_close(multiclass.ece(best.value, 15), &case["ece15_at_best"], 1e-7);
    let their_best = case["best_temperature"].as_f64().expect("a number");
    check_close(multiclass.ece(their_best, 15), &case["ece15_at_best"], 1e-9);
}

#[test]
fn curves_of_a_small_case() {
    let y = [false, false, true, true, true];
    let p = [0.1, 0.4, 0.35, 0.8, 0.4];
    let binary = Binary::new(&y, &p).expect("sound");
    let roc: Vec<String> = binary
        .roc()
        .expect("two classes")
        .iter()
        .map(|r| {
            format!(
                "{} ({:.2}, {:.2})",
                r.threshold, r.false_positive_rate, r.true_positive_rate
            )
        })
        .collect();
    expect![
        "inf (0.00, 0.00) 0.8 (0.00, 0.33) 0.4 (0.50, 0.67) 0.35 (0.50, 1.00) 0.1 (1.00, 1.00)"
    ]
    .assert_eq(&roc.join(" "));
    let pr: Vec<String> = binary
        .pr()
        .expect("positives")
        .iter()
        .map(|r| format!("{} ({:.2}, {:.2})", r.threshold, r.recall, r.precision))
        .collect();
    expect!["0.8 (0.33, 1.00) 0.4 (0.67, 0.67) 0.35 (1.00, 0.75) 0.1 (1.00, 0.60)"]
        .assert_eq(&pr.join(" "));
}

#[test]
fn precision_recall_and_f1_by_hand() {
    // True class 0: 3 of 4 right; class 1: 1 of 2; class 2 never occurs but is predicted once.
    let one_hot = |class: usize| (0..3).map(move |c| f64::from(u8::from(c == class)));
    let logits: Vec<f64> = [0, 0, 0, 1, 1, 2].into_iter().flat_map(one_hot).collect();
    let case = Multiclass::new(3, &logits, &[0, 0, 0, 0, 1, 1]).expect("sound");
    let confusion = case.confusion();
    assert_eq!(confusion.counts, [[3, 1, 0], [0, 1, 1], [0, 0, 0]]);
    assert_eq!(confusion.precision(0), 1.0);
    assert_eq!(confusion.recall(0), 0.75);
    assert_eq!(confusion.f1(0), 6.0 / 7.0);
    assert_eq!(confusion.precision(1), 0.5);
    assert_eq!(
        (confusion.recall(2), confusion.precision(2), confusion.f1(2)),
        (0.0, 0.0, 0.0)
    );
    assert_eq!(confusion.balanced_accuracy(), (0.75 + 0.5) / 2.0);
}

#[test]
fn reliability_bins_are_open_below_and_closed_above() {
    let bins = reliability(
        [(0.2, true), (0.4, false), (0.400001, true), (1.0, true)],
        5,
    );
    let counts: Vec<usize> = bins.iter().map(|bin| bin.n).collect();
    assert_eq!(counts, [1, 1, 1, 0, 1]);
    assert_eq!((bins[1].confidence, bins[1].accuracy), (0.4, 0.0));
    // A probability of class 1 can be 0.
    assert_eq!(reliability([(0.0, false)], 5)[0].n, 1);
    let (low, high) = bins[1].interval();
    assert!(low == 0.0 && (0.79..0.80).contains(&high), "{high}");
}

#[test]
fn no_minimum_gives_the_end_of_the_range() {
    let check = |y: &[usize], expected: f64| {
        let case = Multiclass::new(2, &[2.0, -1.0, 3.0, 0.0], y).expect("sound");
        let best = case.best_temperature();
        assert!(best.is_at_bound);
        assert!((best.value / expected - 1.0).abs() < 1e-12, "{best:?}");
    };
    check(&[0, 0], 1e-3);
    check(&[1, 1], 1e3);
}

#[test]
fn unsound_input_is_refused() {
    let binary = |y: &[bool], p: &[f64], expect: Expect| {
        expect.assert_eq(&Binary::new(y, p).expect_err("unsound").to_string());
    };
    binary(&[], &[], expect!["no samples: give one at least"]);
    binary(
        &[true],
        &[],
        expect!["1 targets but 0 predictions: give one of each a sample"],
    );
    binary(
        &[true, false],
        &[0.5, f64::NAN],
        expect!["p[1] is NaN: a probability lies between 0 and 1"],
    );
    let multiclass = |n_classes, logits: &[f64], y: &[usize], expect: Expect| {
        let error = Multiclass::new(n_classes, logits, y).expect_err("unsound");
        expect.assert_eq(&error.to_string());
    };
    multiclass(
        1,
        &[1.0],
        &[0],
        expect!["1 logits a sample: give two at least"],
    );
    multiclass(
        2,
        &[1.0, 2.0],
        &[2],
        expect!["y[0] is 2, but there are 2 classes, numbered from 0"],
    );
    multiclass(
        2,
        &[1.0, f64::INFINITY],
        &[1],
        expect!["logits[0][1] is inf: give a finite number"],
    );
    let one_class = Binary::new(&[false, false], &[0.1, 0.9]).expect("sound");
    assert_eq!(
        (one_class.roc_auc(), one_class.average_precision()),
        (None, None)
    );
}

proptest! {
    /// The area under the ROC curve is the share of (positive, negative) pairs in the right order.
    #[test]
    fn auc_counts_pairs(samples in prop::collection::vec((any::<bool>(), 0u8..12), 2..60)) {
        let y: Vec<bool> = samples.iter().map(|s| s.0).collect();
        let p: Vec<f64> = samples.iter().map(|s| f64::from(s.1) / 11.0).collect();
        let (mut won, mut n_pairs) = (0.0, 0.0);
        for (&positive, a) in y.iter().zip(&p).filter(|s| *s.0) {
            for (_, b) in y.iter().zip(&p).filter(|s| *s.0 != positive) {
                n_pairs += 1.0;
                won += if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 };
            }
        }
        let auc = Binary::new(&y, &p).expect("sound").roc_auc();
        prop_assert_eq!(auc.is_some(), n_pairs > 0.0);
        if let Some(auc) = auc {
            prop_assert!((auc - won / n_pairs).abs() < 1e-12);
        }
    }

    /// No temperature near the best one is better.
    #[test]
    fn best_temperature_is_a_minimum(
        samples in prop::collection::vec(([-9.0..9.0, -9.0..9.0, -9.0..9.0], 0usize..3), 3..40),
    ) {
        let logits: Vec<f64> = samples.iter().flat_map(|s: &([f64; 3], usize)| s.0).collect();
        let y: Vec<usize> = samples.iter().map(|s| s.1).collect();
        let case = Multiclass::new(3, &logits, &y).expect("sound");
        let best = case.best_temperature();
        let nll = case.nll(best.value);
        for factor in [0.9, 0.999, 1.001, 1.1] {
            let other = (best.value * factor).clamp(1e-3, 1e3);
            prop_assert!(case.nll(other) >= nll - 1e-12 * nll.abs());
        }
    }
}
