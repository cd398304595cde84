//! What is happening, in a sentence, and what would mend it. Pure: scenario and measurements in,
//! words and edits out.

mod remedies;
mod words;

use super::{Health, HealthEvent, What};
use crate::nn::spec::{Initializer, Optimizer};
use crate::protocol::{Command, HistoryPoint, Snapshot};
use crate::scenario::{Edit, Scenario, function_label};
use remedies::{
    leaky, lower_learning_rate, normalize, raise_alpha, reinitialize, set_learning_rate,
};
pub(super) use words::short;
use words::{are, grouped, layer_name, moved, percent, subject_of};

/// What is known of a run up to the snapshot on show.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    pub scenario: &'a Scenario,
    pub snapshot: &'a Snapshot,
    /// In the order in which it happened.
    pub events: &'a [HealthEvent],
    /// By step.
    pub history: &'a [HistoryPoint],
}

/// A sentence in three parts, of which the middle one matters most, and one remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    pub verdict: Verdict,
    pub before: String,
    pub emphasis: String,
    pub after: String,
    pub remedy: Option<Remedy>,
    /// The learning rate did it.
    pub blames_learning_rate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At step 0 with nothing amiss.
    Ready,
    Learning,
    Solved,
    /// An edit brought dead units back.
    Rescued,
    /// Some units are dead.
    Dying,
    /// All units of a layer are.
    LayerDead,
    BornDead,
    Saturated,
    Vanishing,
    NotLearning,
    Diverged,
}

/// What one button does.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    pub label: String,
    pub commands: Vec<Command>,
}

impl Diagnosis {
    pub fn sentence(&self) -> String {
        [&*self.before, &*self.emphasis, &*self.after].concat()
    }

    fn new(
        verdict: Verdict,
        before: impl Into<String>,
        emphasis: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        Self {
            verdict,
            before: before.into(),
            emphasis: emphasis.into(),
            after: after.into(),
            remedy: None,
            blames_learning_rate: false,
        }
    }

    fn with(self, remedy: Option<Remedy>) -> Self {
        Self { remedy, ..self }
    }

    fn blaming_learning_rate(self, is_to_blame: bool) -> Self {
        Self {
            blames_learning_rate: is_to_blame,
            ..self
        }
    }
}

/// The most urgent thing to say.
pub fn diagnose(evidence: Evidence) -> Diagnosis {
    let case = Case::new(evidence);
    diverged(&case)
        .or_else(|| born_dead(&case))
        .or_else(|| layer_dead(&case))
        .or_else(|| rescued(&case))
        .or_else(|| dying(&case))
        .or_else(|| saturated(&case))
        .or_else(|| solved(&case))
        .or_else(|| vanishing(&case))
        .or_else(|| not_learning(&case))
        .unwrap_or_else(|| learning(&case))
}

/// Evidence with what several verdicts ask of it.
struct Case<'a> {
    scenario: &'a Scenario,
    snapshot: &'a Snapshot,
    events: &'a [HealthEvent],
    /// Up to the snapshot.
    history: &'a [HistoryPoint],
    /// Dead and saturated units of each hidden layer, and all its units.
    layers: Vec<LayerCount>,
    n_units: usize,
    n_dead: usize,
    n_saturated: usize,
}

#[derive(Clone, Copy)]
struct LayerCount {
    units: usize,
    dead: usize,
    saturated: usize,
}

impl<'a> Case<'a> {
    fn new(evidence: Evidence<'a>) -> Self {
        let Evidence {
            scenario,
            snapshot,
            events,
            history,
        } = evidence;
        let n_events = events.partition_point(|event| event.step <= snapshot.step);
        let n_points = history.partition_point(|point| point.step <= snapshot.step);
        let n_hidden = snapshot.layers.len().saturating_sub(1);
        let layers: Vec<LayerCount> = snapshot.layers[..n_hidden]
            .iter()
            .map(|layer| {
                let count = |health| layer.units.iter().filter(|u| u.health == health).count();
                LayerCount {
                    units: layer.units.len(),
                    dead: count(Health::Dead),
                    saturated: count(Health::Saturated),
                }
            })
            .collect();
        Self {
            scenario,
            snapshot,
            events: &events[..n_events],
            history: &history[..n_points],
            n_units: layers.iter().map(|layer| layer.units).sum(),
            n_dead: layers.iter().map(|layer| layer.dead).sum(),
            n_saturated: layers.iter().map(|layer| layer.saturated).sum(),
            layers,
        }
    }

