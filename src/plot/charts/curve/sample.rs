//! A function and its slope as pieces of polyline, close where they bend and broken where they jump:
//! the slope of ReLU is two segments and not a ramp.

use std::ops::Range;

use actiscope_core::activation::Activation;

use crate::plot::kit::geometry::{Point, point};

/// Cells before refinement.
const N_CELLS: usize = 128;
/// Halvings of a cell: to about 1e-7 of the width of the plot.
const MAX_DEPTH: u32 = 18;
/// A chord may leave the curve by this part of the curve's extent.
const TOLERANCE: f64 = 0.002;
/// What still differs this much (as a part of the extent) after the last halving is a jump.
const JUMP: f64 = 0.02;
/// However wild the function, no more samples than this.
const MAX_SAMPLES: usize = 6_000;
/// |f'| below this part of max |f'| counts as saturated (DESIGN: 5 %).
pub const SATURATION: f64 = 0.05;

/// f and f' over a range of z.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveSamples {
    pub z_range: (f64, f64),
    /// (z, f(z)), one polyline for each continuous piece.
    pub f: Vec<Vec<Point>>,
    /// (z, f'(z)).
    pub df: Vec<Vec<Point>>,
    /// Where no gradient passes, and where next to none does, from left to right.
    pub zones: Vec<Zone>,
}

/// A stretch of z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zone {
    pub low: f64,
    pub high: f64,
    pub kind: ZoneKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneKind {
    /// f' is exactly 0.
    Dead,
    /// |f'| is under 5 % of max |f'|, and not 0 throughout.
    Saturated,
}

#[derive(Clone, Copy)]
struct Sample {
    z: f64,
    f: f64,
    df: f64,
}

impl CurveSamples {
    /// Of a function of the catalogue or a user's own, with its own scale of saturation.
    pub fn of(activation: &Activation, z_range: (f64, f64)) -> Self {
        let evaluate = |z| (activation.f(z), activation.slope(z));
        Self::new(z_range, Some(max_abs_slope(activation)), evaluate)
    }

    /// `evaluate(z)` gives (f(z), f'(z)). `max_abs_slope` is the scale of saturation; without it
    /// the largest |f'| in the range is taken.
    pub fn new(
        z_range: (f64, f64),
        max_abs_slope: Option<f64>,
        evaluate: impl Fn(f64) -> (f64, f64),
    ) -> Self {
        let sample = |z: f64| {
            let (f, df) = evaluate(z);
            Sample { z, f, df }
        };
        let (low, high) = z_range;
        let mut places: Vec<f64> = (0..=N_CELLS)
            .map(|i| low + (high - low) * i as f64 / N_CELLS as f64)
            .collect();
        // Most functions bend at 0: then their zones end there exactly.
        let after = places.partition_point(|&z| z < 0.0);
        if low < 0.0 && high > 0.0 && places[after] != 0.0 {
            places.insert(after, 0.0);
        }
        let grid: Vec<Sample> = places.into_iter().map(sample).collect();
        let extents = Extents {
            f: extent(grid.iter().map(|s| s.f)),
            df: extent(grid.iter().map(|s| s.df)),
        };
        let mut samples = vec![grid[0]];
        for cell in grid.windows(2) {
            refine(&mut samples, &sample, &extents, cell[0], cell[1], MAX_DEPTH);
        }

        let max_abs_slope = max_abs_slope.unwrap_or_else(|| {
            let finite = samples.iter().map(|s| s.df.abs()).filter(|d| d.is_finite());
            finite.fold(0.0, f64::max)
        });
        Self {
            z_range,
            f: pieces(&samples, |s| s.f, extents.f),
            df: pieces(&samples, |s| s.df, extents.df),
            zones: zones(&samples, SATURATION * max_abs_slope, extents.df),
        }
    }

    /// (f, f') at z, between the samples; `None` outside the range or where there is no number.
    pub fn at(&self, z: f64) -> Option<(f64, f64)> {
        Some((interpolate(&self.f, z)?, interpolate(&self.df, z)?))
    }

