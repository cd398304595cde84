//! A formula of a layer's sums, taken apart: what is affine before and behind, batch normalisation, and the function.

use super::affine::{Each, Form, spread, zip};
use super::error::ReadError;
use super::layers::{Linear, Root};
use super::recognize::{self, Known};
use crate::activation::ActivationSpec;
use crate::expr::Expr;
use crate::expr::builder::Builder;
use crate::expr::node::{Binary, Id, Node, Number, Unary};
use crate::interop::incoming::Part;
use crate::interop::incoming::told::Told;

/// Affine steps before a function that are found, and of these how many are tried as its beginning.
const MAX_STEPS: usize = 64;
const MAX_TRIED: usize = 8;
/// Parts of a formula beyond which it is no function that is known.
const MAX_PARTS: usize = 1_000;

/// `scale x + shift`, where x is what the layer makes, or the sums themselves where there is none.
pub struct Split {
    pub scale: Each,
    pub shift: Each,
    pub part: Option<Part>,
    pub note: Option<String>,
}

/// A part of the formula behind which there is more that is affine: `scale core + shift`.
#[derive(Clone)]
struct Peeled {
    core: Id,
    scale: Each,
    shift: Each,
}

/// Takes the formula `id` of a root apart. `depth`: layers before it; `told`: what the file says of their functions.
pub fn split(root: &mut Root, id: Id, depth: usize, told: &Told) -> Result<Split, ReadError> {
    let layer = depth + 1;
    let own = told.function(depth);
    if let Form::Affine { scale, shift } = root.forms()[id as usize].clone() {
        // A layer whose function is affine is one where the file says so: it is to come back as it was.
        let part = own.and_then(|own| affine_part(root, id, &own));
        let is_plain = part.is_some();
        return Ok(Split {
            scale: if is_plain { vec![1.0] } else { scale },
            shift: if is_plain { vec![0.0] } else { shift },
            part,
            note: None,
        });
    }
    let outer = peel(root, id, true);
    let steps = steps(root, outer.core);
    let is_prelu = !root.prelus.is_empty();
    let mut found = None;
    'search: for &step in &steps {
        let inner = peel(root, outer.core, false);
        for peeled in [&unpeeled(outer.core), &inner] {
            let f = between(root, step, peeled.core);
            if let Some(known) = known(root, &f, is_prelu, own.as_ref()) {
                found = Some((step, peeled.clone(), known));
                break 'search;
            }
        }
    }
    let (step, inner, known) = match (found, steps.first()) {
        (Some(found), _) => found,
        (None, Some(&step)) => {
            let f = between(root, step, outer.core);
            if !f.parameters().is_empty() {
                return Err(ReadError::FunctionsByUnit { layer });
            }
            let spec = recognize::formula(&f);
            let n = f.tree_size();
            let spec = spec.ok_or(ReadError::LongFunction { layer, n })?;
            (step, unpeeled(outer.core), Known::of(spec))
        }
        // Without the sums there is no layer.
        (None, None) => return Err(ReadError::NoOutput),
    };
    let note = known.note(layer);
    let part = part_before(root, step, known);
    // target = s (s' x + t') + t.
    let scale = zip(&outer.scale, &inner.scale, |a, b| a * b);
    let moved = zip(&outer.scale, &inner.shift, |a, b| a * b);
    let shift = zip(&moved, &outer.shift, |a, b| a + b);
    Ok(Split {
        scale,
        shift,
        part: Some(part),
        note,
    })
}

fn unpeeled(core: Id) -> Peeled {
    Peeled {
        core,
        scale: vec![1.0],
        shift: vec![0.0],
    }
}

