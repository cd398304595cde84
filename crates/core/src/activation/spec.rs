//! Which function and which values of its parameters.

use serde::{Deserialize, Serialize};

use super::catalogue::entry;
use crate::expr::Expr;

/// Which function, and the values of its parameters in the order in which the function names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivationSpec {
    pub function: Function,
    pub params: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Function {
    /// An entry of the catalogue by its id, for example `leaky_relu`.
    Catalogue(String),
    /// A user's own formula in `z`, for example `where(z > 0, z, alpha * z)`.
    Formula(String),
}

impl ActivationSpec {
    /// An entry of the catalogue with its usual parameters. An id that is not in the catalogue gives
    /// a specification that does not resolve.
    pub fn new(id: &str) -> Self {
        let params = entry(id).map_or(&[][..], |entry| entry.params);
        Self {
            function: Function::Catalogue(id.to_owned()),
            params: params.iter().map(|param| param.default).collect(),
        }
    }

    /// An entry of the catalogue with some parameters given by name; the others have their usual
    /// values. A name that the entry does not have is ignored.
    pub fn named(id: &str, params: &[(&str, f64)]) -> Self {
        let mut spec = Self::new(id);
        let names = spec.param_names();
        for (name, value) in names.iter().zip(&mut spec.params) {
            if let Some((_, given)) = params.iter().find(|(given, _)| given == name) {
                *value = *given;
            }
        }
        spec
    }

    /// A user's own formula. Its parameters begin at 1, but alpha, which mostly is the slope of a left
    /// side, at 0.1.
    pub fn formula(text: &str) -> Self {
        let names = Expr::parse(text).map_or_else(|_| Vec::new(), |expr| expr.parameters());
        let usual = |name: &String| if name == "alpha" { 0.1 } else { 1.0 };
        Self {
            function: Function::Formula(text.to_owned()),
            params: names.iter().map(usual).collect(),
        }
    }

    /// The function's parameters, in the order of `params`. Empty for what does not resolve.
    pub fn param_names(&self) -> Vec<String> {
        match &self.function {
            Function::Catalogue(id) => entry(id).map_or_else(Vec::new, |entry| {
                entry.params.iter().map(|p| p.name.to_owned()).collect()
            }),
            Function::Formula(text) => {
                Expr::parse(text).map_or_else(|_| Vec::new(), |expr| expr.parameters())
            }
        }
    }

    /// True for PReLU, whose alpha is a parameter of the network: `params[0]` is its initial value.
    pub fn learns_alpha(&self) -> bool {
        matches!(&self.function, Function::Catalogue(id) if id == "prelu")
    }
}
