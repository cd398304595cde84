//! Activation functions: which one ([`ActivationSpec`]) and what it is.

use serde::{Deserialize, Serialize};

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
    /// True for PReLU, whose alpha is a parameter of the network: `params[0]` is its initial value.
    pub fn learns_alpha(&self) -> bool {
        matches!(&self.function, Function::Catalogue(id) if id == "prelu")
    }
}
