//! What shows of a run at a step. Of one that is well the page says so by itself; what finds out what is amiss is fetched
//! when something may be.

use actiscope_core::health::diagnosis::{Evidence, Finding, examine, glance, unexamined};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::caption::with_evidence;
use crate::app::idle::{self, Source};
use crate::run::Run;
use crate::ui::kit::lazy::chunk;

type Examine = fn(Evidence) -> Vec<Finding>;

chunk! {
    symptoms,
    fn finders() -> Examine {
        examine
    }
}

#[derive(Clone, Copy)]
pub struct Symptoms {
    examine: RwSignal<Option<Examine>>,
    is_loading: StoredValue<bool>,
}

impl Symptoms {
    pub fn new() -> Self {
        Self {
            examine: RwSignal::new(None),
            is_loading: StoredValue::new(false),
        }
    }

    /// The most urgent first; none before there is a snapshot. Followed.
    pub fn of(self, run: Run) -> Vec<Finding> {
        let Some(said) = with_evidence(run, glance) else {
            return Vec::new();
        };
        if let Some(well) = said {
            return vec![well];
        }
        let found = match self.examine.get() {
            Some(examine) => with_evidence(run, examine),
            None => {
                self.fetch();
                with_evidence(run, |evidence| vec![unexamined(evidence)])
            }
        };
        found.unwrap_or_default()
    }

    fn fetch(self) {
        if self.is_loading.get_value() {
            return;
        }
        self.is_loading.set_value(true);
        let loading = idle::hold(Source::Lazy);
        spawn_local(async move {
            match finders().await {
                Ok(examine) => {
                    self.examine.try_set(Some(examine));
                }
                // It is tried again with the next words.
                Err(_) => {
                    self.is_loading.try_set_value(false);
                }
            }
            drop(loading);
        });
    }
}
