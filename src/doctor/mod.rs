//! The Doctor beside a run: when to examine it, what to try, what came of it.
//!
//! | file | does |
//! |---|---|
//! | this one | when the run is examined; asks a worker for its start, and hears of it |
//! | [`visit`] | what is known of one run: how it began, what was tried |
//! | [`mind`] | from what is known to findings, and to what is tried next; loaded when it is first needed |
//! | [`told`] | what the page shows of it |
//! | [`handed`] | remedies handed to Compare |
//!
//! Trials are a fleet of one remedy after the other, behind the run, so that results come in one by one and the run
//! keeps its time. They know of the run nothing but its scenario. An edit, or a run that begins anew, is another
//! visit: what was under way is closed.

use std::rc::Rc;
use std::sync::Arc;

use actiscope_core::health::diagnosis::{Cause, Finding, Remedy, Start, Verdict};
use actiscope_core::health::{HealthEvent, What};
use actiscope_core::protocol::{JobId, JobSpec, RunCommand, Snapshot, ToEngine};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use crate::fleet::Fleet;
use crate::run::{Port, Run};
use crate::ui::kit::erased::effect;
use mind::Mind;
pub use told::{Offer, State, Table, Told, Tried};
use visit::Visit;

pub mod handed;
mod mind;
#[cfg(test)]
mod tests;
mod told;
mod visit;

/// Steps for which a finding has to stand before its cause is looked for.
const STABLE_STEPS: u64 = 30;
/// Steps after which it can be said of a run that stands whether it learns.
const ENOUGH_STEPS: u64 = 300;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Doctor {
    run: Run,
    /// What trains the remedy that is being tried.
    pub fleet: Fleet,
    port: StoredValue<Rc<dyn Port>, LocalStorage>,
    /// Its panel is on show: whoever opens it wants to know.
    pub is_open: RwSignal<bool>,
    /// Somebody asks for its panel.
    pub is_called: RwSignal<bool>,
    /// What is known of the run; `None` before it was examined.
    pub told: RwSignal<Option<Arc<Told>>>,
    visit: StoredValue<Option<Visit>>,
    /// The job that looks at the start of the run.
    asked: StoredValue<Option<JobId>>,
    /// The worst that was found, and at which step first.
    since: StoredValue<Option<(Verdict, u64)>>,
    /// The run that a remedy was applied to, and its step: undo leads back there.
    left: StoredValue<Option<(Scenario, u64)>>,
    mind: StoredValue<Option<Mind>>,
    is_loading: StoredValue<bool>,
    /// Rises with what the engine has told.
    news: RwSignal<u32>,
}

impl Doctor {
    /// Of this run. `fleet` is its own.
    pub fn new(run: Run, fleet: Fleet, port: Rc<dyn Port>) -> Self {
        Self {
            run,
            fleet,
            port: StoredValue::new_local(port),
            is_open: RwSignal::new(false),
            is_called: RwSignal::new(false),
            told: RwSignal::new(None),
            visit: StoredValue::new(None),
            asked: StoredValue::new(None),
            since: StoredValue::new(None),
            left: StoredValue::new(None),
            mind: StoredValue::new(None),
            is_loading: StoredValue::new(false),
            news: RwSignal::new(0),
        }
    }

    /// Examines the run whenever there is reason to. `symptoms` of the step on show, as often as they are made.
    pub fn follow(self, symptoms: Signal<(Arc<Vec<Finding>>, u64)>) {
        // The measures of a remedy that is under way are no news yet. Apart from what follows, which opens the next
        // one: an effect is not told of what it changes itself.
        effect(move || {
            let is_refused = self.fleet.refusal.with(Option::is_some);
            if self.fleet.progress().is_done || is_refused {
                self.news.update(|news| *news += 1);
            }
        });
        effect(move || {
            symptoms.track();
            self.run.wants_training.track();
            self.run.scenario.track();
            self.run.course.track();
            self.is_open.track();
            self.news.track();
            untrack(|| {
                let first = symptoms.with(|(symptoms, _)| symptoms.first().map(|f| f.verdict));
                self.attend(first);
            });
        });
    }

