//! What is written is read as the same network, and what cannot be read is refused in words.

use super::read;
use crate::activation::{ActivationSpec, catalogue};
use crate::classify::Squash;
use crate::interop::incoming::Incoming;
use crate::interop::onnx::write;
use crate::interop::{Meaning, Model};
use crate::nn::init::{initial_params, initial_running};
use crate::nn::layout::ParamLayout;
use crate::nn::spec::{Initializer, NetworkSpec, PreluSharing};

/// Own formulas: guarded branches, conditions as numbers, every function of the grammar, a constant.
const FORMULAS: [&str; 9] = [
    "where(a > 0, max(z, 0), exp(z))",
    "where(z > 0, log1p(z), -log1p(-z))",
    "where(abs(z) < 0.001, 1, expm1(z) / z)",
    "max(z, 0) * (z < 2) + 2 * (z >= 2)",
    "erf(z) + sech2(z) * sign(z) - floor(z / 2) * cos(z)",
    "sqrt(abs(z)) ^ 3 / (1 + exp(-a * z)) + b",
    "where(z, 1 / z, 0) * (z != 1) + min(z, 3) * (z <= pi) * (z == z)",
    "softplus(sin(z)) - sigmoid(log(1 + z^2)) * tanh(z)",
    "1",
];

fn network(activations: Vec<ActivationSpec>) -> NetworkSpec {
    NetworkSpec {
        n_inputs: 3,
        hidden: (0..activations.len()).map(|l| 2 + l % 3).collect(),
        n_outputs: 3,
        activation: activations[0].clone(),
        layer_activations: activations.into_iter().map(Some).collect(),
        prelu_sharing: PreluSharing::Layer,
        batch_norm: false,
        initializer: Initializer::Uniform { a: 1.0 },
        gain: 1.0,
        given: None,
    }
}

/// Of classes, with random weights, and statistics that are not those of the beginning.
fn model(network: NetworkSpec, squash: Squash) -> Model {
    let layout = ParamLayout::new(&network);
    let params = initial_params(&network, &layout, 5);
    let params = params
        .iter()
        .zip(0..)
        .map(|(p, i)| *p as f32 + 0.01 * (i % 7) as f32);
    let running = initial_running(&network, &layout).into_iter().zip(0..);
    let running = running
        .map(|(r, i)| r as f32 + 0.1 * (i % 5) as f32)
        .collect();
    let names: Vec<String> = (0..network.n_outputs.max(2))
        .map(|c| format!("class \"{c}\""))
        .collect();
    let incoming = Incoming {
        params: params.collect(),
        running,
        input_names: vec!["x1".into(), "x2".into(), "x3".into()],
        input_scale: Vec::new(),
        target_scale: None,
        class_names: names,
        squash: Some(squash),
        threshold: 0.25,
        notes: Vec::new(),
        network,
    };
    incoming
        .into_model()
        .expect("the specifications are of the catalogue")
}

fn samples(n: usize) -> Vec<f64> {
    (0..n * 3)
        .map(|i| f64::from((i * 37 % 41) as u32) / 8.0 - 2.5)
        .collect()
}

/// Answers of both, relative to max(1, |ours|).
fn largest_difference(a: &Model, b: &Model) -> f64 {
    let x = samples(20);
    let (n_a, n_b) = (a.network.n_outputs, b.network.n_outputs);
    let (a_out, b_out) = (a.outputs(&x), b.outputs(&x));
    let rows = a_out.chunks_exact(n_a).zip(b_out.chunks_exact(n_b));
    let pairs = rows.flat_map(|(row_a, row_b)| {
        let (y_a, y_b) = (a.answers(row_a), b.answers(row_b));
        y_a.into_iter().zip(y_b).collect::<Vec<_>>()
    });
    pairs.fold(0.0, |most, (a, b)| {
        let difference = (a - b).abs() / a.abs().max(1.0);
        // Two that are no number are the same.
        if a.is_nan() && b.is_nan() {
            most
        } else {
            difference.max(most)
        }
    })
}

fn there_and_back(of: &Model) -> Model {
    let incoming = read(&write(of), None).unwrap_or_else(|error| panic!("{error}"));
    incoming
        .into_model()
        .expect("what was read is within limits")
}

#[test]
fn every_function_comes_back_with_its_numbers() {
    for entry in catalogue() {
        let mut spec = ActivationSpec::new(entry.id);
        for (value, param) in spec.params.iter_mut().zip(entry.params) {
            *value = (param.default * 1.25).clamp(param.min, param.max);
        }
        if entry.id == "prelu" {
            spec = ActivationSpec::new("prelu");
        }
        let of = model(network(vec![spec.clone(); 2]), Squash::Softmax);
        let back = there_and_back(&of);
        assert_eq!(back.network.activation, spec, "{}", entry.id);
        assert_eq!(back.params, of.params, "{}", entry.id);
        assert_eq!(back.meaning, of.meaning);
        assert_eq!(back.squash, of.squash);
    }
}

