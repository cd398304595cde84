//! The instructions of a [`super::Program`].

/// The row of `z`.
pub const Z_ROW: u16 = 0;

/// Destinations from here on are outputs.
pub const OUTPUT: u16 = 0x8000;

/// What an instruction does, on rows `a`, `b`, `c`, `d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Neg,
    Abs,
    Sign,
    Exp,
    Expm1,
    Log,
    Log1p,
    Sqrt,
    Sin,
    Cos,
    Sigmoid,
    /// sigmoid(-a).
    SigmoidOfNegative,
    Tanh,
    Sech2,
    Softplus,
    Erf,
    Floor,
    Square,
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    /// c where a > b, else d.
    SelectGreater,
    /// c where a >= b, else d.
    SelectGreaterEqual,
    /// c where a == b, else d.
    SelectEqual,
    /// exp(a), and expm1(a) to the second destination.
    ExpPair,
    /// softplus(a), and sigmoid(a) to the second destination.
    SoftplusPair,
    /// sigmoid(a), and sigmoid(-a) to the second destination.
    SigmoidPair,
    /// tanh(a), and sech2(a) to the second destination.
    TanhPair,
}

/// Operations on one operand that together cost little more than one of them, and the operation that
/// does both.
pub const PAIRS: [(Op, Op, Op); 4] = [
    (Op::Exp, Op::Expm1, Op::ExpPair),
    (Op::Softplus, Op::Sigmoid, Op::SoftplusPair),
    (Op::Sigmoid, Op::SigmoidOfNegative, Op::SigmoidPair),
    (Op::Tanh, Op::Sech2, Op::TanhPair),
];

impl Op {
    pub fn n_operands(self) -> usize {
        match self {
            Self::Add | Self::Sub | Self::Mul | Self::Div | Self::Pow | Self::Min | Self::Max => 2,
            Self::SelectGreater | Self::SelectGreaterEqual | Self::SelectEqual => 4,
            _ => 1,
        }
    }
}

/// One operation. No destination is an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instruction {
    pub op: Op,
    /// A row, or [`OUTPUT`] and the index of an output.
    pub to: u16,
    /// Second destination of a pair, an output if the first is one; otherwise `to`.
    pub to2: u16,
    pub operands: [u16; 4],
}
