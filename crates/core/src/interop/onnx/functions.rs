//! Activations as operators: one that means the same where there is one, else a few.
//!
//! Operators and their formulas: <https://onnx.ai/onnx/operators>. `Swish` is left out: it came with operator set 24,
//! and onnxruntime 1.32 runs it at that alone.

use super::formula::decompose;
use super::graph::{Attribute, Graph};
use crate::activation::Activation;

/// Adds nodes that make `output` of `z`, both `[n, units]`, by an activation of the layer named `layer`. `alphas`:
/// PReLU's, `[1]` or `[units]`.
pub fn activate(
    graph: &mut Graph,
    layer: &str,
    activation: &Activation,
    alphas: &[f32],
    z: &str,
    output: &str,
) {
    let param = |name: &str| {
        let index = activation.param_names.iter().position(|n| n == name);
        let value = index.and_then(|i| activation.params.get(i));
        value.copied().unwrap_or(f64::NAN)
    };
    let float = |name: &str| Attribute::Float(param(name) as f32);
    let mut op = |op: &str, told: &[(&str, Attribute<'_>)]| graph.node(op, &[z], output, told);
    match activation.entry.map(|entry| entry.id) {
        Some("relu") => op("Relu", &[]),
        Some("leaky_relu") => op("LeakyRelu", &[("alpha", float("alpha"))]),
        Some("prelu") => {
            let slope = format!("{layer}.alpha");
            graph.floats(&slope, &[alphas.len()], alphas);
            graph.node("PRelu", &[z, &slope], output, &[]);
        }
        Some("relu6") => clip(graph, z, [0.0, 6.0], output),
        Some("hard_tanh") => clip(graph, z, [-1.0, 1.0], output),
        Some("elu") => op("Elu", &[("alpha", float("alpha"))]),
        Some("celu") => op("Celu", &[("alpha", float("alpha"))]),
        Some("selu") => op("Selu", &[]),
        Some("gelu") => op("Gelu", &[("approximate", Attribute::Text("none"))]),
        Some("gelu_tanh") => op("Gelu", &[("approximate", Attribute::Text("tanh"))]),
        Some("mish") => op("Mish", &[]),
        Some("softplus") if param("beta") == 1.0 => op("Softplus", &[]),
        Some("softsign") => op("Softsign", &[]),
        Some("hard_swish") => op("HardSwish", &[]),
        Some("hard_sigmoid") => {
            // Its own are 0.2 and 0.5.
            let sixth = Attribute::Float((1.0 / 6.0) as f32);
            op(
                "HardSigmoid",
                &[("alpha", sixth), ("beta", Attribute::Float(0.5))],
            );
        }
        Some("sigmoid") => op("Sigmoid", &[]),
        Some("tanh") => op("Tanh", &[]),
        Some("identity") => op("Identity", &[]),
        // SiLU, Swish, Softplus with beta, LogSigmoid, TanhShrink, sine: their formulas are the operators to take.
        _ => decompose(graph, &activation.f, param, z, output),
    }
}

/// min(max(z, low), high).
pub fn clip(graph: &mut Graph, z: &str, [low, high]: [f64; 2], output: &str) {
    let (low, high) = (graph.scalar(low), graph.scalar(high));
    graph.node("Clip", &[z, &low, &high], output, &[]);
}
