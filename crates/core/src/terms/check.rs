//! The gradient, checked by what it means: how the loss changes when a parameter does. Central differences,
//! (L(w + h) - L(w - h)) / 2h, whose error falls as h^2; in 64 bits, h = 1e-4 leaves about nine digits.

use super::{OneOf, Path, Terms};
use crate::activation::jumps_between;
use crate::nn::oracle::{LayerPass, Oracle, Statistics};

/// How far a parameter is moved to either side.
pub const STEP: f64 = 1e-4;
/// From this relative error on the two agree.
pub const AGREES: f64 = 1e-6;

/// A parameter along a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Of this input.
    Weight(usize),
    Bias,
    /// Scale and shift of batch normalization.
    Gamma,
    Beta,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParamOf {
    /// Hidden layers, then the output layer.
    pub layer: usize,
    pub unit: usize,
    pub part: Part,
}

/// One parameter's gradient by backpropagation and by a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checked {
    pub param: ParamOf,
    pub analytic: f64,
    pub numeric: f64,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Relative error; the two agree where it is under [`AGREES`].
    Error(f64),
    /// Nothing comes through.
    BothZero,
    /// They differ by no more than the rounding of the two losses, which a gradient as small as this one does not exceed much.
    Rounding,
    /// Between the two sides a unit's function has a corner or a step: there is no derivative.
    Corner,
}

impl ParamOf {
    /// Its place in the flat array.
    pub fn index_in(&self, oracle: &Oracle) -> usize {
        let layer = &oracle.layout.layers[self.layer];
        match self.part {
            Part::Weight(input) => layer.weights.start + self.unit * layer.n_in + input,
            Part::Bias => layer.biases.start + self.unit,
            Part::Gamma => layer.gamma.start + self.unit,
            Part::Beta => layer.beta.start + self.unit,
        }
    }
}

/// Weight and bias of each unit of a path, from the first layer to the output. With batch normalization, which takes a
/// bias out again, scale and shift in place of it.
pub fn params_along(path: &Path, terms: &Terms) -> Vec<ParamOf> {
    let units = path.units.iter().enumerate();
    units
        .flat_map(|(layer, &unit)| {
            let parts = match terms.layers[layer][unit].norm {
                None => vec![Part::Weight(path.below(layer)), Part::Bias],
                Some(_) => vec![Part::Weight(path.below(layer)), Part::Gamma, Part::Beta],
            };
            parts
                .into_iter()
                .map(move |part| ParamOf { layer, unit, part })
        })
        .collect()
}

/// Checks each of these.
pub fn check(oracle: &Oracle, one: &OneOf, terms: &Terms, params: &[ParamOf]) -> Vec<Checked> {
    let mut moved = oracle.clone();
    let mut side = |index: usize, h: f64| {
        moved.params[index] = oracle.params[index] + h;
        let passes = moved.forward(&one.x, Statistics::Batch);
        let own = own_outputs(oracle, one, &passes);
        let loss = moved.judge(own, &[one.y]).loss;
        moved.params[index] = oracle.params[index];
        (loss, passes)
    };
    let checked = params.iter().map(|&param| {
        let index = param.index_in(oracle);
        let (above, passes_above) = side(index, STEP);
        let (below, passes_below) = side(index, -STEP);
        let analytic = terms.gradient[index];
        let numeric = (above - below) / (2.0 * STEP);
        let is_at_corner = corner_between(oracle, one, &passes_below, &passes_above);
        Checked {
            param,
            analytic,
            numeric,
            verdict: judge(
                analytic,
                numeric,
                above.abs().max(below.abs()),
                is_at_corner,
            ),
        }
    });
    checked.collect()
}

/// `loss`: what was subtracted, which is rounded to 53 bits.
fn judge(analytic: f64, numeric: f64, loss: f64, is_at_corner: bool) -> Verdict {
    if is_at_corner {
        return Verdict::Corner;
    }
    let size = analytic.abs().max(numeric.abs());
    if size == 0.0 {
        return Verdict::BothZero;
    }
    let difference = (analytic - numeric).abs();
    let rounding = 16.0 * f64::EPSILON * (1.0 + loss) / STEP;
    match difference / size {
        error if error < AGREES || difference > rounding => Verdict::Error(error),
        _ => Verdict::Rounding,
    }
}

fn own_outputs<'a>(oracle: &Oracle, one: &OneOf, passes: &'a [LayerPass]) -> &'a [f64] {
    let n = oracle.spec.n_outputs;
    let outputs = passes.last().map_or(&[][..], |output| &output.z);
    outputs
        .get(one.index * n..(one.index + 1) * n)
        .unwrap_or(&[])
}

/// Whether a unit's function, or what the loss squashes an output by, has a corner or a step between its z on one side and on
/// the other. Of the sample's own units: those of others only lend their mean.
fn corner_between(oracle: &Oracle, one: &OneOf, below: &[LayerPass], above: &[LayerPass]) -> bool {
    let layers = oracle
        .layout
        .layers
        .iter()
        .zip(below)
        .zip(above)
        .enumerate();
    layers.into_iter().any(|(l, ((layer, below), above))| {
        let alphas = &oracle.params[layer.alpha.clone()];
        (0..layer.n_out).any(|j| {
            let at = one.index * layer.n_out + j;
            let (low, high) = (below.z[at].min(above.z[at]), below.z[at].max(above.z[at]));
            match oracle.activations.get(l) {
                _ if low == high => false,
                Some(f) if alphas.is_empty() => {
                    jumps_between(low, high, |z| f.slope(z)) || jumps_between(low, high, |z| f.f(z))
                }
                Some(f) => {
                    let alpha = [alphas[j % alphas.len()]];
                    jumps_between(low, high, |z| f.slope_with(z, &alpha))
                }
                None => {
                    let slope = |z: f64| {
                        let outputs = below.z[at - j..at - j + layer.n_out].to_vec();
                        slope_of_loss(oracle, outputs, j, z, one.y)
                    };
                    jumps_between(low, high, slope)
                }
            }
        })
    })
}

/// dL/d(output j) with that output at z.
fn slope_of_loss(oracle: &Oracle, mut outputs: Vec<f64>, j: usize, z: f64, y: f64) -> f64 {
    outputs[j] = z;
    oracle.judge(&outputs, &[y]).d_outputs[j]
}