    fn step(&self) -> u64 {
        self.snapshot.step
    }

    fn first_loss(&self) -> Option<f64> {
        let first = self.history.first().filter(|point| point.step == 0)?;
        Some(f64::from(first.loss))
    }

    /// Deaths that are still in force, the latest first: (event, layer, unit).
    fn deaths(&self) -> impl Iterator<Item = (&'a HealthEvent, usize, usize)> {
        let layers = &self.snapshot.layers;
        self.events
            .iter()
            .rev()
            .filter_map(|event| match event.what {
                What::Unit {
                    layer,
                    unit,
                    to: Health::Dead,
                    ..
                } if layers
                    .get(layer)
                    .and_then(|layer| layer.units.get(unit))
                    .is_some_and(|unit| unit.health == Health::Dead) =>
                {
                    Some((event, layer, unit))
                }
                _ => None,
            })
    }

    /// ", most in layer 1", by a count of each layer; nothing where no layer stands out.
    fn mostly(&self, count: impl Fn(&LayerCount) -> usize) -> String {
        let total: usize = self.layers.iter().map(&count).sum();
        let Some((layer, most)) = self
            .layers
            .iter()
            .map(count)
            .enumerate()
            .max_by_key(|&(layer, n)| (n, std::cmp::Reverse(layer)))
        else {
            return String::new();
        };
        if self.layers.len() < 2 || 2 * most <= total {
            String::new()
        } else if most == total {
            format!(", all in layer {}", layer + 1)
        } else {
            format!(", most in layer {}", layer + 1)
        }
    }
}

fn diverged(case: &Case) -> Option<Diagnosis> {
    if !case.snapshot.has_diverged {
        return None;
    }
    let event = case.events.iter().rev().find_map(|event| match event.what {
        What::Diverged { layer } => Some((event.step, layer)),
        _ => None,
    });
    let (step, layer) = event.unwrap_or((case.step(), None));
    let after = match layer {
        Some(layer) => format!(
            ": a parameter of {} is no longer a finite number.",
            layer_name(layer, case.layers.len())
        ),
        None if case.snapshot.loss.is_finite() => {
            ": the loss is over a million times what it was at first.".into()
        }
        None => ": the loss is no longer a finite number.".into(),
    };
    let learning_rate = case.scenario.training.learning_rate;
    let lower = lower_learning_rate(learning_rate);
    let back_to = last_calm_step(case, step);
    let remedy = Remedy {
        label: format!(
            "Go back to step {back_to} with learning rate {}",
            short(lower)
        ),
        commands: vec![
            Command::Seek(back_to),
            Command::Edit(Edit::LearningRate(lower)),
            Command::Train,
        ],
    };
    let before = format!("At learning rate {} training ", short(learning_rate));
    let emphasis = format!("diverged at step {}", grouped(step));
    Some(
        Diagnosis::new(Verdict::Diverged, before, emphasis, after)
            .with(Some(remedy))
            .blaming_learning_rate(true),
    )
}

/// The last step before `step` at which the loss was no more than twice its first value.
fn last_calm_step(case: &Case, step: u64) -> u64 {
    let Some(first_loss) = case.first_loss() else {
        return 0;
    };
    let is_calm =
        |point: &&HistoryPoint| point.step < step && f64::from(point.loss) <= 2.0 * first_loss;
    case.history
        .iter()
        .rev()
        .find(is_calm)
        .map_or(0, |point| point.step)
}

fn born_dead(case: &Case) -> Option<Diagnosis> {
    let layer = case.events.iter().find_map(|event| match event.what {
        What::BornDead { layer } => Some(layer),
        _ => None,
    })?;
    let now = case.layers.get(layer)?;
    if now.dead < now.units {
        return None;
    }
    let emphasis = format!("Layer {} was born dead", layer + 1);
    let after = ": whatever the input, the output is the same, and nothing can be learnt.";
    let remedy = reinitialize(case.scenario).or_else(|| leaky(case.scenario));
    Some(Diagnosis::new(Verdict::BornDead, "", emphasis, after).with(remedy))
}

