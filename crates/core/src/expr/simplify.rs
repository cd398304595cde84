//! Simplification: constructors that apply rules as they build.
//!
//! Sums collect like terms and products collect like factors; both keep the order in which things
//! first appear, so that a formula stays recognisable. Numbers are combined where that is exact or
//! already decimal; `1 / 6`, `sqrt(2)` and `pi` stay as they are, for they read better so. A rule may
//! remove a singularity (`x / x` becomes 1), never add one: where the original is finite, the value
//! is the same up to rounding.

use super::Expr;
use super::builder::Builder;
use super::node::{Binary, Comparison, Id, Node, Number, Unary};
use super::ratio::Ratio;

/// Exponents that count as repeated factors.
const MAX_EXPONENT: i32 = 64;

impl Expr {
    /// An equal expression with the rules of this module applied.
    pub fn simplify(&self) -> Self {
        let mut builder = Builder::default();
        let mut ids: Vec<Id> = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let node = node.map_operands(|id| ids[id as usize]);
            ids.push(builder.simplified(&node));
        }
        builder.finish(ids[ids.len() - 1])
    }
}

/// A product: `ratio * base_1^exponent_1 * ...`, exponents not 0.
struct Product {
    ratio: Ratio,
    factors: Vec<(Id, i32)>,
}

impl Product {
    /// Multiplies by `base^exponent`. An exponent too large for a factor list is refused.
    fn push(&mut self, base: Id, exponent: i32) -> bool {
        match self.factors.iter_mut().find(|(known, _)| *known == base) {
            Some((_, known)) => *known += exponent,
            None => self.factors.push((base, exponent)),
        }
        self.factors.retain(|&(_, exponent)| exponent != 0);
        self.factors.iter().all(|(_, e)| e.abs() <= MAX_EXPONENT)
    }
}

/// A sum: `constant + ratio_1 * base_1 + ...`.
struct Sum {
    /// `None` is the constant.
    terms: Vec<(Ratio, Option<Id>)>,
}

impl Sum {
    fn push(&mut self, ratio: Ratio, base: Option<Id>) -> Option<()> {
        match self.terms.iter_mut().find(|(_, known)| *known == base) {
            Some((known, _)) => *known = known.add(ratio)?,
            None => self.terms.push((ratio, base)),
        }
        Some(())
    }
}

impl Builder {
    /// This node, its operands being simplified already.
    pub fn simplified(&mut self, node: &Node) -> Id {
        match *node {
            Node::Number(_) | Node::Pi | Node::Z | Node::Param(_) => self.intern(node.clone()),
            Node::Unary(Unary::Neg, a) => self.neg(a),
            Node::Unary(op, a) => self.unary(op, a),
            Node::Binary(Binary::Add, a, b) => self.add(a, b),
            Node::Binary(Binary::Sub, a, b) => self.sub(a, b),
            Node::Binary(Binary::Mul, a, b) => self.mul(a, b),
            Node::Binary(Binary::Div, a, b) => self.div(a, b),
            Node::Binary(Binary::Pow, a, b) => self.pow(a, b),
            Node::Binary(op @ (Binary::Min | Binary::Max), a, b) => self.extremum(op, a, b),
            Node::Compare(op, a, b) => self.compare(op, a, b),
            Node::Where(c, a, b) => self.choose(c, a, b),
        }
    }

    pub fn number_at(&self, id: Id) -> Option<f64> {
        match *self.node(id) {
            Node::Number(Number(value)) => Some(value),
            _ => None,
        }
    }

    /// A function of one argument. Numbers are folded where the result is a whole number.
    pub fn unary(&mut self, op: Unary, a: Id) -> Id {
        if let Some(x) = self.number_at(a) {
            let y = op.apply(x);
            let is_exact = matches!(op, Unary::Abs | Unary::Sign | Unary::Floor);
            if y.is_finite() && (is_exact || y == y.floor()) {
                return self.number(y);
            }
        }
        self.raw_unary(op, a)
    }