    /// Looks at the run as it stands; `first` is its most urgent symptom.
    pub fn attend(self, first: Option<Verdict>) {
        self.bring_back();
        let is_of = |visit: &Visit| visit.is_of(self.run);
        if !self
            .visit
            .with_value(|visit| visit.as_ref().is_some_and(is_of))
        {
            self.leave();
        }
        let (Some(first), Some(snapshot)) = (first, self.run.snapshot.get_untracked()) else {
            return;
        };
        let step = snapshot.step;
        let since = self.since.get_value();
        let since = since.filter(|(verdict, since)| *verdict == first && *since <= step);
        let (_, since) = since.unwrap_or((first, step));
        self.since.set_value(Some((first, since)));
        let is_asked = self.is_open.get_untracked();
        let (is_begun, edited_at) = self.visit.with_value(|visit| {
            visit
                .as_ref()
                .map_or((false, 0), |v| (v.is_begun, v.edited_at))
        });
        // What an edit brings shows some steps later.
        let is_settled = edited_at == 0 || step >= edited_at + STABLE_STEPS;
        let stands = self.stands(&snapshot);
        let has_reason = step > 0
            && is_settled
            && match first.is_trouble() {
                true => stands || step - since >= STABLE_STEPS,
                false => stands && step >= ENOUGH_STEPS,
            };
        if is_asked || has_reason || is_begun {
            self.examine();
        }
    }

    /// The run does not train, and is not about to.
    fn stands(self, snapshot: &Snapshot) -> bool {
        !snapshot.is_training && !self.run.wants_training.get_untracked()
    }

    /// Has the run examined, or goes on with that.
    fn examine(self) {
        self.visit.update_value(|visit| {
            if let Some(visit) = visit {
                visit.is_begun = true;
            }
        });
        let is_known = self
            .visit
            .with_value(|visit| visit.as_ref().is_some_and(Visit::is_settled));
        if !is_known {
            return self.ask();
        }
        match self.mind.get_value() {
            Some(mind) => (mind.consider)(self),
            None => self.load(),
        }
    }

    /// Asks how the run began, once.
    fn ask(self) {
        if self.asked.with_value(Option::is_some) {
            return;
        }
        let job = self.port.with_value(|port| port.new_job());
        self.asked.set_value(Some(job));
        let scenario = Box::new(self.run.scenario.get_untracked());
        let spec = JobSpec::Start(scenario);
        self.send(ToEngine::Open { job, spec });
    }

    /// Fetches what it thinks with.
    fn load(self) {
        if self.is_loading.get_value() {
            return;
        }
        self.is_loading.set_value(true);
        mind::fetch(move |mind| {
            // Where it failed it is tried again at the next reason.
            self.is_loading.try_set_value(false);
            if let Some(mind) = mind {
                self.mind.try_set_value(Some(mind));
                self.news.try_update(|news| *news += 1);
            }
        });
    }

    /// How the run began, told by the job of this number.
    pub fn hear(self, job: JobId, start: Start) {
        if self.is_job(job) {
            self.end_asking();
            self.change(|visit| visit.start = Some(Arc::new(start)));
        }
    }

    /// The engine cannot say how the run began.
    pub fn refuse(self) {
        self.end_asking();
        self.change(|visit| visit.is_refused = true);
    }

    pub fn is_job(self, job: JobId) -> bool {
        self.asked.get_value() == Some(job)
    }

    /// A new engine knows nothing of what was asked. The trials are its fleet's.
    pub fn reopen(self) {
        if self.asked.get_value().is_some() {
            self.asked.set_value(None);
            self.ask();
        }
    }

    fn change(self, change: impl FnOnce(&mut Visit)) {
        self.visit.update_value(|visit| {
            if let Some(visit) = visit {
                change(visit);
            }
        });
        self.news.update(|news| *news += 1);
    }

    /// Another visit begins: what is asked and tried is of nobody any more.
    fn leave(self) {
        self.end_asking();
        self.fleet.close();
        let run = self.run;
        self.visit
            .update_value(|visit| *visit = Some(Visit::of(run, visit.as_ref())));
        self.since.set_value(None);
        if self.told.with_untracked(Option::is_some) {
            self.told.set(None);
        }
    }

    fn end_asking(self) {
        if let Some(job) = self.asked.get_value() {
            self.asked.set_value(None);
            self.send(ToEngine::Close(job));
        }
    }

