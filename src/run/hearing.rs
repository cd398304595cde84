//! What the engine tells of a run. Every event says up to which number the engine had heard when it was made.

use std::sync::Arc;

use actiscope_core::health::HealthEvent;
use actiscope_core::protocol::{Loaded, RunCommand, RunEvent, Snapshot};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use super::{Answer, Run, Undo};

impl Run {
    pub fn hear(self, heard: u64, event: RunEvent) {
        let is_of_this_run = heard >= self.began.get_value();
        match event {
            RunEvent::Loaded(loaded) => self.hear_loaded(heard, Arc::from(loaded)),
            RunEvent::Scenario(scenario) => self.hear_scenario(heard, *scenario),
            RunEvent::Snapshot(snapshot) => self.hear_snapshot(heard, Arc::from(snapshot)),
            RunEvent::Happened(events) => self.hear_events(heard, events),
            RunEvent::Forked { step } => self.log.update(|log| log.fork(step)),
            RunEvent::HandedOver(run) => self.hear_handed_over(heard, &run),
            // Either may have been on its way when the run began anew.
            RunEvent::Checkpoint { step, bytes } if is_of_this_run => {
                self.checkpoint.set_value(Some((step, bytes)));
            }
            RunEvent::Story { request, story } if is_of_this_run => {
                self.story.set(Some(Arc::new(Answer { request, story })));
            }
            RunEvent::Checkpoint { .. } | RunEvent::Story { .. } => {}
        }
        self.unheard.update_value(|unheard| unheard.forget(heard));
    }

    fn hear_loaded(self, heard: u64, loaded: Arc<Loaded>) {
        let has_same_data = self.loaded.with_untracked(|before| {
            let before = before.as_deref();
            before.is_some_and(|b| (&b.x, &b.y) == (&loaded.x, &loaded.y))
        });
        self.log.update(|log| log.begin(has_same_data));
        self.recall_events(heard);
        self.story.set(None);
        self.loaded.set(Some(loaded));
        self.fit_extent();
    }

    /// The run came to a time before some edits, or an edit was refused. What was edited here since then still holds.
    fn hear_scenario(self, heard: u64, mut scenario: Scenario) {
        // The same table is not read anew.
        self.scenario
            .with_untracked(|known| scenario.data.source.share(&known.data.source));
        let now = self.unheard.with_value(|unheard| {
            let now = unheard.apply_to(scenario.clone(), heard);
            let on_their_way = unheard.entries_after(heard);
            self.undo.update(|undo| {
                undo.catch_up(&scenario, unheard.edit(heard), &on_their_way, &now);
            });
            now
        });
        self.scenario.set(now);
    }

    fn hear_events(self, heard: u64, events: Vec<HealthEvent>) {
        let entry = self
            .unheard
            .with_value(|unheard| unheard.edit(heard).map(|(entry, _)| entry));
        let edited = entry.map(|entry| {
            let text = |undo: &Undo| undo.text_of(entry).map(str::to_owned);
            (entry, self.undo.with_untracked(text))
        });
        self.log.update(|log| log.take_events(events, edited));
    }

    fn hear_snapshot(self, heard: u64, snapshot: Arc<Snapshot>) {
        // The credit goes back whatever the snapshot is: the engine waits for it.
        let run = self;
        let shown = move || {
            run.send(RunCommand::Shown);
        };
        self.host
            .with_value(|host| host.after_paint(Box::new(shown)));
        let is_of_this_run = self
            .loaded
            .with_untracked(|loaded| loaded.as_ref().is_some_and(|l| l.run == snapshot.run));
        if !is_of_this_run {
            return;
        }
        self.scenario.with_untracked(|scenario| {
            self.log
                .update(|log| log.take_snapshot(&snapshot, scenario));
        });
        let is_answer = heard >= self.wanted_since.get_value();
        // It has diverged, or has come to where it was to stop.
        if is_answer && !snapshot.is_training {
            self.wants_training.set(false);
        }
        let next = self
            .seeking
            .try_update_value(|seeking| seeking.answered(heard));
        if let Some(step) = next.flatten() {
            self.send_seek(step);
        }
        self.shown.set_value(heard);
        self.snapshot.set(Some(snapshot));
    }
}