/// The affine steps at the end of a formula: those with numbers for each unit, or those with single numbers, too.
fn peel(root: &mut Root, id: Id, only_vectors: bool) -> Peeled {
    root.forms();
    let mut peeled = unpeeled(id);
    loop {
        let node = root.formula.node(peeled.core).clone();
        let (op, a, b) = match node {
            Node::Binary(op, a, b) => (op, a, b),
            Node::Unary(Unary::Neg, a) if !only_vectors => {
                peeled.scale.iter_mut().for_each(|s| *s = -*s);
                peeled.core = a;
                continue;
            }
            _ => return peeled,
        };
        let forms = root.forms();
        let (core, constant, is_left) = match (&forms[a as usize], &forms[b as usize]) {
            (Form::Other, Form::Constant(_)) => (a, b, false),
            (Form::Constant(_), Form::Other) => (b, a, true),
            _ => return peeled,
        };
        let Form::Constant(c) = forms[constant as usize].clone() else {
            return peeled;
        };
        if only_vectors && !has_param(root, constant) {
            return peeled;
        }
        let scaled = zip(&peeled.scale, &c, |s, c| s * c);
        match (op, is_left) {
            (Binary::Add, _) => peeled.shift = zip(&peeled.shift, &scaled, |t, c| t + c),
            (Binary::Sub, false) => peeled.shift = zip(&peeled.shift, &scaled, |t, c| t - c),
            (Binary::Sub, true) => {
                peeled.shift = zip(&peeled.shift, &scaled, |t, c| t + c);
                peeled.scale.iter_mut().for_each(|s| *s = -*s);
            }
            (Binary::Mul, _) => peeled.scale = scaled,
            (Binary::Div, false) => peeled.scale = zip(&peeled.scale, &c, |s, c| s / c),
            _ => return peeled,
        }
        peeled.core = core;
    }
}

/// The parts of `target`, in their order. `but`: a part that is not gone into.
fn cone(formula: &Builder, target: Id, but: Option<Id>) -> Vec<bool> {
    let mut is_in = vec![false; target as usize + 1];
    is_in[target as usize] = true;
    // Operands stand before those that use them.
    for id in (0..=target).rev() {
        if is_in[id as usize] && Some(id) != but {
            formula
                .node(id)
                .for_each_operand(|operand| is_in[operand as usize] = true);
        }
    }
    is_in
}

/// Affine parts of `target` without which nothing of it depends on the sums: the last that has a number for each unit, and
/// those behind it.
fn steps(root: &mut Root, target: Id) -> Vec<Id> {
    root.forms();
    let z = root.z();
    let is_in = cone(&root.formula, target, None);
    let forms = root.forms().to_vec();
    let candidates = (0..=target)
        .filter(|&id| is_in[id as usize] && matches!(forms[id as usize], Form::Affine { .. }));
    let candidates = candidates.take(MAX_STEPS).filter(|&id| {
        let around = cone(&root.formula, target, Some(id));
        id == z || !around.get(z as usize).copied().unwrap_or(false)
    });
    let steps: Vec<Id> = candidates.collect();
    // Numbers for each unit are of the layer; single ones may be of the function.
    let last = steps
        .iter()
        .rposition(|&step| has_vector_operand(root, step));
    let steps = steps.into_iter().skip(last.unwrap_or(0));
    steps.take(MAX_TRIED).collect()
}

/// The layer whose function `own`, which is affine, makes `id` of its sums.
fn affine_part(root: &mut Root, id: Id, own: &ActivationSpec) -> Option<Part> {
    root.sums.linear.as_ref()?;
    let &step = steps(root, id).first()?;
    let known = known(root, &between(root, step, id), false, Some(own))?;
    (known.spec == *own).then(|| part_before(root, step, known))
}

/// Whether a part is another one with numbers for each unit.
fn has_vector_operand(root: &Root, id: Id) -> bool {
    match *root.formula.node(id) {
        Node::Binary(_, a, b) => [a, b]
            .iter()
            .any(|&operand| has_param(root, operand) && !has_z(root, operand)),
        _ => false,
    }
}

fn has_param(root: &Root, id: Id) -> bool {
    let is_in = cone(&root.formula, id, None);
    (0..=id).any(|id| is_in[id as usize] && matches!(root.formula.node(id), Node::Param(_)))
}

fn has_z(root: &Root, id: Id) -> bool {
    let is_in = cone(&root.formula, id, None);
    (0..=id).any(|id| is_in[id as usize] && *root.formula.node(id) == Node::Z)
}

