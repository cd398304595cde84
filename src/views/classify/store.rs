//! Classify's state as signals: the run's answers, and what is chosen to look at in them.

use std::sync::Arc;

use actiscope_core::classify::{Fitted, Remedy, Situation, Verdict, balanced_weights, caption};
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Scenario, Setting, differences};
use leptos::prelude::*;

use super::judged::{Judged, dead_layer};
use super::state::State;
use crate::app::{App, navigation};
use crate::held::Held;
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::erased::effect;
use crate::ui::kit::throttle::throttled;
use crate::views::View;
use crate::views::kept::{followed, is_here};

/// How often answers are judged while the run trains.
const EVERY_MS: u64 = 100;
/// Differences that the name of the run before tells.
const MAX_NAMED: usize = 2;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Classify {
    pub run: Run,
    app: App,
    pub state: Held<State>,
    /// The newest answers that are numbers, judged.
    pub judged: Signal<Option<Arc<Judged>>>,
    /// The answers shown are older than the run, which has diverged.
    pub is_stale: Memo<bool>,
    /// From more than this logit on a sample is said to be of class 1.
    pub threshold: Memo<f64>,
    pub verdict: Memo<Option<Verdict>>,
    /// The run before this one, on the same data: its answers, and what it had otherwise.
    pub before: RwSignal<Option<Arc<Before>>>,
    /// The pair of classes, true and said, whose samples are shown.
    pub cell: RwSignal<Option<(usize, usize)>>,
    /// The place of a sample that is looked at.
    pub sample: RwSignal<Option<usize>>,
    /// 0 before the classes are known, and for numbers.
    pub n_classes: Memo<usize>,
}

#[derive(Clone, Debug)]
pub struct Before {
    pub judged: Arc<Judged>,
    pub label: String,
}

