//! From verdict after verdict to events: what changed, at which step, and by which update.

use serde::{Deserialize, Serialize};

use super::{Cause, Health, HealthEvent, What};
use crate::nn::layout::ParamLayout;

/// Loss over this many times its first value has diverged.
pub const DIVERGED_LOSS_RATIO: f64 = 1e6;
/// A first loss below this counts as this, so that a start at a perfect fit does not count as diverged
/// at the first rounding error.
pub const LEAST_FIRST_LOSS: f64 = 1e-6;

/// The last verdicts on a run. Pure: the same calls give the same events. Serialisable, so that a
/// checkpoint can hold it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthTracker {
    /// `[n_hidden][n_units]`.
    verdicts: Vec<Vec<Health>>,
    first_loss: Option<f64>,
    has_diverged: bool,
}

impl HealthTracker {
    /// Begins a run with the verdicts on its initial parameters, and says what they mean: an event
    /// `BornDead` for each wholly dead layer, and for every other unit that is not alive one from
    /// `Alive`. `verdicts`: `[n_hidden][n_units]`.
    pub fn begin(verdicts: Vec<Vec<Health>>) -> (Self, Vec<HealthEvent>) {
        let all_alive = verdicts
            .iter()
            .map(|layer| vec![Health::Alive; layer.len()])
            .collect();
        let is_born_dead =
            |layer: &[Health]| !layer.is_empty() && layer.iter().all(|&h| h == Health::Dead);
        let mut tracker = Self {
            verdicts: all_alive,
            first_loss: None,
            has_diverged: false,
        };
        let mut events = Vec::new();
        for (layer, of_layer) in verdicts.iter().enumerate() {
            if is_born_dead(of_layer) {
                events.push(HealthEvent {
                    step: 0,
                    what: What::BornDead { layer },
                    cause: None,
                });
                tracker.verdicts[layer].clone_from(of_layer);
            }
        }
        events.extend(tracker.judge_units(0, &verdicts, |_, _| None));
        (tracker, events)
    }

    /// One event for each unit whose verdict is not what it was; in the order of layers and units.
    /// `step`: updates made so far. `cause(layer, unit)` is asked only for those units; it is
    /// `None` if no update lies between this call and the last.
    pub fn judge_units(
        &mut self,
        step: u64,
        verdicts: &[Vec<Health>],
        mut cause: impl FnMut(usize, usize) -> Option<Cause>,
    ) -> Vec<HealthEvent> {
        let mut events = Vec::new();
        for (layer, (of_layer, before)) in verdicts.iter().zip(&mut self.verdicts).enumerate() {
            for (unit, (&to, from)) in of_layer.iter().zip(before).enumerate() {
                if to != *from {
                    events.push(HealthEvent {
                        step,
                        what: What::Unit {
                            layer,
                            unit,
                            from: *from,
                            to,
                        },
                        cause: cause(layer, unit),
                    });
                    *from = to;
                }
            }
        }
        events
    }

    /// An event when the run begins to diverge: the loss is not finite or over 1e6 times its first
    /// value, or a layer (see [`first_non_finite_layer`]) holds a parameter that is not finite. The
    /// first loss given is the measure.
    pub fn judge_run(
        &mut self,
        step: u64,
        loss: f64,
        non_finite_layer: Option<usize>,
        cause: Option<Cause>,
    ) -> Option<HealthEvent> {
        let first_loss = *self.first_loss.get_or_insert(loss);
        let is_too_large = loss > DIVERGED_LOSS_RATIO * first_loss.max(LEAST_FIRST_LOSS);
        let had_diverged = self.has_diverged;
        self.has_diverged = !loss.is_finite() || is_too_large || non_finite_layer.is_some();
        (self.has_diverged && !had_diverged).then_some(HealthEvent {
            step,
            what: What::Diverged {
                layer: non_finite_layer,
            },
            cause,
        })
    }

    /// The next loss is the new measure: after an edit that changes what the loss is.
    pub fn forget_first_loss(&mut self) {
        self.first_loss = None;
    }

    /// The last verdicts, `[n_hidden][n_units]`.
    pub fn verdicts(&self) -> &[Vec<Health>] {
        &self.verdicts
    }

    /// Units whose last verdict is this.
    pub fn count(&self, health: Health) -> usize {
        self.verdicts
            .iter()
            .flatten()
            .filter(|&&h| h == health)
            .count()
    }

