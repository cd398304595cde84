//! The edge of chaos: Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017, arXiv 1611.01232.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::mean_field::{
    critical_weight_variance, gradient_ratio, mean_field, signal,
};
use actiscope_core::nn::spec::{Initializer, NetworkSpec};

use crate::common::{activation, network};
use crate::{assert_within, mean_square, normal, oracle, resolve};

#[test]
fn tanh_has_its_edge_of_chaos_where_the_papers_say() {
    let tanh = resolve(activation("tanh", &[]));
    let check = |sb2, expected: f64| {
        let critical = critical_weight_variance(|z| tanh.f(z), |z| tanh.slope(z), sb2, 1.0, 3.0)
            .expect("chi1 crosses 1 between weight variances 1 and 3");
        assert_within(
            "critical weight variance",
            critical,
            expected - 5e-4,
            expected + 5e-4,
        );
    };
    check(0.01, 1.424);
    check(0.05, 1.761);
}

#[test]
fn relu_has_its_edge_of_chaos_at_weight_variance_2() {
    let relu = resolve(activation("relu", &[]));
    let at = mean_field(|z| relu.f(z), |z| relu.slope(z), 2.0, 0.0)
        .expect("any variance is a fixed point");
    assert_within("chi1", at.chi1, 1.0 - 1e-12, 1.0 + 1e-12);
    assert_within("q*", at.q, 1.0 - 1e-3, 1.0 + 1e-3);
    assert_eq!(mean_field(|z| relu.f(z), |z| relu.slope(z), 2.1, 0.0), None);
}

/// Measured in wide random networks, and what theory says of them, layer by layer.
fn compare(activation: ActivationSpec, initializer: Initializer, gain: f64, batch_norm: bool) {
    let n_samples = 64;
    let spec = NetworkSpec {
        initializer,
        gain,
        batch_norm,
        ..network(&[16, 256, 256, 200, 256, 256, 1], activation)
    };
    let (x, y) = (normal(n_samples * 16, 7), normal(n_samples, 8));
    let function = resolve(spec.activation.clone());
    let predicted = signal(
        &spec,
        |z| function.f(z),
        |z| function.slope(z),
        mean_square(&x),
    );
    // The mean of the error over the samples stops at the first normalisation, which theory leaves out.
    let n_chis = if batch_norm { 3 } else { 4 };
    // Over four draws of the weights: one deep network may be off by a third.
    let gradients: Vec<_> = (0..4)
        .map(|seed| oracle(spec.clone(), seed).gradient(&x, &y))
        .collect();
    let over_draws = |of: &dyn Fn(usize) -> f64| (0..4).map(of).sum::<f64>() / 4.0;
    for (l, layer) in predicted.iter().enumerate() {
        let name = format!("{:?}, {initializer:?}, layer {}", spec.activation, l + 1);
        let q = over_draws(&|draw| mean_square(&gradients[draw].passes[l].z));
        let ratio = q / layer.z_mean_square;
        // One output is a single draw of its weights.
        if l < 5 {
            assert_within(&format!("E[z^2] of {name}"), ratio, 0.85, 1.15);
        }
        if let Some(chi) = layer.chi.filter(|_| l < n_chis) {
            let square = |layer: usize| over_draws(&|draw| mean_square(&gradients[draw].z[layer]));
            let ratio = square(l) / square(l + 1) / chi;
            assert_within(&format!("chi of {name}"), ratio, 0.8, 1.25);
        }
    }
    if !batch_norm {
        let square = |layer: usize| over_draws(&|draw| mean_square(&gradients[draw].z[layer]));
        let ratio = libm::sqrt(square(0) / square(4)) / gradient_ratio(&predicted);
        assert_within("gradient through all hidden layers", ratio, 0.75, 1.33);
    }
}

#[test]
fn wide_random_networks_do_what_mean_field_theory_says() {
    let of = |id| ActivationSpec::new(id);
    compare(of("relu"), Initializer::HeNormal, 1.0, false);
    compare(of("relu"), Initializer::GlorotUniform, 1.0, false);
    compare(of("tanh"), Initializer::GlorotNormal, 1.0, false);
    compare(of("tanh"), Initializer::LecunNormal, 2.5, false);
    compare(of("sigmoid"), Initializer::GlorotNormal, 1.0, false);
    compare(of("gelu"), Initializer::HeNormal, 1.0, false);
    compare(of("tanh"), Initializer::Orthogonal, 1.0, false);
    // PyTorch's own linear layer: U(-1 / sqrt n, 1 / sqrt n) for n = 256.
    let torch = Initializer::Uniform { a: 1.0 / 16.0 };
    compare(of("relu"), torch, 1.0, false);
}

#[test]
fn batch_normalisation_does_what_mean_field_theory_says() {
    let of = |id| ActivationSpec::new(id);
    compare(of("relu"), Initializer::HeNormal, 1.0, true);
    compare(of("sigmoid"), Initializer::GlorotNormal, 1.0, true);
    compare(of("tanh"), Initializer::GlorotNormal, 3.0, true);
}