    pub fn neg(&mut self, a: Id) -> Id {
        match *self.node(a) {
            Node::Binary(Binary::Add | Binary::Sub, ..) => {
                let zero = self.number(0.0);
                self.sub(zero, a)
            }
            _ => {
                let minus_one = self.number(-1.0);
                self.mul(minus_one, a)
            }
        }
    }

    pub fn add(&mut self, a: Id, b: Id) -> Id {
        self.try_sum(a, b, Ratio::ONE)
            .unwrap_or_else(|| self.raw_binary(Binary::Add, a, b))
    }

    pub fn sub(&mut self, a: Id, b: Id) -> Id {
        self.try_sum(a, b, Ratio::MINUS_ONE)
            .unwrap_or_else(|| self.raw_binary(Binary::Sub, a, b))
    }

    pub fn mul(&mut self, a: Id, b: Id) -> Id {
        self.try_product(a, b, 1)
            .unwrap_or_else(|| self.raw_binary(Binary::Mul, a, b))
    }

    pub fn div(&mut self, a: Id, b: Id) -> Id {
        self.try_product(a, b, -1)
            .unwrap_or_else(|| self.raw_binary(Binary::Div, a, b))
    }

    pub fn pow(&mut self, a: Id, b: Id) -> Id {
        self.try_power(a, b)
            .unwrap_or_else(|| self.raw_binary(Binary::Pow, a, b))
    }

    pub fn extremum(&mut self, op: Binary, a: Id, b: Id) -> Id {
        if a == b {
            return a;
        }
        if let (Some(x), Some(y)) = (self.number_at(a), self.number_at(b)) {
            return self.number(op.apply(x, y));
        }
        self.raw_binary(op, a, b)
    }

    pub fn compare(&mut self, op: Comparison, a: Id, b: Id) -> Id {
        if let (Some(x), Some(y)) = (self.number_at(a), self.number_at(b)) {
            return self.number(f64::from(op.holds(x, y)));
        }
        self.raw_compare(op, a, b)
    }

    /// `where(c, a, b)`. A branch that asks the same again is answered.
    pub fn choose(&mut self, c: Id, a: Id, b: Id) -> Id {
        if let Some(x) = self.number_at(c) {
            return if x != 0.0 { a } else { b };
        }
        let a = match *self.node(a) {
            Node::Where(inner, taken, _) if inner == c => taken,
            _ => a,
        };
        let b = match *self.node(b) {
            Node::Where(inner, _, taken) if inner == c => taken,
            _ => b,
        };
        if a == b {
            return a;
        }
        self.intern(Node::Where(c, a, b))
    }

    /// `a * b^sign`; `None` where numbers would overflow.
    fn try_product(&mut self, a: Id, b: Id, sign: i32) -> Option<Id> {
        let mut product = Product {
            ratio: Ratio::ONE,
            factors: Vec::new(),
        };
        self.collect_factors(a, 1, &mut product)?;
        self.collect_factors(b, sign, &mut product)?;
        self.build_product(product)
    }

    /// Integer powers are repeated factors: (2 z)^2 is 4 z^2.
    fn try_power(&mut self, a: Id, b: Id) -> Option<Id> {
        let exponent = self.number_at(b)?;
        if exponent == 0.0 {
            return Some(self.number(1.0));
        }
        if exponent == 1.0 {
            return Some(a);
        }
        if exponent != exponent.floor() || exponent.abs() > f64::from(MAX_EXPONENT) {
            return None;
        }
        let mut product = Product {
            ratio: Ratio::ONE,
            factors: Vec::new(),
        };
        self.collect_factors(a, exponent as i32, &mut product)?;
        self.build_product(product)
    }