    pub fn has_diverged(&self) -> bool {
        self.has_diverged
    }
}

/// The first layer (hidden ones, then the output layer) with a parameter that is not finite.
pub fn first_non_finite_layer<T: Copy + Into<f64>>(
    layout: &ParamLayout,
    params: &[T],
) -> Option<usize> {
    layout.layers.iter().position(|layer| {
        // The parameters of a layer lie together, weights first.
        let end = layer.alpha.end;
        params[layer.weights.start..end]
            .iter()
            .any(|&p| !p.into().is_finite())
    })
}

#[cfg(test)]
mod tests {
    use super::Health::{Alive, Dead, Saturated};
    use super::*;

    fn unit(step: u64, layer: usize, unit: usize, from: Health, to: Health) -> HealthEvent {
        HealthEvent {
            step,
            what: What::Unit {
                layer,
                unit,
                from,
                to,
            },
            cause: None,
        }
    }

    #[test]
    fn units_that_begin_unwell_are_told_once() {
        let (mut tracker, events) = HealthTracker::begin(vec![vec![Alive, Dead], vec![Saturated]]);
        assert_eq!(
            events,
            [unit(0, 0, 1, Alive, Dead), unit(0, 1, 0, Alive, Saturated)]
        );
        let same = tracker.verdicts().to_vec();
        assert_eq!(tracker.judge_units(1, &same, |_, _| None), []);
    }

    #[test]
    fn a_wholly_dead_layer_is_born_dead() {
        let (tracker, events) = HealthTracker::begin(vec![vec![Alive, Alive], vec![Dead, Dead]]);
        let born_dead = HealthEvent {
            step: 0,
            what: What::BornDead { layer: 1 },
            cause: None,
        };
        assert_eq!(events, [born_dead]);
        assert_eq!(tracker.count(Dead), 2);
    }

    #[test]
    fn a_change_of_verdict_is_an_event_with_its_cause() {
        let (mut tracker, _) = HealthTracker::begin(vec![vec![Alive, Alive], vec![Saturated]]);
        let cause = Cause {
            learning_rate: 0.1,
            gradient_norm: 2.0,
            bias_change: -0.2,
            ..Cause::default()
        };
        let mut asked = Vec::new();
        let events = tracker.judge_units(7, &[vec![Alive, Dead], vec![Alive]], |layer, unit| {
            asked.push((layer, unit));
            Some(cause)
        });
        let caused = |event: HealthEvent| HealthEvent {
            cause: Some(cause),
            ..event
        };
        assert_eq!(
            events,
            [
                caused(unit(7, 0, 1, Alive, Dead)),
                caused(unit(7, 1, 0, Saturated, Alive)),
            ]
        );
        assert_eq!(asked, [(0, 1), (1, 0)]);
        let revived = tracker.judge_units(8, &[vec![Alive, Alive], vec![Alive]], |_, _| None);
        assert_eq!(revived, [unit(8, 0, 1, Dead, Alive)]);
    }

    /// Losses one after another; the steps at which divergence is told.
    fn check_losses(losses: &[f64], expected: &[u64]) {
        let (mut tracker, _) = HealthTracker::begin(Vec::new());
        let told: Vec<u64> = losses
            .iter()
            .enumerate()
            .filter_map(|(step, &loss)| tracker.judge_run(step as u64, loss, None, None))
            .map(|event| event.step)
            .collect();
        assert_eq!(told, expected, "{losses:?}");
    }

    #[test]
    fn divergence_is_told_when_it_begins() {
        check_losses(&[2.0, 1.0, 1e6], &[]);
        check_losses(&[2.0, 2.1e6, 3e6, f64::INFINITY], &[1]);
        check_losses(&[2.0, f64::NAN, f64::NAN], &[1]);
        check_losses(&[0.0, 1e-9, 0.5], &[]);
        check_losses(&[0.0, 2.0, 0.5, 2.0], &[1, 3]);
    }

    #[test]
    fn divergence_names_the_first_layer_that_is_not_finite() {
        let (mut tracker, _) = HealthTracker::begin(Vec::new());
        let event = tracker.judge_run(4, 1.0, Some(1), None);
        let what = event.map(|event| event.what);
        assert_eq!(what, Some(What::Diverged { layer: Some(1) }));
    }
}
