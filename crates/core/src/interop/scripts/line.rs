//! A network in one expression, as it stands in its card: layers and functions, without weights.

use super::functions::class;
use super::python::column;
use super::sklearn::Inexpressible;
use crate::activation::{Activation, Framework};
use crate::nn::layout::ParamLayout;
use crate::nn::spec::NetworkSpec;
use crate::scenario::function_label;

/// Letters in one line; what is longer has a line for each layer.
const WIDTH: usize = 79;

/// `nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))`. `dropout`: its probability, 0 for none.
///
/// # Errors
/// If PyTorch has no class for a function.
pub fn one_line_pytorch(network: &NetworkSpec, dropout: f64) -> Result<String, Inexpressible> {
    let mut items = Vec::new();
    for (l, layer) in ParamLayout::new(network).layers.iter().enumerate() {
        items.push(format!("nn.Linear({}, {})", layer.n_in, layer.n_out));
        if l == network.hidden.len() {
            break;
        }
        if network.batch_norm {
            items.push(format!("nn.BatchNorm1d({})", layer.n_out));
        }
        items.push(class_of(network, l, layer.alpha.len(), Framework::PyTorch)?);
        if dropout > 0.0 {
            items.push(format!("nn.Dropout({dropout:?})"));
        }
    }
    Ok(expression("nn.Sequential(", &items, ")"))
}

/// `keras.Sequential([keras.Input((2,)), layers.Dense(8), layers.Activation("relu"), layers.Dense(1)])`.
///
/// # Errors
/// If Keras has no name for a function.
pub fn one_line_keras(network: &NetworkSpec, dropout: f64) -> Result<String, Inexpressible> {
    let mut items = vec![format!("keras.Input(({},))", network.n_inputs)];
    for (l, layer) in ParamLayout::new(network).layers.iter().enumerate() {
        items.push(format!("layers.Dense({})", layer.n_out));
        if l == network.hidden.len() {
            break;
        }
        if network.batch_norm {
            items.push("layers.BatchNormalization(epsilon=1e-5, momentum=0.9)".to_owned());
        }
        items.push(class_of(network, l, layer.alpha.len(), Framework::Keras)?);
        if dropout > 0.0 {
            items.push(format!("layers.Dropout({dropout:?})"));
        }
    }
    Ok(expression("keras.Sequential([", &items, "])"))
}

fn class_of(
    network: &NetworkSpec,
    l: usize,
    n_alphas: usize,
    framework: Framework,
) -> Result<String, Inexpressible> {
    let spec = network.activation_of(l);
    if let (true, [alpha, ..]) = (spec.learns_alpha(), &spec.params[..]) {
        return Ok(prelu(*alpha, n_alphas, framework));
    }
    let activation = Activation::resolve(spec).ok();
    let class = activation.and_then(|activation| class(&activation, n_alphas, framework));
    class.ok_or_else(|| Inexpressible::NoClass {
        library: framework.name(),
        function: function_label(&spec.function).to_owned(),
    })
}

/// PReLU that begins with this alpha.
fn prelu(alpha: f64, n_alphas: usize, framework: Framework) -> String {
    let (n, shared) = match n_alphas {
        1 => (String::new(), ", shared_axes=[1]"),
        n => (format!("{n}, "), ""),
    };
    match framework {
        Framework::Keras => {
            let initializer = format!("keras.initializers.Constant({alpha:?})");
            format!("layers.PReLU(alpha_initializer={initializer}{shared})")
        }
        Framework::PyTorch | Framework::Jax => format!("nn.PReLU({n}init={alpha:?})"),
    }
}

fn expression(open: &str, items: &[String], close: &str) -> String {
    let short = format!("{open}{}{close}", items.join(", "));
    match short.len() <= WIDTH {
        true => short,
        false => column(0, open, items, close),
    }
}
