//! Expressions as MathML Core, the way a textbook sets them: fractions, powers of e, cases.

use super::grammar::shortest;
use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Id, Node, Number, Unary};
use crate::number::parse_f64;

/// Trees larger than this are not set: nobody could read them.
const MAX_SET_NODES: u64 = 400;

/// The expression as an `mrow`, to be put into a `math` element.
pub fn mathml(expr: &Expr) -> String {
    let n_nodes = expr.tree_size();
    if n_nodes > MAX_SET_NODES {
        return format!("<mtext>(a formula of {n_nodes} parts, too long to set)</mtext>");
    }
    let nodes = expr.nodes();
    let mut set: Vec<Set> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let next = set_node(nodes, node, &set);
        set.push(next);
    }
    let root = nodes.len() - 1;
    // On its own a sigmoid says more as what it is.
    if let Node::Unary(Unary::Sigmoid, a) = nodes[root] {
        let exponent = negative(&set[a as usize]);
        let below = format!("<mn>1</mn><mo>+</mo>{}", power_of_e(&exponent.markup));
        return format!("<mrow>{}</mrow>", fraction("<mn>1</mn>", &below));
    }
    format!("<mrow>{}</mrow>", set[root].markup)
}

/// A whole definition, f(z) = expr, as a `math` element.
///
/// `n_primes` says of which derivative of f it is: 0 for f itself, 1 for f', 2 for f''.
pub fn mathml_definition(n_primes: usize, expr: &Expr) -> String {
    // A prime is raised beside the letter: set into it, it touches the letter's hook.
    let name = match n_primes {
        0 => "<mi>f</mi>".to_owned(),
        n => format!("<msup><mi>f</mi><mo>{}</mo></msup>", "&#x2032;".repeat(n)),
    };
    format!(
        "<math display=\"block\"><mrow>{name}<mo>&#x2061;</mo><mo stretchy=\"false\">(</mo>\
         <mi>z</mi><mo stretchy=\"false\">)</mo></mrow><mo>=</mo>{}</math>",
        mathml(expr)
    )
}

/// How tightly a part holds together.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Hold {
    /// Cases and conditions.
    Loose,
    Sum,
    /// Begins with a minus sign.
    Sign,
    Product,
    /// A power, or a function with its argument.
    Power,
    Atom,
}

/// A part as markup.
#[derive(Clone)]
struct Set {
    markup: String,
    hold: Hold,
    /// Begins or ends with digits, so that a factor beside it needs a dot.
    starts_with_digit: bool,
    /// The operand, if this is `-operand`.
    negated: Option<Box<Set>>,
}

impl Set {
    fn new(markup: impl Into<String>, hold: Hold) -> Self {
        Self {
            markup: markup.into(),
            hold,
            starts_with_digit: false,
            negated: None,
        }
    }

    /// The markup as one row, in parentheses if it holds less than `at_least`.
    fn within(&self, at_least: Hold) -> String {
        if self.hold < at_least {
            parenthesised(&self.markup)
        } else {
            self.markup.clone()
        }
    }
}

fn parenthesised(markup: &str) -> String {
    format!("<mrow><mo>(</mo>{markup}<mo>)</mo></mrow>")
}

fn row(markup: &str) -> String {
    format!("<mrow>{markup}</mrow>")
}

fn fraction(above: &str, below: &str) -> String {
    format!("<mfrac>{}{}</mfrac>", row(above), row(below))
}

fn power_of_e(exponent: &str) -> String {
    format!("<msup><mi>e</mi>{}</msup>", row(exponent))
}

fn negative(of: &Set) -> Set {
    match &of.negated {
        Some(positive) => (**positive).clone(),
        None => Set {
            negated: Some(Box::new(of.clone())),
            ..Set::new(
                format!("<mo>&#x2212;</mo>{}", of.within(Hold::Product)),
                Hold::Sign,
            )
        },
    }
}

fn set_node(nodes: &[Node], node: &Node, set: &[Set]) -> Set {
    let part = |id: Id| &set[id as usize];
    match *node {
        Node::Number(Number(value)) => set_number(value),
        Node::Pi => Set::new("<mi>&#x3c0;</mi>", Hold::Atom),
        Node::Z => Set::new("<mi>z</mi>", Hold::Atom),
        Node::Param(ref name) => Set::new(set_name(name), Hold::Atom),
        Node::Unary(Unary::Neg, a) => negative(part(a)),
        Node::Unary(op, a) => set_call(op, part(a)),
        Node::Binary(op, a, b) => set_binary(nodes, op, (a, part(a)), part(b)),
        Node::Compare(op, a, b) => {
            let symbol = match op {
                Comparison::Lt => "&lt;",
                Comparison::Le => "&#x2264;",
                Comparison::Gt => "&gt;",
                Comparison::Ge => "&#x2265;",
                Comparison::Eq => "=",
                Comparison::Ne => "&#x2260;",
            };
            let (a, b) = (part(a).within(Hold::Sum), part(b).within(Hold::Sum));
            Set::new(format!("{a}<mo>{symbol}</mo>{b}"), Hold::Loose)
        }
        Node::Where(..) => Set::new(set_cases(nodes, node, set), Hold::Loose),
    }
}

