//! Which names a formula may use, and advice on those that it may not.

use super::node::{Binary, Unary};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    Unary(Unary),
    Binary(Binary),
    Where,
}

impl Function {
    pub fn n_arguments(self) -> usize {
        match self {
            Self::Unary(_) => 1,
            Self::Binary(_) => 2,
            Self::Where => 3,
        }
    }

    /// Arguments as they are named in messages.
    pub fn arguments(self) -> &'static str {
        match self {
            Self::Unary(_) => "z",
            Self::Binary(_) => "a, b",
            Self::Where => "condition, a, b",
        }
    }
}

/// Parameters are Greek letters by name, or single letters that mean nothing else.
const GREEK: [&str; 14] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "rho",
    "sigma", "tau", "omega",
];
const LETTERS: &str = "abcdghkmnpqrstuvw";

pub fn function(name: &str) -> Option<Function> {
    let unary = Unary::CALLS.iter().find(|(_, known)| *known == name);
    let binary = Binary::CALLS.iter().find(|(_, known)| *known == name);
    match (unary, binary) {
        (Some(&(op, _)), _) => Some(Function::Unary(op)),
        (_, Some(&(op, _))) => Some(Function::Binary(op)),
        _ => (name == "where").then_some(Function::Where),
    }
}

/// `alpha`, `a`, `alpha2`, `a_1`.
pub fn is_parameter(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let n_digits = name.len() - stem.len();
    let stem = match stem.strip_suffix('_') {
        Some(bare) if n_digits > 0 => bare,
        _ => stem,
    };
    let is_letter = stem.len() == 1 && LETTERS.contains(stem);
    n_digits <= 3 && (is_letter || GREEK.contains(&stem))
}

/// Names that people use for functions that have another name here.
const OTHER_NAMES: [(&str, &str); 18] = [
    ("ln", "log(z)"),
    ("log10", "log(z) / log(10)"),
    ("log2", "log(z) / log(2)"),
    ("exp2", "2^z"),
    ("pow", "a^b"),
    ("power", "a^b"),
    ("relu", "max(z, 0)"),
    ("step", "where(z > 0, 1, 0)"),
    ("heaviside", "where(z > 0, 1, 0)"),
    ("if", "where(condition, a, b)"),
    ("clip", "min(max(z, -1), 1)"),
    ("clamp", "min(max(z, -1), 1)"),
    ("tan", "sin(z) / cos(z)"),
    ("sinh", "(exp(z) - exp(-z)) / 2"),
    ("cosh", "(exp(z) + exp(-z)) / 2"),
    ("sech", "sqrt(sech2(z))"),
    ("erfc", "1 - erf(z)"),
    ("logistic", "sigmoid(z)"),
];

pub fn advice_on_function(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if let Some((_, instead)) = OTHER_NAMES.iter().find(|(other, _)| *other == lower) {
        return format!("write {instead}");
    }
    let known: Vec<&str> = function_names().collect();
    match nearest(&lower, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are {}", known.join(", ")),
    }
}

pub fn advice_on_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "x" | "z" | "y" => return "the variable is z".to_owned(),
        "e" => return "write exp(1)".to_owned(),
        _ => {}
    }
    let known = function_names().chain(GREEK).chain(["pi"]);
    match nearest(&lower, known) {
        Some(near) => format!("did you mean {near}?"),
        None => "the variable is z; parameters are single letters or Greek letters by name, such as a, alpha, beta, lambda".to_owned(),
    }
}

fn function_names() -> impl Iterator<Item = &'static str> {
    let unary = Unary::CALLS.iter().map(|&(_, name)| name);
    let binary = Binary::CALLS.iter().map(|&(_, name)| name);
    unary.chain(binary).chain(["where"])
}

/// The known name within a third of its letters, if any.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (edit_distance(name, candidate), candidate))
        .filter(|&(distance, candidate)| 3 * distance <= candidate.len().max(3))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
