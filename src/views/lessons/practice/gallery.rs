//! Runs for pictures: each is trained once more, unseen, one after the other, and kept as long as the page lives.

use std::collections::BTreeMap;
use std::sync::Arc;

use actiscope_core::lessons::{Picture, Place};
use leptos::prelude::*;

use crate::engine::Engine;
use crate::held::Held;
use crate::plot::charts::lessons::RunSeen;
use crate::portrait::{Portrait, Sitter};
use crate::ui::kit::erased::effect;
use crate::views::NOTHING;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Gallery {
    /// By link; `None` where a run cannot be had.
    runs: Held<BTreeMap<String, Option<Arc<RunSeen>>>>,
    open: StoredValue<Vec<Place>>,
    portrait: Portrait,
}

impl Gallery {
    /// Lives as long as the view.
    pub fn open(engine: Engine) -> Self {
        let gallery = Self {
            runs: Held::new(BTreeMap::new()),
            open: StoredValue::new(Vec::new()),
            portrait: engine.new_portrait(),
        };
        let portrait = gallery.portrait;
        effect(move || {
            portrait.sitter.track();
            portrait.refusal.track();
            untrack(|| gallery.go_on());
        });
        gallery
    }

    /// Has a picture's run trained, if it has one that was not asked for yet.
    pub fn want(self, picture: &Picture) {
        let Picture::Run(place) = picture else {
            return;
        };
        let is_known = self
            .runs
            .with_untracked(|runs| runs.contains_key(&place.link));
        let is_asked = self
            .open
            .with_value(|open| open.iter().any(|asked| asked.link == place.link));
        if !is_known && !is_asked {
            self.open.update_value(|open| open.push(place.clone()));
            self.go_on();
        }
    }

    /// The run of a place: `None` while it is trained, `Some(None)` where it cannot be.
    pub fn run(self, place: &Place) -> Option<Option<Arc<RunSeen>>> {
        self.runs.with(|runs| runs.get(&place.link).cloned())
    }

    fn go_on(self) {
        while let Some(place) = self.open.with_value(|open| open.first().cloned()) {
            let (scenario, step) = (&place.scenario, place.at);
            self.portrait.show(scenario.clone(), step, NOTHING);
            let is_refused = self.portrait.refusal.with_untracked(Option::is_some);
            let run = self.portrait.sitter.with_untracked(|sitter| {
                let sitter = sitter
                    .as_ref()
                    .filter(|sitter| sitter.is_of(scenario, step))?;
                Some(Arc::new(seen(sitter)))
            });
            if run.is_none() && !is_refused {
                // It comes.
                return;
            }
            self.open.update_value(|open| _ = open.remove(0));
            self.runs.update(|runs| _ = runs.insert(place.link, run));
        }
    }
}

fn seen(sitter: &Sitter) -> RunSeen {
    RunSeen {
        history: (*sitter.history).clone(),
        n_units: sitter.scenario.network.hidden.iter().sum(),
        n_steps: sitter.step,
    }
}
