//! The charts of a classifier, of samples of which one in twenty is rare.

use std::rc::Rc;

use actiscope_core::metrics::{Ranked, reliability};
use actiscope_core::random::{Random, Stream};
use actiscope_page::plot::charts::classify::{
    RankingData, ReliabilityData, SoftmaxData, ThresholdData, pr_scene, probability_of,
    reliability_scene, roc_scene, softmax_scene, threshold_scene,
};

use crate::pictures::Pictures;

const N: usize = 1000;
const MISS_COST: f64 = 10.0;

pub fn add(all: &mut Pictures) {
    let random = Random::new(1, Stream::Test, 0);
    let sample = |i: usize| {
        let is_rare = i.is_multiple_of(20);
        let middle = if is_rare { 0.0 } else { -9.0 };
        (middle + 4.0 * random.normal(i as u64), is_rare)
    };
    let (logits, is_rare): (Vec<f64>, Vec<bool>) = (0..N).map(sample).unzip();
    let ranked = Rc::new(Ranked::new(&logits, &is_rare).expect("finite logits"));

    let of_threshold = Rc::clone(&ranked);
    all.add("classify-threshold", move |size, theme| {
        let data = ThresholdData {
            ranked: &of_threshold,
            names: ["common", "rare"],
            slots: [0, 1],
            threshold: 0.0,
            cheapest: of_threshold.cheapest(MISS_COST).threshold_logit,
            miss_cost: MISS_COST,
            is_logit: true,
            is_count: false,
            is_stale: false,
        };
        threshold_scene(size, theme, &data)
    });

    let counts = ranked.at(0.0);
    let false_positive_rate = counts.specificity().map(|rate| 1.0 - rate);
    let roc: Vec<_> = (ranked.roc().unwrap_or_default().iter())
        .map(|at| (at.false_positive_rate, at.true_positive_rate, at.threshold))
        .collect();
    let now = false_positive_rate.zip(counts.recall());
    all.add("classify-roc", move |size, theme| {
        roc_scene(size, theme, &ranking(&roc, now))
    });
    let pr: Vec<_> = (ranked.pr().unwrap_or_default().iter())
        .map(|at| (at.recall, at.precision, at.threshold))
        .collect();
    let now = counts.recall().zip(counts.precision());
    all.add("classify-pr", move |size, theme| {
        pr_scene(size, theme, &ranking(&pr, now))
    });

    let bins = |temperature: f64| {
        let p = logits.iter().map(|z| probability_of(z / temperature));
        reliability(p.zip(is_rare.iter().copied()), 10)
    };
    let (before, after) = (bins(1.0), bins(2.5));
    all.add("classify-reliability", move |size, theme| {
        let data = ReliabilityData {
            before: &before,
            after: Some(&after),
            is_top_class: false,
            name: "rare",
        };
        reliability_scene(size, theme, &data)
    });

    let names: Vec<String> = (0..10).map(|i| i.to_string()).collect();
    all.add("classify-softmax", move |size, theme| {
        let data = SoftmaxData {
            names: &names,
            logits: &[-4.2, 1.5, -6.2, 5.3, -5.0, 12.0, -4.0, -7.9, 5.0, 3.6],
            shares: &[0.0, 0.0, 0.0, 0.001, 0.0, 0.998, 0.0, 0.0, 0.0009, 0.0001],
            shares_before: None,
            truth: 3,
            said: 5,
        };
        softmax_scene(size, theme, &data)
    });
}

fn ranking(points: &[(f64, f64, f64)], now: Option<(f64, f64)>) -> RankingData<'_> {
    RankingData {
        points,
        now,
        cheapest: None,
        ghost: None,
        base: 0.05,
        undefined: None,
    }
}
