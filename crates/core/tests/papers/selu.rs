//! Klambauer et al. 2017, "Self-Normalizing Neural Networks", arXiv 1706.02515.

use actiscope_core::health::mean_field::{gaussian_mean, next_variance};
use actiscope_core::nn::spec::{Initializer, NetworkSpec};

use crate::common::{activation, network};
use crate::{activations, assert_within, mean, mean_square, normal, oracle, resolve};

#[test]
fn selu_has_its_fixed_point_at_mean_0_and_variance_1() {
    let selu = resolve(activation("selu", &[]));
    let f = |z| selu.f(z);
    assert_within("mean", gaussian_mean(f), -1e-5, 1e-5);
    assert_within(
        "variance",
        next_variance(f, 1.0, 0.0, 1.0),
        1.0 - 1e-5,
        1.0 + 1e-5,
    );
    // Attracting: a step away is smaller a layer later.
    for q in [0.8, 0.9, 1.1, 1.25] {
        let next = next_variance(f, 1.0, 0.0, q);
        assert_within(
            &format!("pull from {q}"),
            (next - 1.0) / (q - 1.0),
            0.0,
            0.9,
        );
    }
}

#[test]
fn selu_networks_normalize_themselves() {
    let n = 256;
    for (input_mean, input_std) in [(0.0, 1.0), (0.3, 0.7), (-0.3, 1.3)] {
        let spec = NetworkSpec {
            initializer: Initializer::LecunNormal,
            ..network(&[n; 18], activation("selu", &[]))
        };
        let x: Vec<f64> = normal(40 * n, 7)
            .into_iter()
            .map(|x| input_mean + input_std * x)
            .collect();
        let of_layers = activations(&oracle(spec, 8), &x);
        let last = &of_layers[of_layers.len() - 1];
        assert_within("mean of the last layer", mean(last), -0.1, 0.1);
        assert_within("variance of the last layer", mean_square(last), 0.8, 1.2);
    }
}
