//! Gives every value a row: numbers, parameters and what follows from them keep theirs for the whole
//! call, the others take rows in turn.

use actiscope_vector::{Instruction, OUTPUT, Op, PAIRS, Program, Z_ROW};

use crate::expr::Expr;

mod lower;

use lower::{Lowering, Slot, Value};

/// Compiles `outputs`, whose parameters will be given in the order of `params`.
///
/// # Panics
/// If an expression has a parameter that is not in `params`.
pub fn compile(outputs: &[&Expr], params: &[&str]) -> Program {
    let mut lowering = Lowering::default();
    let outputs: Vec<Slot> = (outputs.iter())
        .map(|expr| lowering.lower(&expr.simplify(), params))
        .collect();
    let mut compiler = Compiler::new(&lowering.values, &outputs);
    for slot in 0..lowering.values.len() {
        if !compiler.varies[slot] {
            compiler.place(slot);
        }
    }
    for slot in 0..lowering.values.len() {
        if compiler.varies[slot] {
            compiler.place(slot);
        }
    }
    let copies = compiler.copies(&outputs);
    Program {
        n_params: params.len(),
        n_outputs: outputs.len(),
        n_rows: compiler.n_rows,
        numbers: compiler.numbers,
        params: compiler.params,
        prologue: compiler.prologue,
        body: compiler.body,
        copies,
    }
}

struct Compiler<'a> {
    values: &'a [Value],
    /// Depends on `z`.
    varies: Vec<bool>,
    /// The last value that uses it; `usize::MAX` for outputs; `None` if nothing does.
    last_use: Vec<Option<Slot>>,
    /// The output that an operation can be written to at once: it is no operand, and no other output.
    direct: Vec<Option<u16>>,
    rows: Vec<Option<u16>>,
    /// Done along with its partner.
    is_written: Vec<bool>,
    free: Vec<u16>,
    n_rows: usize,
    numbers: Vec<(u16, f32)>,
    params: Vec<(u16, u16)>,
    prologue: Vec<Instruction>,
    body: Vec<Instruction>,
}

impl<'a> Compiler<'a> {
    fn new(values: &'a [Value], outputs: &[Slot]) -> Self {
        let mut varies: Vec<bool> = Vec::with_capacity(values.len());
        for value in values {
            let is_z = *value == Value::Z;
            varies.push(is_z || value.operands().iter().any(|&slot| varies[slot]));
        }
        let mut last_use = vec![None; values.len()];
        for &output in outputs {
            last_use[output] = Some(Slot::MAX);
        }
        // From the end, so that what is used only by what nobody uses is left out.
        for (slot, value) in values.iter().enumerate().rev() {
            if last_use[slot].is_some() {
                for &operand in value.operands() {
                    last_use[operand] = last_use[operand].or(Some(slot));
                }
            }
        }
        let mut direct = vec![None; values.len()];
        for (index, &slot) in outputs.iter().enumerate() {
            let is_live = |user: Slot| last_use[user].is_some();
            let is_operand = (values.iter().enumerate())
                .any(|(user, value)| is_live(user) && value.operands().contains(&slot));
            let is_unique = outputs.iter().filter(|&&other| other == slot).count() == 1;
            if varies[slot] && values[slot] != Value::Z && !is_operand && is_unique {
                direct[slot] = Some(OUTPUT + index as u16);
            }
        }
        Self {
            values,
            varies,
            last_use,
            direct,
            rows: vec![None; values.len()],
            is_written: vec![false; values.len()],
            free: Vec::new(),
            n_rows: 0,
            numbers: Vec::new(),
            params: Vec::new(),
            prologue: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Gives a value its row and, if it is an operation, its instruction.
    fn place(&mut self, slot: Slot) {
        if self.last_use[slot].is_none() {
            return;
        }
        match self.values[slot] {
            Value::Z => self.rows[slot] = Some(Z_ROW),
            Value::Number(bits) => {
                let row = self.row_for(slot);
                self.numbers.push((row, f32::from_bits(bits)));
            }
            Value::Param(index) => {
                let row = self.row_for(slot);
                self.params.push((row, index));
            }
            Value::Op(..) => {
                // The second of a pair was written with the first.
                if !self.is_written[slot] {
                    self.emit(slot);
                }
                self.release_operands(slot);
            }
        }
    }

    fn emit(&mut self, slot: Slot) {
        let Value::Op(mut op, operands) = self.values[slot] else {
            return;
        };
        let (to, to2) = match self.partner(op, operands) {
            None => {
                let to = self.direct[slot].unwrap_or_else(|| self.row_for(slot));
                (to, to)
            }
            Some((partner, pair, is_first)) => {
                op = pair;
                let (to, to2) = match (self.direct[slot], self.direct[partner]) {
                    (Some(to), Some(to2)) => (to, to2),
                    _ => {
                        self.direct[slot] = None;
                        self.direct[partner] = None;
                        (self.row_for(slot), self.row_for(partner))
                    }
                };
                self.is_written[partner] = true;
                if is_first { (to, to2) } else { (to2, to) }
            }
        };
        // Operands stand before their users, so they have rows. Places beyond the operation's own
        // operands are never read.
        let operands = operands.map(|operand| self.rows[operand].unwrap_or(Z_ROW));
        let instruction = Instruction {
            op,
            to,
            to2,
            operands,
        };
        self.is_written[slot] = true;
        if self.varies[slot] {
            self.body.push(instruction);
        } else {
            self.prologue.push(instruction);
        }
    }

    /// The value that can be computed along with this one: its slot, the operation that does both, and
    /// whether this one is the first of the pair.
    fn partner(&self, op: Op, operands: [Slot; 4]) -> Option<(Slot, Op, bool)> {
        PAIRS.iter().find_map(|&(first, second, pair)| {
            let other = match op {
                _ if op == first => second,
                _ if op == second => first,
                _ => return None,
            };
            let slot = self.live_slot(Value::Op(other, operands))?;
            (!self.is_written[slot]).then_some((slot, pair, op == first))
        })
    }

    /// Rows that are to be copied to outputs: those of outputs that are not written at once.
    fn copies(&self, outputs: &[Slot]) -> Vec<(u16, u16)> {
        let indexed = outputs.iter().enumerate();
        let copied = indexed.filter(|&(_, &slot)| self.direct[slot].is_none());
        copied
            // Outputs are used, so they have rows.
            .filter_map(|(index, &slot)| Some((self.rows[slot]?, index as u16)))
            .collect()
    }

    fn live_slot(&self, value: Value) -> Option<Slot> {
        let slot = self.values.iter().position(|known| *known == value)?;
        self.last_use[slot].map(|_| slot)
    }

    fn row_for(&mut self, slot: Slot) -> u16 {
        let free = if self.varies[slot] {
            self.free.pop()
        } else {
            None
        };
        let row = free.unwrap_or_else(|| {
            self.n_rows += 1;
            // Formulas are bounded far below 2^15 nodes. Row 0 is z.
            self.n_rows as u16
        });
        self.rows[slot] = Some(row);
        row
    }

    /// Frees the rows of operands that are used here for the last time.
    fn release_operands(&mut self, slot: Slot) {
        let operands = self.values[slot].operands();
        for (i, &operand) in operands.iter().enumerate() {
            let is_last = self.last_use[operand] == Some(slot);
            let is_first_mention = !operands[..i].contains(&operand);
            let is_reusable = self.varies[operand] && self.values[operand] != Value::Z;
            if is_last && is_first_mention && is_reusable {
                self.free.extend(self.rows[operand]);
            }
        }
    }
}
