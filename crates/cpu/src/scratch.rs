//! Memory of a forward and backward pass, allocated once and used for every step and lane.

use std::ops::Range;

use actiscope_core::nn::spec::NetworkSpec;

use super::dropout::Masks;

/// Activations of one network for up to `max_cols` samples. Rows of a layer lie together and are
/// `n_cols` long, `n_cols` being that of the batch at hand.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// First unit of each layer, the output layer included, and at the end the number of all units.
    first_unit: Vec<usize>,
    max_cols: usize,
    /// Pre-activations of every layer; of the output layer the network's outputs.
    pub z: Vec<f32>,
    /// Activations of the hidden layers.
    pub a: Vec<f32>,
    /// f'(z) of the hidden layers; the backward pass turns it into dL/dz (with batch normalisation
    /// dL/du), of every layer.
    pub slope: Vec<f32>,
    /// Normalised values of the hidden layers; empty without batch normalisation.
    pub u_hat: Vec<f32>,
    /// `[units]`, 1 / standard deviation; empty without batch normalisation.
    pub inv_std: Vec<f32>,
    /// Means and variances of the batch, as the layout's running statistics lie.
    pub statistics: Vec<f32>,
    /// dL/da of one layer.
    pub d_a: Vec<f32>,
    /// `[3, units, cols]`: f, f' and df/dalpha of one layer, for functions that learn alpha.
    pub d_f: Vec<f32>,
    /// What the forward pass multiplied activations and slopes by, in training with dropout.
    pub masks: Option<Masks>,
}

impl Scratch {
    /// For networks of the widths of `spec`, with or without batch normalisation.
    pub fn new(spec: &NetworkSpec, has_norm: bool, max_cols: usize) -> Self {
        let mut first_unit = vec![0];
        let mut n_units = 0;
        for n_out in spec.hidden.iter().chain([&spec.n_outputs]) {
            n_units += n_out;
            first_unit.push(n_units);
        }
        let n_hidden: usize = spec.hidden.iter().sum();
        let widest = spec.hidden.iter().copied().max().unwrap_or(0);
        let if_normalized = |n: usize| vec![0.0; if has_norm { n } else { 0 }];
        Self {
            first_unit,
            max_cols,
            z: vec![0.0; n_units * max_cols],
            a: vec![0.0; n_hidden * max_cols],
            slope: vec![0.0; n_units * max_cols],
            u_hat: if_normalized(n_hidden * max_cols),
            inv_std: if_normalized(n_hidden),
            statistics: if_normalized(2 * n_hidden),
            d_a: vec![0.0; widest * max_cols],
            d_f: vec![0.0; 3 * widest * max_cols],
            masks: None,
        }
    }

    pub fn max_cols(&self) -> usize {
        self.max_cols
    }

    /// Units of layer `l` in an array over all units.
    pub fn units(&self, l: usize) -> Range<usize> {
        self.first_unit[l]..self.first_unit[l + 1]
    }

    /// Rows of layer `l` in an array over all units and `n_cols` columns.
    pub fn rows(&self, l: usize, n_cols: usize) -> Range<usize> {
        self.first_unit[l] * n_cols..self.first_unit[l + 1] * n_cols
    }
}