/// Six significant digits.
fn set_number(value: f64) -> Set {
    let magnitude = shortest(rounded(value.abs()));
    let markup = match magnitude.split_once('e') {
        None => format!("<mn>{magnitude}</mn>"),
        Some((digits, exponent)) => format!(
            "<mn>{digits}</mn><mo>&#xb7;</mo><msup><mn>10</mn><mn>{}</mn></msup>",
            exponent.replace('-', "&#x2212;")
        ),
    };
    let positive = Set {
        starts_with_digit: true,
        ..Set::new(markup, Hold::Atom)
    };
    if value < 0.0 {
        negative(&positive)
    } else {
        positive
    }
}

fn rounded(value: f64) -> f64 {
    // Reading back what was printed cannot fail; if it did, the value itself would do.
    parse_f64(&format!("{value:.5e}")).unwrap_or(value)
}

/// `alpha` as its Greek letter, `alpha_2` with an index.
fn set_name(name: &str) -> String {
    const GREEK: [(&str, char); 14] = [
        ("alpha", 'α'),
        ("beta", 'β'),
        ("gamma", 'γ'),
        ("delta", 'δ'),
        ("epsilon", 'ε'),
        ("eta", 'η'),
        ("theta", 'θ'),
        ("kappa", 'κ'),
        ("lambda", 'λ'),
        ("mu", 'μ'),
        ("rho", 'ρ'),
        ("sigma", 'σ'),
        ("tau", 'τ'),
        ("omega", 'ω'),
    ];
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let index = &name[stem.len()..];
    let stem = stem.trim_end_matches('_');
    let letter = match GREEK.iter().find(|(known, _)| *known == stem) {
        Some((_, letter)) => format!("<mi>{letter}</mi>"),
        None => format!("<mi>{stem}</mi>"),
    };
    if index.is_empty() {
        letter
    } else {
        format!("<msub>{letter}<mn>{index}</mn></msub>")
    }
}

fn set_call(op: Unary, a: &Set) -> Set {
    let call = |name: &str| {
        let markup = format!(
            "<mi>{name}</mi><mo>&#x2061;</mo>{}",
            parenthesised(&a.markup)
        );
        Set::new(markup, Hold::Power)
    };
    match op {
        Unary::Neg => negative(a),
        Unary::Abs => Set::new(
            format!("<mrow><mo>|</mo>{}<mo>|</mo></mrow>", a.markup),
            Hold::Atom,
        ),
        Unary::Floor => Set::new(
            format!(
                "<mrow><mo>&#x230a;</mo>{}<mo>&#x230b;</mo></mrow>",
                a.markup
            ),
            Hold::Atom,
        ),
        Unary::Sqrt => Set::new(format!("<msqrt>{}</msqrt>", row(&a.markup)), Hold::Atom),
        Unary::Exp => Set::new(power_of_e(&a.markup), Hold::Power),
        Unary::Expm1 => {
            let markup = format!("{}<mo>&#x2212;</mo><mn>1</mn>", power_of_e(&a.markup));
            Set::new(markup, Hold::Sum)
        }
        Unary::Log => call("ln"),
        Unary::Log1p => {
            let argument = format!("<mn>1</mn><mo>+</mo>{}", a.within(Hold::Product));
            let markup = format!("<mi>ln</mi><mo>&#x2061;</mo>{}", parenthesised(&argument));
            Set::new(markup, Hold::Power)
        }
        Unary::Softplus => {
            let argument = format!("<mn>1</mn><mo>+</mo>{}", power_of_e(&a.markup));
            let markup = format!("<mi>ln</mi><mo>&#x2061;</mo>{}", parenthesised(&argument));
            Set::new(markup, Hold::Power)
        }
        // sigmoid(-u) is 1 - sigmoid(u), and better known as that.
        Unary::Sigmoid => match &a.negated {
            Some(positive) => {
                let sigmoid = set_call(Unary::Sigmoid, positive).markup;
                Set::new(format!("<mn>1</mn><mo>&#x2212;</mo>{sigmoid}"), Hold::Sum)
            }
            None => call("&#x3c3;"),
        },
        Unary::Sech2 => {
            let markup = format!(
                "<msup><mi>sech</mi><mn>2</mn></msup><mo>&#x2061;</mo>{}",
                parenthesised(&a.markup)
            );
            Set::new(markup, Hold::Power)
        }
        Unary::Sign => call("sgn"),
        Unary::Sin | Unary::Cos | Unary::Tanh | Unary::Erf => call(op.name()),
    }
}

