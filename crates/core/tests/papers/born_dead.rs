//! Lu, Shin, Su, Karniadakis 2019, "Dying ReLU and Initialization", arXiv 1903.06733.

use actiscope_core::health::{HealthTracker, LayerStats, What};
use actiscope_core::nn::init::initial_params;
use actiscope_core::nn::spec::{Initializer, NetworkSpec};

use crate::common::{activation, network};
use crate::{assert_within, oracle};

/// Lower and upper bound of the probability that a ReLU network of `n_layers` layers (the output's among
/// them) of width `n` is born dead.
fn born_dead_bounds(n: f64, n_layers: f64) -> (f64, f64) {
    let two_to_minus_n = libm::exp2(-n);
    let a1 = 1.0 - two_to_minus_n;
    let a2 = 1.0 - 2.0 * two_to_minus_n - (n - 1.0) * two_to_minus_n * two_to_minus_n;
    let share =
        (1.0 - 2.0 * two_to_minus_n) * (1.0 - two_to_minus_n) / (1.0 + (n - 1.0) * two_to_minus_n);
    let power = n_layers - 2.0;
    let lower = 1.0 - libm::pow(a1, power) + share * (libm::pow(a2, power) - libm::pow(a1, power));
    (lower, 1.0 - libm::pow(a1, n_layers - 1.0))
}

/// The whole chain: initializer, forward pass, slopes, verdicts, the event. Without biases the network is
/// positively homogeneous, so one input on either side of 0 stands for all.
fn born_dead_share(n: usize, n_trials: u64) -> f64 {
    let layers = [&[1][..], &[n; 9], &[1]].concat();
    let spec = NetworkSpec {
        initializer: Initializer::HeNormal,
        ..network(&layers, activation("relu", &[]))
    };
    let mut oracle = oracle(spec, 0);
    let n_born_dead = (0..n_trials)
        .filter(|&seed| {
            oracle.params = initial_params(&oracle.spec, &oracle.layout, seed);
            let probe = oracle.probe(&[-1.0, 1.0], &[0.0, 0.0]);
            let verdicts = probe.layers.iter().map(LayerStats::verdicts).collect();
            let (_, events) = HealthTracker::begin(verdicts);
            let is_born_dead = events
                .iter()
                .any(|event| matches!(event.what, What::BornDead { .. }));
            let output_is_constant = probe.outputs == [0.0, 0.0];
            assert_eq!(is_born_dead, output_is_constant, "width {n}, seed {seed}");
            is_born_dead
        })
        .count();
    n_born_dead as f64 / n_trials as f64
}

fn check_born_dead(n: usize, n_trials: u64, measured: f64, measured_band: f64) {
    let share = born_dead_share(n, n_trials);
    let band = 3.0 * libm::sqrt(measured * (1.0 - measured) / n_trials as f64);
    let what = format!("born dead, width {n}, {n_trials} trials");
    let near = band + measured_band;
    assert_within(&what, share, measured - near, measured + near);
    let (lower, upper) = born_dead_bounds(n as f64, 10.0);
    assert_within(&what, share, lower - band, upper + band);
}

#[test]
fn born_dead_bounds_are_the_papers() {
    let check = |n, expected_lower: f64, expected_upper: f64, digit: f64| {
        let (lower, upper) = born_dead_bounds(n, 10.0);
        assert_within(
            "lower bound",
            lower,
            expected_lower - digit,
            expected_lower + digit,
        );
        assert_within(
            "upper bound",
            upper,
            expected_upper - digit,
            expected_upper + digit,
        );
    };
    check(2.0, 0.870, 0.925, 5e-4);
    check(4.0, 0.204, 0.441, 5e-4);
    check(10.0, 0.00008, 0.0088, 5e-5);
}

#[test]
fn narrow_deep_relu_networks_are_born_dead() {
    check_born_dead(2, 20_000, 0.8795, 0.002);
    check_born_dead(4, 20_000, 0.296, 0.003);
    check_born_dead(10, 20_000, 0.0013, 0.0002);
}

#[test]
#[ignore = "400,000 trials take minutes"]
fn narrow_deep_relu_networks_are_born_dead_400_000_trials() {
    check_born_dead(2, 400_000, 0.8795, 0.002);
    check_born_dead(4, 400_000, 0.296, 0.003);
    check_born_dead(10, 400_000, 0.0013, 0.0002);
}
