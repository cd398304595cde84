//! Another trace of the same model: what was changed, and what came of it.

use super::events::last_told;
use super::words::short;
use super::{Remedy, Trace, code};
use crate::interop::json::Json;
use crate::text::number;

/// Loss at the end under this share of the other's is better.
const BETTER: f32 = 0.9;

/// Where two traces differ in nothing that they tell of: other first weights, or another code.
const NOTHING: &str = "nothing that the file tells of";

/// One change that was tried, by a trace of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// "lr=0.03, nn.LeakyReLU in net.1"; "nothing that the file tells of".
    pub change: String,
    /// "in place of 0.3".
    pub place: String,
    /// "loss 0.0412, accuracy 0.975".
    pub outcome: String,
    /// "43 dead".
    pub dead: String,
    /// Its loss at the end is clearly less. It is loss that is judged, not deaths.
    pub is_better: bool,
    /// The loss over the probe by step, to be drawn beside the other's.
    pub loss: Vec<(u64, f32)>,
}

/// What came of the changes that `other` has beside `base`; `None` if it is not the same model: as many layers, each with
/// as many units.
pub fn compare(base: &Trace, other: &Trace) -> Option<Tried> {
    let units = |trace: &Trace| {
        trace
            .layers
            .iter()
            .map(|layer| layer.about.of)
            .collect::<Vec<_>>()
    };
    if units(base) != units(other) {
        return None;
    }
    let (changes, places): (Vec<String>, Vec<String>) = changes(base, other).into_iter().unzip();
    let last = other.last();
    let loss_of = |trace: &Trace| trace.loss.last().copied().unwrap_or(f32::NAN);
    let mut outcome = format!("loss {}", short(loss_of(other)));
    for (name, values) in &other.metrics {
        if let Some((_, value)) = last_told(values) {
            outcome.push_str(&format!(", {name} {}", short(value)));
        }
    }
    Some(Tried {
        change: match changes.is_empty() {
            true => NOTHING.into(),
            false => changes.join(", "),
        },
        place: places.join(", "),
        outcome,
        dead: format!("{} dead", other.n_dead(last)),
        is_better: is_better(loss_of(base), loss_of(other)),
        loss: other
            .steps
            .iter()
            .copied()
            .zip(other.loss.iter().copied())
            .collect(),
    })
}

/// A loss that is lower by a share that counts, whatever its sign: of none is none, and any number is better than no number.
fn is_better(base: f32, other: f32) -> bool {
    other.is_finite() && (!base.is_finite() || base - other > (1.0 - BETTER) * base.abs())
}

/// What was changed, and in place of what.
fn changes(base: &Trace, other: &Trace) -> Vec<(String, String)> {
    let mut changes = Vec::new();
    let name = |trace: &Trace| {
        trace
            .about
            .optimizer
            .as_ref()
            .map_or_else(String::new, |of| of.name.clone())
    };
    if name(base) != name(other) {
        changes.push((name(other), format!("in place of {}", name(base))));
    }
    let rates = (highest_rate(base), highest_rate(other));
    if let (Some(from), Some(to)) = rates
        && from != to
    {
        let label = code::rate_label(base.about.framework, to);
        changes.push((label, format!("in place of {}", code::python(from))));
    }
    if let (None, Some((from, to, step))) = (warm_up(base), warm_up(other)) {
        changes.push((
            format!(
                "learning rate from {} to {} by step {step}",
                number(from, 2),
                number(to, 2)
            ),
            "a warm-up".into(),
        ));
    }
    let (args, others) = (args(base), args(other));
    for (key, value) in others {
        let is_rate = matches!(key.as_str(), "lr" | "learning_rate" | "name");
        let before = args
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value);
        if let (false, Json::Number(to), Some(Json::Number(from))) = (is_rate, value, before)
            && from != to
        {
            changes.push((
                format!("{key}={}", code::python(*to)),
                format!("in place of {}", code::python(*from)),
            ));
        }
    }
    for (before, after) in base.layers.iter().zip(&other.layers) {
        let (before, after) = (&before.about, &after.about);
        if (&before.function, &before.args) != (&after.function, &after.args) {
            let args = after.args_told();
            changes.push((
                format!("{}({args})", after.function),
                format!("in {}", after.name()),
            ));
        }
        if before.normalized.is_empty() && !after.normalized.is_empty() {
            changes.push(("normalization".into(), format!("in {}", after.name())));
        }
    }
    changes
}

fn args(trace: &Trace) -> &[(String, Json)] {
    trace
        .about
        .optimizer
        .as_ref()
        .map_or(&[], |optimizer| &optimizer.args)
}

/// The largest that was used, or what the optimizer was made with.
fn highest_rate(trace: &Trace) -> Option<f64> {
    let used = trace
        .learning_rate
        .iter()
        .copied()
        .filter(|rate| rate.is_finite())
        .reduce(f32::max);
    let used = used.and_then(|rate| crate::number::parse_f64(&rate.to_string()));
    used.or_else(|| trace.about.optimizer.as_ref()?.learning_rate())
}

/// First rate, highest rate and the step of it, where the rate rises from the start to twice as much.
fn warm_up(trace: &Trace) -> Option<(f64, f64, u64)> {
    let first = *trace.learning_rate.first()?;
    let top = trace
        .learning_rate
        .iter()
        .copied()
        .filter(|rate| rate.is_finite())
        .reduce(f32::max)?;
    let at = trace.learning_rate.iter().position(|&rate| rate == top)?;
    let step = *trace.steps.get(at)?;
    (top > 2.0 * first).then_some((first.into(), top.into(), step))
}

impl Trace {
    /// Remedies with what came of them: a trace whose change is that of a remedy stands beside it, any other change as one
    /// more.
    pub(super) fn with_tried(&self, mut remedies: Vec<Remedy>, others: &[Tried]) -> Vec<Remedy> {
        for tried in others.iter().filter(|tried| tried.change != NOTHING) {
            let same = remedies
                .iter_mut()
                .find(|remedy| remedy.tried.is_none() && remedy.label == tried.change);
            match same {
                Some(remedy) => remedy.tried = Some(tried.clone()),
                None => remedies.push(Remedy {
                    label: tried.change.clone(),
                    place: tried.place.clone(),
                    code: tried.change.clone(),
                    tried: Some(tried.clone()),
                }),
            }
        }
        // What is better comes first, and what was tried and is not last.
        remedies.sort_by_key(|remedy| match &remedy.tried {
            Some(tried) if tried.is_better => 0,
            None => 1,
            Some(_) => 2,
        });
        remedies
    }
}

#[cfg(test)]
mod tests {
    use super::is_better;

    #[test]
    fn better_is_lower_by_a_share_that_counts() {
        let (inf, nan) = (f32::INFINITY, f32::NAN);
        for (base, other) in [(1.0, 0.5), (0.1, 0.0), (-1.0, -2.0), (nan, 9.0), (inf, 9.0)] {
            assert!(is_better(base, other), "{base}, {other}");
            assert!(!is_better(other, base), "{other}, {base}");
        }
        for loss in [0.0, 1.0, -1.0, inf, -inf, nan] {
            assert!(!is_better(loss, loss), "{loss}");
        }
        assert!(!is_better(1.0, 0.999));
    }
}
