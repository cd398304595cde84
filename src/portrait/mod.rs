//! One network in detail, at one step: what a fleet does not tell of its networks, their answers over the plane, their
//! pre-activations, the gradient of each layer. The network is trained once more, as a run of its own behind whatever
//! is in front; that is the same network, bit for bit on the CPU, and takes milliseconds where it is small.
//!
//! What is on show stays until another has come. An answer is known by its job: each question is a job of its own,
//! and the one before it is closed.

use std::rc::Rc;
use std::sync::Arc;

use actiscope_core::protocol::{
    HistoryPoint, JobId, JobSpec, Loaded, Look, RunCommand, RunEvent, Snapshot, ToEngine,
};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use crate::plot::charts::field::FieldData;
use crate::run::Port;
use crate::run::axes::extent_of;
use crate::run::samples::Samples;

#[cfg(test)]
mod tests;

/// A network as it was at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitter {
    pub scenario: Arc<Scenario>,
    /// The step that was asked for: a network that diverged before it stands where it did, see
    /// [`Snapshot::step`].
    pub step: u64,
    pub loaded: Arc<Loaded>,
    pub snapshot: Arc<Snapshot>,
    /// From step 0 on.
    pub history: Arc<Vec<HistoryPoint>>,
    /// What the snapshot holds, with the extent of its pictures.
    pub look: Look,
}

impl Sitter {
    pub fn is_of(&self, scenario: &Scenario, step: u64) -> bool {
        self.step == step && *self.scenario == *scenario
    }

    /// Calls `then` with what the network answers over the plane, and its samples.
    pub fn with_field<T>(&self, then: impl FnOnce(&FieldData) -> T) -> T {
        let samples = Samples::new(&self.loaded, self.scenario.view.axes);
        let threshold = self.scenario.view.threshold;
        then(&samples.field(&self.loaded, &self.snapshot, self.look.extent, threshold))
    }
}

/// What was asked for and has not come yet.
#[derive(Clone, Debug)]
struct Question {
    job: JobId,
    scenario: Arc<Scenario>,
    step: u64,
    look: Look,
    loaded: Option<Arc<Loaded>>,
    /// What was told of it on its way.
    history: Vec<HistoryPoint>,
    /// The network is at the step, and its pictures were asked for by the message of this number.
    looked: Option<u64>,
}

/// Shows one network at a time. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Portrait {
    /// What is on show: of what was asked for, or still of what was asked for before.
    pub sitter: RwSignal<Option<Arc<Sitter>>>,
    /// Another one is on its way.
    pub is_awaited: RwSignal<bool>,
    /// Why the network that was asked for last cannot be shown.
    pub refusal: RwSignal<Option<String>>,
    /// The network that was refused: it is not asked for again and again.
    refused: StoredValue<Option<Arc<Scenario>>>,
    question: StoredValue<Option<Question>>,
    port: StoredValue<Rc<dyn Port>, LocalStorage>,
}

impl Portrait {
    /// Of nothing yet; see [`Portrait::show`].
    pub fn new(port: Rc<dyn Port>) -> Self {
        Self {
            sitter: RwSignal::new(None),
            is_awaited: RwSignal::new(false),
            refusal: RwSignal::new(None),
            refused: StoredValue::new(None),
            question: StoredValue::new(None),
            port: StoredValue::new_local(port),
        }
    }

    /// Shows this network after so many updates, in place of what was asked for before. Pictures of the plane reach as
    /// far as the samples do, whatever `look` says. What is on show or on its way is not asked for again.
    pub fn show(self, scenario: Scenario, step: u64, look: Look) {
        let is_asked = self.question.with_value(|question| {
            question.as_ref().map(|asked| {
                asked.step == step
                    && same_but_extent(&asked.look, &look)
                    && *asked.scenario == scenario
            })
        });
        let is_there = self.sitter.with_untracked(|sitter| {
            let sitter = sitter.as_ref();
            sitter.is_some_and(|s| s.is_of(&scenario, step) && same_but_extent(&s.look, &look))
        });
        match is_asked {
            Some(true) => return,
            None if is_there => return,
            Some(false) | None => {}
        }
        self.close();
        let is_refused = self.refused.with_value(|refused| {
            let refused = refused.as_ref();
            refused.is_some_and(|refused| **refused == scenario)
        });
        if is_there || is_refused {
            return;
        }
        self.refused.set_value(None);
        forget(self.refusal);
        self.ask(Arc::new(scenario), step, look);
    }

    /// Gives up what is on its way; what is on show stays.
    pub fn close(self) {
        if let Some(question) = self.take_question() {
            self.send(ToEngine::Close(question.job));
        }
    }

