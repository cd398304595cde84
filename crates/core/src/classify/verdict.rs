//! What to say first of a classifier, and what to do about it.

use super::many::ManyClasses;
use super::temperature::Fitted;
use super::two::TwoClasses;
use crate::metrics::Counts;

/// What is known of a run beside its answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation {
    pub step: u64,
    pub has_diverged: bool,
    /// A hidden layer without a living unit, counted from 0.
    pub dead_layer: Option<usize>,
    /// From this logit on a sample counts as rare.
    pub threshold_logit: f64,
    /// What a miss costs; a false alarm costs 1.
    pub miss_cost: f64,
    pub temperature: f64,
    pub fitted: Option<Fitted>,
}

/// The first that holds, in the order in which they matter: a network that is dead is no question of thresholds.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Untrained,
    Diverged {
        step: u64,
    },
    LayerDead {
        layer: usize,
    },
    /// Only this class occurs among the samples.
    OneClass {
        class: usize,
    },
    /// Whatever comes, this class is said, and that is right so often.
    AlwaysOne {
        class: usize,
        accuracy: f64,
        n_missed: usize,
    },
    /// Another threshold costs less.
    Cheaper {
        now: Counts,
        then: Counts,
        threshold_logit: f64,
    },
    /// Probabilities are off, and a temperature mends that.
    TooSure {
        ece: [f64; 2],
        temperature: f64,
    },
    /// Of so many misread it is over 90 % sure of some, and of fewer at another temperature.
    SureAndWrong {
        n_misread: usize,
        n_sure: [usize; 2],
        temperature: f64,
    },
    Fine {
        accuracy: f64,
        /// What a constant answer gets right.
        majority_share: f64,
    },
}

/// What the button does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remedy {
    Train,
    /// What is wrong is shown there.
    SeeScope,
    MoveThreshold {
        logit: f64,
    },
    SetTemperature {
        value: f64,
    },
    /// Weights by which each class counts as much as any other.
    Balance,
}

/// A threshold is worth a word where it saves so much of the cost.
const WORTH: f64 = 0.1;
/// Probabilities are off where they are so far from what happens.
const OFF: f64 = 0.02;
/// What counts as sure.
pub const SURE: f64 = 0.9;

impl Verdict {
    pub fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Untrained => Some(Remedy::Train),
            Self::Diverged { .. } | Self::LayerDead { .. } => Some(Remedy::SeeScope),
            Self::AlwaysOne { .. } => Some(Remedy::Balance),
            Self::Cheaper {
                threshold_logit, ..
            } => Some(Remedy::MoveThreshold {
                logit: *threshold_logit,
            }),
            Self::TooSure { temperature, .. } | Self::SureAndWrong { temperature, .. } => {
                Some(Remedy::SetTemperature {
                    value: *temperature,
                })
            }
            Self::OneClass { .. } | Self::Fine { .. } => None,
        }
    }
}

/// What holds whatever the classes are.
fn of_run(situation: &Situation) -> Option<Verdict> {
    if situation.has_diverged {
        return Some(Verdict::Diverged {
            step: situation.step,
        });
    }
    if let Some(layer) = situation.dead_layer {
        return Some(Verdict::LayerDead { layer });
    }
    (situation.step == 0).then_some(Verdict::Untrained)
}

/// A temperature that would help and is not set.
fn other_temperature(situation: &Situation) -> Option<f64> {
    let fitted = situation.fitted?.temperature;
    ((fitted / situation.temperature - 1.0).abs() > 0.02).then_some(fitted)
}

/// Whether probabilities are off, and a temperature takes away a good part of that.
fn is_worth(ece: [f64; 2]) -> bool {
    ece[0] > OFF && ece[1] < 0.8 * ece[0]
}

pub fn judge_two(two: &TwoClasses, situation: &Situation) -> Verdict {
    if let Some(verdict) = of_run(situation) {
        return verdict;
    }
    let (n, n_rare) = (two.n(), two.n_rare());
    if n_rare == 0 || n_rare == n {
        return Verdict::OneClass {
            class: usize::from(n_rare > 0),
        };
    }
    let now = two.at(situation.threshold_logit);
    let cheapest = two.ranked.cheapest(situation.miss_cost);
    let saves = now.cost(situation.miss_cost) - cheapest.counts.cost(situation.miss_cost);
    let is_cheaper = saves > WORTH * now.cost(situation.miss_cost);
    let n_said = now.hits + now.false_alarms;
    if n_said == 0 || n_said == n {
        let class = usize::from(n_said > 0);
        if !is_cheaper {
            return Verdict::AlwaysOne {
                class,
                accuracy: now.accuracy(),
                n_missed: now.misses + now.false_alarms,
            };
        }
    }
    if is_cheaper {
        return Verdict::Cheaper {
            now,
            then: cheapest.counts,
            threshold_logit: cheapest.threshold_logit,
        };
    }
    if let Some(temperature) = other_temperature(situation) {
        let ece = [situation.temperature, temperature].map(|t| two.scores(t).ece);
        if is_worth(ece) {
            return Verdict::TooSure { ece, temperature };
        }
    }
    Verdict::Fine {
        accuracy: now.accuracy(),
        majority_share: two.majority_share(),
    }
}

pub fn judge_many(many: &ManyClasses, situation: &Situation) -> Verdict {
    if let Some(verdict) = of_run(situation) {
        return verdict;
    }
    let confusion = many.confusion();
    let n_classes = many.n_classes();
    let of_class = |class: usize| confusion.counts[class].iter().sum::<u64>();
    let present: Vec<usize> = (0..n_classes)
        .filter(|&class| of_class(class) > 0)
        .collect();
    if let [class] = present[..] {
        return Verdict::OneClass { class };
    }
    let said = |class: usize| confusion.counts.iter().map(|row| row[class]).sum::<u64>();
    let named: Vec<usize> = (0..n_classes).filter(|&class| said(class) > 0).collect();
    let accuracy = confusion.accuracy();
    if let [class] = named[..] {
        return Verdict::AlwaysOne {
            class,
            accuracy,
            n_missed: many.n() - of_class(class) as usize,
        };
    }
    if let Some(temperature) = other_temperature(situation) {
        let both = [situation.temperature, temperature];
        let n_sure = both.map(|t| many.n_sure_and_wrong(t, SURE));
        if n_sure[1] < n_sure[0] {
            let n_misread = many.misread(1.0).len();
            return Verdict::SureAndWrong {
                n_misread,
                n_sure,
                temperature,
            };
        }
        let ece = both.map(|t| many.scores(t).ece);
        if is_worth(ece) {
            return Verdict::TooSure { ece, temperature };
        }
    }
    Verdict::Fine {
        accuracy,
        majority_share: many.majority_share(),
    }
}
