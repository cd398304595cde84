//! What is known of one run: how it began, how it was found, what was tried of what might mend it.

use std::sync::Arc;

use actiscope_core::health::diagnosis::{Cause, Examination, Start, Trials};
use actiscope_core::protocol::{FleetResults, Measure};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use crate::run::Run;

/// So many looks in a row change how a run that trains is said to stand.
const N_LOOKS: u32 = 3;

/// Of one run, from its beginning to the next edit or reset.
#[derive(Clone)]
pub struct Visit {
    scenario: Scenario,
    course: u32,
    /// The step at which it was edited, where it went on from there.
    pub edited_at: u64,
    /// There was a reason to examine it.
    pub is_begun: bool,
    /// Once the worker has told it.
    pub start: Option<Arc<Start>>,
    /// The worker cannot tell it.
    pub is_refused: bool,
    /// What counts, and the farthest step at which it was found.
    examination: Option<(u64, Arc<Examination>)>,
    /// The step of the last look after that, and how many in a row have found the run standing otherwise.
    otherwise: (u64, u32),
    pub trying: Option<Trying>,
    /// Causes of findings that were opened: what would mend them is tried, too.
    pub asked_for: Vec<Cause>,
    /// A longer trial was asked for, where nothing else helps.
    pub wants_longer: bool,
    pub longer: Option<Trying>,
}

/// What is being tried, and came of it.
#[derive(Clone)]
pub struct Trying {
    pub trials: Arc<Trials>,
    /// Of all its lanes.
    pub results: FleetResults,
    /// Lanes that are in.
    pub is_in: Vec<bool>,
    /// The lane that trains.
    pub at: Option<usize>,
    /// All there is to try is tried; there is no further round.
    pub is_last_round: bool,
    pub is_stopped: bool,
}

impl Visit {
    /// Of the run as it is, after another visit of it.
    pub fn of(run: Run, before: Option<&Self>) -> Self {
        let course = run.course.get_untracked();
        let goes_on = before.is_some_and(|before| before.course == course);
        Self {
            scenario: run.scenario.get_untracked(),
            course,
            edited_at: if goes_on {
                untrack(|| run.steps()).0
            } else {
                0
            },
            is_begun: false,
            start: None,
            is_refused: false,
            examination: None,
            otherwise: (0, 0),
            trying: None,
            asked_for: Vec::new(),
            wants_longer: false,
            longer: None,
        }
    }

    /// Nothing of the run was changed since, but how it is looked at.
    pub fn is_of(&self, run: Run) -> bool {
        let is_same = |now: &Scenario| now.is_same_run(&self.scenario);
        self.course == run.course.get_untracked() && run.scenario.with_untracked(is_same)
    }

    /// What counts at this step, if it needs no further look: going back on the timeline unsays nothing.
    pub fn known_at(&self, step: u64) -> Option<Arc<Examination>> {
        let known = self.examination.as_ref();
        let (_, known) = known.filter(|(known_step, _)| *known_step >= step)?;
        Some(known.clone())
    }

    /// What counts after this look, of a later step. Near a bound a run that trains is on both sides of it by turns, and who
    /// said the one and the other three times a second would be read by nobody: it has to stand otherwise in
    /// [`N_LOOKS`] in a row. A run that `stands` is told of as it is.
    pub fn take(&mut self, step: u64, found: Arc<Examination>, stands: bool) -> Arc<Examination> {
        if let Some((_, known)) = &self.examination
            && !stands
            && known.standing != found.standing
        {
            let (looked_at, n_looks) = self.otherwise;
            let n_looks = n_looks + u32::from(step > looked_at);
            if n_looks < N_LOOKS {
                self.otherwise = (step, n_looks);
                return known.clone();
            }
        }
        self.otherwise = (step, 0);
        self.examination = Some((step, found.clone()));
        found
    }

    /// The step at which what counts was found.
    pub fn examined_at(&self) -> u64 {
        self.examination.as_ref().map_or(0, |(step, _)| *step)
    }

    /// How the run began is known, or that it cannot be.
    pub fn is_settled(&self) -> bool {
        self.start.is_some() || self.is_refused
    }
}

impl Trying {
    pub fn new(trials: Trials) -> Self {
        Self {
            results: FleetResults::new(&trials.spec),
            is_in: vec![false; trials.candidates.len()],
            trials: Arc::new(trials),
            at: None,
            is_last_round: false,
            is_stopped: false,
        }
    }

    /// All there is to try.
    pub fn last(trials: Trials) -> Self {
        Self {
            is_last_round: true,
            ..Self::new(trials)
        }
    }

    /// More to try, with what is in of what was tried before.
    pub fn more(&self, trials: Trials) -> Self {
        let mut all = Self::last(trials);
        for lane in 0..all.is_in.len() {
            let remedy = &all.trials.candidates[lane].remedy;
            let mut known = self.trials.candidates.iter();
            let before = known.position(|known| known.remedy == *remedy);
            if let Some(before) = before.filter(|&before| self.is_in[before]) {
                let curves = self.curves(before).to_vec();
                all.take(lane, curves);
            }
        }
        all
    }

    /// A lane is in, with the curves of its networks.
    pub fn take(&mut self, lane: usize, curves: Vec<Vec<Measure>>) {
        let n_seeds = self.trials.spec.seeds as usize;
        for (k, curve) in curves.into_iter().take(n_seeds).enumerate() {
            let network = lane * n_seeds + k;
            let renumbered = curve.into_iter().map(|measure| Measure {
                network: network as u32,
                ..measure
            });
            if let Some(place) = self.results.curves.get_mut(network) {
                *place = renumbered.collect();
            }
        }
        if let Some(is_in) = self.is_in.get_mut(lane) {
            *is_in = true;
        }
    }

    /// Of a lane's networks.
    pub fn curves(&self, lane: usize) -> &[Vec<Measure>] {
        let n_seeds = self.trials.spec.seeds as usize;
        let networks = lane * n_seeds..(lane + 1) * n_seeds;
        self.results.curves.get(networks).unwrap_or_default()
    }

    /// The next one to train.
    pub fn next(&self) -> Option<usize> {
        self.is_in.iter().position(|is_in| !is_in)
    }

    pub fn n_in(&self) -> usize {
        self.is_in.iter().filter(|is_in| **is_in).count()
    }

    /// There is more to come.
    pub fn is_under_way(&self) -> bool {
        !self.is_stopped && self.next().is_some()
    }

    /// The lanes that are in, alone.
    pub fn known(&self) -> (Trials, FleetResults) {
        let lanes = (0..self.is_in.len()).filter(|&lane| self.is_in[lane]);
        self.trials
            .among(&lanes.collect::<Vec<usize>>(), &self.results)
    }
}