fn set_binary(nodes: &[Node], op: Binary, (a_id, a): (Id, &Set), b: &Set) -> Set {
    let call = |name: &str| {
        let arguments = format!("{}<mo>,</mo>{}", a.markup, b.markup);
        let markup = format!(
            "<mi>{name}</mi><mo>&#x2061;</mo>{}",
            parenthesised(&arguments)
        );
        Set::new(markup, Hold::Power)
    };
    match op {
        Binary::Add => match &b.negated {
            Some(positive) => difference(a, positive),
            None => {
                let markup = format!("{}<mo>+</mo>{}", a.within(Hold::Sum), b.within(Hold::Sum));
                Set::new(markup, Hold::Sum)
            }
        },
        Binary::Sub => difference(a, b),
        Binary::Mul => {
            let (left, right) = (a.within(Hold::Product), b.within(Hold::Product));
            let sign = if b.starts_with_digit {
                "&#xb7;"
            } else {
                "&#x2062;"
            };
            let product = Set {
                starts_with_digit: a.starts_with_digit,
                ..Set::new(format!("{left}<mo>{sign}</mo>{right}"), Hold::Product)
            };
            match &a.negated {
                // A sign at the front is the product's.
                Some(positive) => {
                    let left = positive.within(Hold::Product);
                    negative(&Set::new(
                        format!("{left}<mo>{sign}</mo>{right}"),
                        Hold::Product,
                    ))
                }
                None => product,
            }
        }
        Binary::Div => match &a.negated {
            Some(positive) => negative(&Set::new(
                fraction(&positive.markup, &b.markup),
                Hold::Product,
            )),
            None => Set::new(fraction(&a.markup, &b.markup), Hold::Product),
        },
        Binary::Pow => set_power(nodes, (a_id, a), b),
        Binary::Min => call("min"),
        Binary::Max => call("max"),
    }
}

fn difference(a: &Set, b: &Set) -> Set {
    let (a, b) = (a.within(Hold::Sum), b.within(Hold::Product));
    Set::new(format!("{a}<mo>&#x2212;</mo>{b}"), Hold::Sum)
}

/// tanh(u)^2 has its exponent on the name.
fn set_power(nodes: &[Node], (a_id, a): (Id, &Set), b: &Set) -> Set {
    let exponent = row(&b.markup);
    if let Node::Unary(op @ (Unary::Tanh | Unary::Sin | Unary::Cos), _) = nodes[a_id as usize] {
        let name = format!("<mi>{}</mi>", op.name());
        let raised = format!("<msup>{name}{exponent}</msup>");
        return Set::new(a.markup.replacen(&name, &raised, 1), Hold::Power);
    }
    let markup = format!("<msup>{}{exponent}</msup>", row(&a.within(Hold::Atom)));
    Set::new(markup, Hold::Power)
}

/// A brace with one row a branch, which the style sheet gives air (`mtable.cases`). Nested `where` in the last branch continues the rows.
fn set_cases(nodes: &[Node], node: &Node, set: &[Set]) -> String {
    let mut rows = String::new();
    let mut rest = node;
    while let Node::Where(c, a, b) = *rest {
        let condition = match nodes[c as usize] {
            Node::Compare(..) => set[c as usize].markup.clone(),
            _ => format!(
                "{}<mo>&#x2260;</mo><mn>0</mn>",
                set[c as usize].within(Hold::Sum)
            ),
        };
        rows += &case(
            &set[a as usize].markup,
            &format!("<mtext>if&#xa0;</mtext>{condition}"),
        );
        rest = &nodes[b as usize];
        if !matches!(rest, Node::Where(..)) {
            rows += &case(&set[b as usize].markup, "<mtext>otherwise</mtext>");
        }
    }
    format!("<mrow><mo>{{</mo><mtable class=\"cases\" columnalign=\"left\">{rows}</mtable></mrow>")
}

fn case(value: &str, condition: &str) -> String {
    format!(
        "<mtr><mtd>{}</mtd><mtd>{}</mtd></mtr>",
        row(value),
        row(condition)
    )
}
