//! What a function costs to compute: f and f' of one value, by the program that the CPU engine trains with.

use actiscope_vector::Program;
use fearless_simd::Level;

use super::Activation;

/// Nanoseconds for f and f' of one value on one core with the widest vectors of the machine that
/// builds the page, least of 400 runs: what to show before anything was measured. By `examples/cost.rs`.
pub const ELSEWHERE_NS: &[(&str, f64)] = &[
    ("relu", 0.48),
    ("leaky_relu", 0.71),
    ("prelu", 0.81),
    ("relu6", 1.07),
    ("elu", 1.56),
    ("celu", 1.63),
    ("selu", 1.73),
    ("gelu", 2.95),
    ("gelu_tanh", 3.16),
    ("silu", 1.42),
    ("swish", 1.74),
    ("mish", 3.46),
    ("softplus", 2.25),
    ("hard_swish", 1.73),
    ("sigmoid", 1.13),
    ("tanh", 1.15),
    ("softsign", 0.62),
    ("hard_tanh", 1.11),
    ("hard_sigmoid", 1.26),
    ("identity", 0.23),
    ("log_sigmoid", 2.76),
    ("tanh_shrink", 1.10),
    ("sine", 2.17),
];

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
