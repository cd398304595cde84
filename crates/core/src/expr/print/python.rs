//! Expressions as Python, with NumPy or PyTorch.

use super::dialect::{Binding, Dialect, Text, comparison, print};
use super::grammar::shortest;
use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Unary};

/// Whose functions are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// `import numpy as np`, and `math` for erf.
    NumPy,
    /// `import torch`. Slopes at kinks are those of our expressions.
    Torch,
}

/// A function `name(z, parameters...)`, parameters in the order of `params`.
///
/// # Panics
/// If a parameter is not in `params`.
pub fn python_function(name: &str, expr: &Expr, params: &[&str], library: Library) -> String {
    for param in expr.parameters() {
        assert!(
            params.contains(&&*param),
            "no value for parameter `{param}`"
        );
    }
    let dialect = Python { library };
    let printed = print(&dialect, &[expr]);
    let arguments: Vec<String> = params
        .iter()
        .map(|param| dialect.param(param).text)
        .collect();
    let arguments: Vec<&str> = ["z"]
        .into_iter()
        .chain(arguments.iter().map(|a| &**a))
        .collect();
    let mut text = format!("def {name}({}):\n", arguments.join(", "));
    if library == Library::Torch {
        // torch.exp and its like take tensors only.
        for param in &arguments[1..] {
            text += &format!("    {param} = torch.as_tensor({param}, dtype=z.dtype)\n");
        }
    }
    for (name, value) in printed.parts {
        text += &format!("    {name} = {value}\n");
    }
    for result in printed.results {
        text += &format!("    return {}\n", result.text);
    }
    text
}

struct Python {
    library: Library,
}

impl Python {
    fn module(&self) -> &'static str {
        match self.library {
            Library::NumPy => "np",
            Library::Torch => "torch",
        }
    }
}

impl Dialect for Python {
    const NAMES_SHARED_PARTS: bool = true;
    // torch.sqrt(2) is an error.
    const FOLDS_NUMBERS: bool = true;

    fn number(&self, value: f64) -> Text {
        if !value.is_finite() {
            // Python reads "nan", "inf" and "-inf".
            return Text::atom(format!("float(\"{value}\")").to_ascii_lowercase());
        }
        let binding = if value < 0.0 {
            Binding::Sign
        } else {
            Binding::Atom
        };
        Text::new(shortest(value), binding)
    }

    fn pi(&self) -> Text {
        self.number(std::f64::consts::PI)
    }

    fn param(&self, name: &str) -> Text {
        // `lambda` is a word of the language.
        Text::atom(if name == "lambda" { "lambda_" } else { name })
    }

    fn call(&self, op: Unary, a: Text) -> Text {
        let module = self.module();
        let factor = a.clone().within(Binding::Sign);
        let a = a.text;
        let call = |name: &str| Text::atom(format!("{module}.{name}({a})"));
        match (op, self.library) {
            (Unary::Sigmoid, Library::Torch) => call("sigmoid"),
            // Stable, and NumPy has no sigmoid of its own.
            (Unary::Sigmoid, Library::NumPy) => Text::new(
                format!("0.5 * (1 + np.tanh(0.5 * {factor}))"),
                Binding::Product,
            ),
            (Unary::Softplus, Library::Torch) => {
                Text::atom(format!("torch.logaddexp({a}, torch.zeros_like(z))"))
            }
            (Unary::Softplus, Library::NumPy) => Text::atom(format!("np.logaddexp({a}, 0)")),
            (Unary::Erf, Library::Torch) => call("erf"),
            (Unary::Erf, Library::NumPy) => Text::atom(format!("np.vectorize(math.erf)({a})")),
            (Unary::Sech2, _) => Text::new(format!("1 / {module}.cosh({a})**2"), Binding::Product),
            _ => call(op.name()),
        }
    }

    fn extremum_or_power(&self, op: Binary, a: Text, b: Text, _: Option<f64>) -> Text {
        let module = self.module();
        let name = match op {
            Binary::Min => "minimum",
            Binary::Max => "maximum",
            _ => {
                let (a, b) = (a.within(Binding::Atom), b.within(Binding::Sign));
                return Text::new(format!("{a}**{b}"), Binding::Power);
            }
        };
        // torch.maximum takes tensors only, and shares the slope at a tie.
        if self.library == Library::Torch {
            let symbol = if op == Binary::Min { "<" } else { ">" };
            let (left, right) = (
                a.clone().within(Binding::Sum),
                b.clone().within(Binding::Sum),
            );
            return Text::atom(format!(
                "torch.where({left} {symbol} {right}, {}, {})",
                a.text, b.text
            ));
        }
        Text::atom(format!("{module}.{name}({}, {})", a.text, b.text))
    }

    fn compare(&self, op: Comparison, a: Text, b: Text) -> Text {
        Text::condition(comparison(op, a, b), Binding::Comparison)
    }

    fn choose(&self, condition: Text, a: Text, b: Text) -> Text {
        let module = self.module();
        Text::atom(format!(
            "{module}.where({}, {}, {})",
            condition.text, a.text, b.text
        ))
    }

    fn number_of(&self, condition: Text) -> Text {
        let (one, zero) = (Text::atom("1.0"), Text::atom("0.0"));
        self.choose(condition, one, zero)
    }

    fn condition_of(&self, number: Text) -> Text {
        let zero = self.number(0.0);
        self.compare(Comparison::Ne, number, zero)
    }
}
