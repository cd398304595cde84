//! Layers as they are found along a graph, and formulas of their sums.

use super::affine::{Each, Form, form_of};
use super::constant::Constant;
use crate::expr::builder::Builder;
use crate::expr::node::{Binary, Id};
use crate::interop::incoming::{Part, PartNorm};
use crate::number::parse_f64;

/// Parts of one formula. The longest that is taken is far shorter; what is longer still costs no more.
const MAX_NODES: usize = 8_000;

/// A layer whose function is known, and the one that it follows.
#[derive(Debug)]
pub struct Layer {
    pub parent: Option<usize>,
    pub part: Part,
    /// Of the input before the layer, where it is the first: mean and deviation.
    pub input_scale: Vec<[f32; 2]>,
}

/// A value of the graph: a formula (a node of it) of the sums of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    pub root: usize,
    pub id: Id,
}

/// What a formula's `z` is.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// The layer whose activations are summed; `None` for the input itself.
    pub parent: Option<usize>,
    /// `[n, n_in]` and `[n]`; `None` for the input as it is.
    pub linear: Option<Linear>,
    pub input_scale: Vec<[f32; 2]>,
}

#[derive(Clone, Debug)]
pub struct Linear {
    pub n_in: usize,
    pub weights: Vec<f64>,
    pub biases: Vec<f64>,
}

/// The sums of a layer, and all formulas of them that the graph holds.
#[derive(Default)]
pub struct Root {
    pub sums: Sums,
    /// Units; `None` while nothing has told how many columns the input has.
    pub width: Option<usize>,
    pub formula: Builder,
    /// Numbers for each unit; the formula has them as parameters.
    vectors: Vec<Vec<f64>>,
    /// Of the formula's first nodes.
    forms: Vec<Form>,
    /// Nodes that are batch normalisation, and of what.
    pub norms: Vec<(Id, Id, PartNorm)>,
    /// Nodes that an operator of PReLU made.
    pub prelus: Vec<Id>,
}

impl Root {
    pub fn new(sums: Sums, width: Option<usize>) -> Self {
        Self {
            sums,
            width,
            ..Self::default()
        }
    }

    /// The sums themselves.
    pub fn z(&mut self) -> Id {
        self.formula.z()
    }

    /// Whether the formula may still grow.
    pub fn has_room(&self) -> bool {
        self.formula.len() < MAX_NODES
    }

    /// A number for each unit as a part of the formula.
    pub fn vector(&mut self, values: Vec<f64>) -> Id {
        self.vectors.push(values);
        let name = format!("v{}", self.vectors.len() - 1);
        self.formula.param(&name)
    }

    /// The values of a parameter.
    pub fn values_of(&self, name: &str) -> Option<&[f64]> {
        let index: usize = name.strip_prefix('v')?.parse().ok()?;
        self.vectors.get(index).map(Vec::as_slice)
    }

    /// A constant as a part of the formula: a number, or one for each unit. `None` of a shape that is neither.
    pub fn constant(&mut self, constant: &Constant) -> Option<Id> {
        let values = constant.to_floats()?;
        if !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        if let ([value], true) = (
            &values[..],
            constant.dims.is_empty() || self.width != Some(1),
        ) {
            return Some(self.formula.number(tidy(*value)));
        }
        // All dimensions but the last are of one row.
        let is_row = constant.dims.last() == Some(&values.len());
        let width = *self.width.get_or_insert(values.len());
        (is_row && values.len() == width).then(|| self.vector(values))
    }

    /// `scale x + shift`, unit by unit.
    pub fn scaled(&mut self, x: Id, scale: Vec<f64>, shift: Vec<f64>) -> Id {
        let (scale, shift) = (self.vector(scale), self.vector(shift));
        let product = self.formula.raw_binary(Binary::Mul, x, scale);
        self.formula.raw_binary(Binary::Add, product, shift)
    }

    /// What the nodes of the formula are, in their order.
    pub fn forms(&mut self) -> &[Form] {
        for i in self.forms.len()..self.formula.len() {
            let node = self.formula.node(i as Id);
            let form = form_of(node, &self.forms, |name| self.values_of(name));
            self.forms.push(form);
        }
        &self.forms
    }
}

/// The shortest number that is the same in 32 bits, where it is one of these: 0.1 rather than 0.10000000149011612.
pub fn tidy(value: f64) -> f64 {
    let narrow = value as f32;
    if f64::from(narrow) != value {
        return value;
    }
    parse_f64(&narrow.to_string()).unwrap_or(value)
}

/// A map of activations to sums, behind which a formula begins.
pub struct Source {
    pub sums: Sums,
    /// Of what the sums give (or the activations, where there are none): multiplied, then added.
    pub scale: Each,
    pub shift: Each,
}
