//! Expressions as Python, with NumPy, PyTorch or Keras.

use super::dialect::{Binding, Dialect, Text, comparison, print};
use super::grammar::shortest;
use crate::expr::Expr;
use crate::expr::builder::Builder;
use crate::expr::node::{Binary, Comparison, Id, Node, Number, Unary};

/// Whose functions are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// `import numpy as np`, and `math` for erf.
    NumPy,
    /// `import torch`. Slopes at kinks are those of our expressions.
    Torch,
    /// `from keras import ops`, of Keras 3 on any of its backends.
    Keras,
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

/// What a function of `z` alone is made of in Python: the named parts in their order, then what it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonBody {
    /// (name, expression).
    pub parts: Vec<(String, String)>,
    /// An expression whose value has the shape of `z`.
    pub result: String,
}

/// [`python_function`] without its head and with the values of the parameters in place of their names.
///
/// # Panics
/// If a parameter has no value here.
pub fn python_body(expr: &Expr, params: &[(&str, f64)], library: Library) -> PythonBody {
    let dialect = Python { library };
    let mut builder = Builder::default();
    let root = with_values(&mut builder, expr, params);
    let mut printed = print(&dialect, &[&builder.finish(root)]);
    let result = printed.results.remove(0).text;
    let is_number = matches!(builder.node(root), Node::Number(_));
    let module = dialect.module();
    PythonBody {
        parts: printed.parts,
        result: match is_number {
            true => format!("{module}.full_like(z, {})", as_float(result)),
            false => result,
        },
    }
}

/// Takes in `expr` with numbers in place of its parameters. What is a number then stands as one, and of a choice that is
/// made already only what was chosen: what is left depends on `z`, and is a tensor.
fn with_values(builder: &mut Builder, expr: &Expr, params: &[(&str, f64)]) -> Id {
    let mut ids: Vec<Id> = Vec::with_capacity(expr.nodes().len());
    for node in expr.nodes() {
        let node = node.map_operands(|id| ids[id as usize]);
        let number = |builder: &Builder, id: Id| builder.node(id).fold(|_| None);
        let id = match node {
            Node::Param(ref name) => {
                let value = params.iter().find(|(known, _)| *known == &**name);
                let Some(&(_, value)) = value else {
                    panic!("no value for parameter `{name}`");
                };
                builder.number(value)
            }
            Node::Where(c, a, b) if number(builder, c).is_some() => {
                let is_chosen = number(builder, c) != Some(0.0);
                if is_chosen { a } else { b }
            }
            node => match node.fold(|id| number(builder, id)) {
                Some(value) => builder.intern(Node::Number(Number(value))),
                None => builder.intern(node),
            },
        };
        ids.push(id);
    }
    ids[ids.len() - 1]
}

/// Tensors of whole numbers know neither slopes nor negative powers.
fn as_float(number: String) -> String {
    let is_whole = number.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if is_whole { number + ".0" } else { number }
}

struct Python {
    library: Library,
}

impl Python {
    fn module(&self) -> &'static str {
        match self.library {
            Library::NumPy => "np",
            Library::Torch => "torch",
            Library::Keras => "ops",
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
            (Unary::Sigmoid, Library::Torch | Library::Keras) => call("sigmoid"),
            // Stable, and NumPy has no sigmoid of its own.
            (Unary::Sigmoid, Library::NumPy) => Text::new(
                format!("0.5 * (1 + np.tanh(0.5 * {factor}))"),
                Binding::Product,
            ),
            (Unary::Softplus, Library::Torch) => {
                Text::atom(format!("torch.logaddexp({a}, torch.zeros_like(z))"))
            }
            (Unary::Softplus, Library::NumPy) => Text::atom(format!("np.logaddexp({a}, 0)")),
            (Unary::Softplus, Library::Keras) => call("softplus"),
            (Unary::Erf, Library::Torch | Library::Keras) => call("erf"),
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
        // Of two whole numbers tensors would be made that hold whole numbers only.
        let (a, b) = match self.library {
            Library::NumPy => (a.text, b.text),
            Library::Torch | Library::Keras => (as_float(a.text), as_float(b.text)),
        };
        Text::atom(format!("{module}.where({}, {a}, {b})", condition.text))
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
