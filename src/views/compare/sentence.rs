//! The sentence on top: who comes under the target and when, who never does, who diverges. Computed, and tested natively.

use actiscope_core::compare::{Column, Comparison, Target};

use crate::text::count;
use crate::ui::kit::words::{Tone, Word, word};

/// The lane that comes under the target first, if any does.
pub fn leader(then: &Comparison) -> Option<usize> {
    arrivals(then).first().map(|(lane, _)| *lane)
}

/// Lanes whose median comes under the target, and when, the first one first.
fn arrivals(then: &Comparison) -> Vec<(usize, f64)> {
    let lanes = then.lanes.iter().enumerate();
    let arrival = |(i, lane): (usize, &actiscope_core::compare::LaneResult)| {
        let steps = lane.spread(Column::Steps)?.median;
        steps.is_finite().then_some((i, steps))
    };
    let mut arrivals: Vec<(usize, f64)> = lanes.filter_map(arrival).collect();
    arrivals.sort_by(|a, b| a.1.total_cmp(&b.1));
    arrivals
}

/// Up to so many lanes all are told; else the first, the last, and those that never arrive.
const FEW: usize = 4;

/// What came of a comparison whose lanes have these names, after `step` steps.
pub fn sentence(names: &[String], then: &Comparison, step: u64, is_done: bool) -> Vec<Word> {
    let name = |lane: usize| names.get(lane).map_or("", String::as_str);
    let steps = |steps: f64| count(steps.round() as u64);
    let goal = match then.target {
        Target::Loss(most) => format!("under a loss of {most}"),
        Target::Accuracy(least) => format!("over an accuracy of {least}"),
    };
    if then.lanes.is_empty() || then.lanes.iter().all(|lane| lane.seeds.is_empty()) {
        return vec![word(Tone::Plain, "The networks are being made.")];
    }
    if let Some(unlike) = &then.unlike {
        return vec![word(Tone::Plain, unlike.clone())];
    }
    let arrived = arrivals(then);
    let mut words = Vec::new();
    match arrived[..] {
        [] if is_done => {
            words.push(word(Tone::Plain, "No lane gets "));
            words.push(word(Tone::Bad, format!("{goal} in {} steps", count(step))));
        }
        [] => words.push(word(
            Tone::Plain,
            format!("No lane is {goal} yet, after {} steps", count(step)),
        )),
        [(first, at), ref others @ ..] => {
            words.push(word(
                Tone::Plain,
                format!("{} is {goal} after ", name(first)),
            ));
            let and_steps = if at == 1.0 { "step" } else { "steps" };
            words.push(word(Tone::Good, format!("{} {and_steps}", steps(at))));
            let told = match others.len() < FEW {
                true => others,
                false => &others[others.len() - 1..],
            };
            for (lane, at) in told {
                words.push(word(Tone::Plain, format!(", {} after ", name(*lane))));
                words.push(word(Tone::Slow, steps(*at)));
            }
        }
    }
    let missing = |lane: usize| !arrived.iter().any(|(i, _)| *i == lane);
    let diverged = |lane: usize| then.lanes[lane].n_diverged();
    let lanes = 0..then.lanes.len();
    // One that diverges in most of its seeds is told as such.
    let never: Vec<&str> = (lanes.clone())
        .filter(|lane| missing(*lane) && 2 * diverged(*lane) <= then.lanes[*lane].seeds.len())
        .map(name)
        .collect();
    if !arrived.is_empty() && !never.is_empty() {
        words.push(word(Tone::Plain, format!("; {} ", never.join(", "))));
        words.push(match is_done {
            true => word(Tone::Bad, "never"),
            false => word(Tone::Slow, "not yet"),
        });
    }
    for lane in lanes.filter(|lane| diverged(*lane) > 0) {
        let n_seeds = then.lanes[lane].seeds.len();
        words.push(word(Tone::Plain, format!("; {} ", name(lane))));
        words.push(word(
            Tone::Bad,
            format!("diverges in {} of {n_seeds}", diverged(lane)),
        ));
    }
    words.push(word(Tone::Plain, "."));
    words
}

#[cfg(test)]
mod tests {
    use actiscope_core::compare::fleet;
    use actiscope_core::protocol::{FleetNews, FleetProgress, FleetResults, Measure, Part};
    use actiscope_core::scenario::{Edit, Scenario, Setting};

    use super::*;

    /// Lanes of two seeds each, by their losses at step 100; what is not finite has diverged there.
    fn compared(losses: &[[f32; 2]]) -> Comparison {
        let lane = |i: usize| vec![Edit::Set(Setting::LearningRate, 0.1 * (1 + i) as f64)];
        let lanes = (0..losses.len()).map(lane).collect();
        let spec = fleet(Scenario::default(), lanes, 2, 100);
        let measure = |network: usize, step: u64, loss: f32| Measure {
            network: network as u32,
            step,
            loss,
            accuracy: None,
            test_loss: None,
            test_accuracy: None,
            recall: None,
            precision: None,
            gradient_ratio: None,
            n_units: 4,
            n_dead: 0,
            n_saturated: 0,
            first_death: None,
            diverged_at: (!loss.is_finite()).then_some(step),
        };
        let losses = losses.iter().flatten().enumerate();
        let measures = losses.flat_map(|(i, &loss)| [measure(i, 0, 0.7), measure(i, 100, loss)]);
        let mut results = FleetResults::new(&spec);
        let news = FleetNews {
            measures: measures.collect(),
            progress: FleetProgress::default(),
        };
        results.take(Part::WHOLE, true, &news);
        Comparison::new(&spec, &results, Target::Loss(0.1))
    }

    fn check(losses: &[[f32; 2]], is_done: bool, expect: &str) {
        let names = ["Sigmoid", "Tanh", "ReLU"].map(str::to_owned);
        let words = sentence(&names, &compared(losses), 100, is_done);
        let text: String = words.into_iter().map(|word| word.text).collect();
        assert_eq!(text, expect);
    }

    #[test]
    fn it_tells_who_arrives_who_never_does_and_who_diverges() {
        check(
            &[[0.7, 0.7], [0.09, 0.08], [0.01, 0.02]],
            true,
            "Tanh is under a loss of 0.1 after 100 steps, ReLU after 100; Sigmoid never.",
        );
        check(
            &[[0.7, 0.7], [0.09, 0.08], [f32::NAN, 0.02]],
            true,
            "Tanh is under a loss of 0.1 after 100 steps; Sigmoid, ReLU never; ReLU diverges in 1 of 2.",
        );
        check(
            &[[0.7, 0.7], [0.5, 0.5], [0.4, 0.4]],
            true,
            "No lane gets under a loss of 0.1 in 100 steps.",
        );
        check(
            &[[0.7, 0.7], [0.5, 0.5], [0.01, 0.01]],
            false,
            "ReLU is under a loss of 0.1 after 100 steps; Sigmoid, Tanh not yet.",
        );
        check(&[], false, "The networks are being made.");
    }
}
