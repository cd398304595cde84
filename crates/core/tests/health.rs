//! Health over a probe set against PyTorch's numbers (`reference/health.json`, float64).

mod common;

use std::collections::BTreeMap;

use actiscope_core::health::Health;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::nn::spec::{Loss, Optimizer};
use common::{activation, assert_close, in_order, network, training};
use serde::Deserialize;

const TOLERANCE: f64 = 1e-9;

#[derive(Deserialize)]
struct Case {
    activation: String,
    params: BTreeMap<String, f64>,
    layers: Vec<usize>,
    weights: Vec<Vec<Vec<f64>>>,
    biases: Vec<Vec<f64>>,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    loss: String,
    output_activation: String,
    hidden: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    dead: Vec<bool>,
    saturated: Vec<bool>,
    negative_fraction: Vec<f64>,
    z_mean: Vec<f64>,
    z_std: Vec<f64>,
    weight_gradient_rms: f64,
    z_gradient_rms: f64,
}

fn check(case: &Case) {
    assert_eq!(
        (&case.loss[..], &case.output_activation[..]),
        ("mse", "identity")
    );
    let spec = network(
        &case.layers,
        activation(&case.activation, &in_order(&case.params)),
    );
    let layout = ParamLayout::new(&spec);
    let mut params = vec![f64::NAN; layout.n_params];
    for (l, layer) in layout.layers.iter().enumerate() {
        params[layer.weights.clone()].copy_from_slice(&case.weights[l].concat());
        params[layer.biases.clone()].copy_from_slice(&case.biases[l]);
    }
    let training = training(Loss::Mse, Optimizer::Sgd, 0.0);
    let oracle = Oracle::new(spec, training, params).expect("the catalogue has it");
    let probe = oracle.probe(&case.x.concat(), &case.y);

    assert_eq!(probe.layers.len(), case.hidden.len());
    for (l, (layer, expected)) in probe.layers.iter().zip(&case.hidden).enumerate() {
        let name = format!("{} layer {l}", case.activation);
        let is = |health| -> Vec<bool> { layer.units.iter().map(|u| u.health == health).collect() };
        assert_eq!(is(Health::Dead), expected.dead, "{name}: dead");
        assert_eq!(
            is(Health::Saturated),
            expected.saturated,
            "{name}: saturated"
        );
        for (j, unit) in layer.units.iter().enumerate() {
            let close = |what: &str, value, expected| {
                assert_close(
                    &format!("{name} unit {j}: {what}"),
                    value,
                    expected,
                    TOLERANCE,
                    1e-3,
                );
            };
            close(
                "negative fraction",
                unit.negative_fraction,
                expected.negative_fraction[j],
            );
            close("mean of z", unit.z_mean, expected.z_mean[j]);
            close("deviation of z", unit.z_std, expected.z_std[j]);
        }
        let close = |what: &str, value, expected| {
            assert_close(&format!("{name}: {what}"), value, expected, TOLERANCE, 0.0);
        };
        close(
            "RMS of dL/dW",
            layer.weight_gradient_rms,
            expected.weight_gradient_rms,
        );
        close(
            "RMS of dL/dz",
            layer.z_gradient_rms,
            expected.z_gradient_rms,
        );
    }
}

#[test]
fn health_agrees_with_pytorch() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("reference/health.json"))
        .expect("the reference file is as generate.py writes it");
    assert_eq!(cases.len(), 5);
    cases.iter().for_each(check);
}
