//! From a specification to a function that can be evaluated.

use fearless_simd::Level;
use thiserror::Error;

use super::catalogue::{Entry, entry, near_ids};
use super::spec::{ActivationSpec, Function};
use crate::expr::print::wgsl_function;
use crate::expr::{Expr, ParseError, Program, compile};

/// A function of one pre-activation with its derivatives: f, f' and f'' in `z` and parameters.
#[derive(Clone, Debug)]
pub struct Activation {
    /// f(z).
    pub f: Expr,
    /// f'(z), PyTorch's at a kink.
    pub df: Expr,
    /// f''(z) where it exists; 0 at a kink.
    pub d2f: Expr,
    /// Names of the parameters.
    pub param_names: Vec<String>,
    /// Their values, in the same order.
    pub params: Vec<f64>,
    /// What the catalogue says of it; `None` for a user's own formula.
    pub entry: Option<&'static Entry>,
    /// df/dparam, in the order of `param_names`.
    d_params: Vec<Expr>,
}

#[derive(Clone, Debug, PartialEq, Error)]
pub enum ActivationError {
    #[error("there is no activation `{id}`: {advice}")]
    UnknownId { id: String, advice: String },
    #[error("in the formula, {0}")]
    Formula(#[from] ParseError),
    #[error(
        "`{function}` has {expected} parameter(s) ({names}), {given} given: give one number each"
    )]
    WrongParamCount {
        function: String,
        names: String,
        expected: usize,
        given: usize,
    },
    #[error("parameter `{name}` is {value}: give a finite number")]
    ParamNotFinite { name: String, value: f64 },
    #[error("parameter `{name}` is {value}: give a number from {min} to {max}")]
    ParamOutOfRange {
        name: String,
        value: f64,
        min: f64,
        max: f64,
    },
}

impl Activation {
    /// Looks up or parses the function and derives it.
    ///
    /// # Errors
    /// If the id is unknown, the formula cannot be read, or the parameters do not fit.
    pub fn resolve(spec: &ActivationSpec) -> Result<Self, ActivationError> {
        let (entry, f, param_names) = match &spec.function {
            Function::Catalogue(id) => {
                let entry = entry(id).ok_or_else(|| ActivationError::UnknownId {
                    id: id.clone(),
                    advice: near_ids(id),
                })?;
                let names = entry.params.iter().map(|p| p.name.to_owned()).collect();
                (Some(entry), Expr::parse(entry.formula)?, names)
            }
            Function::Formula(text) => {
                let f = Expr::parse(text)?;
                let names = f.parameters();
                (None, f, names)
            }
        };
        check_params(spec, entry, &param_names)?;
        let df = match entry.and_then(|entry| entry.slope_in_torch) {
            Some(slope) => Expr::parse(slope)?,
            None => f.derivative("z"),
        };
        Ok(Self {
            d2f: df.derivative("z"),
            d_params: param_names.iter().map(|name| f.derivative(name)).collect(),
            f,
            df,
            param_names,
            params: spec.params.clone(),
            entry,
        })
    }

    /// f(z).
    pub fn f(&self, z: f64) -> f64 {
        self.f_with(z, &self.params)
    }

    /// f'(z).
    pub fn slope(&self, z: f64) -> f64 {
        self.slope_with(z, &self.params)
    }

    /// f''(z).
    pub fn curvature(&self, z: f64) -> f64 {
        self.eval(&self.d2f, z, &self.params)
    }

    /// df/dparam at `z`, the parameter by its index in `param_names`; 0 for one that there is not.
    pub fn d_param(&self, index: usize, z: f64) -> f64 {
        self.d_param_with(index, z, &self.params)
    }

    /// f(z) with other values of the parameters.
    pub fn f_with(&self, z: f64, params: &[f64]) -> f64 {
        self.eval(&self.f, z, params)
    }

    /// f'(z) with other values of the parameters.
    pub fn slope_with(&self, z: f64, params: &[f64]) -> f64 {
        self.eval(&self.df, z, params)
    }

    /// df/dparam at `z` with other values of the parameters.
    pub fn d_param_with(&self, index: usize, z: f64, params: &[f64]) -> f64 {
        (self.d_params.get(index)).map_or(0.0, |expr| self.eval(expr, z, params))
    }

    fn eval(&self, expr: &Expr, z: f64, params: &[f64]) -> f64 {
        expr.eval_with(z, |name| {
            let index = self.param_names.iter().position(|known| known == name);
            index
                .and_then(|i| params.get(i))
                .copied()
                .unwrap_or(f64::NAN)
        })
    }

