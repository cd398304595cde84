//! What a function costs to compute: f and f' of one value, by the program that the CPU engine trains with.

use actiscope_vector::Program;
use fearless_simd::Level;

use super::Activation;

/// Nanoseconds for f and f' of one value on one core of a desktop processor of 2020 with AVX2, least of 400 runs:
/// what to show before anything was measured. By `examples/cost.rs`.
pub const ELSEWHERE_NS: &[(&str, f64)] = &[];

/// Values that are computed at once.
pub const BLOCK: usize = 4_096;

/// A function ready to be timed.
pub struct Timed {
    program: Program,
    params: Vec<f32>,
    z: Vec<f32>,
    f: Vec<f32>,
    slope: Vec<f32>,
}

impl Timed {
    pub fn new(activation: &Activation) -> Self {
        let place = |i: usize| -4.0 + 8.0 * i as f32 / BLOCK as f32;
        Self {
            program: activation.program(),
            params: activation.params_f32(),
            z: (0..BLOCK).map(place).collect(),
            f: vec![0.0; BLOCK],
            slope: vec![0.0; BLOCK],
        }
    }

    /// Computes f and f' of [`BLOCK`] values. The sum of some of them, so that nothing is left out as useless.
    pub fn run(&mut self, level: Level) -> f32 {
        let outputs = &mut [&mut self.f[..], &mut self.slope[..]];
        self.program.run(level, &self.params, &self.z, outputs);
        self.f[0] + self.slope[BLOCK - 1]
    }

    /// [`Timed::run`] with the vectors that every machine of this kind has.
    pub fn run_as_built(&mut self) -> f32 {
        self.run(Level::baseline())
    }
}

/// See [`ELSEWHERE_NS`].
pub fn elsewhere_ns(id: &str) -> Option<f64> {
    let known = ELSEWHERE_NS.iter().find(|(known, _)| *known == id);
    known.map(|(_, ns)| *ns)
}
