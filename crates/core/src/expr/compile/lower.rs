//! From expression nodes to operations of the vector machine: numbers are folded, integer powers
//! become products, a division by a number becomes a product, comparisons become selections.

use std::collections::HashMap;

use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Id, Node, Number, Unary};
use actiscope_vector::Op;

pub type Slot = usize;

/// A value of the vector machine before it has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Bits of an f32.
    Number(u32),
    Param(u16),
    Z,
    /// Operands beyond the operation's own are 0.
    Op(Op, [Slot; 4]),
}

impl Value {
    pub fn operands(&self) -> &[Slot] {
        match self {
            Self::Op(op, operands) => &operands[..op.n_operands()],
            _ => &[],
        }
    }
}

#[derive(Default)]
pub struct Lowering {
    pub values: Vec<Value>,
    slots: HashMap<Value, Slot>,
}

/// Whole exponents up to this become products.
const MAX_PRODUCT_EXPONENT: f64 = 32.0;

impl Lowering {
    /// Lowers an expression. Returns its slot.
    pub fn lower(&mut self, expr: &Expr, params: &[&str]) -> Slot {
        let mut slots: Vec<Slot> = Vec::with_capacity(expr.nodes().len());
        let mut numbers: Vec<Option<f64>> = Vec::with_capacity(expr.nodes().len());
        for node in expr.nodes() {
            let number = node.fold(|id| numbers[id as usize]);
            numbers.push(number);
            let slot = match number {
                Some(value) => self.number(value),
                None => self.lower_node(node, &slots, &numbers, params),
            };
            slots.push(slot);
        }
        slots[slots.len() - 1]
    }

    fn push(&mut self, value: Value) -> Slot {
        if let Some(&slot) = self.slots.get(&value) {
            return slot;
        }
        self.values.push(value);
        self.slots.insert(value, self.values.len() - 1);
        self.values.len() - 1
    }

    fn number(&mut self, value: f64) -> Slot {
        self.push(Value::Number((value as f32).to_bits()))
    }

    /// An operation as it is, but for the order of operands that commute.
    fn raw(&mut self, op: Op, operands: &[Slot]) -> Slot {
        let mut all = [0; 4];
        all[..operands.len()].copy_from_slice(operands);
        if matches!(op, Op::Add | Op::Mul) {
            all[..2].sort_unstable();
        }
        self.push(Value::Op(op, all))
    }

    /// An operation, its signs moved outwards or into its neighbours.
    fn op(&mut self, op: Op, operands: &[Slot]) -> Slot {
        match (op, operands) {
            (Op::Neg, &[a]) => self.negative(a),
            (Op::Square | Op::Abs, &[a]) => {
                let (_, a) = self.unsigned(a);
                self.raw(op, &[a])
            }
            (Op::Mul | Op::Div, &[a, b]) => {
                let ((a_sign, a), (b_sign, b)) = (self.unsigned(a), self.unsigned(b));
                let value = self.raw(op, &[a, b]);
                if a_sign == b_sign {
                    value
                } else {
                    self.negative(value)
                }
            }
            (Op::Add, &[a, b]) => match (self.unsigned(a), self.unsigned(b)) {
                (_, (true, b)) => self.raw(Op::Sub, &[a, b]),
                ((true, a), _) => self.raw(Op::Sub, &[b, a]),
                _ => self.raw(op, &[a, b]),
            },
            (Op::Sub, &[a, b]) => match self.unsigned(b) {
                (true, b) => self.raw(Op::Add, &[a, b]),
                _ => self.raw(op, &[a, b]),
            },
            (Op::Sigmoid, &[a]) => match self.without_sign(a) {
                Some(a) => self.raw(Op::SigmoidOfNegative, &[a]),
                None => self.raw(op, &[a]),
            },
            _ => self.raw(op, operands),
        }
    }

    /// Whether this is `-x`, and x or itself.
    fn unsigned(&self, slot: Slot) -> (bool, Slot) {
        match self.values[slot] {
            Value::Op(Op::Neg, [of, ..]) => (true, of),
            _ => (false, slot),
        }
    }

    /// -a. The sign of a product with a number goes into the number.
    fn negative(&mut self, a: Slot) -> Slot {
        if let (true, of) = self.unsigned(a) {
            return of;
        }
        match self.factor(a) {
            Some((other, number)) => {
                let number = self.number(-f64::from(number));
                self.raw(Op::Mul, &[other, number])
            }
            None => self.raw(Op::Neg, &[a]),
        }
    }

    /// If `a` has a sign in front, `a` without it.
    fn without_sign(&mut self, a: Slot) -> Option<Slot> {
        if let (true, of) = self.unsigned(a) {
            return Some(of);
        }
        let (other, number) = self.factor(a)?;
        (number < 0.0).then(|| {
            let number = self.number(-f64::from(number));
            self.raw(Op::Mul, &[other, number])
        })
    }

    /// If `a` is a product with a number: the other factor and the number.
    fn factor(&self, a: Slot) -> Option<(Slot, f32)> {
        let Value::Op(Op::Mul, [x, y, ..]) = self.values[a] else {
            return None;
        };
        [(x, y), (y, x)].into_iter().find_map(|(other, number)| {
            let Value::Number(bits) = self.values[number] else {
                return None;
            };
            Some((other, f32::from_bits(bits)))
        })
    }

