//! What the printers of infix languages share: texts that know how tightly they bind, built from the
//! leaves up, so that no depth of nesting costs stack.

use crate::expr::Expr;
use crate::expr::builder::Builder;
use crate::expr::node::{Binary, Comparison, Id, Node, Number, Unary};

/// How tightly the outermost operator of a text binds. Our grammar, Python and WGSL agree on it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Binding {
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// A printed part.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    pub binding: Binding,
    /// True or false, where the language tells these from numbers.
    pub is_condition: bool,
}

impl Text {
    pub fn new(text: impl Into<String>, binding: Binding) -> Self {
        Self {
            text: text.into(),
            binding,
            is_condition: false,
        }
    }

    pub fn atom(text: impl Into<String>) -> Self {
        Self::new(text, Binding::Atom)
    }

    pub fn condition(text: impl Into<String>, binding: Binding) -> Self {
        Self {
            is_condition: true,
            ..Self::new(text, binding)
        }
    }

    /// The text, in parentheses if it binds less tightly than `at_least`.
    pub fn within(self, at_least: Binding) -> String {
        if self.binding < at_least {
            format!("({})", self.text)
        } else {
            self.text
        }
    }
}

/// A language. Operands come as numbers, conditions of `choose` as conditions.
pub trait Dialect {
    /// Parts that are used more than once get a name instead of being repeated.
    const NAMES_SHARED_PARTS: bool;
    /// Whether a part that is a number without `z` and parameters is printed as its value.
    const FOLDS_NUMBERS: bool;

    fn number(&self, value: f64) -> Text;
    fn pi(&self) -> Text;
    fn z(&self) -> Text {
        Text::atom("z")
    }
    fn param(&self, name: &str) -> Text;
    fn call(&self, op: Unary, a: Text) -> Text;
    /// Minimum, maximum or power. `exponent` is that of a power, if it is a number.
    fn extremum_or_power(&self, op: Binary, a: Text, b: Text, exponent: Option<f64>) -> Text;
    fn compare(&self, op: Comparison, a: Text, b: Text) -> Text;
    fn choose(&self, condition: Text, a: Text, b: Text) -> Text;
    /// A condition as 1 or 0.
    fn number_of(&self, condition: Text) -> Text;
    /// A number as a condition: whether it is not 0.
    fn condition_of(&self, number: Text) -> Text;
}

/// Expressions printed together: named parts in their order, then one text an expression.
pub struct Printed {
    pub parts: Vec<(String, String)>,
    pub results: Vec<Text>,
}

/// Prints `exprs`. Shared parts are named `t0`, `t1` and so on if the language asks for it.
pub fn print(dialect: &impl Dialect, exprs: &[&Expr]) -> Printed {
    let mut builder = Builder::default();
    let roots: Vec<Id> = exprs.iter().map(|expr| builder.import(expr)).collect();
    print_nodes(dialect, builder.nodes(), &roots)
}

fn print_nodes<D: Dialect>(dialect: &D, nodes: &[Node], roots: &[Id]) -> Printed {
    let numbers = folded(nodes);
    let mut n_uses = vec![0_usize; nodes.len()];
    for &root in roots {
        n_uses[root as usize] += 1;
    }
    for (id, node) in nodes.iter().enumerate().rev() {
        let is_folded = D::FOLDS_NUMBERS && numbers[id].is_some();
        if n_uses[id] > 0 && !is_folded {
            node.for_each_operand(|operand| n_uses[operand as usize] += 1);
        }
    }
    let mut parts = Vec::new();
    let mut texts: Vec<Option<Text>> = vec![None; nodes.len()];
    for (id, node) in nodes.iter().enumerate() {
        if n_uses[id] == 0 {
            continue;
        }
        let text = match numbers[id] {
            Some(value) if D::FOLDS_NUMBERS => dialect.number(value),
            _ => print_node(dialect, node, &mut texts, &mut n_uses, &numbers),
        };
        let is_leaf = is_leaf(node);
        texts[id] = Some(if D::NAMES_SHARED_PARTS && n_uses[id] > 1 && !is_leaf {
            let name = format!("t{}", parts.len());
            parts.push((name.clone(), text.text));
            Text {
                is_condition: text.is_condition,
                ..Text::atom(name)
            }
        } else {
            text
        });
    }
    let results = (roots.iter())
        .map(|&root| {
            let text = take(&mut texts, &mut n_uses, root);
            as_number(dialect, text)
        })
        .collect();
    Printed { parts, results }
}