fn layer_dead(case: &Case) -> Option<Diagnosis> {
    let layer = case
        .layers
        .iter()
        .position(|layer| layer.units > 0 && layer.dead == layer.units)?;
    let last_death = case.deaths().find(|&(_, l, _)| l == layer);
    let since = last_death.map_or_else(String::new, |(event, ..)| {
        format!(" since step {}", grouped(event.step))
    });
    let emphasis = format!("All of layer {} is dead{since}", layer + 1);
    let learning_rate = last_death.and_then(|(event, ..)| event.cause?.learning_rate.into());
    let after = match learning_rate {
        Some(learning_rate) => format!(
            ", killed at learning rate {}: the output is the same for every input.",
            short(learning_rate)
        ),
        None => ": the output is the same for every input.".into(),
    };
    Some(
        Diagnosis::new(Verdict::LayerDead, "", emphasis, after)
            .with(leaky(case.scenario))
            .blaming_learning_rate(learning_rate.is_some()),
    )
}

fn rescued(case: &Case) -> Option<Diagnosis> {
    let at = case
        .events
        .iter()
        .rposition(|event| matches!(event.what, What::Edited { .. }))?;
    let What::Edited { text } = &case.events[at].what else {
        return None;
    };
    let edited_at = case.events[at].step;
    // Long enough to be read at any pace.
    if case.step() - edited_at > (edited_at / 2).max(400) {
        return None;
    }
    let was_dead = dead_before(case, at);
    let health_of = |&(layer, unit): &(usize, usize)| {
        case.snapshot
            .layers
            .get(layer)?
            .units
            .get(unit)
            .map(|u| u.health)
    };
    let n_now = |health| {
        was_dead
            .iter()
            .filter(|unit| health_of(unit) == Some(health))
            .count()
    };
    let (n_back, n_saturated) = (n_now(Health::Alive), n_now(Health::Saturated));
    let n_was = was_dead.len();
    if n_back + n_saturated == 0 || case.n_dead >= n_was {
        return None;
    }
    let n_freed = n_back + n_saturated;
    let still = match case.n_dead {
        0 => String::new(),
        n_dead => format!("; {n_dead} {} dead", are(n_dead)),
    };
    let slow = match n_saturated {
        0 => String::new(),
        n if n == n_freed => "; saturated as they are, they learn slowly".into(),
        1 => "; 1 of them is saturated and learns slowly".into(),
        n => format!("; {n} of them are saturated and learn slowly"),
    };
    let before = format!("{} brought ", subject_of(text));
    let emphasis = format!("{n_freed} of {n_was} back");
    let after = format!("{slow}{still}.");
    // What killed them is still at work.
    let remedy = if killed_by_learning_rate(&case.events[..at], case.scenario) {
        Some(set_learning_rate(lower_learning_rate(
            case.scenario.training.learning_rate,
        )))
    } else if n_saturated > 0 {
        raise_alpha(case.scenario)
    } else {
        None
    };
    Some(Diagnosis::new(Verdict::Rescued, before, emphasis, after).with(remedy))
}

/// Whether the last death was by an update at the learning rate that is still set.
fn killed_by_learning_rate(events: &[HealthEvent], scenario: &Scenario) -> bool {
    let last_death = events.iter().rev().find(|event| {
        matches!(
            event.what,
            What::Unit {
                to: Health::Dead,
                ..
            }
        )
    });
    let cause = last_death.and_then(|event| event.cause);
    cause.is_some_and(|cause| cause.learning_rate == scenario.training.learning_rate)
}

