//! What can be said of a function by computing it: of any values of its parameters, and of a user's formula.
//!
//! Looked at on 641 points of |z| <= 10 and some far beyond: enough for what is drawn and said, and done within a
//! millisecond, for it follows sliders.

use super::catalogue::{Edge, Smoothness};
use super::resolve::Activation;
use crate::expr::Expr;

#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The least and the greatest value.
    pub low: End,
    pub high: End,
    /// Never falls.
    pub is_monotonic: bool,
    /// Odd: f(-z) = -f(z).
    pub is_zero_centred: bool,
    /// The largest |f'|.
    pub max_abs_slope: f64,
    pub smoothness: Smoothness,
    pub slope_below: FarSlope,
    pub slope_above: FarSlope,
    /// Stretches of |z| <= 10 where f is no finite number.
    pub undefined: Vec<(f64, f64)>,
}

/// An end of the range.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Unbounded,
    /// A value that is taken, and one that is only come near to; in the parameters where the catalogue knows
    /// it so: `-alpha`.
    Reached(f64, Option<&'static str>),
    Approached(f64, Option<&'static str>),
}

/// What becomes of the slope far out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarSlope {
    /// Exactly 0: units die there.
    Dead,
    /// Towards 0: units saturate there.
    Fading,
    Alive,
    /// It swings and comes back through every value.
    Swinging,
    /// Ever steeper.
    Growing,
    /// There is no number there.
    Undefined,
}

impl FarSlope {
    pub fn name(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Fading => "fading",
            Self::Alive => "alive",
            Self::Swinging => "swinging",
            Self::Growing => "growing",
            Self::Undefined => "undefined",
        }
    }
}

const REACH: i32 = 10;
const PER_UNIT: i32 = 32;
/// Beyond the grid, towards either side.
const FAR: [f64; 6] = [14.0, 20.0, 40.0, 1e2, 1e3, 1e6];
/// A step between neighbours of more than this part of all that is seen may be a jump.
const SUSPECT: f64 = 0.02;

impl Facts {
    pub fn of(activation: &Activation) -> Self {
        let grid: Vec<f64> = (-REACH * PER_UNIT..=REACH * PER_UNIT)
            .map(|i| f64::from(i) / f64::from(PER_UNIT))
            .collect();
        let f: Vec<f64> = grid.iter().map(|&z| activation.f(z)).collect();
        let slopes: Vec<f64> = grid.iter().map(|&z| activation.slope(z)).collect();
        let far_slopes = FAR
            .iter()
            .flat_map(|&z| [-z, z])
            .map(|z| activation.slope(z));
        let finite = |v: &f64| v.is_finite();
        let max_abs_slope = (slopes.iter().copied().chain(far_slopes))
            .filter(finite)
            .fold(0.0, |most: f64, slope| most.max(slope.abs()));
        let steepest_fall = f.windows(2).map(|v| v[0] - v[1]).fold(0.0, f64::max);
        let n = f.len();
        let asymmetry = (0..n).map(|i| (f[i] + f[n - 1 - i]).abs());
        Self {
            low: end(activation, &grid, &f, &slopes, -1.0),
            high: end(activation, &grid, &f, &slopes, 1.0),
            is_monotonic: steepest_fall < 1e-12 && f.iter().all(finite),
            is_zero_centred: f.iter().all(finite) && asymmetry.fold(0.0, f64::max) < 1e-9,
            max_abs_slope,
            smoothness: smoothness(activation, &grid, &f, &slopes),
            slope_below: far_slope(activation, -1.0, max_abs_slope),
            slope_above: far_slope(activation, 1.0, max_abs_slope),
            undefined: undefined(&grid, &f),
        }
    }

    /// As an interval: `(−α, ∞)`.
    pub fn range_text(&self) -> String {
        let low = match &self.low {
            End::Unbounded => "(−∞".to_owned(),
            End::Reached(value, text) => format!("[{}", end_text(*value, *text)),
            End::Approached(value, text) => format!("({}", end_text(*value, *text)),
        };
        let high = match &self.high {
            End::Unbounded => "∞)".to_owned(),
            End::Reached(value, text) => format!("{}]", end_text(*value, *text)),
            End::Approached(value, text) => format!("{})", end_text(*value, *text)),
        };
        format!("{low}, {high}")
    }
}

/// A parameter by its letter, else three decimals at most.
fn end_text(value: f64, text: Option<&str>) -> String {
    let written = match text {
        Some("-alpha") => "-α".to_owned(),
        _ => {
            let rounded = format!("{value:.3}");
            let trimmed = rounded.trim_end_matches('0').trim_end_matches('.');
            if trimmed == "-0" { "0" } else { trimmed }.to_owned()
        }
    };
    written.replace('-', "−")
}

