//! The vector machine.

use fearless_simd::{Simd, f32x8, prelude::*};

use super::Program;
use super::long;
use super::op::{Instruction, OUTPUT, Op, Z_ROW};
use crate::math as vm;

/// f32 in a vector.
pub const LANES: usize = 8;

/// Eight f32.
pub type Vector = [f32; LANES];

/// Where a block of `z` is read and the outputs are written, and the rows between.
struct Machine<'a, 'o> {
    /// Rows of `stride` vectors; row 1 comes first, for row 0 is `z`.
    rows: &'a mut [Vector],
    stride: usize,
    /// `[n]`, the block.
    z: &'a [Vector],
    outputs: Outputs<'a, 'o>,
}

enum Outputs<'a, 'o> {
    /// The caller's slices, from `start` on.
    Block {
        slices: &'a mut [&'o mut [f32]],
        start: usize,
    },
    /// One vector an output, for the last few `z`, which fill no vector.
    Tail(&'a mut [Vector]),
}

/// Runs `program` over `z` in blocks of `stride` vectors. `scratch` holds its rows and one vector an
/// output.
#[inline(always)]
pub fn run<S: Simd>(
    simd: S,
    program: &Program,
    params: &[f32],
    z: &[f32],
    outputs: &mut [&mut [f32]],
    stride: usize,
    scratch: &mut [Vector],
) {
    let (tail_outputs, rows) = scratch.split_at_mut(outputs.len());
    prepare(simd, program, params, rows, stride);
    let (whole, rest) = z.as_chunks::<LANES>();
    for (i, block) in whole.chunks(stride).enumerate() {
        let mut machine = Machine {
            rows,
            stride,
            z: block,
            outputs: Outputs::Block {
                slices: outputs,
                start: i * stride * LANES,
            },
        };
        machine.run(simd, program);
    }
    if !rest.is_empty() {
        // Lanes beyond the end are computed and thrown away.
        let mut last = [0.0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        let mut machine = Machine {
            rows,
            stride,
            z: &[last],
            outputs: Outputs::Tail(tail_outputs),
        };
        machine.run(simd, program);
        for (output, last) in outputs.iter_mut().zip(&*tail_outputs) {
            output[whole.len() * LANES..].copy_from_slice(&last[..rest.len()]);
        }
    }
}

/// Fills the rows that stay the same for the whole call.
#[inline(always)]
fn prepare<S: Simd>(
    simd: S,
    program: &Program,
    params: &[f32],
    rows: &mut [Vector],
    stride: usize,
) {
    let mut fill = |row: u16, value: Vector| {
        let start = (row as usize - 1) * stride;
        rows[start..start + stride].fill(value);
    };
    for &(row, value) in &program.numbers {
        fill(row, [value; LANES]);
    }
    for &(row, index) in &program.params {
        fill(row, [params[index as usize]; LANES]);
    }
    for instruction in &program.prologue {
        let mut machine = Machine {
            rows,
            stride,
            z: &[[0.0; LANES]],
            outputs: Outputs::Tail(&mut []),
        };
        machine.execute(simd, instruction);
        for row in [instruction.to, instruction.to2] {
            let start = (row as usize - 1) * stride;
            let value = rows[start];
            rows[start..start + stride].fill(value);
        }
    }
}

impl Outputs<'_, '_> {
    #[inline(always)]
    fn get(&mut self, index: usize, n: usize) -> &mut [Vector] {
        match self {
            Self::Block { slices, start } => {
                slices[index][*start..*start + n * LANES].as_chunks_mut().0
            }
            Self::Tail(vectors) => std::slice::from_mut(&mut vectors[index]),
        }
    }

    #[inline(always)]
    fn get_two(&mut self, first: usize, second: usize, n: usize) -> [&mut [Vector]; 2] {
        const DISTINCT: &str = "a pair has two destinations";
        match self {
            Self::Block { slices, start } => {
                let range = *start..*start + n * LANES;
                let [first, second] = slices.get_disjoint_mut([first, second]).expect(DISTINCT);
                [
                    first[range.clone()].as_chunks_mut().0,
                    second[range].as_chunks_mut().0,
                ]
            }
            Self::Tail(vectors) => {
                let [first, second] = vectors.get_disjoint_mut([first, second]).expect(DISTINCT);
                [std::slice::from_mut(first), std::slice::from_mut(second)]
            }
        }
    }
}

/// Rows of which one may be cut out to be written.
#[derive(Clone, Copy)]
struct Sources<'a> {
    before: &'a [Vector],
    after: &'a [Vector],
    z: &'a [Vector],
    stride: usize,
}

