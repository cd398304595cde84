//! One sample on its way through a network and back, number by number: what a step is made of, to be read.
//!
//! | module | holds |
//! |---|---|
//! | this one | every number of every unit: inputs times weights, z, a, and what comes back |
//! | [`samples`] | the sample, with those that share its batch normalization |
//! | [`start`] | what the gradient begins with at an output, and what the loss is made of |
//! | [`path`] | a way from an output back to an input: its factors, their product, and what other ways add to it |
//! | [`check`] | the gradient beside a finite difference of the loss |
//! | [`words`] | sentences on all of these |
//!
//! Nothing is computed here that the [`oracle`](crate::nn::oracle) computes: it is the oracle's forward and backward pass of one
//! sample, taken apart. In 64 bits, from the parameters of a step.
//!
//! ```text
//! u_j = sum_i w_ji a_i + b_j      z_j = u_j, or gamma_j (u_j - mean_j) / SD_j + beta_j      a_j = f(z_j)
//! dL/da_i = sum_j w_ji dL/du_j    dL/dz_j = dL/da_j f'(z_j)                                 dL/dw_ji = dL/du_j a_i
//! ```

pub mod check;
pub mod path;
pub mod samples;
pub mod start;
pub mod words;

#[cfg(test)]
mod tests;

use crate::nn::oracle::{Oracle, activate, batch_norm, linear};
pub use path::Path;
pub use samples::{OneOf, worst};
use start::LossTerm;

/// All numbers of one sample in a network at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// `[n_inputs]`.
    pub x: Vec<f64>,
    /// The target: a number, or the index of a class.
    pub y: f64,
    /// Hidden layers, then the output layer.
    pub layers: Vec<Vec<UnitTerms>>,
    pub loss: f64,
    /// How the loss is made of the outputs.
    pub made_of: LossTerm,
    /// dL/dparams, `[n_params]`, in the order of the network's layout.
    pub gradient: Vec<f64>,
}

/// So many inputs, units of a layer and terms are shown one by one.
const FEW: usize = 4;

/// Terms of a unit, some of them one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownTerms {
    /// By their input.
    pub shown: Vec<usize>,
    pub n_more: usize,
    pub sum_of_more: f64,
}

/// One unit, hidden or output.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitTerms {
    /// `[n_in]`.
    pub weights: Vec<f64>,
    pub bias: f64,
    /// sum_i w_i a_i + b.
    pub u: f64,
    pub norm: Option<Norm>,
    pub z: f64,
    /// f(z); of an output z itself.
    pub a: f64,
    /// f'(z); of an output 1.
    pub slope: f64,
    /// dL/da; of an output dL/dz.
    pub d_a: f64,
    pub d_z: f64,
    /// dL/du, with what the batch's mean and deviation have to do with it.
    pub d_u: f64,
    /// dL/du as it would be if mean and deviation stood still: what comes along the sample's own paths.
    pub d_u_alone: f64,
}

/// Batch normalization of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    pub mean: f64,
    /// sqrt(variance + eps).
    pub deviation: f64,
    pub gamma: f64,
    pub beta: f64,
}

impl Norm {
    /// gamma / SD: what a change of u is multiplied by on its way to z, as long as mean and deviation stand still.
    pub fn factor(&self) -> f64 {
        self.gamma / self.deviation
    }
}