    /// max |f'(z)| over |z| <= 50, the scale against which saturation is judged. 0 for a constant.
    ///
    /// A grid of 200,001 points is scanned in f32 and its best point evaluated in f64.
    pub fn max_abs_slope(&self) -> f64 {
        const N: i32 = 200_001;
        const BLOCK: usize = 4_096;
        let names = self.names();
        let program = compile(&[&self.df], &names);
        let params = self.params_f32();
        let z_of = |i: i32| f64::from(i - (N - 1) / 2) * (100.0 / f64::from(N - 1));
        let (mut z, mut slopes) = ([0.0_f32; BLOCK], [0.0_f32; BLOCK]);
        let mut best = (0.0_f32, 0.0_f64);
        // The same bits on every level.
        let level = Level::new();
        for first in (0..N).step_by(BLOCK) {
            let n = BLOCK.min((N - first) as usize);
            let (z, slopes) = (&mut z[..n], &mut slopes[..n]);
            for (z, i) in z.iter_mut().zip(first..) {
                *z = z_of(i) as f32;
            }
            program.run(level, &params, z, &mut [slopes]);
            let largest = best.0.max(largest_finite(slopes));
            if largest > best.0
                && let Some(at) = slopes.iter().position(|slope| slope.abs() == largest)
            {
                best = (largest, z_of(first + at as i32));
            }
        }
        self.slope(best.1).abs()
    }

    /// A program whose outputs are f and f'; parameters in the order of `param_names`.
    pub fn program(&self) -> Program {
        compile(&[&self.f, &self.df], &self.names())
    }

    /// A program whose outputs are f, f' and df/dparam of the first parameter (0 without one): what
    /// training PReLU's alpha takes.
    pub fn program_with_alpha(&self) -> Program {
        let zero = Expr::number(0.0);
        let d_alpha = self.d_params.first().unwrap_or(&zero);
        compile(&[&self.f, &self.df, d_alpha], &self.names())
    }

    /// WGSL of f and f' as `name(z, parameters...) -> vec2<f32>`; see [`wgsl_function`].
    pub fn wgsl(&self, name: &str) -> String {
        wgsl_function(name, &[&self.f, &self.df], &self.names())
    }

    /// WGSL of df/dparam of the first parameter (0 without one) as `name(z, parameters...) -> f32`.
    pub fn wgsl_of_first_param(&self, name: &str) -> String {
        let zero = Expr::number(0.0);
        let d_param = self.d_params.first().unwrap_or(&zero);
        wgsl_function(name, &[d_param], &self.names())
    }

    /// Values of the parameters as a [`Program`] takes them.
    pub fn params_f32(&self) -> Vec<f32> {
        self.params.iter().map(|&p| p as f32).collect()
    }

    fn names(&self) -> Vec<&str> {
        self.param_names.iter().map(String::as_str).collect()
    }
}

/// The largest magnitude of all numbers; 0 where none is finite. In columns, which the compiler makes vectors of.
fn largest_finite(values: &[f32]) -> f32 {
    const COLUMNS: usize = 16;
    let mut most = [0.0_f32; COLUMNS];
    // NaN compares false and is passed over, as infinity is.
    let keep = |most: &mut f32, value: &f32| {
        let size = value.abs();
        let is_larger = (size > *most) & (size <= f32::MAX);
        *most = if is_larger { size } else { *most };
    };
    let (rows, rest) = values.as_chunks::<COLUMNS>();
    for row in rows {
        for (most, value) in most.iter_mut().zip(row) {
            keep(most, value);
        }
    }
    for (most, value) in most.iter_mut().zip(rest) {
        keep(most, value);
    }
    most.iter().copied().fold(0.0, f32::max)
}

fn check_params(
    spec: &ActivationSpec,
    entry: Option<&Entry>,
    names: &[String],
) -> Result<(), ActivationError> {
    if spec.params.len() != names.len() {
        let function = match &spec.function {
            Function::Catalogue(id) => id.clone(),
            Function::Formula(text) => text.clone(),
        };
        return Err(ActivationError::WrongParamCount {
            function,
            names: names.join(", "),
            expected: names.len(),
            given: spec.params.len(),
        });
    }
    for (i, (&value, name)) in spec.params.iter().zip(names).enumerate() {
        let name = name.clone();
        if !value.is_finite() {
            return Err(ActivationError::ParamNotFinite { name, value });
        }
        if let Some(param) = entry.map(|entry| &entry.params[i])
            && !(param.min..=param.max).contains(&value)
        {
            return Err(ActivationError::ParamOutOfRange {
                name,
                value,
                min: param.min,
                max: param.max,
            });
        }
    }
    Ok(())
}