/// The greatest value for `sign` 1, the least for -1.
fn end(activation: &Activation, grid: &[f64], f: &[f64], slopes: &[f64], sign: f64) -> End {
    let value = |i: usize| sign * f[i];
    let Some(best) = (0..f.len())
        .filter(|&i| f[i].is_finite())
        .max_by(|&a, &b| value(a).total_cmp(&value(b)))
    else {
        return End::Unbounded;
    };
    if f.contains(&(sign * f64::INFINITY)) {
        return End::Unbounded;
    }
    let seen = value(best);
    let extent = f.iter().filter(|v| v.is_finite()).map(|v| v.abs());
    let extent = extent.fold(1e-9, f64::max);
    let mut beyond = seen;
    for side in [-1.0, 1.0] {
        let at = |z: f64| sign * activation.f(side * z);
        let [near, far, farthest] = [at(1e2), at(1e3), at(1e6)];
        let grows = farthest - far > 0.5 * (far - near) && farthest > seen + 0.05 * extent;
        if grows || farthest == f64::INFINITY {
            return End::Unbounded;
        }
        for value in FAR.map(at).into_iter().filter(|v| v.is_finite()) {
            beyond = beyond.max(value);
        }
    }
    let is_inside =
        (best > 0 && best + 1 < f.len()) && value(best - 1) < seen && value(best + 1) < seen;
    let is_flat = slopes[best] == 0.0;
    let is_reached = beyond <= seen && (is_inside || is_flat);
    let bound = if is_inside && beyond <= seen {
        peak(activation, grid[best], sign)
    } else {
        sign * beyond
    };
    let text = known_edge(activation, sign, bound);
    if is_reached {
        End::Reached(bound, text)
    } else {
        End::Approached(bound, text)
    }
}

/// The extremum between the neighbours of a point of the grid, by ternary search.
fn peak(activation: &Activation, z: f64, sign: f64) -> f64 {
    let step = 1.0 / f64::from(PER_UNIT);
    let (mut low, mut high) = (z - step, z + step);
    for _ in 0..40 {
        let third = (high - low) / 3.0;
        if sign * activation.f(low + third) < sign * activation.f(high - third) {
            low += third;
        } else {
            high -= third;
        }
    }
    activation.f((low + high) / 2.0)
}

/// How the catalogue writes this end, where that is what was found.
fn known_edge(activation: &Activation, sign: f64, bound: f64) -> Option<&'static str> {
    let range = activation.entry?.range;
    let edge = if sign > 0.0 { range.high } else { range.low };
    let (Edge::Reached(text) | Edge::Approached(text)) = edge else {
        return None;
    };
    let expr = Expr::parse(text).ok()?;
    let names = &activation.param_names;
    let value = expr.eval_with(0.0, |name| {
        let index = names.iter().position(|known| known == name);
        index.map_or(f64::NAN, |i| activation.params[i])
    });
    ((value - bound).abs() < 1e-3).then_some(text)
}

fn smoothness(activation: &Activation, grid: &[f64], f: &[f64], slopes: &[f64]) -> Smoothness {
    if has_jump(grid, f, |z| activation.f(z)) {
        return Smoothness::Broken;
    }
    if has_jump(grid, slopes, |z| activation.slope(z)) {
        return Smoothness::Kinked;
    }
    let curvatures: Vec<f64> = grid.iter().map(|&z| activation.curvature(z)).collect();
    match has_jump(grid, &curvatures, |z| activation.curvature(z)) {
        true => Smoothness::Once,
        false => Smoothness::Smooth,
    }
}

/// Whether between two neighbours there is a step that stays however closely one looks.
fn has_jump(grid: &[f64], values: &[f64], of: impl Fn(f64) -> f64) -> bool {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let extent = finite().fold(f64::MIN, f64::max) - finite().fold(f64::MAX, f64::min);
    (1..grid.len()).any(|i| {
        let step = (values[i] - values[i - 1]).abs();
        step > SUSPECT * extent && step > 1e-9 && is_jump((grid[i - 1], grid[i]), step, &of)
    })
}

/// Whether a function of z steps from one value to another between two places, however closely one looks.
pub fn jumps_between(low: f64, high: f64, of: impl Fn(f64) -> f64) -> bool {
    let step = (of(high) - of(low)).abs();
    step > 1e-9 && is_jump((low, high), step, &of)
}

fn is_jump((mut low, mut high): (f64, f64), step: f64, of: &impl Fn(f64) -> f64) -> bool {
    let (mut at_low, mut at_high) = (of(low), of(high));
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        let value = of(middle);
        if (value - at_low).abs() > (at_high - value).abs() {
            (high, at_high) = (middle, value);
        } else {
            (low, at_low) = (middle, value);
        }
    }
    (at_high - at_low).abs() > 0.5 * step
}

