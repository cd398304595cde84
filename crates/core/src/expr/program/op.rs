//! The instructions of a [`super::Program`].

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
    /// sigmoid(a), and sigmoid(-a) to the second destination.
    SigmoidPair,
    /// tanh(a), and sech2(a) to the second destination.
    TanhPair,
}

impl Op {
    /// The operation on the same operand that can be had almost for nothing beside this one, and the
    /// pair that gives both: this one's result first if `true`.
    pub fn partner(self) -> Option<(Self, Self, bool)> {
        match self {
            Self::Sigmoid => Some((Self::SigmoidOfNegative, Self::SigmoidPair, true)),
            Self::SigmoidOfNegative => Some((Self::Sigmoid, Self::SigmoidPair, false)),
            Self::Tanh => Some((Self::Sech2, Self::TanhPair, true)),
            Self::Sech2 => Some((Self::Tanh, Self::TanhPair, false)),
            _ => None,
        }
    }

    pub fn n_operands(self) -> usize {
        match self {
            Self::Add | Self::Sub | Self::Mul | Self::Div | Self::Pow | Self::Min | Self::Max => 2,
            Self::SelectGreater | Self::SelectGreaterEqual | Self::SelectEqual => 4,
            _ => 1,
        }
    }
}

/// One operation on rows. No destination is an operand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Instruction {
    pub op: Op,
    pub to: u16,
    /// Second destination of a pair; otherwise `to`.
    pub to2: u16,
    pub operands: [u16; 4],
}
