//! Remedies handed to Compare: lanes that are given as edits with their names, and no setting with its values.

use std::sync::Arc;

use actiscope_core::scenario::{Edit, Scenario};
use leptos::prelude::*;

use super::Table;
use crate::plot::kit::look::N_SLOTS;

/// What Compare is to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Handed {
    pub base: Scenario,
    /// The run itself first.
    pub names: Vec<String>,
    pub lanes: Vec<Vec<Edit>>,
    pub seeds: u32,
    pub n_steps: u64,
}

/// Given by the Doctor, taken by Compare, as long as the run is the one that they were tried for.
#[derive(Clone, Copy)]
pub struct HandedOver(pub RwSignal<Option<Arc<Handed>>>);

impl HandedOver {
    pub fn none() -> Self {
        Self(RwSignal::new(None))
    }

    /// What was handed over for this run, if it is still that. Followed.
    pub fn of(self, now: &Scenario) -> Option<Arc<Handed>> {
        let is_of = |handed: &Arc<Handed>| handed.base.is_same_run(now);
        self.0.get().filter(is_of)
    }

    /// Compare goes back to its own lanes.
    pub fn drop_it(self) {
        if self.0.with_untracked(Option::is_some) {
            self.0.set(None);
        }
    }
}

impl Handed {
    /// A lane for each remedy as far as there is room, with the trials' seeds and steps.
    pub fn of(table: &Table, base: &Scenario) -> Self {
        let rows = table.rows.iter().take(N_SLOTS - 1);
        let mut names = vec!["As it is".to_owned()];
        let mut lanes = vec![Vec::new()];
        for row in rows {
            names.push(row.brief.name.clone());
            lanes.push(row.remedy.edits().cloned().collect());
        }
        Self {
            base: base.clone(),
            names,
            lanes,
            seeds: table.n_seeds,
            n_steps: table.n_steps,
        }
    }
}
