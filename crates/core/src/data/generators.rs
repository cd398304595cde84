//! Generated data sets, in about [-1, 1]^2. Sample `i` depends on the seed and on `i` alone.
//!
//! Work is in f64 with libm, and numbers come from [`Stream::Data`] (where a sample lies) and
//! [`Stream::Noise`] (how far noise moves it), so that more noise moves the same samples further.

use std::f64::consts::{PI, TAU};

use super::table::Table;
use super::{DataSource, TargetKind};
use crate::random::{Random, Stream};

/// Uniform numbers that one sample may use.
const DRAWS: u64 = 4;

/// `n_samples` of a generated data set. `noise` counts in the data set's own unit.
pub(super) fn generate(source: &DataSource, n_samples: usize, noise: f64, seed: u32) -> Table {
    let noise_std = noise * source.info().map_or(1.0, |info| info.noise_unit);
    let sampler = Sampler {
        data: Random::new(u64::from(seed), Stream::Data, 0),
        noise: Random::new(u64::from(seed), Stream::Noise, 0),
        noise_std,
    };
    match source {
        DataSource::Circle => sampler.classes(n_samples, circle),
        DataSource::Xor => sampler.classes(n_samples, xor),
        DataSource::TwoGaussians => sampler.classes(n_samples, two_gaussians),
        DataSource::Spiral => sampler.classes(n_samples, spiral),
        DataSource::Moons => sampler.classes(n_samples, moons),
        DataSource::Rings => sampler.classes(n_samples, rings),
        DataSource::Checkerboard => sampler.classes(n_samples, checkerboard),
        DataSource::Plane => sampler.numbers(n_samples, |[x1, x2]| (x1 + x2) / 2.0),
        DataSource::GaussianBumps => sampler.numbers(n_samples, gaussian_bumps),
        DataSource::Sine => sampler.numbers(n_samples, |[x]: [f64; 1]| libm::sin(TAU * x)),
        DataSource::Collected(_) | DataSource::Csv(_) | DataSource::Points(_) => {
            unreachable!("what was collected, or is a user's own, is read, not generated")
        }
    }
}

struct Sampler {
    data: Random,
    noise: Random,
    noise_std: f64,
}

/// The uniform numbers of one sample.
struct Draws<'a> {
    data: &'a Random,
    first: u64,
}

impl Draws<'_> {
    /// The sample's `k`-th number, uniform on [low, high).
    fn uniform(&self, k: u64, low: f64, high: f64) -> f64 {
        debug_assert!(k < DRAWS);
        self.data.uniform_in(self.first + k, low, high)
    }
}

impl Sampler {
    fn draws(&self, sample: u64) -> Draws<'_> {
        Draws {
            data: &self.data,
            first: sample * DRAWS,
        }
    }

    /// Two classes in turn; `place` puts a sample of a class, and noise moves it.
    fn classes(&self, n_samples: usize, place: fn(usize, &Draws) -> [f64; 2]) -> Table {
        let mut x = Vec::with_capacity(2 * n_samples);
        let mut y = Vec::with_capacity(n_samples);
        for i in 0..n_samples as u64 {
            let class = (i % 2) as usize;
            let [x1, x2] = place(class, &self.draws(i));
            x.push(x1 + self.noise_std * self.noise.normal(2 * i));
            x.push(x2 + self.noise_std * self.noise.normal(2 * i + 1));
            y.push(class as f64);
        }
        Table {
            input_names: names(2),
            class_names: vec!["0".into(), "1".into()],
            target: TargetKind::Class { n_classes: 2 },
            x,
            y,
        }
    }

    /// Inputs uniform on [-1, 1]^N; the target is `f` plus noise.
    fn numbers<const N: usize>(&self, n_samples: usize, f: impl Fn([f64; N]) -> f64) -> Table {
        let mut x = Vec::with_capacity(N * n_samples);
        let mut y = Vec::with_capacity(n_samples);
        for i in 0..n_samples as u64 {
            let draws = self.draws(i);
            let point: [f64; N] = std::array::from_fn(|k| draws.uniform(k as u64, -1.0, 1.0));
            x.extend(point);
            y.push(f(point) + self.noise_std * self.noise.normal(2 * i));
        }
        Table {
            input_names: names(N),
            class_names: Vec::new(),
            target: TargetKind::Number,
            x,
            y,
        }
    }
}