/// Units (layer, unit) that were dead when the event at index `at` happened: the present, taken back
/// event by event.
fn dead_before(case: &Case, at: usize) -> Vec<(usize, usize)> {
    let mut health: Vec<Vec<Health>> = case
        .snapshot
        .layers
        .iter()
        .map(|layer| layer.units.iter().map(|unit| unit.health).collect())
        .collect();
    for event in case.events[at..].iter().rev() {
        if let What::Unit {
            layer, unit, from, ..
        } = event.what
            && let Some(place) = health.get_mut(layer).and_then(|units| units.get_mut(unit))
        {
            *place = from;
        }
    }
    let units = health.iter().enumerate().flat_map(|(layer, units)| {
        units
            .iter()
            .enumerate()
            .map(move |(unit, health)| (layer, unit, *health))
    });
    units
        .filter(|(.., health)| *health == Health::Dead)
        .map(|(layer, unit, _)| (layer, unit))
        .collect()
}

fn dying(case: &Case) -> Option<Diagnosis> {
    if case.n_dead == 0 {
        return None;
    }
    let of_all = format!("{} of {}", case.n_dead, case.n_units);
    let mostly = case.mostly(|layer| layer.dead);
    let remedy = leaky(case.scenario);
    let Some((death, layer, unit)) = case.deaths().next() else {
        let emphasis = format!("{of_all} units are dead");
        let after = format!("{mostly}: no gradient reaches them.");
        return Some(Diagnosis::new(Verdict::Dying, "", emphasis, after).with(remedy));
    };
    if death.step == 0 {
        let emphasis = format!("{of_all} units were born dead");
        let after = format!("{mostly}: their first weights give them slope 0 on every sample.");
        return Some(Diagnosis::new(Verdict::Dying, "", emphasis, after).with(remedy));
    }
    let Some(cause) = death.cause else {
        let emphasis = format!("{of_all} units dead");
        let before = "The last change left ";
        let after = format!("{mostly}: no gradient reaches them.");
        return Some(Diagnosis::new(Verdict::Dying, before, emphasis, after).with(remedy));
    };
    let learning_rate = short(cause.learning_rate);
    let is_recent = case.step() - death.step <= (case.step() / 4).max(200);
    let diagnosis = if case.n_dead == 1 {
        let emphasis = format!("Layer {} unit {} died", layer + 1, unit + 1);
        let after = format!(
            " at step {}: one update {}.",
            grouped(death.step),
            moved(&cause)
        );
        Diagnosis::new(Verdict::Dying, "", emphasis, after)
    } else if is_recent {
        let before = format!("Learning rate {learning_rate} throws units off the data: ");
        let emphasis = format!("{of_all} are dead");
        Diagnosis::new(Verdict::Dying, before, emphasis, format!("{mostly}."))
    } else {
        let emphasis = format!("{of_all} units are dead");
        let after = format!(
            "{mostly}; the last died at step {}, at learning rate {learning_rate}.",
            grouped(death.step)
        );
        Diagnosis::new(Verdict::Dying, "", emphasis, after)
    };
    Some(diagnosis.with(remedy).blaming_learning_rate(true))
}

fn saturated(case: &Case) -> Option<Diagnosis> {
    if case.n_saturated < 2 || 10 * case.n_saturated < 3 * case.n_units {
        return None;
    }
    let emphasis = format!(
        "{} of {} units are saturated",
        case.n_saturated, case.n_units
    );
    let after = format!(
        "{}: their slope is under 5 % of its maximum, so they hardly learn.",
        case.mostly(|layer| layer.saturated)
    );
    let remedy = raise_alpha(case.scenario)
        .or_else(|| reinitialize(case.scenario))
        .or_else(|| normalize(case.scenario))
        .or_else(|| leaky(case.scenario));
    Some(Diagnosis::new(Verdict::Saturated, "", emphasis, after).with(remedy))
}

fn solved(case: &Case) -> Option<Diagnosis> {
    let alive = alive(case);
    let steps = grouped(case.step());
    match case.snapshot.accuracy {
        Some(accuracy) if accuracy >= 0.985 => {
            let emphasis = format!("{} % of the samples are right", short(percent(accuracy)));
            let after = format!(" after {steps} steps; {alive}.");
            Some(Diagnosis::new(Verdict::Solved, "", emphasis, after))
        }
        None => {
            let first_loss = case.first_loss()?;
            let loss = f64::from(case.snapshot.loss);
            (case.step() > 0 && loss <= 0.01 * first_loss).then(|| {
                let emphasis = format!("the loss is down to {}", short(loss));
                let before = format!("After {steps} steps ");
                let after = format!(", from {}; {alive}.", short(first_loss));
                Diagnosis::new(Verdict::Solved, before, emphasis, after)
            })
        }
        _ => None,
    }
}