    /// The least and greatest of f and f' that are drawn.
    pub fn extent(&self) -> Range<f64> {
        let all = self.f.iter().chain(&self.df).flatten().map(|p| p.y);
        let (low, high) = all.fold((0.0, 0.0), |(low, high): (f64, f64), y| {
            (low.min(y), high.max(y))
        });
        low..high
    }

    pub fn zones_of(&self, kind: ZoneKind) -> impl Iterator<Item = &Zone> {
        self.zones.iter().filter(move |zone| zone.kind == kind)
    }
}

/// Slopes are scanned over |z| up to this for the largest one, and closely over a part of it.
const REACH: f64 = 50.0;
const CLOSE_REACH: f64 = REACH / 16.0;
const N_SCANNED: i32 = 400;

/// max |f'(z)| over |z| <= 50, as closely as a picture needs it. The engine's
/// [`Activation::max_abs_slope`] is exact and takes the vector machine, which the page does without: it is
/// 100 kB of code.
fn max_abs_slope(activation: &Activation) -> f64 {
    let scan = |reach: f64| {
        (-N_SCANNED..=N_SCANNED).map(move |i| reach * f64::from(i) / f64::from(N_SCANNED))
    };
    scan(REACH)
        .chain(scan(CLOSE_REACH))
        .map(|z| activation.slope(z).abs())
        .filter(|slope| slope.is_finite())
        .fold(0.0, f64::max)
}

struct Extents {
    f: f64,
    df: f64,
}

/// From the least to the greatest of the finite values, never 0.
fn extent(values: impl Iterator<Item = f64>) -> f64 {
    let (low, high) = values
        .filter(|v| v.is_finite())
        .fold((0.0, 0.0), |(low, high): (f64, f64), v| {
            (low.min(v), high.max(v))
        });
    (high - low).max(1e-12)
}

/// Appends what lies after `a` up to `b`, in order.
fn refine(
    samples: &mut Vec<Sample>,
    sample: &impl Fn(f64) -> Sample,
    extents: &Extents,
    a: Sample,
    b: Sample,
    depth: u32,
) {
    let middle = sample((a.z + b.z) / 2.0);
    let bend = |m: f64, a: f64, b: f64, extent: f64| (m - (a + b) / 2.0).abs() / extent;
    let f_bend = bend(middle.f, a.f, b.f, extents.f);
    let df_bend = bend(middle.df, a.df, b.df, extents.df);
    // What is not a number fails the comparison and is refined up to its border.
    let is_straight = f_bend <= TOLERANCE && df_bend <= TOLERANCE;
    let is_nowhere = [a, middle, b].iter().all(|s| !s.f.is_finite());
    if depth == 0 || is_straight || is_nowhere || samples.len() >= MAX_SAMPLES {
        samples.push(b);
    } else {
        refine(samples, sample, extents, a, middle, depth - 1);
        refine(samples, sample, extents, middle, b, depth - 1);
    }
}

/// True between neighbours that only a jump can part.
fn jumps(a: Sample, b: Sample, cell: f64, value: impl Fn(Sample) -> f64, extent: f64) -> bool {
    let is_finest = b.z - a.z < cell;
    is_finest && (value(b) - value(a)).abs() > JUMP * extent
}

/// A little more than the width of a cell after the last halving.
fn finest_cell(samples: &[Sample]) -> f64 {
    let width = samples.last().map_or(0.0, |s| s.z) - samples.first().map_or(0.0, |s| s.z);
    1.5 * width / (N_CELLS as f64 * f64::from(1 << MAX_DEPTH))
}