fn far_slope(activation: &Activation, side: f64, max_abs_slope: f64) -> FarSlope {
    // A step that fits no usual period.
    let places: Vec<f64> = (0..24)
        .map(|i| side * (10.0 + 1.37 * f64::from(i)))
        .collect();
    let slopes: Vec<f64> = places.iter().map(|&z| activation.slope(z)).collect();
    let (first, last) = (slopes[0].abs(), slopes[slopes.len() - 1].abs());
    let is_defined = places.iter().all(|&z| !activation.f(z).is_nan());
    if !is_defined || slopes.iter().any(|s| s.is_nan()) {
        FarSlope::Undefined
    } else if slopes.iter().all(|s| *s == 0.0) {
        FarSlope::Dead
    } else if slopes.iter().any(|s| *s > 1e-9) && slopes.iter().any(|s| *s < -1e-9) {
        FarSlope::Swinging
    } else if last > 1.5 * first && last > 2.0 {
        FarSlope::Growing
    } else if last < 0.6 * first && last < 0.05 * max_abs_slope {
        FarSlope::Fading
    } else {
        FarSlope::Alive
    }
}

fn undefined(grid: &[f64], f: &[f64]) -> Vec<(f64, f64)> {
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    let step = 1.5 / f64::from(PER_UNIT);
    for (&z, _) in grid.iter().zip(f).filter(|(_, f)| !f.is_finite()) {
        match stretches.last_mut() {
            Some(last) if z - last.1 < step => last.1 = z,
            _ => stretches.push((z, z)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::super::{ActivationSpec, Tail, catalogue};
    use super::*;

    fn facts(spec: &ActivationSpec) -> Facts {
        Facts::of(&Activation::resolve(spec).expect("resolves"))
    }

    #[test]
    fn what_is_computed_is_what_the_catalogue_says() {
        for entry in catalogue() {
            let facts = facts(&ActivationSpec::new(entry.id));
            let id = entry.id;
            assert_eq!(facts.is_monotonic, entry.is_monotonic, "{id}");
            assert_eq!(facts.is_zero_centred, entry.is_zero_centred, "{id}");
            assert_eq!(facts.smoothness, entry.smoothness, "{id}");
            for (far, tail) in [
                (facts.slope_below, entry.slope_below),
                (facts.slope_above, entry.slope_above),
            ] {
                let same = match tail {
                    Tail::Dead => FarSlope::Dead,
                    Tail::Fading => FarSlope::Fading,
                    Tail::Alive => FarSlope::Alive,
                    Tail::Swinging => FarSlope::Swinging,
                };
                assert_eq!(far, same, "{id}");
            }
            for (end, edge) in [
                (&facts.low, entry.range.low),
                (&facts.high, entry.range.high),
            ] {
                let agrees = matches!(
                    (end, edge),
                    (End::Unbounded, Edge::Unbounded)
                        | (End::Reached(_, Some(_)), Edge::Reached(_))
                        | (End::Approached(_, Some(_)), Edge::Approached(_))
                );
                assert!(agrees, "{id}: {end:?} is not {edge:?}");
            }
            assert!(facts.undefined.is_empty(), "{id}");
        }
    }

    #[test]
    fn they_follow_the_parameters() {
        let leaky = facts(&ActivationSpec::named("leaky_relu", &[("alpha", 0.0)]));
        assert_eq!(
            (leaky.range_text().as_str(), leaky.slope_below),
            ("[0, ∞)", FarSlope::Dead)
        );
        let elu = facts(&ActivationSpec::named("elu", &[("alpha", 0.5)]));
        assert_eq!(elu.range_text(), "(−α, ∞)");
        assert_eq!(elu.smoothness, Smoothness::Kinked);
        let prelu = facts(&ActivationSpec::named("prelu", &[("alpha", -0.5)]));
        assert_eq!(
            (prelu.range_text().as_str(), prelu.is_monotonic),
            ("[0, ∞)", false)
        );
    }

    #[test]
    fn they_are_found_for_any_formula() {
        let check = |text: &str, range: &str, below: FarSlope, above: FarSlope| {
            let facts = facts(&ActivationSpec::formula(text));
            assert_eq!(facts.range_text(), range, "{text}");
            assert_eq!(
                (facts.slope_below, facts.slope_above),
                (below, above),
                "{text}"
            );
        };
        check("z^2", "[0, ∞)", FarSlope::Growing, FarSlope::Growing);
        check("exp(-z^2)", "(0, 1]", FarSlope::Fading, FarSlope::Fading);
        check("log(z)", "(−∞, ∞)", FarSlope::Undefined, FarSlope::Fading);
        check(
            "sigmoid(8 * z)",
            "(0, 1)",
            FarSlope::Fading,
            FarSlope::Fading,
        );
        check("2", "[2, 2]", FarSlope::Dead, FarSlope::Dead);
        let root = facts(&ActivationSpec::formula("sqrt(z)"));
        assert_eq!(root.undefined, [(-10.0, -0.03125)]);
        let step = facts(&ActivationSpec::formula("where(z > 0, 1, 0)"));
        assert_eq!(step.smoothness, Smoothness::Broken);
    }
}