    /// Tries no more; what is in counts.
    pub fn stop(self) {
        self.fleet.close();
        self.change(|visit| {
            for trying in visit.trying.iter_mut().chain(&mut visit.longer) {
                trying.is_stopped |= trying.is_under_way();
            }
        });
    }

    /// Tries what would mend this, too.
    pub fn try_for(self, cause: Cause) {
        self.change(|visit| {
            if !visit.asked_for.contains(&cause) {
                visit.asked_for.push(cause);
            }
        });
    }

    /// Tries more units for longer.
    pub fn try_longer(self) {
        self.change(|visit| visit.wants_longer = true);
    }

    /// Whether remedies are being tried. Followed.
    pub fn is_trying(self) -> bool {
        self.told.with(|told| {
            let mut tables = told.iter().flat_map(|told| told.tables());
            tables.any(|table| table.is_trying)
        })
    }

    /// All that is found at a step with these symptoms, the first cause first.
    pub fn findings(self, symptoms: &Arc<Vec<Finding>>, step: u64) -> Arc<Vec<Finding>> {
        self.told.with(|told| match told {
            None => symptoms.clone(),
            Some(told) if told.causes.is_empty() => match told.well.as_ref() {
                Some(well) if step >= told.step => well.clone(),
                _ => symptoms.clone(),
            },
            Some(told) => {
                let troubles = symptoms.iter().filter(|f| f.verdict.is_trouble());
                let all = told.causes.iter().chain(troubles).cloned();
                let mut all: Vec<Finding> = all.collect();
                let first = all[0].cause;
                let contradicts = |f: &Finding| f.blames_learning_rate && f.cause != first;
                if first != Cause::LearningRateHigh {
                    all.iter_mut()
                        .skip(1)
                        .filter(|f| contradicts(f))
                        .for_each(|f| {
                            f.blames_learning_rate = false;
                        });
                }
                Arc::new(all)
            }
        })
    }

    /// Where a remedy was undone, the run is what it was before, at the step where it stood.
    fn bring_back(self) {
        let run = self.run;
        let was_undone = run.undo.with_untracked(|undo| undo.redo_text().is_some());
        let is_back = self.left.with_value(|left| {
            let is_now = |(scenario, _): &(Scenario, u64)| {
                run.scenario.with_untracked(|now| now.is_same_run(scenario))
            };
            left.as_ref().is_some_and(is_now)
        });
        if !(was_undone && is_back) {
            return;
        }
        if let Some((_, step)) = self.left.try_update_value(Option::take).flatten() {
            run.dispatch(RunCommand::Reset);
            run.dispatch(RunCommand::Step(u32::try_from(step).unwrap_or(u32::MAX)));
        }
    }

    /// What undo is to bring back; nothing where edits on the way made the run another than its scenario's.
    fn remember(self) {
        let run = self.run;
        let was_edited = run.log.with_untracked(|log| {
            let is_edit = |event: &HealthEvent| matches!(event.what, What::Edited { .. });
            log.events.iter().any(is_edit)
        });
        let now = (run.scenario.get_untracked(), untrack(|| run.steps()).0);
        self.left.set_value((!was_edited).then_some(now));
    }

    /// Does what a remedy says. One that was tried from the start begins anew there, as one edit to the user.
    pub fn apply(self, remedy: &Remedy) {
        if remedy.trial.is_none() && !self.was_offered(remedy) {
            return self.run.dispatch_all(remedy.deeds.clone());
        }
        let run = self.run;
        self.remember();
        let begun = run.course.get_untracked();
        run.begin_gesture();
        for deed in remedy.deeds.iter().cloned() {
            run.dispatch(RunCommand::from(deed));
        }
        // What acts live leaves the weights as they are, and these may be past mending.
        if run.course.get_untracked() == begun {
            run.dispatch(RunCommand::Reset);
        }
        run.dispatch(RunCommand::Train);
        run.end_gesture();
    }

    /// It stands in the table, though it is not tried yet.
    fn was_offered(self, remedy: &Remedy) -> bool {
        let has = |table: &Table| {
            table
                .rows
                .iter()
                .any(|row| row.remedy.label == remedy.label)
        };
        self.told.with_untracked(|told| {
            let mut tables = told.iter().flat_map(|told| told.tables());
            tables.any(has)
        })
    }

    fn send(self, message: ToEngine) {
        self.port.with_value(|port| port.send(message));
    }
}