fn pieces(samples: &[Sample], value: impl Fn(Sample) -> f64, extent: f64) -> Vec<Vec<Point>> {
    let cell = finest_cell(samples);
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = Vec::new();
    let mut last: Option<Sample> = None;
    for &s in samples {
        let is_broken = last.is_some_and(|a| jumps(a, s, cell, &value, extent));
        if is_broken || !value(s).is_finite() {
            pieces.push(std::mem::take(&mut piece));
        }
        if value(s).is_finite() {
            piece.push(point(s.z, value(s)));
        }
        last = Some(s);
    }
    pieces.push(piece);
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

fn zones(samples: &[Sample], threshold: f64, extent: f64) -> Vec<Zone> {
    let cell = finest_cell(samples);
    let mut zones: Vec<Zone> = Vec::new();
    let mut add = |low: f64, high: f64, kind: ZoneKind| match zones.last_mut() {
        Some(zone) if zone.kind == kind && zone.high == low => zone.high = high,
        _ => zones.push(Zone { low, high, kind }),
    };
    for pair in samples.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        if a.df == 0.0 && b.df == 0.0 {
            add(a.z, b.z, ZoneKind::Dead);
            continue;
        }
        if jumps(a, b, cell, |s| s.df, extent) {
            continue;
        }
        let (low, high) = (a.df.abs(), b.df.abs());
        let crossing = || a.z + (b.z - a.z) * (threshold - low) / (high - low);
        match (low < threshold, high < threshold) {
            (true, true) => add(a.z, b.z, ZoneKind::Saturated),
            (true, false) if b.df.is_finite() => add(a.z, crossing(), ZoneKind::Saturated),
            (false, true) if a.df.is_finite() => add(crossing(), b.z, ZoneKind::Saturated),
            _ => {}
        }
    }
    let least = samples.last().map_or(0.0, |s| s.z) - samples.first().map_or(0.0, |s| s.z);
    // A slope that only passes through 0 makes no zone that one could see.
    zones.retain(|zone| zone.high - zone.low > 1e-3 * least);
    zones
}

fn interpolate(pieces: &[Vec<Point>], z: f64) -> Option<f64> {
    // A jump belongs to the piece on its left, as PyTorch's slope at a kink does.
    let piece = pieces.iter().find(|piece| {
        let [first, .., last] = piece.as_slice() else {
            return false;
        };
        first.x <= z && z <= last.x
    })?;
    let right = piece.partition_point(|p| p.x < z);
    let b = piece[right];
    if right == 0 || b.x == z {
        return Some(b.y);
    }
    let a = piece[right - 1];
    Some(a.y + (b.y - a.y) * (z - a.x) / (b.x - a.x))
}

#[cfg(test)]
mod tests {
    use actiscope_core::activation::{ActivationSpec, catalogue};

    use super::*;

    fn relu(z: f64) -> (f64, f64) {
        if z > 0.0 { (z, 1.0) } else { (0.0, 0.0) }
    }

    fn sigmoid(z: f64) -> (f64, f64) {
        let s = 1.0 / (1.0 + libm::exp(-z));
        (s, s * (1.0 - s))
    }

    #[test]
    fn slope_of_relu_is_two_segments() {
        let samples = CurveSamples::new((-4.0, 4.0), None, relu);
        assert_eq!(samples.f.len(), 1);
        assert_eq!(samples.df.len(), 2);
        assert!(samples.df[0].iter().all(|p| p.y == 0.0 && p.x <= 0.0));
        assert!(samples.df[1].iter().all(|p| p.y == 1.0 && p.x < 4.001));
        assert!(samples.df[1][0].x < 1e-6, "the second begins at the kink");
        assert_eq!(
            samples.zones,
            [Zone {
                low: -4.0,
                high: 0.0,
                kind: ZoneKind::Dead
            }]
        );
    }

    #[test]
    fn a_zone_ends_at_0_exactly_in_any_range() {
        let samples = CurveSamples::new((-32.0, 7.7), None, relu);
        let [zone] = samples.zones[..] else {
            panic!("{:?}", samples.zones);
        };
        assert_eq!((zone.low, zone.high), (-32.0, 0.0));
    }

    #[test]
    fn kinks_off_the_grid_are_found() {
        let hard_tanh = |z: f64| {
            let inside = (-0.7..0.7).contains(&z);
            (z.clamp(-0.7, 0.7), f64::from(u8::from(inside)))
        };
        let samples = CurveSamples::new((-4.0, 4.0), None, hard_tanh);
        assert_eq!(samples.df.len(), 3);
        let edges: Vec<f64> = samples.zones.iter().flat_map(|z| [z.low, z.high]).collect();
        let expect = [-4.0, -0.7, 0.7, 4.0];
        assert!(
            edges.iter().zip(expect).all(|(a, b)| (a - b).abs() < 1e-6),
            "{edges:?}"
        );
    }