impl Terms {
    /// Of one sample, by the oracle.
    pub fn of(oracle: &Oracle, one: &OneOf) -> Self {
        let gradient = oracle.gradient_of_one(&one.x, one.index, one.y);
        let layers = &oracle.layout.layers;
        let row = |values: &[f64], n: usize| values[one.index * n..(one.index + 1) * n].to_vec();
        let mut told: Vec<Vec<UnitTerms>> = Vec::with_capacity(layers.len());
        for (l, layer) in layers.iter().enumerate() {
            let of = |range: &std::ops::Range<usize>| &oracle.params[range.clone()];
            let pass = &gradient.passes[l];
            let input = row(&pass.input, layer.n_in);
            let z = row(&pass.z, layer.n_out);
            let u = linear::forward(of(&layer.weights), of(&layer.biases), &input);
            let d_z = row(&gradient.z[l], layer.n_out);
            let d_u = match &pass.normalized {
                Some(normalized) => {
                    let back = batch_norm::backward(of(&layer.gamma), normalized, &gradient.z[l]);
                    row(&back.u, layer.n_out)
                }
                None => d_z.clone(),
            };
            let hidden = oracle.activations.get(l).map(|f| {
                let alphas = of(&layer.alpha);
                let a = activate::forward(f, alphas, layer.n_out, &z);
                (a, activate::slopes(f, alphas, layer.n_out, &z))
            });
            let unit = |j: usize| UnitTerms {
                weights: of(&layer.weights)[j * layer.n_in..(j + 1) * layer.n_in].to_vec(),
                bias: of(&layer.biases)[j],
                u: u[j],
                norm: pass.normalized.as_ref().map(|normalized| Norm {
                    mean: normalized.mean[j],
                    deviation: libm::sqrt(normalized.variance[j] + batch_norm::EPS),
                    gamma: of(&layer.gamma)[j],
                    beta: of(&layer.beta)[j],
                }),
                z: z[j],
                a: hidden.as_ref().map_or(z[j], |(a, _)| a[j]),
                slope: hidden.as_ref().map_or(1.0, |(_, slopes)| slopes[j]),
                // Known when the layer above is.
                d_a: d_z[j],
                d_z: d_z[j],
                d_u: d_u[j],
                d_u_alone: d_z[j],
            };
            told.push((0..layer.n_out).map(unit).collect());
        }
        come_back(&mut told);
        let outputs: Vec<f64> = told.last().into_iter().flatten().map(|o| o.z).collect();
        Self {
            x: row(&one.x, oracle.spec.n_inputs),
            y: one.y,
            layers: told,
            loss: gradient.loss,
            made_of: LossTerm::of(&oracle.training, &outputs, one.y),
            gradient: gradient.params,
        }
    }

    /// What goes into a layer: the sample, or the activations below.
    pub fn inputs_of(&self, layer: usize) -> Vec<f64> {
        match layer.checked_sub(1) {
            None => self.x.clone(),
            Some(below) => self.layers[below].iter().map(|unit| unit.a).collect(),
        }
    }

    /// Whether all of the network has room in a drawing.
    pub fn is_small(&self) -> bool {
        let hidden = &self.layers[..self.n_hidden()];
        self.x.len() <= FEW
            && hidden.len() <= 2
            && hidden.iter().all(|layer| layer.len() <= FEW)
            && self.outputs().len() == 1
    }

    /// The terms of a unit that are shown one by one, in their order: all of a few, else that of the path and the largest.
    pub fn shown_terms(&self, path: &Path, layer: usize) -> ShownTerms {
        let (inputs, unit) = (
            self.inputs_of(layer),
            &self.layers[layer][path.units[layer]],
        );
        let product = |i: usize| unit.weights[i] * inputs[i];
        let mut order: Vec<usize> = (0..inputs.len()).collect();
        let of_path = path.below(layer);
        order.sort_by(|&a, &b| {
            let size = |i: usize| {
                if i == of_path {
                    f64::INFINITY
                } else {
                    product(i).abs()
                }
            };
            size(b).total_cmp(&size(a)).then(a.cmp(&b))
        });
        let mut shown = order;
        let more = shown.split_off(FEW.min(shown.len()));
        shown.sort_unstable();
        ShownTerms {
            shown,
            n_more: more.len(),
            sum_of_more: more.into_iter().map(product).sum(),
        }
    }

    /// Hidden layers.
    pub fn n_hidden(&self) -> usize {
        self.layers.len() - 1
    }

    /// The outputs.
    pub fn outputs(&self) -> &[UnitTerms] {
        &self.layers[self.n_hidden()]
    }
}

/// dL/da of the hidden layers, and dL/du along the sample's own paths, from the last to the first.
fn come_back(layers: &mut [Vec<UnitTerms>]) {
    for l in (1..layers.len()).rev() {
        let (below, above) = layers.split_at_mut(l);
        let (below, above) = (&mut below[l - 1], &above[0]);
        for (i, unit) in below.iter_mut().enumerate() {
            unit.d_a = above.iter().map(|next| next.weights[i] * next.d_u).sum();
            let alone: f64 = above
                .iter()
                .map(|next| next.weights[i] * next.d_u_alone)
                .sum();
            unit.d_u_alone = alone * unit.slope * unit.norm.map_or(1.0, |norm| norm.factor());
        }
    }
}
