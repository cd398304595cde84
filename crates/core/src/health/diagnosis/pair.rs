//! Which initializer a function is paired with.

use crate::activation::{ActivationSpec, Function};
use crate::nn::spec::Initializer;

/// The initializer that keeps the signal's scale through a function: He's for ReLU and its kin,
/// LeCun's for SELU, Glorot's for the rest.
pub(super) fn paired_initializer(activation: &ActivationSpec) -> Initializer {
    let Function::Catalogue(id) = &activation.function else {
        return Initializer::GlorotNormal;
    };
    match &**id {
        "relu" | "leaky_relu" | "prelu" | "relu6" | "elu" | "celu" | "gelu" | "gelu_tanh"
        | "silu" | "swish" | "mish" | "softplus" | "hard_swish" => Initializer::HeNormal,
        "selu" => Initializer::LecunNormal,
        _ => Initializer::GlorotNormal,
    }
}
