//! What the page shows of what the Doctor knows.

use std::sync::Arc;

use actiscope_core::health::diagnosis::{Brief, Cause, Check, Finding, Parts, Remedy, Standing};

#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// At which the run was examined.
    pub step: u64,
    pub standing: Standing,
    /// In the order of time; empty where there is none.
    pub causes: Vec<Finding>,
    /// What is said of a run that does well: what is amiss of it does no harm.
    pub well: Option<Arc<Vec<Finding>>>,
    /// What was looked at of the start.
    pub checks: Vec<Check>,
    pub table: Option<Table>,
    /// Nothing that was tried helps, and more units were not tried for longer.
    pub may_try_longer: bool,
    /// What came of that.
    pub longer: Option<Table>,
    /// What the caption's button does.
    pub offer: Option<Offer>,
    /// Of all that was tried nothing cures: what the caption says then.
    pub none_helps: Option<Parts>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Offer {
    /// With what came of it, or not tried yet.
    Remedy(Remedy),
    /// Nothing helps: the panel says what was tried.
    SeeTable,
    /// Nothing has to be mended: the panel says what was checked.
    SeeChecked,
}

/// Remedies, tried or to be tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// As they are tried; when all are in, the best first.
    pub rows: Vec<Tried>,
    pub n_in: usize,
    /// More is to come.
    pub is_trying: bool,
    pub n_seeds: u32,
    /// Updates of each network.
    pub n_steps: u64,
    /// What a network has to reach to count.
    pub bar: String,
    /// The run's own loss by step, up to `n_steps`.
    pub own: Vec<(u64, f32)>,
    /// The axis of all curves goes from 0 to this loss.
    pub top: f32,
}

/// A remedy with its networks.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// With what came of it, once that is in.
    pub remedy: Remedy,
    /// What it would mend.
    pub causes: Vec<Cause>,
    pub brief: Brief,
    pub state: State,
    /// Losses by step, of each network.
    pub curves: Vec<Vec<(u64, f32)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Training,
    /// It cures, or it does not.
    In {
        cures: bool,
    },
}

impl Told {
    /// What was tried, and for longer.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.table.iter().chain(&self.longer)
    }

    pub fn is_well(&self) -> bool {
        self.well.is_some() && self.causes.is_empty()
    }
}

impl State {
    pub fn cures(self) -> bool {
        self == Self::In { cures: true }
    }
}

impl Table {
    /// What of it would mend a cause; `None` where nothing would.
    pub fn of_cause(&self, cause: Cause) -> Option<Self> {
        let rows = self.rows.iter().filter(|row| row.causes.contains(&cause));
        let rows: Vec<Tried> = rows.cloned().collect();
        let is_in = |row: &&Tried| matches!(row.state, State::In { .. });
        (!rows.is_empty()).then(|| Self {
            n_in: rows.iter().filter(is_in).count(),
            is_trying: self.is_trying && rows.iter().any(|row| !is_in(&row)),
            rows,
            ..self.clone()
        })
    }
}
