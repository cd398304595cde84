//! The vector machine.

use fearless_simd::{Simd, f32x8, prelude::*};

use super::Program;
use super::op::{Instruction, Op};
use crate::vector_math as vm;

/// f32 in a vector.
pub const LANES: usize = 8;

/// Eight f32, aligned for the widest load.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub struct Vector([f32; LANES]);

impl Vector {
    pub const ZERO: Self = Self([0.0; LANES]);
}

/// Rows of vectors, `stride` apart, of which the first `n` are worked on.
struct Rows<'a> {
    scratch: &'a mut [Vector],
    stride: usize,
    n: usize,
}

/// Runs `program` over `z` in blocks of `block` vectors.
#[inline(always)]
pub fn run<S: Simd>(
    simd: S,
    program: &Program,
    params: &[f32],
    z: &[f32],
    outs: &mut [&mut [f32]],
    block: usize,
    scratch: &mut [Vector],
) {
    let mut rows = Rows {
        scratch,
        stride: block,
        n: 1,
    };
    let numbers = program.numbers.iter().copied();
    let given = program
        .params
        .iter()
        .map(|&(row, i)| (row, params[i as usize]));
    for (row, value) in numbers.chain(given) {
        rows.row_mut(row)[0] = Vector([value; LANES]);
    }
    for instruction in &program.prologue {
        execute(simd, instruction, &mut rows);
    }
    rows.n = block;
    let filled = program.numbers.iter().map(|&(row, _)| row);
    let filled = filled.chain(program.params.iter().map(|&(row, _)| row));
    let computed = program.prologue.iter().flat_map(|i| [i.to, i.to2]);
    for row in filled.chain(computed) {
        let row = rows.row_mut(row);
        let value = row[0];
        row.fill(value);
    }
    for start in (0..z.len()).step_by(block * LANES) {
        let end = z.len().min(start + block * LANES);
        rows.n = (end - start).div_ceil(LANES);
        load(&z[start..end], rows.row_mut(0));
        for instruction in &program.body {
            execute(simd, instruction, &mut rows);
        }
        for (out, &row) in outs.iter_mut().zip(&program.outputs) {
            store(rows.row_mut(row), &mut out[start..end]);
        }
    }
}

#[inline(always)]
fn load(from: &[f32], to: &mut [Vector]) {
    let mut chunks = from.chunks_exact(LANES);
    for (chunk, vector) in (&mut chunks).zip(&mut *to) {
        vector.0.copy_from_slice(chunk);
    }
    let rest = chunks.remainder();
    if let Some(last) = to.last_mut()
        && !rest.is_empty()
    {
        // Lanes beyond the end are computed and thrown away.
        *last = Vector::ZERO;
        last.0[..rest.len()].copy_from_slice(rest);
    }
}

#[inline(always)]
fn store(from: &[Vector], to: &mut [f32]) {
    let mut chunks = to.chunks_exact_mut(LANES);
    for (vector, chunk) in from.iter().zip(&mut chunks) {
        chunk.copy_from_slice(&vector.0);
    }
    let rest = chunks.into_remainder();
    if let Some(last) = from.last() {
        let n = rest.len();
        rest.copy_from_slice(&last.0[..n]);
    }
}

impl Rows<'_> {
    #[inline(always)]
    fn row_mut(&mut self, row: u16) -> &mut [Vector] {
        let start = row as usize * self.stride;
        &mut self.scratch[start..start + self.n]
    }

    /// The destination and the operands, which are other rows.
    #[inline(always)]
    fn split<const N: usize>(
        &mut self,
        to: u16,
        operands: [u16; N],
    ) -> (&mut [Vector], [&[Vector]; N]) {
        let (n, stride) = (self.n, self.stride);
        let (before, rest) = self.scratch.split_at_mut(to as usize * stride);
        let (to_row, after) = rest.split_at_mut(stride);
        let (before, after) = (&*before, &*after);
        let operands = operands.map(|operand| {
            let (side, row) = if operand < to {
                (before, operand)
            } else {
                (after, operand - to - 1)
            };
            let start = row as usize * stride;
            &side[start..start + n]
        });
        (&mut to_row[..n], operands)
    }
}

#[inline(always)]
fn read<S: Simd>(simd: S, vector: &Vector) -> f32x8<S> {
    f32x8::from_slice(simd, &vector.0)
}

