//! What a scenario may ask of an activation function: a catalogue's entry or a user's own formula,
//! and the values of its parameters.

use super::near::unknown_name;
use super::ranges::{Range, Scale};
use crate::activation::{Function, ParamEntry, ParamScale, catalogue, entry};
use crate::expr::Expr;
use crate::nn::spec::NetworkSpec;

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionParam {
    /// `alpha`, as in the formula and in links.
    pub name: String,
    pub default: f64,
    pub range: Range,
}

impl FunctionParam {
    /// Of any parameter of a user's own formula.
    pub(super) const RANGE_IN_FORMULA: Range =
        Range::new(-10.0, 10.0, Scale::Linear { step: 0.05 });
}

/// The parameters of a function, in the order of an `ActivationSpec`'s values.
///
/// # Errors
/// In a line: there is no such entry, or where and why the formula cannot be read.
pub fn function_params(function: &Function) -> Result<Vec<FunctionParam>, String> {
    match function {
        Function::Catalogue(id) => {
            let entry = entry(id).ok_or_else(|| unknown(id))?;
            Ok(entry.params.iter().map(of_entry).collect())
        }
        Function::Formula(text) => {
            let expr = Expr::parse(text)
                .map_err(|error| format!("column {}: {}", error.column, error.kind))?;
            Ok(expr.parameters().into_iter().map(of_formula).collect())
        }
    }
}

/// "Leaky ReLU", or the text of a formula.
pub fn function_label(function: &Function) -> &str {
    match function {
        Function::Catalogue(id) => entry(id).map_or(id, |entry| entry.name),
        Function::Formula(text) => text,
    }
}

/// "Tanh", or "Tanh and ReLU" of a network whose layers differ.
pub fn functions_label(network: &NetworkSpec) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for activation in network.activations() {
        let label = function_label(&activation.function);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.join(" and ")
}

fn unknown(id: &str) -> String {
    unknown_name("function", id, catalogue().iter().map(|entry| entry.id))
}

fn of_entry(param: &ParamEntry) -> FunctionParam {
    let (low, high) = (param.min, param.max);
    let scale = match param.scale {
        ParamScale::Linear => Scale::Linear {
            step: step(high - low),
        },
        ParamScale::Log => Scale::Log { first: low },
    };
    FunctionParam {
        name: param.name.to_owned(),
        default: param.default,
        range: Range { low, high, scale },
    }
}

fn of_formula(name: String) -> FunctionParam {
    FunctionParam {
        name,
        default: 1.0,
        range: FunctionParam::RANGE_IN_FORMULA,
    }
}

/// A slider's step for a span: 1 or 5 times a power of ten, 80 steps or more.
fn step(span: f64) -> f64 {
    let most = span / 80.0 * (1.0 + 1e-9);
    let power = libm::pow(10.0, libm::floor(libm::log10(most)));
    if 5.0 * power <= most {
        5.0 * power
    } else {
        power
    }
}
