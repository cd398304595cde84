//! Expressions compiled for vectors of f32: what the CPU engine runs.

use fearless_simd::{Level, dispatch};

mod long;
mod op;
mod run;

pub use op::{Instruction, OUTPUT, Op, PAIRS, Z_ROW};
use run::{LANES, Vector};

/// Several expressions as one straight line of vector instructions. Parts that they share are
/// computed once; what depends on parameters only is computed once a call.
///
/// Values are the same bits on every machine (see [`crate::math`]). They are those of
/// the expressions in f64 up to the rounding of f32.
#[derive(Clone, Debug)]
pub struct Program {
    pub n_params: usize,
    pub n_outputs: usize,
    /// Rows of numbers, parameters and values on the way. Row 0 is `z` and not counted.
    pub n_rows: usize,
    /// Rows that are filled with a number before the first block.
    pub numbers: Vec<(u16, f32)>,
    /// Rows that are filled with a parameter (by its index) before the first block.
    pub params: Vec<(u16, u16)>,
    /// Computed once a call, from numbers and parameters.
    pub prologue: Vec<Instruction>,
    /// Computed for each block of `z`.
    pub body: Vec<Instruction>,
    /// Rows that are copied to outputs after the body.
    pub copies: Vec<(u16, u16)>,
}

/// Most vectors of `z` that are worked on at once, so that the rows stay in the first-level cache,
/// and how many are enough for the price of an instruction to be spread.
const MAX_BLOCK: usize = 32;
const ENOUGH: usize = 12;

/// Scratch aligned for the widest load.
#[repr(C, align(64))]
struct Scratch<const N: usize>([Vector; N]);

impl Program {
    pub fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    pub fn n_params(&self) -> usize {
        self.n_params
    }

    /// Instructions per block and rows of scratch: what a call costs.
    pub fn size(&self) -> (usize, usize) {
        (self.body.len(), self.n_rows)
    }

    /// Writes each output at each `z`. All slices have one length.
    ///
    /// # Panics
    /// If the numbers of parameters or outputs are not the program's, or lengths differ.
    pub fn run(&self, level: Level, params: &[f32], z: &[f32], outs: &mut [&mut [f32]]) {
        assert_eq!(params.len(), self.n_params, "one value a parameter");
        assert_eq!(outs.len(), self.n_outputs, "one slice an output");
        for out in outs.iter() {
            assert_eq!(out.len(), z.len(), "outputs are as long as z");
        }
        let n_vectors = (z.len() / LANES).max(1);
        let needed = self.n_rows * n_vectors.min(ENOUGH) + self.n_outputs;
        // Scratch is cleared in each call, so that a short call is not to pay for a long one's.
        match needed {
            0..=4 => self.run_in::<4>(level, params, z, outs),
            5..=32 => self.run_in::<32>(level, params, z, outs),
            33..=64 => self.run_in::<64>(level, params, z, outs),
            65..=128 => self.run_in::<128>(level, params, z, outs),
            129..=512 => self.run_in::<512>(level, params, z, outs),
            _ => {
                let mut scratch = vec![[0.0; LANES]; self.n_rows + self.n_outputs];
                self.dispatch(level, params, z, outs, &mut scratch);
            }
        }
    }

    /// Runs with scratch of `N` vectors on the stack.
    fn run_in<const N: usize>(
        &self,
        level: Level,
        params: &[f32],
        z: &[f32],
        outs: &mut [&mut [f32]],
    ) {
        let mut scratch = Scratch([[0.0; LANES]; N]);
        self.dispatch(level, params, z, outs, &mut scratch.0);
    }

    fn dispatch(
        &self,
        level: Level,
        params: &[f32],
        z: &[f32],
        outs: &mut [&mut [f32]],
        scratch: &mut [Vector],
    ) {
        let fitting = match self.n_rows {
            // Nothing lies between z and the outputs.
            0 => usize::MAX,
            n_rows => ((scratch.len() - self.n_outputs) / n_rows).min(MAX_BLOCK),
        };
        let block = (z.len() / LANES).min(fitting).max(1);
        dispatch!(level, simd => run::run(simd, self, params, z, outs, block, scratch));
    }
}