    /// Multiplies `product` by `id^exponent`.
    fn collect_factors(&mut self, id: Id, exponent: i32, product: &mut Product) -> Option<()> {
        match *self.node(id) {
            Node::Number(Number(value)) => {
                product.ratio = product.ratio.mul(Ratio::of(value).powi(exponent)?)?;
            }
            Node::Unary(Unary::Neg, a) => {
                product.ratio = product.ratio.mul(Ratio::MINUS_ONE.powi(exponent)?)?;
                self.collect_factors(a, exponent, product)?;
            }
            Node::Binary(Binary::Mul, a, b) => {
                self.collect_factors(a, exponent, product)?;
                self.collect_factors(b, exponent, product)?;
            }
            Node::Binary(Binary::Div, a, b) => {
                self.collect_factors(a, exponent, product)?;
                self.collect_factors(b, -exponent, product)?;
            }
            Node::Binary(Binary::Pow, a, b) => match self.whole_exponent(b) {
                Some(inner) => {
                    let outer = inner.checked_mul(exponent)?;
                    product.push(a, outer).then_some(())?;
                }
                None => product.push(id, exponent).then_some(())?,
            },
            // sqrt(x)^2 is x.
            Node::Unary(Unary::Sqrt, a) if exponent % 2 == 0 => {
                self.collect_factors(a, exponent / 2, product)?;
            }
            _ => product.push(id, exponent).then_some(())?,
        }
        Some(())
    }

    fn whole_exponent(&self, id: Id) -> Option<i32> {
        let value = self.number_at(id)?;
        (value == value.floor() && value.abs() <= f64::from(MAX_EXPONENT)).then_some(value as i32)
    }

    fn build_product(&mut self, mut product: Product) -> Option<Id> {
        if product.ratio.is_zero() {
            return Some(self.number(0.0));
        }
        self.merge_signs(&mut product);
        self.merge_roots(&mut product);
        let (num, den) = product.ratio.parts();
        let has_factor_above = product.factors.iter().any(|&(_, exponent)| exponent > 0);
        // A sign goes to the first factor: -x * y reads better than -(x * y).
        let mut is_sign_open = num == -1.0 && has_factor_above;
        let mut above = None;
        let mut below = None;
        if !is_sign_open && (num != 1.0 || !has_factor_above) {
            above = Some(self.number(num));
        }
        for (base, exponent) in product.factors {
            let mut factor = self.raw_power(base, exponent.abs());
            if exponent > 0 && is_sign_open {
                factor = self.raw_unary(Unary::Neg, factor);
                is_sign_open = false;
            }
            let place = if exponent > 0 { &mut above } else { &mut below };
            *place = Some(match *place {
                Some(known) => self.raw_binary(Binary::Mul, known, factor),
                None => factor,
            });
        }
        // There is a factor above, or the number is.
        let above = above?;
        let den = (den != 1.0).then(|| self.number(den));
        let below = match (den, below) {
            (Some(den), Some(below)) => Some(self.raw_binary(Binary::Mul, den, below)),
            (den, below) => den.or(below),
        };
        Some(match below {
            Some(below) => self.raw_binary(Binary::Div, above, below),
            None => above,
        })
    }

    fn raw_power(&mut self, base: Id, exponent: i32) -> Id {
        if exponent == 1 {
            return base;
        }
        let exponent = self.number(f64::from(exponent));
        self.raw_binary(Binary::Pow, base, exponent)
    }

    /// sqrt(a) sqrt(b) is sqrt(a b) for numbers, of which neither is negative.
    fn merge_roots(&mut self, product: &mut Product) {
        let root_of_number = |builder: &Self, base: Id| match *builder.node(base) {
            Node::Unary(Unary::Sqrt, of) => match *builder.node(of) {
                Node::Number(Number(value)) if value >= 0.0 => Some(of),
                Node::Pi => Some(of),
                _ => None,
            },
            _ => None,
        };
        for exponent in [-1, 1] {
            let roots: Vec<(Id, Id)> = (product.factors.iter())
                .filter(|&&(_, e)| e == exponent)
                .filter_map(|&(base, _)| Some((base, root_of_number(self, base)?)))
                .collect();
            if let [(first, a), (second, b)] = roots[..] {
                let under = self.mul(b, a);
                let root = self.unary(Unary::Sqrt, under);
                product.factors.retain(|&(base, _)| base != second);
                for factor in &mut product.factors {
                    if factor.0 == first {
                        factor.0 = root;
                    }
                }
            }
        }
    }

