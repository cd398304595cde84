//! A rare class: what is the best that can be said of it, and what a threshold does to that.

mod common;

use actiscope_core::classify::{
    Outputs, Situation, TwoClasses, Verdict, balanced_weights, caption, judge_two,
};
use actiscope_core::data::{DataSource, DataSpec, Dataset};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::{Oracle, Statistics};
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, TrainingSpec};
use actiscope_core::random::{Random, Stream};

/// 116 of 1,000 are rare.
const RATIO: f64 = 884.0 / 116.0;

/// Two Gaussians of deviation 1 that are 0.9 apart in both inputs: 0.15 is the generator's own, the rest noise.
fn data(n_samples: usize) -> Dataset {
    let spec = DataSpec {
        imbalance: RATIO,
        ..DataSpec::plain(
            DataSource::TwoGaussians,
            n_samples,
            libm::sqrt(1.0 - 0.15 * 0.15),
        )
    };
    spec.generate(4).expect("numbers in their ranges")
}

fn judged(logits: &[f32], data: &Dataset) -> TwoClasses {
    let outputs = Outputs::new(Loss::BceLogits, 1, logits, &data.y_train).expect("answers");
    TwoClasses::new(&outputs).expect("two classes")
}

/// The logit of the truth: (mu_1 - mu_0) x + ln of the odds of the classes, their middle being 0.
fn of_truth(data: &Dataset) -> TwoClasses {
    let rows = data.x_train.chunks_exact(2);
    let logits: Vec<f32> = rows
        .map(|x| 0.9 * (x[0] + x[1]) - libm::log(RATIO) as f32)
        .collect();
    judged(&logits, data)
}

fn logit(p: f64) -> f64 {
    libm::log(p) - libm::log1p(-p)
}

#[track_caller]
fn check(got: Option<f64>, expected: f64, tolerance: f64) {
    let got = got.expect("a number");
    assert!(
        (got - expected).abs() < tolerance,
        "{got} is not {expected}"
    );
}

#[test]
fn the_best_that_can_be_said_misses_five_of_six_at_one_half() {
    let data = data(10_000);
    let two = of_truth(&data);
    assert_eq!((two.n(), two.n_rare()), (10_000, 1_160));
    check(Some(two.majority_share()), 0.884, 1e-9);
    check(two.ranked.roc_auc(), 0.816, 0.015);
    let half = two.at(0.0);
    check(half.recall(), 0.17, 0.03);
    check(Some(half.accuracy()), 0.89, 0.01);
    // At the share of the rare class either error is as likely.
    let share = two.at(logit(0.116));
    check(share.recall(), 0.74, 0.02);
    check(share.specificity(), 0.74, 0.02);
}

#[test]
fn what_is_said_stands_beside_the_majority() {
    let data = data(10_000);
    let two = of_truth(&data);
    let situation = Situation {
        step: 100,
        has_diverged: false,
        dead_layer: None,
        threshold_logit: 0.0,
        miss_cost: 1.0,
        temperature: 1.0,
        fitted: None,
    };
    let names = ["common".to_owned(), "rare".to_owned()];
    let fine = judge_two(&two, &situation);
    assert!(matches!(fine, Verdict::Fine { .. }), "{fine:?}");
    let words = caption(&fine, &names).concat();
    assert!(
        words.ends_with("where always saying one class is 88.4 %."),
        "{words}"
    );
    // A miss that costs as much as eight alarms is worth the threshold of the rare class's share.
    let dear = judge_two(
        &two,
        &Situation {
            miss_cost: RATIO,
            ..situation
        },
    );
    let Verdict::Cheaper {
        threshold_logit, ..
    } = dear
    else {
        panic!("{dear:?}");
    };
    let p = 1.0 / (1.0 + libm::exp(-threshold_logit));
    assert!((0.06..0.2).contains(&p), "{p}");
    let words = caption(&dear, &names).concat();
    assert!(words.contains("of 1,160 rare missed at"), "{words}");
}

/// A small network on all samples, trained by the oracle.
fn trained(data: &Dataset, class_weights: Vec<f64>) -> TwoClasses {
    let network: NetworkSpec = common::network(&[2, 3, 1], common::activation("tanh", &[]));
    let training = TrainingSpec {
        class_weights,
        ..TrainingSpec::plain(Loss::BceLogits, Optimizer::ADAM, 0.05, data.n_train())
    };
    let random = Random::new(1, Stream::Test, 0);
    let n_params = ParamLayout::new(&network).n_params as u64;
    let params = (0..n_params).map(|i| 0.5 * random.normal(i)).collect();
    let mut oracle = Oracle::new(network, training, params).expect("the catalogue has it");
    let x: Vec<f64> = data.x_train.iter().map(|&x| f64::from(x)).collect();
    let y: Vec<f64> = data.y_train.iter().map(|&y| f64::from(y)).collect();
    for _ in 0..250 {
        oracle.step(&x, &y);
    }
    let passes = oracle.forward(&x, Statistics::Batch);
    let last = passes.last().expect("an output layer");
    let logits: Vec<f32> = last.z.iter().map(|&z| z as f32).collect();
    judged(&logits, data)
}

#[test]
fn weights_shift_the_logits_by_the_logarithm_of_their_ratio() {
    let data = data(3_000);
    let plain = trained(&data, Vec::new());
    check(
        plain.ranked.roc_auc(),
        of_truth(&data).ranked.roc_auc().expect("both"),
        0.01,
    );
    let weights = balanced_weights(&[2_652, 348]);
    let weighted = trained(&data, weights);
    // Neither ranks better than the other: weights are no knowledge.
    check(
        weighted.ranked.roc_auc(),
        plain.ranked.roc_auc().expect("both"),
        0.01,
    );
    let pairs = plain.logits.iter().zip(&weighted.logits);
    let mean = pairs.map(|(a, b)| b - a).sum::<f64>() / plain.n() as f64;
    check(Some(mean), libm::log(RATIO), 0.15);
    // It says rare where the plain one does at the rare class's share, and its probabilities are off.
    check(
        weighted.at(0.0).recall(),
        plain.at(logit(0.116)).recall().expect("both"),
        0.05,
    );
    assert!(weighted.scores(1.0).ece > 5.0 * plain.scores(1.0).ece);
}