#[test]
fn every_function_is_known_without_being_told() {
    for entry in catalogue() {
        let spec = match entry.id {
            // Two linear layers are one, and with alpha = 1 it is ELU.
            "identity" => continue,
            "celu" => ActivationSpec::named("celu", &[("alpha", 1.5)]),
            id => ActivationSpec::new(id),
        };
        let of = model(network(vec![spec.clone(); 2]), Squash::Softmax);
        // The same file with another name of the format.
        let mut bytes = write(&of);
        let at = bytes
            .windows(17)
            .position(|w| w == b"actiscope-network")
            .expect("it says so");
        bytes[at] = b'b';
        let back = read(&bytes, None).unwrap_or_else(|error| panic!("{}: {error}", entry.id));
        assert_eq!(back.network.activation, spec, "{}", entry.id);
        assert_eq!(back.params, of.params, "{}", entry.id);
        assert_eq!(back.squash, Some(Squash::Softmax));
    }
}

#[test]
fn own_formulas_come_back() {
    for formula in FORMULAS {
        let spec = ActivationSpec::formula(formula);
        let of = model(network(vec![spec.clone()]), Squash::Softmax);
        let back = there_and_back(&of);
        assert_eq!(back.network.activation, spec, "{formula}");
        assert_eq!(back.params, of.params);
    }
}

#[test]
fn a_formula_of_someone_else_becomes_one_of_ours() {
    let spec = ActivationSpec::formula("where(z > 0, log1p(z), -log1p(-z))");
    let of = model(network(vec![spec]), Squash::Softmax);
    let mut bytes = write(&of);
    let at = bytes
        .windows(17)
        .position(|w| w == b"actiscope-network")
        .expect("it says so");
    bytes[at] = b'b';
    let back = read(&bytes, None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(back.notes.len(), 1);
    let back = back.into_model().expect("a formula of ours");
    assert!(largest_difference(&of, &back) < 1e-6);
}

#[test]
fn normalization_alphas_and_scales_come_back() {
    let layers = ["prelu", "tanh", "prelu", "gelu"];
    for prelu_sharing in [PreluSharing::Layer, PreluSharing::Unit] {
        let network = NetworkSpec {
            batch_norm: true,
            prelu_sharing,
            ..network(layers.map(ActivationSpec::new).to_vec())
        };
        let mut of = model(network, Squash::Sigmoids);
        of.input_scale = vec![[1.0, 2.0], [-0.3, 0.1], [1e3, 7.0]];
        let back = there_and_back(&of);
        assert_eq!(back.network.activations(), of.network.activations());
        assert_eq!(back.network.prelu_sharing, prelu_sharing);
        assert_eq!(back.params, of.params);
        assert_eq!(back.running, of.running);
        assert_eq!(back.input_scale, of.input_scale);
        assert_eq!(back.input_names, of.input_names);
    }
}

#[test]
fn all_ways_to_squash_come_back() {
    for (squash, n_outputs) in [
        (Squash::Sigmoid, 1),
        (Squash::Plain, 1),
        (Squash::Positive, 1),
        (Squash::Softmax, 2),
        (Squash::Sigmoids, 3),
        (Squash::Plain, 3),
    ] {
        let network = NetworkSpec {
            n_outputs,
            ..network(vec![ActivationSpec::new("silu")])
        };
        let of = model(network.clone(), squash);
        let back = there_and_back(&of);
        assert_eq!((back.squash, back.meaning), (of.squash, of.meaning.clone()));
        assert_eq!(back.params, of.params);

        // The same outputs as numbers, standardised when it was trained.
        let mut of = model(network, squash);
        of.meaning = Meaning::Number {
            scale: Some([3.0, 0.5]),
        };
        let back = there_and_back(&of);
        assert_eq!(back.meaning, Meaning::Number { scale: None });
        assert!(largest_difference(&of, &back) < 1e-6, "{squash:?}");
    }
}

#[test]
fn a_network_without_hidden_layers_comes_back() {
    let mut network = network(vec![ActivationSpec::new("relu")]);
    network.hidden.clear();
    network.layer_activations.clear();
    let mut of = model(network, Squash::Softmax);
    of.input_scale = vec![[1.0, 2.0]; 3];
    let back = there_and_back(&of);
    assert_eq!(back.params, of.params);
    assert_eq!(back.input_scale, of.input_scale);
}

#[test]
fn what_is_too_large_is_told_by_its_layer() {
    let network = NetworkSpec {
        hidden: vec![4, 300],
        ..network(vec![ActivationSpec::new("relu"); 2])
    };
    let error = read(&write(&model(network, Squash::Softmax)), None).err();
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(
        text,
        "layer 2 has 300 units, and 128 are the most: choose a smaller network"
    );
}

#[test]
fn what_is_no_file_is_refused() {
    let said = |bytes: &[u8]| {
        read(bytes, None)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert_eq!(said(b""), "this is no ONNX file: it holds no graph");
    assert!(said(b"\x89PNG\r\n").starts_with("this is no ONNX file, or a damaged one: at byte "));
    let bytes = write(&model(
        network(vec![ActivationSpec::new("relu")]),
        Squash::Softmax,
    ));
    assert!(said(&bytes[..bytes.len() / 2]).contains("the file ends in the middle of a field"));
}
