//! Short names: of units, parameters, factors and paths, as labels have them.

use crate::terms::Terms;
use crate::terms::check::{ParamOf, Part};
use crate::terms::path::{Factor, Link, Path};

/// `layer 1, unit 3`, `output`, `output 2`.
pub fn unit_title(terms: &Terms, layer: usize, unit: usize) -> String {
    match (layer < terms.n_hidden(), terms.outputs().len()) {
        (true, _) => format!("layer {}, unit {}", layer + 1, unit + 1),
        (false, 1) => "output".into(),
        (false, _) => format!("output {}", unit + 1),
    }
}

/// `1.3`, `out`, `out 2`.
pub fn unit_short(terms: &Terms, layer: usize, unit: usize) -> String {
    match (layer < terms.n_hidden(), terms.outputs().len()) {
        (true, _) => format!("{}.{}", layer + 1, unit + 1),
        (false, 1) => "out".into(),
        (false, _) => format!("out {}", unit + 1),
    }
}

/// `x₁`.
pub fn input_name(input: usize) -> String {
    format!("x{}", low_digits(input + 1))
}

/// What a weight of a layer is multiplied by: `x₁`, or `a₁` of the layer below.
pub fn term_name(layer: usize, input: usize) -> String {
    let letter = if layer == 0 { 'x' } else { 'a' };
    format!("{letter}{}", low_digits(input + 1))
}

fn low_digits(n: usize) -> String {
    let low = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x2080 + d));
    n.to_string().chars().filter_map(low).collect()
}

/// `w 1.3, x₁`, `b 1.3`, `w out, 1`, `γ 2.1`.
pub fn param_name(terms: &Terms, param: ParamOf) -> String {
    let unit = unit_short(terms, param.layer, param.unit);
    match param.part {
        Part::Weight(input) if param.layer == 0 => format!("w {unit}, {}", input_name(input)),
        Part::Weight(input) => format!("w {unit}, {}", input + 1),
        Part::Bias => format!("b {unit}"),
        Part::Gamma => format!("γ {unit}"),
        Part::Beta => format!("β {unit}"),
    }
}

/// `p − y`, `w out, 1`, `f′(z) 2.1`, `γ / SD 2.1`, `x₁`.
pub fn factor_name(terms: &Terms, path: &Path, factor: &Factor) -> String {
    let output = *path.units.last().unwrap_or(&0);
    match factor.of {
        Link::Error => terms.made_of.error_formula(output),
        Link::SquashSlope => format!("slope at {}", unit_short(terms, terms.n_hidden(), output)),
        Link::Weight { layer, unit, input } => {
            format!("w {}, {}", unit_short(terms, layer, unit), input + 1)
        }
        Link::Slope { layer, unit } => format!("f′(z) {}", unit_short(terms, layer, unit)),
        Link::Norm { layer, unit } => format!("γ / SD {}", unit_short(terms, layer, unit)),
        Link::Input(input) => input_name(input),
    }
}

/// `out ← layer 2 unit 1 ← layer 1 unit 3 ← x₁`.
pub fn path_name(terms: &Terms, path: &Path) -> String {
    let units = path.units.iter().enumerate().rev();
    let mut names: Vec<String> = units
        .map(|(layer, &unit)| match layer < terms.n_hidden() {
            true => format!("layer {} unit {}", layer + 1, unit + 1),
            false => unit_short(terms, layer, unit),
        })
        .collect();
    if names.len() > 5 {
        names.splice(2..names.len() - 2, [String::from("…")]);
    }
    names.push(input_name(path.input));
    names.join(" ← ")
}

/// What a factor is, in a sentence.
pub fn factor_says(terms: &Terms, factor: &Factor) -> String {
    let name = |layer, unit| unit_title(terms, layer, unit);
    match factor.of {
        Link::Error => super::sayings::error(terms),
        Link::SquashSlope => "The slope of what the loss squashes the output by is left in the gradient: far from the middle it is nearly 0, right or wrong.".into(),
        Link::Weight { .. } => "The weight that carried an activation forward carries the gradient back.".into(),
        Link::Slope { layer, unit } => format!(
            "Slope f′(z) of {}: how much of the gradient it lets through.{}",
            name(layer, unit),
            match crate::terms::path::is_low(factor.value) {
                true => " The unit is nearly flat at this z.",
                false => "",
            }
        ),
        Link::Norm { layer, unit } => format!(
            "Batch normalization of {}: γ / SD. The batch's other samples enter too, by mean and SD.",
            name(layer, unit)
        ),
        Link::Input(_) => "The input that met this weight: no input, no gradient.".into(),
    }
}