/// Whether the loss is where it began, though there was time to learn.
fn is_stuck(case: &Case) -> bool {
    let Some(first_loss) = case.first_loss() else {
        return false;
    };
    let recent = &case.history[case.history.len() * 3 / 4..];
    let mean = recent
        .iter()
        .map(|point| f64::from(point.loss))
        .sum::<f64>()
        / recent.len() as f64;
    case.step() >= 300 && recent.len() >= 5 && mean > 0.97 * first_loss
}

fn vanishing(case: &Case) -> Option<Diagnosis> {
    let n_hidden = case.layers.len();
    let first = f64::from(case.snapshot.layers.first()?.z_gradient_rms);
    let output = f64::from(case.snapshot.layers.last()?.z_gradient_rms);
    if !is_stuck(case) || n_hidden < 2 || output.is_nan() || first >= 1e-3 * output {
        return None;
    }
    let emphasis = format!("shrinks to {} in layer 1", short(first));
    let after = format!(
        ", from {} in the output layer: the first layers do not learn.",
        short(output)
    );
    let remedy = reinitialize(case.scenario)
        .or_else(|| normalize(case.scenario))
        .or_else(|| leaky(case.scenario));
    Some(Diagnosis::new(Verdict::Vanishing, "The gradient ", emphasis, after).with(remedy))
}

fn not_learning(case: &Case) -> Option<Diagnosis> {
    if !is_stuck(case) {
        return None;
    }
    let training = &case.scenario.training;
    let too_small = match training.optimizer {
        Optimizer::Sgd => 0.01,
        Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => 1e-3,
        Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 3e-4,
    };
    let learning_rate = training.learning_rate;
    let (emphasis, after, remedy) = if case.scenario.network.initializer == Initializer::Zeros {
        (
            "Nothing is learnt".to_owned(),
            ": all weights began at zero, so all units are alike and stay so.".to_owned(),
            reinitialize(case.scenario),
        )
    } else if learning_rate < too_small {
        let higher = 10.0 * too_small;
        (
            "Hardly anything is learnt".to_owned(),
            format!(
                ": learning rate {} moves the weights too little.",
                short(learning_rate)
            ),
            Some(set_learning_rate(higher)),
        )
    } else {
        let lower = lower_learning_rate(learning_rate);
        (
            "The loss has not fallen".to_owned(),
            format!(
                " in {} steps: it is {}, as at the start.",
                grouped(case.step()),
                short(f64::from(case.snapshot.loss))
            ),
            (learning_rate > 30.0 * too_small).then(|| set_learning_rate(lower)),
        )
    };
    Some(Diagnosis::new(Verdict::NotLearning, "", emphasis, after).with(remedy))
}

fn learning(case: &Case) -> Diagnosis {
    let alive = alive(case);
    let first_loss = case.first_loss().filter(|_| case.step() > 0);
    let Some(first_loss) = first_loss else {
        let name = function_label(&case.scenario.network.activation.function);
        let before = format!(
            "{name} at learning rate {}: ",
            short(case.scenario.training.learning_rate)
        );
        return Diagnosis::new(Verdict::Ready, before, alive, " at the start.");
    };
    let loss = f64::from(case.snapshot.loss);
    let change = if loss < first_loss { "fell" } else { "went" };
    Diagnosis::new(
        Verdict::Learning,
        format!("The loss {change} from {} to ", short(first_loss)),
        format!("{} in {} steps", short(loss), grouped(case.step())),
        format!("; {alive}."),
    )
}

/// "all 24 units are alive", "22 of 24 units are alive".
fn alive(case: &Case) -> String {
    let n_alive = case.n_units - case.n_dead - case.n_saturated;
    if n_alive == case.n_units {
        format!("all {n_alive} units are alive")
    } else {
        format!("{n_alive} of {} units are alive", case.n_units)
    }
}

#[cfg(test)]
mod tests;