impl<'a> Sources<'a> {
    /// The vectors of a row, as many as `z` has.
    #[inline(always)]
    fn row(&self, row: u16) -> &'a [Vector] {
        if row == Z_ROW {
            return self.z;
        }
        let n = self.z.len();
        let start = (row as usize - 1) * self.stride;
        if start < self.before.len() {
            &self.before[start..start + n]
        } else {
            let start = start - self.before.len() - self.stride;
            &self.after[start..start + n]
        }
    }
}

#[inline(always)]
fn read<S: Simd>(simd: S, vector: &Vector) -> f32x8<S> {
    f32x8::from_slice(simd, vector)
}

/// A loop over one row. A macro, because what stands in it must be inlined where the processor's
/// vector instructions are enabled.
macro_rules! each {
    ($self:ident, $simd:ident, $i:ident, |$a:ident| $value:expr) => {{
        let (to, sources) = $self.split($i.to);
        let a = sources.row($i.operands[0]);
        for (to, a) in to.iter_mut().zip(a) {
            let $a = read($simd, a);
            $value.store_slice(to);
        }
    }};
    ($self:ident, $simd:ident, $i:ident, |$a:ident, $b:ident| $value:expr) => {{
        let (to, sources) = $self.split($i.to);
        let a = sources.row($i.operands[0]);
        let b = sources.row($i.operands[1]);
        for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
            let ($a, $b) = (read($simd, a), read($simd, b));
            $value.store_slice(to);
        }
    }};
    ($self:ident, $simd:ident, $i:ident, |$a:ident, $b:ident, $c:ident, $d:ident| $value:expr) => {{
        let (to, sources) = $self.split($i.to);
        let a = sources.row($i.operands[0]);
        let b = sources.row($i.operands[1]);
        let c = sources.row($i.operands[2]);
        let d = sources.row($i.operands[3]);
        for ((((to, a), b), c), d) in to.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            let ($a, $b) = (read($simd, a), read($simd, b));
            let ($c, $d) = (read($simd, c), read($simd, d));
            $value.store_slice(to);
        }
    }};
}

/// A loop over one row with a function that takes long; see [`long`].
macro_rules! each_long {
    ($self:ident, $simd:ident, $i:ident, |$a:ident| $value:expr) => {{
        let (to, sources) = $self.split($i.to);
        let a = sources.row($i.operands[0]);
        long::each(
            $simd,
            a,
            to,
            #[inline(always)]
            |$a| $value,
        );
    }};
}

/// [`each_long`] that writes two rows.
macro_rules! each_pair {
    ($self:ident, $simd:ident, $i:ident, |$a:ident| $value:expr) => {{
        let (to, a) = $self.split_pair($i);
        long::each_pair(
            $simd,
            a,
            to,
            #[inline(always)]
            |$a| $value,
        );
    }};
}

impl Machine<'_, '_> {
    #[inline(always)]
    fn run<S: Simd>(&mut self, simd: S, program: &Program) {
        for instruction in &program.body {
            self.execute(simd, instruction);
        }
        let n = self.z.len();
        for &(row, output) in &program.copies {
            let sources = Sources {
                before: self.rows,
                after: &[],
                z: self.z,
                stride: self.stride,
            };
            let to = self.outputs.get(output as usize, n);
            to.copy_from_slice(sources.row(row));
        }
    }

    /// The destination, and the rest to read from.
    #[inline(always)]
    fn split(&mut self, to: u16) -> (&mut [Vector], Sources<'_>) {
        let n = self.z.len();
        let (before, to, after) = if to >= OUTPUT {
            let to = self.outputs.get((to - OUTPUT) as usize, n);
            (&*self.rows, to, &[][..])
        } else {
            let start = (to as usize - 1) * self.stride;
            let (before, rest) = self.rows.split_at_mut(start);
            let (to, after) = rest.split_at_mut(self.stride);
            (&*before, &mut to[..n], &*after)
        };
        let sources = Sources {
            before,
            after,
            z: self.z,
            stride: self.stride,
        };
        (to, sources)
    }