/// A loop over one row. A macro, because what stands in it must be inlined where the processor's
/// vector instructions are enabled.
macro_rules! each {
    ($simd:ident, $rows:ident, $i:ident, |$a:ident| $value:expr) => {{
        let (to, [a]) = $rows.split($i.to, [$i.operands[0]]);
        for (to, a) in to.iter_mut().zip(a) {
            let $a = read($simd, a);
            $value.store_slice(&mut to.0);
        }
    }};
    ($simd:ident, $rows:ident, $i:ident, |$a:ident, $b:ident| $value:expr) => {{
        let (to, [a, b]) = $rows.split($i.to, [$i.operands[0], $i.operands[1]]);
        for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
            let ($a, $b) = (read($simd, a), read($simd, b));
            $value.store_slice(&mut to.0);
        }
    }};
    ($simd:ident, $rows:ident, $i:ident, |$a:ident, $b:ident, $c:ident, $d:ident| $value:expr) => {{
        let (to, [a, b, c, d]) = $rows.split($i.to, $i.operands);
        for ((((to, a), b), c), d) in to.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            let ($a, $b) = (read($simd, a), read($simd, b));
            let ($c, $d) = (read($simd, c), read($simd, d));
            $value.store_slice(&mut to.0);
        }
    }};
}

/// A loop over one row that writes two.
macro_rules! each_pair {
    ($simd:ident, $rows:ident, $i:ident, |$a:ident| $value:expr) => {{
        let (n, stride) = ($rows.n, $rows.stride);
        let range = |row: u16| row as usize * stride..row as usize * stride + n;
        let ranges = [range($i.to), range($i.to2), range($i.operands[0])];
        let rows = $rows.scratch.get_disjoint_mut(ranges);
        let [to, to2, a] = rows.expect("no destination is an operand, nor the other destination");
        for ((to, to2), a) in to.iter_mut().zip(to2).zip(a) {
            let $a = read($simd, a);
            let (first, second) = $value;
            first.store_slice(&mut to.0);
            second.store_slice(&mut to2.0);
        }
    }};
}

#[inline(always)]
fn execute<S: Simd>(simd: S, i: &Instruction, rows: &mut Rows) {
    match i.op {
        Op::Neg => each!(simd, rows, i, |a| (-a)),
        Op::Abs => each!(simd, rows, i, |a| a.abs()),
        Op::Sign => each!(simd, rows, i, |a| vm::sign(a)),
        Op::Exp => each!(simd, rows, i, |a| vm::exp(a)),
        Op::Expm1 => each!(simd, rows, i, |a| vm::expm1(a)),
        Op::Log => each!(simd, rows, i, |a| vm::log(a)),
        Op::Log1p => each!(simd, rows, i, |a| vm::log1p(a)),
        Op::Sqrt => each!(simd, rows, i, |a| a.sqrt()),
        Op::Sin => each!(simd, rows, i, |a| vm::sin(a)),
        Op::Cos => each!(simd, rows, i, |a| vm::cos(a)),
        Op::Sigmoid => each!(simd, rows, i, |a| vm::sigmoid(a)),
        Op::SigmoidOfNegative => each!(simd, rows, i, |a| vm::sigmoid(-a)),
        Op::Tanh => each!(simd, rows, i, |a| vm::tanh(a)),
        Op::Sech2 => each!(simd, rows, i, |a| vm::sech2(a)),
        Op::Softplus => each!(simd, rows, i, |a| vm::softplus(a)),
        Op::Erf => each!(simd, rows, i, |a| vm::erf(a)),
        Op::Floor => each!(simd, rows, i, |a| a.floor()),
        Op::Square => each!(simd, rows, i, |a| (a * a)),
        Op::Add => each!(simd, rows, i, |a, b| (a + b)),
        Op::Sub => each!(simd, rows, i, |a, b| (a - b)),
        Op::Mul => each!(simd, rows, i, |a, b| (a * b)),
        Op::Div => each!(simd, rows, i, |a, b| (a / b)),
        Op::Pow => each!(simd, rows, i, |a, b| vm::pow(a, b)),
        Op::Min => each!(simd, rows, i, |a, b| vm::min(a, b)),
        Op::Max => each!(simd, rows, i, |a, b| vm::max(a, b)),
        Op::SelectGreater => each!(simd, rows, i, |a, b, c, d| a.simd_gt(b).select(c, d)),
        Op::SelectGreaterEqual => each!(simd, rows, i, |a, b, c, d| a.simd_ge(b).select(c, d)),
        Op::SelectEqual => each!(simd, rows, i, |a, b, c, d| a.simd_eq(b).select(c, d)),
        Op::SigmoidPair => each_pair!(simd, rows, i, |a| vm::sigmoid_pair(a)),
        Op::TanhPair => each_pair!(simd, rows, i, |a| vm::tanh_pair(a)),
    }
}