impl Classify {
    pub fn open(app: App, run: Run) -> Self {
        let state = followed::<State>(app, is_here(app, "classify"));
        // What diverges has no answers any more: the last ones stay.
        let last = RwSignal::new(None::<Arc<Judged>>);
        let judged = throttled(EVERY_MS, move || {
            let now = run.snapshot.with(|snapshot| {
                let snapshot = snapshot.as_ref()?;
                run.loaded.with(|loaded| {
                    let loaded = loaded.as_ref()?;
                    run.scenario
                        .with_untracked(|scenario| Judged::new(scenario, loaded, snapshot))
                })
            });
            let now = now.map(Arc::new);
            if now.is_some() {
                last.set(now.clone());
            }
            let is_of_run = |judged: &Arc<Judged>| {
                run.loaded
                    .with_untracked(|loaded| loaded.as_ref().map(|l| l.run) == Some(judged.run))
            };
            now.or_else(|| last.get_untracked().filter(is_of_run))
        });
        let threshold = Memo::new(move |_| {
            let p = run.scenario.with(|scenario| scenario.view.threshold);
            libm::log(p) - libm::log1p(-p)
        });
        let is_stale = Memo::new(move |_| {
            run.snapshot
                .with(|s| s.as_ref().is_some_and(|s| s.has_diverged))
        });
        let verdict = Memo::new(move |_| {
            let judged = judged.get()?;
            let snapshot = run.snapshot.get_untracked()?;
            let state = state.get();
            let situation = Situation {
                step: snapshot.step,
                has_diverged: is_stale.get(),
                dead_layer: dead_layer(&snapshot),
                threshold_logit: threshold.get(),
                miss_cost: state.miss_cost,
                temperature: state.temperature,
                fitted: judged.fitted,
            };
            Some(judged.verdict(&situation))
        });
        let n_classes = Memo::new(move |_| {
            run.loaded
                .with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.n_classes))
        });
        let classify = Self {
            run,
            app,
            state,
            judged,
            is_stale,
            threshold,
            verdict,
            before: RwSignal::new(None),
            cell: RwSignal::new(None),
            sample: RwSignal::new(None),
            n_classes,
        };
        classify.keep_before(last);
        classify
    }

    /// When the run begins anew on the same data, what it came to is kept beside what comes.
    fn keep_before(self, last: RwSignal<Option<Arc<Judged>>>) {
        let run = self.run;
        // The scenario that the last answers are of.
        let of_last = StoredValue::new(None::<Scenario>);
        effect(move || {
            run.course.track();
            untrack(|| {
                let now = run.scenario.get();
                let then = of_last.get_value();
                if let (Some(then), Some(judged)) = (then, last.get()) {
                    let is_same_data = then.data == now.data && then.seed == now.seed;
                    let before = (is_same_data && judged.step > 0).then(|| {
                        Arc::new(Before {
                            judged,
                            label: label_of(&differences(&now, &then)),
                        })
                    });
                    self.before.set(before);
                }
                last.set(None);
                self.cell.set(None);
                self.sample.set(None);
            });
        });
        effect(move || {
            self.judged.track();
            untrack(|| of_last.set_value(Some(run.scenario.get())));
        });
    }

    pub fn with_judged<T>(self, then: impl FnOnce(&Judged) -> T) -> Option<T> {
        self.judged.with(|judged| judged.as_deref().map(then))
    }

    pub fn set_threshold(self, logit: f64) {
        let p = rounded(logit);
        self.run.edit(Edit::Set(Setting::Threshold, p));
    }

    pub fn set_temperature(self, value: f64) {
        self.state.update(|state| state.temperature = value);
    }

    /// The sentence on top.
    pub fn sentence(self) -> Option<[String; 3]> {
        let verdict = self.verdict.get()?;
        self.with_judged(|judged| caption(&verdict, &judged.names))
    }

    pub fn act(self, remedy: Remedy) {
        match remedy {
            Remedy::Train => self.run.dispatch(RunCommand::Train),
            Remedy::SeeScope => navigation::open(self.app, self.run, View::first()),
            Remedy::MoveThreshold { logit } => self.set_threshold(logit),
            Remedy::SetTemperature { value } => self.set_temperature(value),
            Remedy::Balance => self.balance(),
        }
    }

    /// Weights by which each class counts as much as any other.
    pub fn balance(self) {
        self.run.edit(Edit::ClassWeights(self.balanced()));
    }

    pub fn balanced(self) -> Vec<f64> {
        self.run.loaded.with(|loaded| {
            let sizes = loaded.as_ref().map(|loaded| loaded.class_sizes.clone());
            let weights = balanced_weights(&sizes.unwrap_or_default());
            weights
                .into_iter()
                .map(|w| (1e4 * w).round() / 1e4)
                .collect()
        })
    }

    pub fn fitted(self) -> Option<Fitted> {
        self.with_judged(|judged| judged.fitted)?
    }
}

fn label_of(differing: &[String]) -> String {
    match differing {
        [] => "run before".to_owned(),
        differing => {
            let named: Vec<&str> = differing
                .iter()
                .take(MAX_NAMED)
                .map(|text| text.strip_prefix("activation ").unwrap_or(text))
                .collect();
            format!("run before, {}", named.join(", "))
        }
    }
}

/// The probability of a logit, as short as it can be told from its neighbours: links hold it.
fn rounded(logit: f64) -> f64 {
    let range = Setting::Threshold.range();
    let p = 1.0 / (1.0 + libm::exp(-logit));
    let least = p.min(1.0 - p).max(1e-9);
    let unit = libm::pow(10.0, libm::floor(libm::log10(least)) - 3.0);
    // Divided by a power of ten, so that it is the nearest number to a short text.
    let per_unit = (1.0 / unit).round();
    ((p * per_unit).round() / per_unit).clamp(range.low, range.high)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn a_threshold_is_short_and_near() {
        for tenth in -100..=100 {
            let logit = f64::from(tenth) / 10.0;
            let p = rounded(logit);
            assert!(p.to_string().len() <= 12, "{p}");
            let back = (p / (1.0 - p)).ln();
            assert!((back - logit).abs() < 0.02, "{logit}: {p} {back}");
        }
        assert_eq!(rounded(0.0), 0.5);
    }
}
