//! A run as bytes: enough to go on from exactly where it stands, in another engine.

use actiscope_core::data::Dataset;
use actiscope_core::health::HealthTracker;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::protocol::{HandedOver, HistoryPoint, RUN_VERSION};
use actiscope_core::scenario::Scenario;
use serde::{Deserialize, Serialize};

use super::RunError;
use super::checkpoints::Checkpoint;
use super::course::Run;
use super::history::History;
use super::log::Entry;
use crate::cpu::LaneState;

/// Most steps between two probes: more than that to be replayed means that the bytes are damaged.
const MAX_REPLAY: u64 = 1_000;

#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    origin: Scenario,
    log: Vec<Entry>,
    n_applied: u64,
    /// Of the last probe, from which on the run is replayed.
    mark_step: u64,
    state: LaneState,
    step: u64,
    last_step: u64,
    diverged_at: Option<u64>,
    history: Vec<HistoryPoint>,
}

impl Run {
    /// All of it that can leave: see [`HandedOver`].
    pub fn hand_over(&self) -> HandedOver {
        let LaneState {
            params, running, ..
        } = self.backend.state();
        let n_params = ParamLayout::new(&self.scenario.network).n_params;
        HandedOver {
            step: self.step(),
            scenario: self.scenario.clone(),
            run: self.to_bytes(),
            params: params[..n_params].to_vec(),
            running: running.clone(),
            data: Dataset::clone(&self.data),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let saved = Saved {
            version: RUN_VERSION,
            origin: self.origin.clone(),
            log: self.log.clone(),
            n_applied: self.n_applied as u64,
            mark_step: self.mark.step,
            state: self.mark.state.clone(),
            step: self.step(),
            last_step: self.last_step,
            diverged_at: self.diverged_at,
            history: self.history.points().to_vec(),
        };
        postcard::to_stdvec(&saved)
            .expect("plain data is serialisable, and memory is the only limit")
    }

    /// The run of which [`Run::to_bytes`] was taken.
    ///
    /// # Errors
    /// If the bytes are damaged or of another version.
    pub async fn from_bytes(bytes: &[u8]) -> Result<Self, RunError> {
        let mut saved: Saved = postcard::from_bytes(bytes).map_err(|_| RunError::Damaged)?;
        let n_applied = saved.n_applied as usize;
        let is_plausible = saved.version == RUN_VERSION
            && n_applied <= saved.log.len()
            && saved.log.is_sorted_by_key(|entry| entry.step)
            && saved
                .step
                .checked_sub(saved.mark_step)
                .is_some_and(|n| n <= MAX_REPLAY)
            && saved.step <= saved.last_step;
        if !is_plausible {
            return Err(RunError::Damaged);
        }
        super::check(&saved.origin)?;
        crate::sets::bring(&mut saved.origin).await;
        let mut run = Self::new(saved.origin)?;
        let mut scenario = run.scenario.clone();
        for entry in &saved.log[..n_applied] {
            entry.change.apply_to(&mut scenario);
        }
        scenario.data.source.share(&run.scenario.data.source);
        super::check(&scenario)?;
        run.backend.change(&scenario)?;
        if !saved.state.fits(run.backend.state()) {
            return Err(RunError::Damaged);
        }
        run.backend.restore(saved.mark_step, &saved.state);
        run.scenario = scenario;
        run.log = saved.log;
        run.n_applied = n_applied;
        run.judge();
        run.stand_at_stop();
        run.tracker = HealthTracker::begin(run.judgement.verdicts.clone()).0;
        run.set_mark();
        run.checkpoints.push(Checkpoint {
            step: saved.mark_step,
            n_applied,
            state: saved.state,
        });
        run.history = History::from_points(saved.history);
        run.backend.train(saved.step - saved.mark_step).await;
        run.last_step = saved.last_step;
        run.diverged_at = saved.diverged_at;
        run.take_events();
        Ok(run)
    }
}
