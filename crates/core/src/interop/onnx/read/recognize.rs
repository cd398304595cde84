//! Which function a formula is. It is known by its values, so that it does not matter how it was written.

use super::layers::tidy;
use crate::activation::{Activation, ActivationSpec, Function, catalogue, entry};
use crate::expr::{Expr, MAX_BYTES};

/// How far values may be apart, relative to max(1, |f|): constants were rounded to 32 bits.
const TOLERANCE: f64 = 1e-5;
/// Formulas beyond this are not written out.
const MAX_PARTS: u64 = 2_000;

/// A function of a layer.
pub struct Known {
    pub spec: ActivationSpec,
    /// PReLU's, `[1]` or one for each unit.
    pub alphas: Vec<f64>,
}

impl Known {
    pub fn of(spec: ActivationSpec) -> Self {
        Self {
            spec,
            alphas: Vec::new(),
        }
    }

    pub fn prelu(alphas: Vec<f64>) -> Self {
        Self {
            spec: ActivationSpec::new("prelu"),
            alphas,
        }
    }

    /// What to say where it is none of the catalogue.
    pub fn note(&self, layer: usize) -> Option<String> {
        match &self.spec.function {
            Function::Catalogue(_) => None,
            Function::Formula(text) => Some(format!(
                "The function of layer {layer} is `{text}`, a formula of its own."
            )),
        }
    }
}

/// Where functions are compared: close together near 0, and far out.
fn points() -> impl Iterator<Item = f64> {
    let near = (-40..=40).map(|i| f64::from(i) * 0.25);
    let far = [0.01, 1e-3, 15.0, 24.0, 50.0];
    near.chain(far.into_iter().flat_map(|z| [-z, z]))
}

fn are_same(f: impl Fn(f64) -> f64, g: impl Fn(f64) -> f64) -> bool {
    points().all(|z| {
        let (f, g) = (f(z), g(z));
        let size = f.abs().max(g.abs()).max(1.0);
        f == g || (f - g).abs() <= TOLERANCE * size || (f.is_nan() && g.is_nan())
    })
}

/// The alpha with which a function is PReLU.
pub fn slope_below(f: impl Fn(f64) -> f64) -> Option<f64> {
    let alpha = tidy(f64::from(-f(-1.0) as f32));
    are_same(&f, |z| if z > 0.0 { z } else { alpha * z }).then_some(alpha)
}

/// The entry of the catalogue that a formula of `z` alone is, or the function that the file tells of. `is_prelu`: it was
/// made by an operator whose alpha is learned.
pub fn recognize(f: &Expr, is_prelu: bool, told: Option<&ActivationSpec>) -> Option<Known> {
    let value = |z: f64| f.eval(z, &[]);
    if is_prelu && let Some(alpha) = slope_below(value) {
        return Some(Known::prelu(vec![alpha]));
    }
    let told = told.filter(|told| !told.learns_alpha()).cloned();
    let entries = catalogue().iter().map(|entry| entry.id);
    let specs = entries
        .filter(|id| *id != "prelu")
        .map(|id| with_params_of(id, value));
    let same = told
        .into_iter()
        .chain(specs)
        .find(|spec| is_function(spec, value));
    same.map(Known::of)
}

/// Whether a specification is of this function, and one that can be had.
fn is_function(spec: &ActivationSpec, value: impl Fn(f64) -> f64) -> bool {
    let formula = match &spec.function {
        Function::Catalogue(id) => entry(id).map_or("", |entry| entry.formula),
        Function::Formula(text) => text,
    };
    let Ok(f) = Expr::parse(formula) else {
        return false;
    };
    let names = spec.param_names();
    let param = |name: &str| {
        let index = names.iter().position(|known| known == name);
        index
            .and_then(|i| spec.params.get(i))
            .copied()
            .unwrap_or(f64::NAN)
    };
    are_same(value, |z| f.eval_with(z, param)) && Activation::resolve(spec).is_ok()
}

/// An entry with the parameters that it would have if it were this function.
fn with_params_of(id: &str, f: impl Fn(f64) -> f64) -> ActivationSpec {
    let number = |value: f64| tidy(f64::from(value as f32));
    let param = match id {
        "leaky_relu" => ("alpha", -f(-1.0)),
        // Both tend to -alpha.
        "elu" | "celu" => ("alpha", -f(-1e4)),
        // sigmoid(beta) = f(1).
        "swish" => ("beta", libm::log(f(1.0) / (1.0 - f(1.0)))),
        // ln(2) / beta = f(0).
        "softplus" => ("beta", std::f64::consts::LN_2 / f(0.0)),
        "sine" => ("omega", libm::asin(f(1e-3)) / 1e-3),
        _ => return ActivationSpec::new(id),
    };
    ActivationSpec::named(id, &[(param.0, number(param.1))])
}

/// A formula of `z` alone as a function of one's own. `None` if it is too long for one.
pub fn formula(f: &Expr) -> Option<ActivationSpec> {
    if f.tree_size() > MAX_PARTS {
        return None;
    }
    let text = f.to_string();
    let spec = ActivationSpec::formula(&text);
    (text.len() <= MAX_BYTES && Activation::resolve(&spec).is_ok()).then_some(spec)
}