    /// Shows nothing.
    pub fn clear(self) {
        self.close();
        self.refused.set_value(None);
        forget(self.refusal);
        forget(self.sitter);
    }

    /// A new engine knows nothing of it: what was on its way is asked for anew.
    pub fn reopen(self) {
        if let Some(question) = self.take_question() {
            self.ask(question.scenario, question.step, question.look);
        }
    }

    /// Whether what is on its way comes as this job.
    pub fn is_job(self, job: JobId) -> bool {
        let is_it = |question: &Question| question.job == job;
        self.question
            .with_value(|question| question.as_ref().is_some_and(is_it))
    }

    /// Takes what the engine tells of the job, having heard messages up to this number.
    pub fn hear(self, heard: u64, event: RunEvent) {
        match event {
            RunEvent::Loaded(loaded) => self.with_question(|question| {
                question.loaded = Some(Arc::from(loaded));
            }),
            RunEvent::Snapshot(snapshot) => self.hear_snapshot(heard, *snapshot),
            _ => {}
        }
    }

    /// The engine does not take it, and says why.
    pub fn refuse(self, why: String) {
        // There is nothing to close: it was not opened.
        let question = self.take_question();
        self.refused
            .set_value(question.map(|question| question.scenario));
        self.refusal.set(Some(why));
    }

    fn ask(self, scenario: Arc<Scenario>, step: u64, look: Look) {
        let job = self.port.with_value(|port| port.new_job());
        let spec = JobSpec::Run {
            scenario: Box::new((*scenario).clone()),
            look: without_pictures(&look),
            checkpoint: None,
        };
        self.question.set_value(Some(Question {
            job,
            scenario,
            step,
            look,
            loaded: None,
            history: Vec::new(),
            looked: None,
        }));
        self.is_awaited.set(true);
        self.send(ToEngine::Open { job, spec });
        if step > 0 {
            let step = u32::try_from(step).unwrap_or(u32::MAX);
            self.send(ToEngine::Run(job, RunCommand::Step(step)));
        }
    }

    /// On its way a network is asked for no pictures; where it has arrived, or can go no farther, they are asked for,
    /// and the first snapshot after that is the answer.
    fn hear_snapshot(self, heard: u64, mut snapshot: Snapshot) {
        self.with_question(|question| {
            if snapshot.history_is_whole {
                question.history.clear();
            }
            question.history.append(&mut snapshot.history);
        });
        let Some(question) = self.question.get_value() else {
            return;
        };
        let (job, loaded) = (question.job, question.loaded.clone());
        let (Some(loaded), false) = (loaded, snapshot.is_training) else {
            self.send(ToEngine::Run(job, RunCommand::Shown));
            return;
        };
        if question.looked.is_none_or(|number| heard < number) {
            if question.looked.is_none() {
                let extent = extent_of(&loaded, question.scenario.view.axes);
                let look = Look {
                    extent,
                    ..question.look
                };
                let number = self.send(ToEngine::Run(job, RunCommand::Look(look.clone())));
                self.with_question(|question| {
                    question.looked = Some(number);
                    question.look = look;
                });
            }
            self.send(ToEngine::Run(job, RunCommand::Shown));
            return;
        }
        self.close();
        self.sitter.set(Some(Arc::new(Sitter {
            scenario: question.scenario,
            step: question.step,
            loaded,
            snapshot: Arc::new(snapshot),
            history: Arc::new(question.history),
            look: question.look,
        })));
    }

    fn take_question(self) -> Option<Question> {
        let question = self.question.try_update_value(Option::take).flatten();
        // Whoever follows it hears of changes alone: it may ask again when it hears.
        if question.is_some() {
            self.is_awaited.set(false);
        }
        question
    }

    fn with_question(self, change: impl FnOnce(&mut Question)) {
        self.question.update_value(|question| {
            if let Some(question) = question {
                change(question);
            }
        });
    }

    fn send(self, message: ToEngine) -> u64 {
        self.port.with_value(|port| port.send(message))
    }
}

/// Empties it, and tells nobody where it was empty.
fn forget<T: Send + Sync + 'static>(kept: RwSignal<Option<T>>) {
    if kept.with_untracked(Option::is_some) {
        kept.set(None);
    }
}

fn same_but_extent(a: &Look, b: &Look) -> bool {
    let extent = b.extent;
    Look {
        extent,
        ..a.clone()
    } == *b
}

fn without_pictures(look: &Look) -> Look {
    Look {
        unit_map_cells: 0,
        field_cells: 0,
        weights: false,
        weights_of: None,
        answers: false,
        extent: look.extent,
    }
}
