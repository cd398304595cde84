//! What an expression is made of: numbers, `z`, parameters and operations.

use std::sync::Arc;

/// Index of a node within its expression. Operands always come before the nodes that use them.
pub type Id = u32;

/// A finite number. Equality is by bits, so that expressions can be keys of a map.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    Number(Number),
    /// The circle constant, kept by name.
    Pi,
    /// The pre-activation.
    Z,
    /// A named parameter: `alpha`.
    Param(Arc<str>),
    Unary(Unary, Id),
    Binary(Binary, Id, Id),
    /// 1 where it holds, else 0. False with NaN, except `!=`.
    Compare(Comparison, Id, Id),
    /// The second where the first is not 0, else the third. Both are evaluated, one is taken.
    Where(Id, Id, Id),
}

/// Functions of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    Neg,
    Abs,
    /// -1, 0 or 1; 0 at 0.
    Sign,
    Exp,
    /// exp(x) - 1, exact near 0.
    Expm1,
    Log,
    /// log(1 + x), exact near 0.
    Log1p,
    Sqrt,
    Sin,
    Cos,
    /// 1 / (1 + exp(-x)).
    Sigmoid,
    Tanh,
    /// 1 - tanh(x)^2, exact also where tanh(x) rounds to 1 or -1.
    Sech2,
    /// log(1 + exp(x)).
    Softplus,
    Erf,
    Floor,
}

/// Functions of two arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    /// NaN if either is NaN.
    Min,
    /// NaN if either is NaN.
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
}

impl Unary {
    /// Those that are written as a call. `Neg` is not: it is written `-x`.
    pub const CALLS: [(Self, &'static str); 15] = [
        (Self::Abs, "abs"),
        (Self::Sign, "sign"),
        (Self::Exp, "exp"),
        (Self::Expm1, "expm1"),
        (Self::Log, "log"),
        (Self::Log1p, "log1p"),
        (Self::Sqrt, "sqrt"),
        (Self::Sin, "sin"),
        (Self::Cos, "cos"),
        (Self::Sigmoid, "sigmoid"),
        (Self::Tanh, "tanh"),
        (Self::Sech2, "sech2"),
        (Self::Softplus, "softplus"),
        (Self::Erf, "erf"),
        (Self::Floor, "floor"),
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Neg => "-",
            Self::Abs => "abs",
            Self::Sign => "sign",
            Self::Exp => "exp",
            Self::Expm1 => "expm1",
            Self::Log => "log",
            Self::Log1p => "log1p",
            Self::Sqrt => "sqrt",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Sech2 => "sech2",
            Self::Softplus => "softplus",
            Self::Erf => "erf",
            Self::Floor => "floor",
        }
    }

    /// The value at `x`. Stable: sigmoid, softplus and the like never overflow on the way.
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Neg => -x,
            Self::Abs => x.abs(),
            Self::Sign => {
                if x > 0.0 {
                    1.0
                } else if x < 0.0 {
                    -1.0
                } else {
                    // Zero keeps its sign and NaN stays NaN.
                    x
                }
            }
            Self::Exp => libm::exp(x),
            Self::Expm1 => libm::expm1(x),
            Self::Log => libm::log(x),
            Self::Log1p => libm::log1p(x),
            Self::Sqrt => x.sqrt(),
            Self::Sin => libm::sin(x),
            Self::Cos => libm::cos(x),
            Self::Sigmoid => {
                let e = libm::exp(-x.abs());
                if x < 0.0 {
                    e / (1.0 + e)
                } else {
                    1.0 / (1.0 + e)
                }
            }
            Self::Tanh => libm::tanh(x),
            Self::Sech2 => {
                let e = libm::exp(-2.0 * x.abs());
                4.0 * e / ((1.0 + e) * (1.0 + e))
            }
            Self::Softplus => maximum(x, 0.0) + libm::log1p(libm::exp(-x.abs())),
            Self::Erf => libm::erf(x),
            Self::Floor => x.floor(),
        }
    }
}

impl Binary {
    pub const CALLS: [(Self, &'static str); 2] = [(Self::Min, "min"), (Self::Max, "max")];

    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Pow => libm::pow(a, b),
            Self::Min => minimum(a, b),
            Self::Max => maximum(a, b),
        }
    }
}

impl Comparison {
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Eq => "==",
            Self::Ne => "!=",
        }
    }

    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Lt => a < b,
            Self::Le => a <= b,
            Self::Gt => a > b,
            Self::Ge => a >= b,
            Self::Eq => a == b,
            Self::Ne => a != b,
        }
    }
}

/// The larger; NaN if either is NaN. `f64::max` would drop the NaN.
fn maximum(a: f64, b: f64) -> f64 {
    if b > a || b.is_nan() { b } else { a }
}

/// The smaller; NaN if either is NaN.
fn minimum(a: f64, b: f64) -> f64 {
    if b < a || b.is_nan() { b } else { a }
}

impl Node {
    /// Calls `visit` with each operand, in order.
    pub fn for_each_operand(&self, mut visit: impl FnMut(Id)) {
        match *self {
            Self::Number(_) | Self::Pi | Self::Z | Self::Param(_) => {}
            Self::Unary(_, a) => visit(a),
            Self::Binary(_, a, b) | Self::Compare(_, a, b) => {
                visit(a);
                visit(b);
            }
            Self::Where(a, b, c) => {
                visit(a);
                visit(b);
                visit(c);
            }
        }
    }

    /// The number that this node is, given those of its operands; `None` if it depends on `z` or a
    /// parameter.
    pub fn fold(&self, number: impl Fn(Id) -> Option<f64>) -> Option<f64> {
        match *self {
            Self::Number(Number(value)) => Some(value),
            Self::Pi => Some(std::f64::consts::PI),
            Self::Z | Self::Param(_) => None,
            Self::Unary(op, a) => Some(op.apply(number(a)?)),
            Self::Binary(op, a, b) => Some(op.apply(number(a)?, number(b)?)),
            Self::Compare(op, a, b) => Some(f64::from(op.holds(number(a)?, number(b)?))),
            Self::Where(c, a, b) => {
                if number(c)? != 0.0 {
                    number(a)
                } else {
                    number(b)
                }
            }
        }
    }

    /// The same node with its operands renamed.
    pub fn map_operands(&self, mut rename: impl FnMut(Id) -> Id) -> Self {
        match self {
            Self::Number(_) | Self::Pi | Self::Z | Self::Param(_) => self.clone(),
            Self::Unary(op, a) => Self::Unary(*op, rename(*a)),
            Self::Binary(op, a, b) => Self::Binary(*op, rename(*a), rename(*b)),
            Self::Compare(op, a, b) => Self::Compare(*op, rename(*a), rename(*b)),
            Self::Where(a, b, c) => Self::Where(rename(*a), rename(*b), rename(*c)),
        }
    }
}