/// `target` as a formula of its part `step`.
fn between(root: &Root, step: Id, target: Id) -> Expr {
    let is_in = cone(&root.formula, target, Some(step));
    let mut builder = Builder::default();
    let mut ids: Vec<Id> = Vec::with_capacity(target as usize + 1);
    for id in 0..=target {
        let new = match root.formula.node(id) {
            _ if id == step => builder.z(),
            // Not a part of it.
            _ if !is_in[id as usize] => 0,
            node => {
                let node = node.map_operands(|operand| ids[operand as usize]);
                builder.intern(node)
            }
        };
        ids.push(new);
    }
    builder.finish(ids[target as usize])
}

/// A function that is known, of all units or of each.
fn known(root: &Root, f: &Expr, is_prelu: bool, told: Option<&ActivationSpec>) -> Option<Known> {
    if f.n_nodes() > MAX_PARTS {
        return None;
    }
    let params = f.parameters();
    if params.is_empty() {
        return recognize::recognize(f, is_prelu, told);
    }
    let width = root.width?;
    let vectors: Option<Vec<&[f64]>> = params.iter().map(|name| root.values_of(name)).collect();
    let vectors = vectors?;
    let alphas = (0..width).map(|unit| {
        let param = |name: &str| {
            let index = params.iter().position(|param| param == name);
            index
                .and_then(|i| vectors[i].get(unit))
                .copied()
                .unwrap_or(f64::NAN)
        };
        recognize::slope_below(|z| f.eval_with(z, param))
    });
    let alphas: Option<Vec<f64>> = alphas.collect();
    if let Some(alphas) = alphas {
        return Some(Known::prelu(alphas));
    }
    // The same number for all units is a number of the function.
    let is_one = vectors
        .iter()
        .all(|values| values.iter().all(|value| *value == values[0]));
    let f = is_one.then(|| {
        with_numbers(f, |name| {
            root.values_of(name).and_then(<[f64]>::first).copied()
        })
    })?;
    recognize::recognize(&f?, is_prelu, told)
}

/// A formula with numbers for its parameters.
fn with_numbers(f: &Expr, value: impl Fn(&str) -> Option<f64>) -> Option<Expr> {
    let mut builder = Builder::default();
    let mut ids: Vec<Id> = Vec::with_capacity(f.n_nodes());
    for node in f.nodes() {
        let node = match node {
            Node::Param(name) => Node::Number(Number(value(name)?)),
            node => node.map_operands(|id| ids[id as usize]),
        };
        ids.push(builder.intern(node));
    }
    ids.last().map(|&root| builder.finish(root))
}

/// The layer whose function begins at `step`.
fn part_before(root: &mut Root, step: Id, known: Known) -> Part {
    let width = root.width.unwrap_or(0);
    let norm = root.norms.iter().find(|(id, _, _)| *id == step);
    let norm = norm.map(|(_, of, norm)| (*of, norm.clone()));
    let of = norm.as_ref().map_or(step, |(of, _)| *of);
    let (scale, shift) = match &root.forms()[of as usize] {
        Form::Affine { scale, shift } => (spread(scale, width), spread(shift, width)),
        _ => (vec![1.0; width], vec![0.0; width]),
    };
    let linear = root
        .sums
        .linear
        .clone()
        .unwrap_or_else(|| unit_matrix(width));
    let Linear {
        n_in,
        mut weights,
        mut biases,
    } = linear;
    for (unit, row) in weights.chunks_exact_mut(n_in.max(1)).enumerate() {
        row.iter_mut().for_each(|w| *w *= scale[unit]);
        biases[unit] = biases[unit] * scale[unit] + shift[unit];
    }
    Part {
        n_in,
        n_out: width,
        weights,
        biases,
        norm: norm.map(|(_, norm)| norm),
        function: known.spec,
        alphas: known.alphas,
    }
}

/// Passes on what comes.
pub fn unit_matrix(n: usize) -> Linear {
    let mut weights = vec![0.0; n * n];
    weights.iter_mut().step_by(n + 1).for_each(|w| *w = 1.0);
    Linear {
        n_in: n,
        weights,
        biases: vec![0.0; n],
    }
}