    #[test]
    fn jumps_of_the_function_break_it() {
        let floor = |z: f64| (z.floor(), 0.0);
        let samples = CurveSamples::new((-2.5, 2.5), None, floor);
        assert_eq!(samples.f.len(), 6);
        assert_eq!(samples.df.len(), 1);
        assert_eq!(samples.at(0.5), Some((0.0, 0.0)));
        assert_eq!(samples.at(-0.5), Some((-1.0, 0.0)));
    }

    #[test]
    fn steep_is_not_a_jump() {
        let steep = |z: f64| {
            let (s, slope) = sigmoid(200.0 * (z - 0.3));
            (s, 200.0 * slope)
        };
        let samples = CurveSamples::new((-4.0, 4.0), None, steep);
        assert_eq!((samples.f.len(), samples.df.len()), (1, 1));
    }

    #[test]
    fn sigmoid_saturates_on_both_sides() {
        let samples = CurveSamples::new((-8.0, 8.0), Some(0.25), sigmoid);
        let zones: Vec<_> = samples.zones_of(ZoneKind::Saturated).collect();
        assert_eq!(zones.len(), 2);
        // s (1 - s) = 0.0125 where s = (1 - sqrt(0.95)) / 2.
        let s = (1.0 - libm::sqrt(0.95)) / 2.0;
        let edge = libm::log(s / (1.0 - s));
        assert!((zones[0].high - edge).abs() < 1e-2, "{zones:?}");
        assert!((zones[1].low + edge).abs() < 1e-2);
        assert_eq!(samples.zones_of(ZoneKind::Dead).count(), 0);
    }

    #[test]
    fn samples_lie_on_the_curve() {
        let samples = CurveSamples::new((-4.0, 4.0), None, sigmoid);
        for i in 0..=1000 {
            let z = -4.0 + 0.008 * f64::from(i);
            let (f, df) = samples.at(z).expect("inside the range");
            let (f0, df0) = sigmoid(z);
            assert!((f - f0).abs() < 0.003 && (df - df0).abs() < 0.003, "{z}");
        }
        assert_eq!(samples.at(4.5), None);
    }

    #[test]
    fn every_function_of_the_catalogue_is_drawn_as_it_is() {
        for entry in catalogue() {
            let spec = ActivationSpec::new(entry.id);
            let activation = Activation::resolve(&spec).expect("the catalogue resolves");
            let samples = CurveSamples::of(&activation, (-6.0, 6.0));
            let n_samples: usize = samples.f.iter().map(Vec::len).sum();
            assert!(n_samples < 2_500, "{}: {n_samples}", entry.id);
            assert_eq!(samples.f.len(), 1, "{} has no jump", entry.id);
            let extent = samples.extent();
            let tolerance = 0.004 * (extent.end - extent.start);
            // Off the grid and off every kink.
            for z in (0..1200).map(|i| -5.9953 + 0.009_99 * f64::from(i)) {
                let (f, slope) = samples.at(z).expect("inside the range");
                let id = entry.id;
                assert!((f - activation.f(z)).abs() < tolerance, "{id} f({z})");
                assert!(
                    (slope - activation.slope(z)).abs() < tolerance,
                    "{id} f'({z})"
                );
                let is_dead = samples
                    .zones_of(ZoneKind::Dead)
                    .any(|zone| zone.low < z && z < zone.high);
                assert_eq!(is_dead, activation.slope(z) == 0.0, "{id} {z}");
            }
        }
    }

    #[test]
    fn where_there_is_no_number_there_is_no_line() {
        let root = |z: f64| (libm::sqrt(z), 0.5 / libm::sqrt(z));
        let samples = CurveSamples::new((-1.0, 1.0), None, root);
        assert_eq!(samples.f.len(), 1);
        assert!(samples.f[0].iter().all(|p| p.x >= 0.0 && p.y.is_finite()));
        assert_eq!(samples.at(-0.5), None);
        let nothing = CurveSamples::new((-1.0, 1.0), None, |_| (f64::NAN, f64::NAN));
        assert!(nothing.f.is_empty() && nothing.zones.is_empty());
    }
}
