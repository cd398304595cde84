//! The catalogue against PyTorch: values and slopes of every function, softmax and its Jacobian.
//! `reference/activations.json` is made by PyTorch in float64.

use actiscope_core::activation::{
    Activation, ActivationSpec, Function, catalogue, softmax, softmax_jacobian,
};
use fearless_simd::Level;
use serde_json::Value;

/// Relative tolerance of f64.
const RELATIVE: f64 = 1e-10;
/// PyTorch's softplus is z itself where beta z > 20: its slope there is off by up to e^-20.
const RELATIVE_OF_SOFTPLUS: f64 = 1e-9;
/// PyTorch's own formulas cancel in the tails (1 + erf, s (1 - s), 1 - t^2), where ours keep their
/// digits: what it rounds off there is some units of 1.1e-16, times z.
const ABSOLUTE: f64 = 1e-14;

fn reference() -> Value {
    serde_json::from_str(include_str!("reference/activations.json")).expect("valid JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("an array");
    list.iter().map(|x| x.as_f64().expect("a number")).collect()
}

#[track_caller]
fn check_close(what: &str, at: f64, got: f64, expected: f64) {
    check_close_to(RELATIVE, what, at, got, expected);
}

#[track_caller]
fn check_close_to(relative: f64, what: &str, at: f64, got: f64, expected: f64) {
    let tolerance = relative * expected.abs() + ABSOLUTE;
    assert!(
        (got - expected).abs() <= tolerance,
        "{what} at {at}: got {got:e}, PyTorch {expected:e}, off by {:e}",
        (got - expected).abs()
    );
}

fn spec_of(case: &Value) -> ActivationSpec {
    let params: Vec<(String, f64)> = case["params"]
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, value)| (name.clone(), value.as_f64().expect("a number")))
        .collect();
    let params: Vec<(&str, f64)> = params.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    ActivationSpec::named(case["activation"].as_str().expect("a name"), &params)
}

#[test]
fn values_and_slopes_are_pytorchs() {
    let reference = reference();
    let cases = reference["activations"].as_array().expect("an array");
    for case in cases {
        let spec = spec_of(case);
        let activation = Activation::resolve(&spec).expect("resolves");
        let (z, f, df) = (
            numbers(&case["z"]),
            numbers(&case["f"]),
            numbers(&case["df"]),
        );
        let relative = match &spec.function {
            Function::Catalogue(id) if id == "softplus" => RELATIVE_OF_SOFTPLUS,
            _ => RELATIVE,
        };
        let check = |what: &str, z: f64, got: f64, expected: f64| {
            check_close_to(relative, &format!("{what} of {spec:?}"), z, got, expected);
        };
        for i in 0..z.len() {
            check("f", z[i], activation.f(z[i]), f[i]);
            check("f'", z[i], activation.slope(z[i]), df[i]);
        }
    }
    // Every entry is in this reference or in that of `names_elsewhere.rs`.
    let elsewhere: Value =
        serde_json::from_str(include_str!("reference/names_elsewhere.json")).expect("JSON");
    let elsewhere = elsewhere["cases"].as_array().expect("a list");
    for entry in catalogue() {
        assert!(
            cases.iter().any(|case| case["activation"] == entry.id)
                || elsewhere.iter().any(|case| case["id"] == entry.id),
            "no reference for {}",
            entry.id
        );
    }
}

#[test]
fn vector_programs_are_pytorchs() {
    let reference = reference();
    for case in reference["activations"].as_array().expect("an array") {
        let spec = spec_of(case);
        let activation = Activation::resolve(&spec).expect("resolves");
        let (z, f, df) = (
            numbers(&case["z"]),
            numbers(&case["f"]),
            numbers(&case["df"]),
        );
        let z32: Vec<f32> = z.iter().map(|&z| z as f32).collect();
        let (mut f32s, mut df32s) = (vec![0.0; z.len()], vec![0.0; z.len()]);
        activation.program().run(
            Level::new(),
            &activation.params_f32(),
            &z32,
            &mut [&mut f32s, &mut df32s],
        );
        for i in 0..z.len() {
            // A few roundings of f32 (6e-8 each), and the rounding of z itself.
            let check = |what: &str, got: f32, expected: f64| {
                let tolerance = 1e-6 * expected.abs() + 5e-7;
                assert!(
                    (f64::from(got) - expected).abs() <= tolerance,
                    "{spec:?} {what} at {}: got {got:e}, PyTorch {expected:e}",
                    z[i]
                );
            };
            check("f", f32s[i], f[i]);
            check("f'", df32s[i], df[i]);
        }
    }
}

#[test]
fn softmax_is_pytorchs() {
    let reference = reference();
    for case in reference["softmax"].as_array().expect("an array") {
        let logits = numbers(&case["logits"]);
        let temperature = case["temperature"].as_f64().expect("a number");
        let p = softmax(&logits, temperature);
        for (i, (got, expected)) in p.iter().zip(numbers(&case["p"])).enumerate() {
            check_close("softmax", logits[i], *got, expected);
        }
        let Some(rows) = case["jacobian"].as_array() else {
            continue;
        };
        let jacobian = softmax_jacobian(&logits, temperature);
        for (got, expected) in jacobian.iter().zip(rows) {
            for (i, (got, expected)) in got.iter().zip(numbers(expected)).enumerate() {
                check_close("Jacobian", logits[i], *got, expected);
            }
        }
    }
}
