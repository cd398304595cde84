//! What PyTorch, Keras and JAX computed by the lines that the catalogue gives for them is what we compute.

use actiscope_core::activation::{Activation, ActivationSpec, Framework, catalogue, entry};
use serde_json::Value;

fn stored() -> Value {
    let text = include_str!("reference/names_elsewhere.json");
    serde_json::from_str(text).expect("written by names_elsewhere.py")
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().expect("a list");
    values
        .iter()
        .map(|v| v.as_f64().expect("a number"))
        .collect()
}

/// Slopes at corners that are not PyTorch's: (id, framework, z, theirs). Keras is run over JAX and has JAX's.
const OTHER_SLOPES: &[(&str, &str, f64, f64)] = &[
    ("leaky_relu", "JAX", 0.0, 1.0),
    ("leaky_relu", "Keras", 0.0, 1.0),
    ("prelu", "Keras", 0.0, 0.0),
    ("hard_tanh", "JAX", -1.0, 1.0),
    ("hard_tanh", "JAX", 1.0, 1.0),
    ("hard_tanh", "Keras", -1.0, 1.0),
    ("hard_tanh", "Keras", 1.0, 1.0),
];

#[test]
fn every_line_computes_our_function_and_slope() {
    let stored = stored();
    let points = numbers(&stored["z"]);
    let cases = stored["cases"].as_array().expect("a list");
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let framework = case["framework"].as_str().expect("a name");
        let mut spec = ActivationSpec::new(id);
        spec.params = numbers(&case["params"]);
        let ours = Activation::resolve(&spec).expect("resolves");
        // Some of Keras' functions compute in f32 whatever they are given. PyTorch's softplus is straight where
        // beta z > 20, and its sixth is the f32 one.
        let tolerance = if framework == "Keras" { 5e-7 } else { 3e-8 };
        let (f, slopes) = (numbers(&case["f"]), numbers(&case["slope"]));
        for ((&z, f), slope) in points.iter().zip(f).zip(slopes) {
            let what = format!("{framework} {} at {z}", case["code"]);
            assert!(
                (ours.f(z) - f).abs() < tolerance,
                "{what}: {f}, not {}",
                ours.f(z)
            );
            let own = ours.slope(z);
            match OTHER_SLOPES
                .iter()
                .find(|other| other.0 == id && other.1 == framework && other.2 == z)
            {
                Some(other) => assert_eq!(slope, other.3, "{what}"),
                None => assert!(
                    (own - slope).abs() < tolerance,
                    "{what}: slope {slope}, not {own}"
                ),
            }
        }
    }
}

#[test]
fn every_line_was_run_as_it_stands() {
    let stored = stored();
    let cases = stored["cases"].as_array().expect("a list");
    for entry in catalogue() {
        let spec = ActivationSpec::new(entry.id);
        for framework in Framework::ALL {
            let code = entry
                .elsewhere()
                .line(framework)
                .with(&spec.param_names(), &spec.params);
            let is_known = cases.iter().any(|case| {
                case["id"] == entry.id
                    && case["framework"] == framework.name()
                    && case["code"] == code
            });
            assert!(is_known, "`{code}` was not run: see names_elsewhere.py");
        }
    }
}

#[test]
fn derivations_are_sentences_and_parameters_are_known() {
    for known in catalogue() {
        let elsewhere = entry(known.id).expect("it is there").elsewhere();
        assert!(elsewhere.derivation.ends_with('.'), "{}", known.id);
        let spec = ActivationSpec::new(known.id);
        for framework in Framework::ALL {
            let line = elsewhere.line(framework);
            let code = line.with(&spec.param_names(), &spec.params);
            assert!(!code.contains(['{', '}']), "{code}");
            assert!(!line.note.ends_with('.'), "{}", line.note);
        }
    }
}
