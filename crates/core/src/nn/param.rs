//! One parameter of a unit, by its place in the network.

use serde::{Deserialize, Serialize};

use super::layout::ParamLayout;
use crate::text::number;

/// A number of a unit, hidden or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParamAt {
    /// Hidden layers first, the output layer last.
    pub layer: usize,
    pub unit: usize,
    pub part: UnitParam,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitParam {
    /// Of the input of this index.
    Weight(usize),
    Bias,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParamValue {
    pub at: ParamAt,
    /// Finite.
    pub value: f32,
}

impl ParamAt {
    /// Its place in the flat array of parameters; `None` where the network does not have it.
    pub fn index_in(&self, layout: &ParamLayout) -> Option<usize> {
        let layer = layout.layers.get(self.layer)?;
        if self.unit >= layer.n_out {
            return None;
        }
        match self.part {
            UnitParam::Weight(input) if input < layer.n_in => {
                Some(layer.weights.start + self.unit * layer.n_in + input)
            }
            UnitParam::Weight(_) => None,
            UnitParam::Bias => Some(layer.biases.start + self.unit),
        }
    }

    /// "bias of layer 1 unit 3". `n_hidden`: hidden layers of the network.
    pub fn describe(&self, n_hidden: usize) -> String {
        let unit = match self.layer >= n_hidden {
            true => format!("output {}", self.unit + 1),
            false => format!("layer {} unit {}", self.layer + 1, self.unit + 1),
        };
        match self.part {
            UnitParam::Weight(input) => format!("weight {} of {unit}", input + 1),
            UnitParam::Bias => format!("bias of {unit}"),
        }
    }
}

/// Values that are set together, in words.
pub fn describe_params(values: &[ParamValue], n_hidden: usize) -> String {
    match values {
        [one] => format!(
            "{} {}",
            one.at.describe(n_hidden),
            number(f64::from(one.value), 3)
        ),
        several => format!("{} weights", several.len()),
    }
}