    /// sign(x) x is abs(x).
    fn merge_signs(&mut self, product: &mut Product) {
        let pair = product.factors.iter().find_map(|&(base, exponent)| {
            let &Node::Unary(Unary::Sign, of) = self.node(base) else {
                return None;
            };
            let has_of = product.factors.contains(&(of, 1));
            (exponent == 1 && has_of).then_some((base, of))
        });
        let Some((sign, of)) = pair else { return };
        product.factors.retain(|&(base, _)| base != sign);
        let abs = self.raw_unary(Unary::Abs, of);
        for factor in &mut product.factors {
            if *factor == (of, 1) {
                factor.0 = abs;
            }
        }
    }

    /// `a + sign * b`; `None` where numbers would overflow.
    fn try_sum(&mut self, a: Id, b: Id, sign: Ratio) -> Option<Id> {
        let mut sum = Sum { terms: Vec::new() };
        self.collect_terms(a, Ratio::ONE, &mut sum)?;
        self.collect_terms(b, sign, &mut sum)?;
        self.build_sum(sum)
    }

    fn collect_terms(&mut self, id: Id, scale: Ratio, sum: &mut Sum) -> Option<()> {
        match *self.node(id) {
            Node::Binary(Binary::Add, a, b) => {
                self.collect_terms(a, scale, sum)?;
                self.collect_terms(b, scale, sum)
            }
            Node::Binary(Binary::Sub, a, b) => {
                self.collect_terms(a, scale, sum)?;
                self.collect_terms(b, scale.mul(Ratio::MINUS_ONE)?, sum)
            }
            _ => {
                let mut product = Product {
                    ratio: scale,
                    factors: Vec::new(),
                };
                self.collect_factors(id, 1, &mut product)?;
                let ratio = product.ratio;
                if product.factors.is_empty() {
                    return sum.push(ratio, None);
                }
                product.ratio = Ratio::ONE;
                let base = self.build_product(product)?;
                sum.push(ratio, Some(base))
            }
        }
    }

    fn build_sum(&mut self, mut sum: Sum) -> Option<Id> {
        self.merge_one_minus_sech2(&mut sum)?;
        sum.terms.retain(|(ratio, _)| !ratio.is_zero());
        // Begin with a positive term, so that -x + 1 reads 1 - x.
        if let Some(first) = sum.terms.iter().position(|(ratio, _)| !ratio.is_negative()) {
            sum.terms[..=first].rotate_right(1);
        }
        let mut total: Option<Id> = None;
        for (ratio, base) in sum.terms {
            let is_subtracted = total.is_some() && ratio.is_negative();
            let ratio = if is_subtracted {
                ratio.mul(Ratio::MINUS_ONE)?
            } else {
                ratio
            };
            let mut product = Product {
                ratio,
                factors: Vec::new(),
            };
            if let Some(base) = base {
                self.collect_factors(base, 1, &mut product)?;
            }
            let term = self.build_product(product)?;
            total = Some(match total {
                None => term,
                Some(known) if is_subtracted => self.raw_binary(Binary::Sub, known, term),
                Some(known) => self.raw_binary(Binary::Add, known, term),
            });
        }
        Some(total.unwrap_or_else(|| self.number(0.0)))
    }

    /// 1 - sech2(x) is tanh(x)^2, which keeps its digits near 0.
    fn merge_one_minus_sech2(&mut self, sum: &mut Sum) -> Option<()> {
        let Some(&(constant, _)) = sum.terms.iter().find(|(_, base)| base.is_none()) else {
            return Some(());
        };
        let opposite = constant.mul(Ratio::MINUS_ONE)?;
        let found = sum.terms.iter().find_map(|&(ratio, base)| {
            let base = base?;
            match *self.node(base) {
                Node::Unary(Unary::Sech2, of) if ratio == opposite => Some((base, of)),
                _ => None,
            }
        });
        let Some((sech2, of)) = found else {
            return Some(());
        };
        let tanh = self.raw_unary(Unary::Tanh, of);
        let square = self.raw_power(tanh, 2);
        sum.terms.retain(|&(_, base)| base != Some(sech2));
        for term in &mut sum.terms {
            if term.1.is_none() {
                term.1 = Some(square);
            }
        }
        Some(())
    }
}
