//! State of a fleet: what is to be trained, how far it has come, what was measured.
//!
//! A fleet is opened with its whole spec, and opened anew with another when anything of it changes: a job of another
//! number, so that what was still on its way from the one before is of nobody.

use std::rc::Rc;
use std::sync::Arc;

use actiscope_core::protocol::{
    FleetCommand, FleetEvent, FleetPlan, FleetProgress, FleetResults, FleetSpec, JobId, JobSpec,
    Part, ToEngine,
};
use leptos::prelude::*;

use crate::run::{Host, Port};

#[cfg(test)]
mod tests;

/// State of one fleet. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Fleet {
    /// What trains, or has trained; `None` before the first.
    pub spec: RwSignal<Option<Arc<FleetSpec>>>,
    pub plan: RwSignal<FleetPlan>,
    pub results: RwSignal<FleetResults>,
    /// Why nothing of it can be trained.
    pub refusal: RwSignal<Option<String>>,
    /// Whether it is to go on; the engine follows.
    pub wants_training: RwSignal<bool>,
    job: StoredValue<Option<JobId>>,
    /// It gets the time, which the run has otherwise.
    pub is_in_front: RwSignal<bool>,
    port: StoredValue<Rc<dyn Port>, LocalStorage>,
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
}

impl Fleet {
    /// Nothing yet; see [`Fleet::open`].
    pub fn new(port: Rc<dyn Port>, host: Rc<dyn Host>) -> Self {
        Self {
            spec: RwSignal::new(None),
            plan: RwSignal::new(FleetPlan::default()),
            results: RwSignal::new(FleetResults::default()),
            refusal: RwSignal::new(None),
            wants_training: RwSignal::new(true),
            job: StoredValue::new(None),
            is_in_front: RwSignal::new(false),
            port: StoredValue::new_local(port),
            host: StoredValue::new_local(host),
        }
    }

    /// Trains this, from step 0, in place of what was there before. It begins at once, or waits where training was paused.
    pub fn open(self, spec: FleetSpec) {
        self.close();
        self.results.set(FleetResults::new(&spec));
        self.plan.set(FleetPlan::default());
        self.refusal.set(None);
        self.spec.set(Some(Arc::new(spec)));
        self.begin();
    }

    /// Gives up what trains; what was measured stays.
    pub fn close(self) {
        if let Some(job) = self.job.get_value() {
            self.send(ToEngine::Close(job));
            self.job.set_value(None);
        }
    }

    /// What is open with what came of it, to be put back later, if it is done.
    pub fn kept(self) -> Option<(Arc<FleetSpec>, FleetResults)> {
        let spec = self.spec.get_untracked()?;
        let results = self.results.get_untracked();
        results.progress().is_done.then_some((spec, results))
    }

    /// Shows what was trained before, in place of what trains.
    pub fn put_back(self, spec: Arc<FleetSpec>, results: FleetResults) {
        self.close();
        self.refusal.set(None);
        self.results.set(results);
        self.spec.set(Some(spec));
    }

    /// A new engine knows nothing of it: what is not done begins anew there.
    pub fn reopen(self) {
        let was_open = self.job.get_value().is_some();
        self.job.set_value(None);
        if !was_open {
            return;
        }
        if self
            .results
            .with_untracked(|results| results.progress().is_done)
        {
            return;
        }
        if let Some(spec) = self.spec.get_untracked() {
            self.results.set(FleetResults::new(&spec));
            self.begin();
        }
    }

    fn begin(self) {
        let Some(spec) = self.spec.get_untracked() else {
            return;
        };
        let job = self.port.with_value(|port| port.new_job());
        self.job.set_value(Some(job));
        let spec = JobSpec::Fleet(Box::new((*spec).clone()));
        self.send(ToEngine::Open { job, spec });
        if !self.wants_training.get_untracked() {
            self.send(ToEngine::Fleet(job, FleetCommand::Pause));
        }
        if self.is_in_front.get_untracked() {
            self.send(ToEngine::Front(job));
        }
    }

    pub fn train(self) {
        self.want_training(true);
    }

    pub fn pause(self) {
        self.want_training(false);
    }

    fn want_training(self, wants_training: bool) {
        self.wants_training.set(wants_training);
        if let Some(job) = self.job.get_value() {
            let command = match wants_training {
                true => FleetCommand::Train,
                false => FleetCommand::Pause,
            };
            self.send(ToEngine::Fleet(job, command));
        }
    }

    /// Whether it gets the time, which the run has otherwise.
    pub fn set_in_front(self, is_in_front: bool) {
        self.is_in_front.set(is_in_front);
        if let Some(job) = self.job.get_value().filter(|_| is_in_front) {
            self.send(ToEngine::Front(job));
        }
    }

    /// Something is being trained, or waits to be. Followed.
    pub fn is_open(self) -> bool {
        self.spec.track();
        let is_done = self.results.with(|results| results.progress().is_done);
        self.job.get_value().is_some() && !is_done
    }

    /// How far it has come. Followed.
    pub fn progress(self) -> FleetProgress {
        self.results.with(FleetResults::progress)
    }

    /// Whether this job is the one that is open.
    pub fn is_job(self, job: JobId) -> bool {
        self.job.get_value() == Some(job)
    }

    /// Takes what the engine tells of the job that is open.
    pub fn hear(self, event: FleetEvent) {
        match event {
            FleetEvent::Begun(plan) => self.plan.set(plan),
            FleetEvent::News(news) => {
                let keeps_curves = (self.spec)
                    .with_untracked(|spec| spec.as_ref().is_some_and(|s| s.keeps_curves));
                self.results
                    .update(|results| results.take(Part::WHOLE, keeps_curves, &news));
                let job = self.job.get_value();
                let shown = move || {
                    if let Some(job) = job.filter(|job| self.is_job(*job)) {
                        self.send(ToEngine::Fleet(job, FleetCommand::Shown));
                    }
                };
                self.host
                    .with_value(|host| host.after_paint(Box::new(shown)));
            }
            FleetEvent::Restarted { networks } => {
                self.results.update(|results| results.forget(&networks));
            }
        }
    }

    /// The engine does not take it, and says why.
    pub fn refuse(self, why: String) {
        self.job.set_value(None);
        self.refusal.set(Some(why));
    }

    fn send(self, message: ToEngine) {
        self.port.with_value(|port| port.send(message));
    }
}
