//! State of a fleet: what is to be trained, how far it has come, what was measured.
//!
//! A fleet is opened with its whole spec, and opened anew with another when anything of it changes: as jobs of other
//! numbers, so that what was still on its way from those before is of nobody. A large one is shared out: each engine of
//! a [`Crew`] trains a part, and a part whose engine is lost goes to the page's own.

use std::rc::Rc;
use std::sync::Arc;

use actiscope_core::protocol::{
    FleetCommand, FleetEvent, FleetProgress, FleetResults, FleetSpec, JobId, JobSpec, Part,
    ToEngine,
};
use leptos::prelude::*;

use crate::run::{Host, Port};

#[cfg(test)]
mod tests;

/// Engines that can share a fleet. The page's own is number 0.
pub trait Crew: Port {
    /// How many share this one.
    fn n_sharing(&self, spec: &FleetSpec) -> usize;
    fn send_to(&self, engine: usize, message: ToEngine);
}

/// State of one fleet. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Fleet {
    /// What trains, or has trained; `None` before the first.
    pub spec: RwSignal<Option<Arc<FleetSpec>>>,
    pub results: RwSignal<FleetResults>,
    /// Why nothing of it can be trained.
    pub refusal: RwSignal<Option<String>>,
    /// Whether it is to go on; the engines follow.
    pub wants_training: RwSignal<bool>,
    /// What is open. None of a fleet that was given up.
    shares: RwSignal<Vec<Share>>,
    /// It gets the time, which the run has otherwise.
    pub is_in_front: RwSignal<bool>,
    crew: StoredValue<Rc<dyn Crew>, LocalStorage>,
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
}

/// A part, and the engine that trains it.
#[derive(Clone, Copy, Debug)]
struct Share {
    part: Part,
    job: JobId,
    engine: usize,
}

impl Fleet {
    /// Nothing yet; see [`Fleet::open`].
    pub fn new(crew: Rc<dyn Crew>, host: Rc<dyn Host>) -> Self {
        Self {
            spec: RwSignal::new(None),
            results: RwSignal::new(FleetResults::default()),
            refusal: RwSignal::new(None),
            wants_training: RwSignal::new(true),
            shares: RwSignal::new(Vec::new()),
            is_in_front: RwSignal::new(false),
            crew: StoredValue::new_local(crew),
            host: StoredValue::new_local(host),
        }
    }

    /// Trains this, from step 0, in place of what was there before. It begins at once, or waits where training was paused.
    pub fn open(self, spec: FleetSpec) {
        self.close();
        self.results.set(FleetResults::new(&spec));
        self.refusal.set(None);
        self.spec.set(Some(Arc::new(spec)));
        self.begin();
    }