fn names(n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("x{i}")).collect()
}

/// Class 1 fills a disc, class 0 the ring around it. Uniform over the area.
fn circle(class: usize, draws: &Draws) -> [f64; 2] {
    let (inner, outer) = if class == 1 { (0.0, 0.5) } else { (0.65, 0.95) };
    let radius = libm::sqrt(draws.uniform(0, inner * inner, outer * outer));
    polar(radius, draws.uniform(1, 0.0, TAU))
}

/// Class 1 where the signs of the inputs differ; a small gap along the axes.
fn xor(class: usize, draws: &Draws) -> [f64; 2] {
    let side = if draws.uniform(2, 0.0, 1.0) < 0.5 {
        1.0
    } else {
        -1.0
    };
    let other = if class == 1 { -side } else { side };
    [
        side * draws.uniform(0, 0.06, 0.96),
        other * draws.uniform(1, 0.06, 0.96),
    ]
}

/// Clouds around (-0.45, -0.45) and (0.45, 0.45) with a standard deviation of 0.15 before noise.
fn two_gaussians(class: usize, draws: &Draws) -> [f64; 2] {
    let centre = if class == 1 { 0.45 } else { -0.45 };
    // Box and Muller 1958; 1 - u lies in (0, 1], so that the logarithm is finite.
    let radius = 0.15 * libm::sqrt(-2.0 * libm::log(1.0 - draws.uniform(0, 0.0, 1.0)));
    let [x1, x2] = polar(radius, draws.uniform(1, 0.0, TAU));
    [centre + x1, centre + x2]
}

/// Two arms of an Archimedean spiral, 1.5 turns each, half a turn apart.
fn spiral(class: usize, draws: &Draws) -> [f64; 2] {
    let along = draws.uniform(0, 0.06, 1.0);
    polar(0.95 * along, 1.5 * TAU * along + PI * class as f64)
}

/// Two half circles that reach into each other.
fn moons(class: usize, draws: &Draws) -> [f64; 2] {
    const SCALE: f64 = 0.62;
    let [c, s] = polar(1.0, draws.uniform(0, 0.0, PI));
    let [x1, x2] = if class == 1 {
        [1.0 - c, 0.5 - s]
    } else {
        [c, s]
    };
    [SCALE * (x1 - 0.5), SCALE * (x2 - 0.25)]
}

/// Four rings; class 1 on the first and third. Longer rings hold more samples.
fn rings(class: usize, draws: &Draws) -> [f64; 2] {
    const RADII: [[f64; 2]; 2] = [[0.45, 0.95], [0.2, 0.7]];
    let [small, large] = RADII[class];
    let is_small = draws.uniform(2, 0.0, small + large) < small;
    let radius = if is_small { small } else { large };
    polar(
        radius + draws.uniform(1, -0.04, 0.04),
        draws.uniform(0, 0.0, TAU),
    )
}

/// Four by four squares on [-1, 1]^2, with a small gap between them.
fn checkerboard(class: usize, draws: &Draws) -> [f64; 2] {
    let cell = draws.uniform(2, 0.0, 8.0) as usize;
    let row = cell / 2;
    let column = 2 * (cell % 2) + (row + class) % 2;
    let within = |k, index: usize| -1.0 + 0.5 * (index as f64 + draws.uniform(k, 0.04, 0.96));
    [within(0, column), within(1, row)]
}

/// Three hills of height 1 and three hollows of depth 1.
fn gaussian_bumps([x1, x2]: [f64; 2]) -> f64 {
    const WIDTH: f64 = 0.22;
    const BUMPS: [(f64, f64, f64); 6] = [
        (-0.6, 0.55, 1.0),
        (0.05, 0.65, -1.0),
        (0.65, 0.5, 1.0),
        (-0.65, -0.5, -1.0),
        (0.0, -0.55, 1.0),
        (0.6, -0.55, -1.0),
    ];
    BUMPS
        .iter()
        .map(|&(c1, c2, height)| {
            let squared = (x1 - c1) * (x1 - c1) + (x2 - c2) * (x2 - c2);
            height * libm::exp(-squared / (2.0 * WIDTH * WIDTH))
        })
        .sum()
}

fn polar(radius: f64, angle: f64) -> [f64; 2] {
    [radius * libm::cos(angle), radius * libm::sin(angle)]
}