    fn lower_node(
        &mut self,
        node: &Node,
        slots: &[Slot],
        numbers: &[Option<f64>],
        params: &[&str],
    ) -> Slot {
        let slot = |id: Id| slots[id as usize];
        match *node {
            // Folded by the caller.
            Node::Number(Number(value)) => self.number(value),
            Node::Pi => self.number(std::f64::consts::PI),
            Node::Z => self.push(Value::Z),
            Node::Param(ref name) => {
                let index = params.iter().position(|known| *known == &**name);
                let index = index.unwrap_or_else(|| panic!("no value for parameter `{name}`"));
                self.push(Value::Param(index as u16))
            }
            Node::Unary(op, a) => self.op(unary(op), &[slot(a)]),
            Node::Binary(Binary::Pow, a, b) => self.power(slot(a), slot(b), numbers[b as usize]),
            Node::Binary(Binary::Div, a, b) => match numbers[b as usize] {
                Some(divisor) if divisor != 0.0 => {
                    let factor = self.number(1.0 / divisor);
                    self.op(Op::Mul, &[slot(a), factor])
                }
                _ => self.op(Op::Div, &[slot(a), slot(b)]),
            },
            Node::Binary(op, a, b) => self.op(binary(op), &[slot(a), slot(b)]),
            Node::Compare(op, a, b) => {
                let (yes, no) = (self.number(1.0), self.number(0.0));
                self.select(op, slot(a), slot(b), yes, no)
            }
            Node::Where(c, a, b) => match self.values[slot(c)] {
                // A comparison that is a condition needs no 1 and 0.
                Value::Op(
                    op @ (Op::SelectGreater | Op::SelectGreaterEqual | Op::SelectEqual),
                    [x, y, yes, no],
                ) if self.is_number(yes, 1.0) && self.is_number(no, 0.0) => {
                    self.op(op, &[x, y, slot(a), slot(b)])
                }
                Value::Op(Op::SelectEqual, [x, y, yes, no])
                    if self.is_number(yes, 0.0) && self.is_number(no, 1.0) =>
                {
                    self.op(Op::SelectEqual, &[x, y, slot(b), slot(a)])
                }
                _ => {
                    let zero = self.number(0.0);
                    self.op(Op::SelectEqual, &[slot(c), zero, slot(b), slot(a)])
                }
            },
        }
    }

    fn is_number(&self, slot: Slot, value: f32) -> bool {
        self.values[slot] == Value::Number(value.to_bits())
    }

    fn select(&mut self, op: Comparison, a: Slot, b: Slot, yes: Slot, no: Slot) -> Slot {
        match op {
            Comparison::Gt => self.op(Op::SelectGreater, &[a, b, yes, no]),
            Comparison::Lt => self.op(Op::SelectGreater, &[b, a, yes, no]),
            Comparison::Ge => self.op(Op::SelectGreaterEqual, &[a, b, yes, no]),
            Comparison::Le => self.op(Op::SelectGreaterEqual, &[b, a, yes, no]),
            Comparison::Eq => self.op(Op::SelectEqual, &[a, b, yes, no]),
            Comparison::Ne => self.op(Op::SelectEqual, &[a, b, no, yes]),
        }
    }

    fn power(&mut self, base: Slot, exponent: Slot, number: Option<f64>) -> Slot {
        match number {
            Some(n) if n == n.floor() && n.abs() <= MAX_PRODUCT_EXPONENT => {
                let power = self.whole_power(base, n.abs() as u32);
                if n < 0.0 {
                    let one = self.number(1.0);
                    self.op(Op::Div, &[one, power])
                } else {
                    power
                }
            }
            _ => self.op(Op::Pow, &[base, exponent]),
        }
    }

    /// By squaring.
    fn whole_power(&mut self, base: Slot, n: u32) -> Slot {
        match n {
            0 => self.number(1.0),
            1 => base,
            _ => {
                let half = self.whole_power(base, n / 2);
                let square = self.op(Op::Square, &[half]);
                if n % 2 == 1 {
                    self.op(Op::Mul, &[square, base])
                } else {
                    square
                }
            }
        }
    }
}

fn unary(op: Unary) -> Op {
    match op {
        Unary::Neg => Op::Neg,
        Unary::Abs => Op::Abs,
        Unary::Sign => Op::Sign,
        Unary::Exp => Op::Exp,
        Unary::Expm1 => Op::Expm1,
        Unary::Log => Op::Log,
        Unary::Log1p => Op::Log1p,
        Unary::Sqrt => Op::Sqrt,
        Unary::Sin => Op::Sin,
        Unary::Cos => Op::Cos,
        Unary::Sigmoid => Op::Sigmoid,
        Unary::Tanh => Op::Tanh,
        Unary::Sech2 => Op::Sech2,
        Unary::Softplus => Op::Softplus,
        Unary::Erf => Op::Erf,
        Unary::Floor => Op::Floor,
    }
}

fn binary(op: Binary) -> Op {
    match op {
        Binary::Add => Op::Add,
        Binary::Sub => Op::Sub,
        Binary::Mul => Op::Mul,
        Binary::Div => Op::Div,
        Binary::Pow => Op::Pow,
        Binary::Min => Op::Min,
        Binary::Max => Op::Max,
    }
}