    /// Gives up what trains; what was measured stays.
    pub fn close(self) {
        if self.shares.with_untracked(|shares| !shares.is_empty()) {
            self.tell_all(ToEngine::Close);
            self.shares.set(Vec::new());
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

    /// An engine is lost, and what it had of this with it: the page's own begins that anew, if it was not done.
    pub fn lose(self, engine: usize) {
        let Some(spec) = self.spec.get_untracked() else {
            return;
        };
        let (lost, kept) = (self.shares.get_untracked().into_iter())
            .partition::<Vec<Share>, _>(|share| share.engine == engine);
        if lost.is_empty() {
            return;
        }
        self.shares.set(kept);
        for share in lost.into_iter().filter(|share| !self.is_done(share)) {
            self.results
                .update(|results| results.begin_anew(&spec, share.part));
            self.open_part(&spec, share.part, 0);
        }
    }

    /// Trains it anew where others can share it now than when it was begun.
    pub fn share_out(self) {
        let Some(spec) = self
            .spec
            .get_untracked()
            .filter(|_| untrack(|| self.is_open()))
        else {
            return;
        };
        let n_parts = self
            .shares
            .with_untracked(|shares| shares.first().map_or(1, |share| share.part.of));
        if self.n_sharing(&spec) != n_parts {
            self.close();
            self.begin();
        }
    }

    /// Whether an engine has something to do of it, or soon may.
    pub fn needs(self, engine: usize) -> bool {
        let is_in_front = self.is_in_front.get_untracked();
        self.shares.with_untracked(|shares| {
            let mut mine = shares.iter().filter(|share| share.engine == engine);
            mine.any(|share| is_in_front || !self.is_done(share))
        })
    }

    fn is_done(self, share: &Share) -> bool {
        self.results
            .with_untracked(|results| results.progress_of(share.part).is_done)
    }

    fn n_sharing(self, spec: &FleetSpec) -> u32 {
        self.crew.with_value(|crew| crew.n_sharing(spec)).max(1) as u32
    }

    /// Opens each part on an engine of its own.
    fn begin(self) {
        let Some(spec) = self.spec.get_untracked() else {
            return;
        };
        let of = self.n_sharing(&spec);
        self.results.update(|results| results.share_out(&spec, of));
        for index in 0..of {
            self.open_part(&spec, Part { index, of }, index as usize);
        }
    }

    fn open_part(self, spec: &FleetSpec, part: Part, engine: usize) {
        let job = self.crew.with_value(|crew| crew.new_job());
        let share = Share { part, job, engine };
        self.shares.update(|shares| shares.push(share));
        let spec = FleetSpec {
            part,
            ..spec.clone()
        };
        let spec = JobSpec::Fleet(Box::new(spec));
        self.send(share, ToEngine::Open { job, spec });
        if !self.wants_training.get_untracked() {
            self.send(share, ToEngine::Fleet(job, FleetCommand::Pause));
        }
        if self.is_in_front.get_untracked() {
            self.send(share, ToEngine::Front(job));
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
        let command = match wants_training {
            true => FleetCommand::Train,
            false => FleetCommand::Pause,
        };
        self.tell_all(|job| ToEngine::Fleet(job, command));
    }

    /// Whether it gets the time, which the run has otherwise.
    pub fn set_in_front(self, is_in_front: bool) {
        self.is_in_front.set(is_in_front);
        if is_in_front {
            self.tell_all(ToEngine::Front);
        }
    }

    /// Something is being trained, or waits to be. Followed.
    pub fn is_open(self) -> bool {
        let is_done = self.results.with(|results| results.progress().is_done);
        self.shares.with(|shares| !shares.is_empty()) && !is_done
    }

    /// How far it has come. Followed.
    pub fn progress(self) -> FleetProgress {
        self.results.with(FleetResults::progress)
    }

    /// Until all of it is done; `None` as long as that cannot be said. Followed.
    pub fn seconds_left(self) -> Option<f64> {
        self.results.with(FleetResults::seconds_left)
    }

    /// Whether this job is one of those that are open.
    pub fn is_job(self, job: JobId) -> bool {
        self.share_of(job).is_some()
    }

    fn share_of(self, job: JobId) -> Option<Share> {
        self.shares
            .with_untracked(|shares| shares.iter().copied().find(|share| share.job == job))
    }

    /// Takes what an engine tells of a job that is open.
    pub fn hear(self, job: JobId, event: FleetEvent) {
        let Some(share) = self.share_of(job) else {
            return;
        };
        match event {
            FleetEvent::Begun(_) => {}
            FleetEvent::News(news) => {
                let keeps_curves = (self.spec)
                    .with_untracked(|spec| spec.as_ref().is_some_and(|s| s.keeps_curves));
                self.results
                    .update(|results| results.take(share.part, keeps_curves, &news));
                let shown = move || {
                    if self.is_job(job) {
                        self.send(share, ToEngine::Fleet(job, FleetCommand::Shown));
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

    /// An engine does not take a job, and says why. What another does not take may still be the page's own's.
    pub fn refuse(self, job: JobId, why: String) {
        let refused = self.share_of(job).filter(|share| share.engine > 0);
        self.shares
            .update(|shares| shares.retain(|share| share.job != job));
        if let (Some(share), Some(spec)) = (refused, self.spec.get_untracked()) {
            return self.open_part(&spec, share.part, 0);
        }
        self.close();
        self.refusal.set(Some(why));
    }

    fn tell_all(self, message: impl Fn(JobId) -> ToEngine) {
        for share in self.shares.get_untracked() {
            self.send(share, message(share.job));
        }
    }

    fn send(self, share: Share, message: ToEngine) {
        self.crew
            .with_value(|crew| crew.send_to(share.engine, message));
    }
}
