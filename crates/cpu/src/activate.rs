//! Activation: a = f(z) and f'(z) of a whole layer at once, by the vector code compiled from the one
//! expression of the function.
//!
//! `alphas` are PReLU's learned ones: `[1]` shared by the layer, `[n_units]`, or empty for every other
//! function. Rows of z are `n_cols` long.

use std::sync::{Arc, OnceLock};

use actiscope_core::activation::{Activation, ActivationError, ActivationSpec};
use actiscope_core::expr::Program;
use fearless_simd::{Level, Simd};

use super::linear::{load, sum_of_samples};

/// A function, compiled.
#[derive(Clone, Debug)]
pub struct LaneActivation {
    activation: Activation,
    /// f and f'.
    program: Program,
    /// f, f' and df/dalpha, for a function that learns its alpha.
    program_with_alpha: Option<Program>,
    params: Vec<f32>,
    /// Shared with its clones.
    max_abs_slope: Arc<OnceLock<f64>>,
}

impl LaneActivation {
    /// # Errors
    /// If the function is unknown or its parameters do not fit.
    pub fn new(spec: &ActivationSpec) -> Result<Self, ActivationError> {
        let activation = Activation::resolve(spec)?;
        Ok(Self {
            program: activation.program(),
            program_with_alpha: spec.learns_alpha().then(|| activation.program_with_alpha()),
            params: activation.params_f32(),
            max_abs_slope: Arc::default(),
            activation,
        })
    }

    /// max |f'|, the scale of saturation. Takes as long as a hundred steps of a small network, the first time that this or a
    /// clone of it is asked.
    pub fn max_abs_slope(&self) -> f64 {
        *self
            .max_abs_slope
            .get_or_init(|| self.activation.max_abs_slope())
    }
}

/// Functions that were asked for, for lanes that have the same: compiling one and searching its largest slope takes as long
/// as hundreds of steps of a small network.
#[derive(Clone, Debug, Default)]
pub struct Functions(Vec<(ActivationSpec, LaneActivation)>);

impl Functions {
    /// How many are kept: as many as a map has rows, and not so many that to go through them takes longer.
    const MAX_KEPT: usize = 256;

    /// As [`LaneActivation::new`], once for each function.
    ///
    /// # Errors
    /// As [`LaneActivation::new`].
    pub fn get(&mut self, spec: &ActivationSpec) -> Result<LaneActivation, ActivationError> {
        let known = self.0.iter().rev().find(|(known, _)| known == spec);
        if let Some((_, function)) = known {
            return Ok(function.clone());
        }
        let function = LaneActivation::new(spec)?;
        if self.0.len() == Self::MAX_KEPT {
            self.0.remove(0);
        }
        self.0.push((spec.clone(), function.clone()));
        Ok(function)
    }
}

/// Fills `a` with f(z) and `slope` with f'(z).
pub fn forward(
    level: Level,
    f: &LaneActivation,
    alphas: &[f32],
    n_cols: usize,
    z: &[f32],
    a: &mut [f32],
    slope: &mut [f32],
) {
    let alpha_rows = match alphas {
        [] => return f.program.run(level, &f.params, z, &mut [a, slope]),
        [_] => z.len(),
        _ => n_cols,
    };
    let rows = z
        .chunks_exact(alpha_rows)
        .zip(a.chunks_exact_mut(alpha_rows));
    for (alpha, ((z, a), slope)) in alphas
        .iter()
        .zip(rows.zip(slope.chunks_exact_mut(alpha_rows)))
    {
        f.program.run(level, &[*alpha], z, &mut [a, slope]);
    }
}

/// dL/dalpha = sum of dL/da df/dalpha(z) over the samples and units that share the alpha. `d_a`: dL/da,
/// 0 in padded columns; `d_f`: `[3, n_units, n_cols]` of scratch memory.
#[expect(clippy::too_many_arguments, reason = "an operand each")]
#[inline(always)]
pub fn alpha_gradients<S: Simd>(
    simd: S,
    f: &LaneActivation,
    alphas: &[f32],
    n_cols: usize,
    z: &[f32],
    d_a: &[f32],
    d_f: &mut [f32],
    d_alphas: &mut [f32],
) {
    let Some(program) = &f.program_with_alpha else {
        return;
    };
    let per_alpha = match alphas {
        [_] => z.len(),
        _ => n_cols,
    };
    let (value, rest) = d_f.split_at_mut(per_alpha);
    let (slope, d_f) = rest.split_at_mut(per_alpha);
    let d_f = &mut d_f[..per_alpha];
    let rows = z.chunks_exact(per_alpha).zip(d_a.chunks_exact(per_alpha));
    for ((alpha, d_alpha), (z, d_a)) in alphas.iter().zip(d_alphas).zip(rows) {
        program.run(simd.level(), &[*alpha], z, &mut [value, slope, d_f]);
        *d_alpha = sum_of_samples(simd, per_alpha, |v| load(simd, d_a, v) * load(simd, d_f, v));
    }
}
