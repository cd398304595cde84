//! What a run tells: each thing when it is due.

use actiscope_core::data::{Dataset, TargetKind};
use actiscope_core::health::story::StoryRequest;
use actiscope_core::protocol::{EngineKind, Event, Judges, Loaded, RunEvent};

use super::snapshot::Circumstances;
use super::{Activity, RunError, RunJob, teller};

/// Samples that `Loaded` carries at most, and how many of them for testing.
const MAX_LOADED_SAMPLES: usize = 2_000;
const MAX_LOADED_TEST_SAMPLES: usize = 500;
/// Milliseconds between two checkpoints for the page.
const CHECKPOINT_MS: f64 = 2_000.0;

impl RunJob {
    pub(super) fn tell_story(&mut self, request: StoryRequest, story: teller::Told) {
        self.tell(RunEvent::Story { request, story });
    }

    pub(super) fn tell_loaded(&mut self) {
        let data = &self.run.data;
        let n_test = data.n_test().min(MAX_LOADED_TEST_SAMPLES);
        let n_train = data.n_train().min(MAX_LOADED_SAMPLES - n_test);
        let x_train = &data.x_train[..n_train * data.n_inputs];
        let y_train = &data.y_train[..n_train];
        let n_classes = match data.target {
            TargetKind::Number => 0,
            TargetKind::Class { n_classes } => n_classes,
        };
        let loaded = Loaded {
            run: self.run_number,
            n_inputs: data.n_inputs,
            x: [x_train, &data.x_test[..n_test * data.n_inputs]].concat(),
            y: [y_train, &data.y_test[..n_test]].concat(),
            n_train,
            n_classes,
            input_names: data.input_names.clone(),
            centers: self.viewer.centers().to_vec(),
            judges: judges(data),
            input_scale: data.input_scale.clone(),
            y_validation: data.y_validation.clone(),
            class_sizes: class_sizes(&data.y_train, n_classes),
            class_names: data.class_names.clone(),
            principal: (data.n_inputs > 2).then(|| self.viewer.principal().clone()),
            max_abs_slopes: self.run.backend.max_abs_slopes(),
        };
        self.tell(RunEvent::Loaded(Box::new(loaded)));
        self.tell_happened();
    }

    pub(super) fn tell(&mut self, event: RunEvent) {
        self.events.push(Event::Run(self.id, event));
    }

    pub(super) fn tell_problem(&mut self, error: &RunError) {
        self.events.push(Event::Problem {
            job: Some(self.id),
            message: error.to_string(),
        });
    }

    /// The scenario as it is now, if the page cannot know it. On the way of a seek it is one of the way.
    pub(super) fn tell_scenario(&mut self) {
        let is_on_the_way = matches!(self.activity, Activity::Seeking(..));
        if !is_on_the_way && std::mem::take(&mut self.owes_scenario) {
            let scenario = Box::new(self.run.scenario.clone());
            self.tell(RunEvent::Scenario(scenario));
        }
    }

    pub(super) fn tell_happened(&mut self) {
        if let Some(failure) = self.run.backend.take_failure() {
            let message = self.place.lose(&failure);
            self.events.push(Event::Notice { message });
            self.pacer.begin_anew(EngineKind::Cpu);
        }
        if let Some(step) = self.run.take_fork() {
            self.tell(RunEvent::Forked { step });
        }
        let happened = self.run.take_events();
        if !happened.is_empty() {
            self.tell(RunEvent::Happened(happened));
        }
    }

    pub(super) async fn tell_snapshot(&mut self, now_ms: f64) {
        let is_on_the_way = matches!(self.activity, Activity::Seeking(..));
        if !self.may_show || !self.is_news || is_on_the_way {
            return;
        }
        let circumstances = Circumstances {
            run: self.run_number,
            is_training: self.is_training(),
            steps_per_second: self.pacer.measure(now_ms),
        };
        let snapshot = self.viewer.snapshot(&mut self.run, &circumstances).await;
        self.tell(RunEvent::Snapshot(Box::new(snapshot)));
        (self.may_show, self.is_news) = (false, false);
    }

    /// Now and then, so that the page can go on in another engine. Returns the milliseconds until it is
    /// due, if there is something to keep.
    pub(super) fn tell_checkpoint(&mut self, now_ms: f64) -> Option<f64> {
        let last = *self.checkpoint_at_ms.get_or_insert(now_ms);
        let is_on_the_way = matches!(self.activity, Activity::Seeking(..));
        if !self.is_unsaved || is_on_the_way {
            return None;
        }
        let wait_ms = last + CHECKPOINT_MS - now_ms;
        if wait_ms > 0.0 {
            return Some(wait_ms);
        }
        self.tell(RunEvent::Checkpoint {
            step: self.run.step(),
            bytes: self.run.to_bytes(),
        });
        self.checkpoint_at_ms = Some(now_ms);
        self.is_unsaved = false;
        None
    }
}

fn judges(data: &Dataset) -> Judges {
    let (x, y) = match (data.target, data.n_test()) {
        (TargetKind::Number, _) => return Judges::default(),
        (TargetKind::Class { .. }, 0) => (&data.x_train, &data.y_train),
        (TargetKind::Class { .. }, _) => (&data.x_test, &data.y_test),
    };
    Judges {
        are_of_test: data.n_test() > 0,
        x: x.clone(),
        y: y.clone(),
    }
}

fn class_sizes(y: &[f32], n_classes: usize) -> Vec<u32> {
    let mut sizes = vec![0; n_classes];
    for &y in y.iter().filter(|_| n_classes > 0) {
        sizes[y as usize] += 1;
    }
    sizes
}
