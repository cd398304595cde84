//! Expressions as WGSL, the language of WebGPU's shaders.
//!
//! Numbers are folded before printing: WGSL refuses a constant such as `log(-1.0)` that it cannot
//! hold. Functions that WGSL lacks, or that its implementations may overflow in, come as helpers.

use super::dialect::{Binding, Dialect, Text, comparison, print};
use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Unary};

/// A function `name(z, parameters...)` of one to four outputs: `f32`, or `vec2` to `vec4` of them.
/// Parameters are named `p_alpha` and so on, in the order of `params`.
///
/// Needs [`wgsl_helpers`] in the same module; `name` is to be none of theirs.
///
/// # Panics
/// If there are no outputs or more than four, or a parameter is not in `params`.
pub fn wgsl_function(name: &str, outputs: &[&Expr], params: &[&str]) -> String {
    for param in outputs.iter().flat_map(|expr| expr.parameters()) {
        assert!(
            params.contains(&&*param),
            "no value for parameter `{param}`"
        );
    }
    let printed = print(&Wgsl, outputs);
    let mut text = format!("fn {name}(z: f32");
    for param in params {
        text += &format!(", p_{param}: f32");
    }
    let (kind, open, close) = match outputs.len() {
        1 => ("f32", "", ""),
        2 => ("vec2<f32>", "vec2<f32>(", ")"),
        3 => ("vec3<f32>", "vec3<f32>(", ")"),
        4 => ("vec4<f32>", "vec4<f32>(", ")"),
        n => panic!("{n} outputs do not fit a vector"),
    };
    text += &format!(") -> {kind} {{\n");
    for (name, value) in printed.parts {
        text += &format!("    let {name} = {value};\n");
    }
    let results: Vec<String> = printed.results.into_iter().map(|r| r.text).collect();
    text += &format!("    return {open}{}{close};\n}}\n", results.join(", "));
    text
}

/// The functions that the text of [`wgsl_function`] may call.
pub fn wgsl_helpers() -> &'static str {
    include_str!("helpers.wgsl")
}

struct Wgsl;

impl Dialect for Wgsl {
    const NAMES_SHARED_PARTS: bool = true;
    const FOLDS_NUMBERS: bool = true;

    fn number(&self, value: f64) -> Text {
        let value = value as f32;
        if value.is_nan() {
            return Text::atom("not_a_number(z)");
        }
        if value.is_infinite() {
            let sign = if value < 0.0 { "-" } else { "" };
            return Text::new(format!("{sign}infinity(z)"), Binding::Sign);
        }
        let binding = if value.is_sign_negative() {
            Binding::Sign
        } else {
            Binding::Atom
        };
        // `{:?}` is the shortest text of this f32, with a point or an exponent.
        Text::new(format!("{value:?}f"), binding)
    }

    fn pi(&self) -> Text {
        self.number(std::f64::consts::PI)
    }

    fn param(&self, name: &str) -> Text {
        Text::atom(format!("p_{name}"))
    }

    fn call(&self, op: Unary, a: Text) -> Text {
        let name = match op {
            Unary::Neg => "-",
            Unary::Abs => "abs",
            Unary::Sign => "sign",
            Unary::Exp => "exp",
            Unary::Expm1 => "expm1",
            Unary::Log => "log",
            Unary::Log1p => "log1p",
            Unary::Sqrt => "sqrt",
            Unary::Sin => "stable_sin",
            Unary::Cos => "stable_cos",
            Unary::Sigmoid => "sigmoid",
            // The built-in one may be inf / inf far out.
            Unary::Tanh => "stable_tanh",
            Unary::Sech2 => "sech2",
            Unary::Softplus => "softplus",
            Unary::Erf => "erf",
            Unary::Floor => "floor",
        };
        Text::atom(format!("{name}({})", a.text))
    }

    fn extremum_or_power(&self, op: Binary, a: Text, b: Text, exponent: Option<f64>) -> Text {
        let call =
            |name: &str, a: &Text, b: &Text| Text::atom(format!("{name}({}, {})", a.text, b.text));
        match op {
            Binary::Min => call("min", &a, &b),
            Binary::Max => call("max", &a, &b),
            _ => match exponent {
                Some(2.0) => Text::atom(format!("square({})", a.text)),
                Some(3.0) => Text::atom(format!("cube({})", a.text)),
                Some(n) if n == n.floor() && n.abs() <= 64.0 => {
                    Text::atom(format!("whole_power({}, {n}i)", a.text))
                }
                _ => call("power", &a, &b),
            },
        }
    }

    fn compare(&self, op: Comparison, a: Text, b: Text) -> Text {
        Text::condition(comparison(op, a, b), Binding::Comparison)
    }

    fn choose(&self, condition: Text, a: Text, b: Text) -> Text {
        // WGSL has the value for false first.
        Text::atom(format!(
            "select({}, {}, {})",
            b.text, a.text, condition.text
        ))
    }

    fn number_of(&self, condition: Text) -> Text {
        Text::atom(format!("select(0.0f, 1.0f, {})", condition.text))
    }

    fn condition_of(&self, number: Text) -> Text {
        let zero = self.number(0.0);
        self.compare(Comparison::Ne, number, zero)
    }
}
