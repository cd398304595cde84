//! Expressions compiled for vectors of f32: what the CPU engine runs.

use fearless_simd::{Level, dispatch};

use super::Expr;

mod compile;
mod lower;
mod op;
mod run;

use op::Instruction;
use run::{LANES, Vector};

/// Several expressions as one straight line of vector instructions. Parts that they share are
/// computed once; what depends on parameters only is computed once a call.
///
/// Values are the same bits on every machine (see [`crate::vector_math`]). They are those of
/// [`Expr::eval`] up to the rounding of f32.
#[derive(Clone, Debug)]
pub struct Program {
    n_params: usize,
    /// Vectors that hold numbers, parameters and values on the way. Row 0 is `z`.
    n_rows: usize,
    /// Rows that are filled with a number before the first block.
    numbers: Vec<(u16, f32)>,
    /// Rows that are filled with a parameter (by its index) before the first block.
    params: Vec<(u16, u16)>,
    /// Computed once a call, from numbers and parameters.
    prologue: Vec<Instruction>,
    /// Computed for each block of `z`.
    body: Vec<Instruction>,
    /// The row of each output.
    outputs: Vec<u16>,
}

/// Vectors of scratch that live on the stack: for short calls and for long ones. Programs that need
/// more take it from the heap.
const N_SHORT: usize = 64;
const N_LONG: usize = 512;
/// Most vectors of `z` that are worked on at once, small enough for the first-level cache.
const MAX_BLOCK: usize = 16;

impl Program {
    /// Compiles `outputs`, whose parameters will be given in the order of `params`.
    ///
    /// # Panics
    /// If an expression has a parameter that is not in `params`.
    pub fn compile(outputs: &[&Expr], params: &[&str]) -> Self {
        compile::compile(outputs, params)
    }

    pub fn n_outputs(&self) -> usize {
        self.outputs.len()
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
        assert_eq!(outs.len(), self.outputs.len(), "one slice an output");
        for out in outs.iter() {
            assert_eq!(out.len(), z.len(), "outputs are as long as z");
        }
        let block = z.len().div_ceil(LANES).clamp(1, MAX_BLOCK);
        if self.n_rows * block <= N_SHORT {
            let mut scratch = [Vector::ZERO; N_SHORT];
            self.dispatch(level, params, z, outs, block, &mut scratch);
        } else if self.n_rows <= N_LONG {
            let mut scratch = [Vector::ZERO; N_LONG];
            let block = block.min(N_LONG / self.n_rows);
            self.dispatch(level, params, z, outs, block, &mut scratch);
        } else {
            let mut scratch = vec![Vector::ZERO; self.n_rows];
            self.dispatch(level, params, z, outs, 1, &mut scratch);
        }
    }

    fn dispatch(
        &self,
        level: Level,
        params: &[f32],
        z: &[f32],
        outs: &mut [&mut [f32]],
        block: usize,
        scratch: &mut [Vector],
    ) {
        dispatch!(level, simd => run::run(simd, self, params, z, outs, block, scratch));
    }
}