fn is_leaf(node: &Node) -> bool {
    matches!(node, Node::Number(_) | Node::Pi | Node::Z | Node::Param(_))
}

/// The text of a node: the only copy if this is its last use.
fn take(texts: &mut [Option<Text>], n_uses: &mut [usize], id: Id) -> Text {
    let id = id as usize;
    n_uses[id] -= 1;
    let text = if n_uses[id] == 0 {
        texts[id].take()
    } else {
        texts[id].clone()
    };
    text.expect("operands are printed before their users")
}

fn as_number(dialect: &impl Dialect, text: Text) -> Text {
    if text.is_condition {
        dialect.number_of(text)
    } else {
        text
    }
}

fn print_node(
    dialect: &impl Dialect,
    node: &Node,
    texts: &mut [Option<Text>],
    n_uses: &mut [usize],
    numbers: &[Option<f64>],
) -> Text {
    let mut operand = |id: Id| take(texts, n_uses, id);
    match *node {
        Node::Number(Number(value)) => dialect.number(value),
        Node::Pi => dialect.pi(),
        Node::Z => dialect.z(),
        Node::Param(ref name) => dialect.param(name),
        Node::Unary(Unary::Neg, a) => {
            let a = as_number(dialect, operand(a));
            // `--` is a word of its own in WGSL.
            let at_least = if a.text.starts_with('-') {
                Binding::Atom
            } else {
                Binding::Sign
            };
            Text::new(format!("-{}", a.within(at_least)), Binding::Sign)
        }
        Node::Unary(op, a) => {
            let a = as_number(dialect, operand(a));
            dialect.call(op, a)
        }
        Node::Binary(op, a, b) => {
            let exponent = numbers[b as usize];
            let (a, b) = (operand(a), operand(b));
            let (a, b) = (as_number(dialect, a), as_number(dialect, b));
            match op {
                Binary::Add => infix(a, "+", b, Binding::Sum, Binding::Product),
                Binary::Sub => infix(a, "-", b, Binding::Sum, Binding::Product),
                Binary::Mul => infix(a, "*", b, Binding::Product, Binding::Sign),
                Binary::Div => infix(a, "/", b, Binding::Product, Binding::Sign),
                Binary::Pow | Binary::Min | Binary::Max => {
                    dialect.extremum_or_power(op, a, b, exponent)
                }
            }
        }
        Node::Compare(op, a, b) => {
            let (a, b) = (operand(a), operand(b));
            let (a, b) = (as_number(dialect, a), as_number(dialect, b));
            dialect.compare(op, a, b)
        }
        Node::Where(c, a, b) => {
            let (c, a, b) = (operand(c), operand(a), operand(b));
            let c = if c.is_condition {
                c
            } else {
                dialect.condition_of(c)
            };
            let (a, b) = (as_number(dialect, a), as_number(dialect, b));
            dialect.choose(c, a, b)
        }
    }
}

/// `a op b`, binding like its left operand must at least.
pub fn infix(a: Text, op: &str, b: Text, left: Binding, right: Binding) -> Text {
    Text::new(format!("{} {op} {}", a.within(left), b.within(right)), left)
}

/// `a op b` for comparisons.
pub fn comparison(op: Comparison, a: Text, b: Text) -> String {
    let (a, b) = (a.within(Binding::Sum), b.within(Binding::Sum));
    format!("{a} {} {b}", op.symbol())
}

/// What each node is as a number, where it depends on neither `z` nor parameters.
pub fn folded(nodes: &[Node]) -> Vec<Option<f64>> {
    let mut numbers: Vec<Option<f64>> = Vec::with_capacity(nodes.len());
    for node in nodes {
        numbers.push(node.fold(|id| numbers[id as usize]));
    }
    numbers
}