    /// Both destinations, which are outputs or rows together, and the operand.
    #[inline(always)]
    fn split_pair(&mut self, i: &Instruction) -> ([&mut [Vector]; 2], &[Vector]) {
        let n = self.z.len();
        let operand = i.operands[0];
        if i.to >= OUTPUT {
            let (first, second) = ((i.to - OUTPUT) as usize, (i.to2 - OUTPUT) as usize);
            let sources = Sources {
                before: self.rows,
                after: &[],
                z: self.z,
                stride: self.stride,
            };
            return (self.outputs.get_two(first, second, n), sources.row(operand));
        }
        let stride = self.stride;
        let range = |row: u16| {
            let start = (row as usize - 1) * stride;
            start..start + n
        };
        const DISTINCT: &str = "destinations and operand are different rows";
        if operand == Z_ROW {
            let ranges = [range(i.to), range(i.to2)];
            let to = self.rows.get_disjoint_mut(ranges).expect(DISTINCT);
            return (to, self.z);
        }
        let ranges = [range(i.to), range(i.to2), range(operand)];
        let [to, to2, operand] = self.rows.get_disjoint_mut(ranges).expect(DISTINCT);
        ([to, to2], operand)
    }

    #[inline(always)]
    fn execute<S: Simd>(&mut self, simd: S, i: &Instruction) {
        match i.op {
            Op::Neg => each!(self, simd, i, |a| (-a)),
            Op::Abs => each!(self, simd, i, |a| a.abs()),
            Op::Sign => each!(self, simd, i, |a| vm::sign(a)),
            Op::Exp => each_long!(self, simd, i, |a| vm::exp(a)),
            Op::Expm1 => each_long!(self, simd, i, |a| vm::expm1(a)),
            Op::Log => each_long!(self, simd, i, |a| vm::log(a)),
            Op::Log1p => each_long!(self, simd, i, |a| vm::log1p(a)),
            Op::Sqrt => each!(self, simd, i, |a| a.sqrt()),
            Op::Sin => each!(self, simd, i, |a| vm::sin(a)),
            Op::Cos => each!(self, simd, i, |a| vm::cos(a)),
            Op::Sigmoid => each_long!(self, simd, i, |a| vm::sigmoid(a)),
            Op::SigmoidOfNegative => each_long!(self, simd, i, |a| vm::sigmoid(-a)),
            Op::Tanh => each_long!(self, simd, i, |a| vm::tanh(a)),
            Op::Sech2 => each_long!(self, simd, i, |a| vm::sech2(a)),
            Op::Softplus => each_long!(self, simd, i, |a| vm::softplus(a)),
            Op::Erf => each_long!(self, simd, i, |a| vm::erf(a)),
            Op::Floor => each!(self, simd, i, |a| a.floor()),
            Op::Square => each!(self, simd, i, |a| (a * a)),
            Op::Add => each!(self, simd, i, |a, b| (a + b)),
            Op::Sub => each!(self, simd, i, |a, b| (a - b)),
            Op::Mul => each!(self, simd, i, |a, b| (a * b)),
            Op::Div => each!(self, simd, i, |a, b| (a / b)),
            Op::Pow => each!(self, simd, i, |a, b| vm::pow(a, b)),
            Op::Min => each!(self, simd, i, |a, b| vm::min(a, b)),
            Op::Max => each!(self, simd, i, |a, b| vm::max(a, b)),
            Op::SelectGreater => each!(self, simd, i, |a, b, c, d| a.simd_gt(b).select(c, d)),
            Op::SelectGreaterEqual => each!(self, simd, i, |a, b, c, d| a.simd_ge(b).select(c, d)),
            Op::SelectEqual => each!(self, simd, i, |a, b, c, d| a.simd_eq(b).select(c, d)),
            Op::ExpPair => each_pair!(self, simd, i, |a| vm::exp_pair(a)),
            Op::SoftplusPair => each_pair!(self, simd, i, |a| vm::softplus_pair(a)),
            Op::SigmoidPair => each_pair!(self, simd, i, |a| vm::sigmoid_pair(a)),
            Op::TanhPair => each_pair!(self, simd, i, |a| vm::tanh_pair(a)),
        }
    }
}
