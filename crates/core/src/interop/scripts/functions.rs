//! The activation functions of a network in somebody else's words: a class of the library where it has one that is the
//! same function with the same slopes, else our own formula with our own derivative.

use super::python::{count, docstring, statement};
use crate::activation::{Activation, ActivationSpec, Framework};
use crate::expr::Expr;
use crate::expr::print::{Library, python_body};
use crate::interop::Model;
use crate::nn::spec::NetworkSpec;

/// Of a hidden layer.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// An expression that makes an object of the library: `nn.ReLU()`.
    Class(String),
    /// What the script defines by this name: `sine`.
    Own(String),
}

/// A function that the script defines.
#[derive(Debug)]
pub struct Own<'a> {
    /// `sine`, `formula_2`.
    pub name: String,
    pub activation: &'a Activation,
}

/// Of all hidden layers.
#[derive(Debug)]
pub struct Functions<'a> {
    /// In the order of the hidden layers.
    pub of_layers: Vec<Written>,
    /// Each once, in the order in which layers have them.
    pub own: Vec<Own<'a>>,
}

impl<'a> Functions<'a> {
    pub fn new(model: &'a Model, framework: Framework) -> Self {
        let mut functions = Self {
            of_layers: Vec::new(),
            own: Vec::new(),
        };
        let mut known: Vec<(&ActivationSpec, String)> = Vec::new();
        let hidden = model.layers().zip(&model.activations).enumerate();
        for (l, (layer, activation)) in hidden {
            let spec = model.network.activation_of(l);
            let written = match class(activation, layer.alphas.len(), framework) {
                Some(class) => Written::Class(class),
                None => match known.iter().find(|(other, _)| *other == spec) {
                    Some((_, name)) => Written::Own(name.clone()),
                    None => {
                        let name = new_name(activation, &functions.own);
                        known.push((spec, name.clone()));
                        functions.own.push(Own {
                            name: name.clone(),
                            activation,
                        });
                        Written::Own(name)
                    }
                },
            };
            functions.of_layers.push(written);
        }
        functions
    }
}

/// What makes this function in the library; `None` where it has none. `n_alphas`: those that PReLU learns.
pub fn class(activation: &Activation, n_alphas: usize, framework: Framework) -> Option<String> {
    let entry = activation.entry?;
    let line = entry.elsewhere().line(framework);
    let code = line.with(&activation.param_names, &activation.params);
    match framework {
        Framework::PyTorch => match entry.id {
            "prelu" if n_alphas == 1 => Some("nn.PReLU()".to_owned()),
            "prelu" => Some(format!("nn.PReLU({n_alphas})")),
            _ => code.starts_with("nn.").then_some(code),
        },
        Framework::Keras => match entry.id {
            // Keras has one alpha a unit if nobody says otherwise.
            "prelu" if n_alphas == 1 => Some("layers.PReLU(shared_axes=[1])".to_owned()),
            "prelu" => Some("layers.PReLU()".to_owned()),
            "elu" if activation.params != [1.0] => {
                let alpha = activation.params.first()?;
                Some(format!("layers.ELU(alpha={alpha:?})"))
            }
            // One of theirs at the usual value of its parameter.
            "elu" | "celu" | "softplus" if activation.params == [1.0] => {
                Some(format!("layers.Activation(\"{}\")", entry.id))
            }
            _ if code.starts_with("layers.") => Some(code),
            _ => {
                let name = code.strip_prefix("activations.")?.strip_suffix("(z)")?;
                Some(format!("layers.Activation(\"{name}\")"))
            }
        },
        Framework::Jax => None,
    }
}

/// `sine`, or `sine_2` where another sine is there already.
fn new_name(activation: &Activation, own: &[Own]) -> String {
    let bare = activation.entry.map_or("formula", |entry| entry.id);
    let is_same = |name: &str| name == bare || name.starts_with(&format!("{bare}_"));
    match own.iter().filter(|own| is_same(&own.name)).count() {
        0 => bare.to_owned(),
        n => format!("{bare}_{}", n + 1),
    }
}

impl Own<'_> {
    /// `Sine`, `Formula2`.
    pub fn class_name(&self) -> String {
        let words = self.name.split('_');
        let capital = |word: &str| -> String {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        };
        words.map(capital).collect()
    }

    /// f and f' as Python functions `NAME_value(z)` and `NAME_slope(z)`, two lines between them.
    pub fn definitions(&self, library: Library) -> String {
        let Self { name, activation } = self;
        let formula = self.formula();
        let f = self.definition(&format!("{name}_value"), &activation.f, &formula, library);
        let about = format!("The derivative of {name}_value.");
        let slope = self.definition(&format!("{name}_slope"), &activation.df, &about, library);
        format!("{f}\n\n\n{slope}")
    }

    /// `sin(omega * z), omega = 3.0`.
    pub fn formula(&self) -> String {
        let Activation {
            param_names,
            params,
            f,
            ..
        } = self.activation;
        let values = param_names.iter().zip(params);
        let values: String = values
            .map(|(name, value)| format!(", {name} = {value:?}"))
            .collect();
        format!("{f}{values}")
    }

    fn definition(&self, name: &str, expr: &Expr, about: &str, library: Library) -> String {
        let Activation {
            param_names,
            params,
            ..
        } = self.activation;
        let params = param_names.iter().zip(params);
        let params: Vec<(&str, f64)> = params.map(|(name, value)| (&**name, *value)).collect();
        let body = python_body(expr, &params, library);
        let mut lines = vec![format!("def {name}(z):"), docstring(about)];
        let parts = body.parts.iter();
        lines.extend(parts.map(|(name, value)| statement(&format!("{name} = "), value)));
        lines.push(statement("return ", &body.result));
        lines.join("\n")
    }
}

/// "2 inputs, 8 + 8 hidden units, 1 output".
pub fn shape_in_words(network: &NetworkSpec) -> String {
    let units: Vec<String> = network.hidden.iter().map(usize::to_string).collect();
    let hidden = match &network.hidden[..] {
        [] => "no hidden layer".to_owned(),
        [one] => count(*one, "hidden unit"),
        _ => format!("{} hidden units", units.join(" + ")),
    };
    let (n_inputs, n_outputs) = (network.n_inputs, network.n_outputs);
    format!(
        "{}, {hidden}, {}",
        count(n_inputs, "input"),
        count(n_outputs, "output")
    )
}
