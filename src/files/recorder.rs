//! A run replayed behind the page's own, and recorded for TensorBoard.

use std::rc::Rc;

use actiscope_core::protocol::{JobId, JobSpec, Recorded, ToEngine};
use leptos::prelude::*;

use crate::browser;
use crate::run::Port;

/// What is done with the event file, and how many numbers it leaves out; or why there is none.
type Taker = Box<dyn FnOnce(Result<(Vec<u8>, usize), String>)>;

/// Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Recorder {
    /// How much is done, 0..1, while something is recorded.
    pub share: RwSignal<Option<f32>>,
    port: StoredValue<Rc<dyn Port>, LocalStorage>,
    job: StoredValue<Option<JobId>>,
    taker: StoredValue<Option<Taker>, LocalStorage>,
}

impl Recorder {
    pub fn new(port: Rc<dyn Port>) -> Self {
        Self {
            share: RwSignal::new(None),
            port: StoredValue::new_local(port),
            job: StoredValue::new(None),
            taker: StoredValue::new_local(None),
        }
    }

    /// Records the run of these bytes, in place of what is being recorded.
    pub fn record(self, run: Vec<u8>, then: Taker) {
        self.stop();
        let job = self.port.with_value(|port| port.new_job());
        self.job.set_value(Some(job));
        self.taker.set_value(Some(then));
        self.share.set(Some(0.0));
        let spec = JobSpec::Recording {
            run,
            wall_time_s: browser::epoch_ms() / 1e3,
        };
        self.send(ToEngine::Open { job, spec });
    }

    /// Gives up what is being recorded.
    pub fn stop(self) {
        if let Some(job) = self.job.get_value() {
            self.send(ToEngine::Close(job));
            self.end(Err("The recording was stopped.".into()));
        }
    }

    pub fn is_job(self, job: JobId) -> bool {
        self.job.get_value() == Some(job)
    }

    pub fn hear(self, recorded: Recorded) {
        match recorded {
            Recorded::Progress { share } => self.share.set(Some(share)),
            Recorded::Done { bytes, n_left_out } => {
                if let Some(job) = self.job.get_value() {
                    self.send(ToEngine::Close(job));
                }
                self.end(Ok((bytes, n_left_out)));
            }
        }
    }

    /// The engine does not take it, and says why.
    pub fn refuse(self, why: String) {
        self.end(Err(why));
    }

    /// The engine was lost, and the recording with it.
    pub fn lose(self) {
        if self.job.get_value().is_some() {
            self.end(Err(
                "The engine was lost, and the recording with it: ask for it again.".into(),
            ));
        }
    }

    fn end(self, told: Result<(Vec<u8>, usize), String>) {
        self.job.set_value(None);
        self.share.set(None);
        let taker = self.taker.try_update_value(Option::take).flatten();
        if let Some(take) = taker {
            take(told);
        }
    }

    fn send(self, message: ToEngine) {
        self.port.with_value(|port| port.send(message));
    }
}
