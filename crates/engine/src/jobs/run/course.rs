//! One run of a scenario: training, health, edits, and going back. Knows no clock and no page: what
//! happens is a function of the scenario, the edits and the steps at which they were made.

use std::sync::Arc;

use actiscope_core::data::Dataset;
use actiscope_core::health::{Health, HealthEvent, HealthTracker, What};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::protocol::{HistoryPoint, ParamValue};
use actiscope_core::scenario::Scenario;

use super::RunError;
use super::checkpoints::{Checkpoint, Checkpoints};
use super::history::History;
use super::log::{Change, Entry};
use super::schedule::ProbeSchedule;
use super::stop::Stopping;
use crate::backend::Backend;
use crate::cpu::probe::Judgement;
use crate::cpu::{Divergence, LaneState};
use crate::gpu::{GpuDevice, GpuError};

type Verdicts = Vec<Vec<Health>>;

/// A lane in training with its past.
#[derive(Debug)]
pub struct Run {
    /// As it began.
    pub(super) origin: Scenario,
    /// With the edits made up to the present step.
    pub scenario: Scenario,
    pub data: Arc<Dataset>,
    pub backend: Backend,
    pub history: History,
    pub(super) schedule: ProbeSchedule,
    pub(super) tracker: HealthTracker,
    /// Where the present interval between two probes began.
    pub(super) mark: Mark,
    pub(super) checkpoints: Checkpoints,
    /// Every edit, in the order of steps. Those after `n_applied` lie in the future of a run that went
    /// back.
    pub(super) log: Vec<Entry>,
    pub(super) n_applied: usize,
    /// The farthest step that was trained to: how far one can seek.
    pub(super) last_step: u64,
    pub(super) diverged_at: Option<u64>,
    /// Not yet told.
    events: Vec<HealthEvent>,
    /// The run was forked: what was told of later steps than this is undone. Not yet told.
    forked_at: Option<u64>,
    pub(super) stopping: Stopping,
    /// Memory of [`Run::judge`].
    pub(super) judgement: Judgement,
}

/// A judged state.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) step: u64,
    pub(super) state: LaneState,
    pub(super) verdicts: Verdicts,
}

impl Run {
    /// A run at step 0.
    ///
    /// # Errors
    /// If the scenario cannot be run.
    pub fn new(scenario: Scenario) -> Result<Self, RunError> {
        let data = Arc::new(scenario.data.generate(scenario.seed)?);
        let mut backend = Backend::new(&scenario, &data)?;
        let mut judgement = Judgement::default();
        backend.judge(&mut judgement);
        let (tracker, events) = HealthTracker::begin(judgement.verdicts.clone());
        let state = backend.state().clone();
        let n_params = ParamLayout::new(&scenario.network).n_params;
        let mut run = Self {
            schedule: ProbeSchedule::new(n_params, scenario.training.batch_size),
            origin: scenario.clone(),
            scenario,
            data,
            history: History::new(),
            tracker,
            mark: Mark {
                step: 0,
                state: state.clone(),
                verdicts: judgement.verdicts.clone(),
            },
            checkpoints: Checkpoints::new(Checkpoint {
                step: 0,
                n_applied: 0,
                state,
            }),
            log: Vec::new(),
            n_applied: 0,
            last_step: 0,
            diverged_at: None,
            events,
            forked_at: None,
            stopping: Stopping::default(),
            judgement,
            backend,
        };
        run.record();
        Ok(run)
    }

    pub fn step(&self) -> u64 {
        self.backend.step()
    }

    /// The farthest step that [`Run::begin_seek`] can go to.
    pub fn last_step(&self) -> u64 {
        self.last_step
    }

    /// True where the run stands still because it has diverged.
    pub fn has_diverged(&self) -> bool {
        self.diverged_at == Some(self.step()) && self.n_applied == self.log.len()
    }

    /// What happened since the last call.
    pub fn take_events(&mut self) -> Vec<HealthEvent> {
        std::mem::take(&mut self.events)
    }

    /// The step after which all that was told is undone, if the run was forked since the last call.
    /// What happened between it and the fork is told again.
    pub fn take_fork(&mut self) -> Option<u64> {
        self.forked_at.take()
    }

    /// Trains on: up to `n_steps` updates, fewer if the run diverges. A run that went back forgets
    /// what came after.
    pub async fn train(&mut self, n_steps: u64) {
        self.train_while(n_steps, |_| true).await;
    }

    /// [`Run::train`], as long as `goes_on` says so after each probe.
    pub(super) async fn train_while(&mut self, n_steps: u64, goes_on: fn(&Self) -> bool) {
        if n_steps == 0 || self.has_diverged() {
            return;
        }
        self.fork();
        let end = self.step() + n_steps;
        while self.step() < end && self.diverged_at.is_none() && goes_on(self) {
            if self.train_over_probes(end).await {
                self.last_step = self.step();
                continue;
            }
            let probe_at = self.schedule.next(self.step());
            let stop = end.min(probe_at);
            let was_on_gpu = self.backend.is_on_gpu();
            self.backend.train(stop - self.step()).await;
            if was_on_gpu && !self.backend.is_on_gpu() {
                // An interval is the work of one engine, so that replaying it repeats it.
                self.replay_to(stop).await;
            }
            match self.backend.divergence() {
                Some(divergence) => self.diverge(divergence).await,
                None if self.step() == probe_at => self.close_interval().await,
                None => {}
            }
            self.last_step = self.step();
        }
    }

    /// Has the GPU train from now on, from exactly here.
    ///
    /// # Errors
    /// If it cannot; the CPU then goes on.
    pub async fn move_to_gpu(&mut self, device: &GpuDevice) -> Result<(), GpuError> {
        self.end_interval().await;
        self.backend.move_to_gpu(device).await
    }

    /// Has the CPU train from now on, from exactly here.
    pub async fn move_to_cpu(&mut self) {
        self.end_interval().await;
        self.backend.move_to_cpu();
    }

    /// Begins an interval at the present step, wherever it lies, so that none is the work of two engines.
    async fn end_interval(&mut self) {
        if self.step() == self.mark.step || self.has_diverged() {
            return;
        }
        if self.is_at_its_end() {
            self.close_interval().await;
        } else {
            // What happened up to here was told when the run was here first.
            self.judge();
            self.tracker = HealthTracker::begin(self.judgement.verdicts.clone()).0;
            self.set_mark();
        }
    }

    /// Makes a change of the run at the present step, with the weights kept.
    ///
    /// # Errors
    /// If the scenario that it leads to cannot be run; the run is then as it was.
    pub async fn change(&mut self, change: Change) -> Result<(), RunError> {
        let mut scenario = self.scenario.clone();
        change.apply_to(&mut scenario);
        super::check(&scenario)?;
        self.fork();
        if self.step() > self.mark.step && !self.has_diverged() {
            self.close_interval().await;
        }
        let text = change.describe_in(&self.scenario);
        self.apply(&change)?;
        let step = self.step();
        self.log.push(Entry { step, change });
        self.n_applied = self.log.len();
        self.diverged_at = None;
        self.events.push(HealthEvent {
            step,
            what: What::Edited { text },
            cause: None,
        });
        self.judge();
        self.stand_at_stop();
        let verdicts = &self.judgement.verdicts;
        self.events
            .extend(self.tracker.judge_units(step, verdicts, |_, _| None));
        self.set_mark();
        Ok(())
    }

    /// New weights for every dead unit, if there are any.
    ///
    /// # Errors
    /// As [`Run::change`].
    pub async fn revive_dead(&mut self) -> Result<(), RunError> {
        self.judge();
        if self.judgement.count(Health::Dead) == 0 {
            return Ok(());
        }
        let done = self.log[..self.n_applied].iter();
        let nth = done.filter(|entry| entry.is_revival()).count();
        self.change(Change::Revive { nth: nth as u32 }).await
    }

    /// Sets parameters by hand, the present step's.
    ///
    /// # Errors
    /// If the network does not have one, or a value is no finite number; all is then as it was.
    pub async fn set_params(&mut self, values: Vec<ParamValue>) -> Result<(), RunError> {
        let network = &self.scenario.network;
        let layout = ParamLayout::new(network);
        let is_wrong = |p: &&ParamValue| p.at.index_in(&layout).is_none() || !p.value.is_finite();
        if let Some(wrong) = values.iter().find(is_wrong) {
            return Err(RunError::Param(wrong.at.describe(network.hidden.len())));
        }
        if values.is_empty() {
            return Ok(());
        }
        self.change(Change::SetParams(values)).await
    }

    /// The step of the last revival up to the present.
    pub fn last_revival(&self) -> Option<u64> {
        let mut done = self.log[..self.n_applied].iter();
        done.rfind(|entry| entry.is_revival())
            .map(|entry| entry.step)
    }

    /// Goes to where the run was before its last revival, and forgets that with all that came after. What was
    /// done at the same step before it is done again. Nothing where there is none, or at step 0, where a new
    /// run is the same.
    ///
    /// # Errors
    /// As [`Run::begin_seek`].
    pub async fn take_back_revival(&mut self) -> Result<(), RunError> {
        let done = &self.log[..self.n_applied];
        let Some(at) = done.iter().rposition(Entry::is_revival) else {
            return Ok(());
        };
        let step = done[at].step;
        let Some(step_before) = step.checked_sub(1) else {
            return Ok(());
        };
        let first = done.partition_point(|entry| entry.step < step);
        let again: Vec<Change> = done[first..at].iter().map(|e| e.change.clone()).collect();
        let mut seek = self.begin_seek(step_before)?;
        self.continue_seek(&mut seek, u64::MAX).await?;
        // Forgets what lies ahead, the revival with it.
        self.train(1).await;
        for change in again {
            self.change(change).await?;
        }
        Ok(())
    }

    /// True if live edits alone can lead from the present scenario to `other`.
    pub fn can_become(&self, other: &Scenario) -> bool {
        let without_live = |scenario: &Scenario| {
            let mut rest = scenario.clone();
            rest.network.activation = other.network.activation.clone();
            rest.network.layer_activations = other.network.layer_activations.clone();
            rest.training = other.training.clone();
            rest.view = other.view.clone();
            rest
        };
        without_live(&self.scenario) == *other
    }

    /// Applies a change to scenario and lane.
    pub(super) fn apply(&mut self, change: &Change) -> Result<(), RunError> {
        change.make(&mut self.backend, &mut self.scenario, &mut self.judgement)?;
        Ok(())
    }

    /// Judges the present step, which ends an interval: pins what changed, and begins the next.
    pub(super) async fn close_interval(&mut self) {
        self.judge();
        self.look_for_stop();
        if self.judgement.verdicts != self.mark.verdicts {
            self.pin_present().await;
        }
        self.record();
        self.set_mark();
        let step = self.step();
        let n_applied = self.n_applied;
        let state = &self.mark.state;
        self.checkpoints.push_if_due(step, || Checkpoint {
            step,
            n_applied,
            state: state.clone(),
        });
    }

    /// Finds the steps since the mark at which units changed to the judgement of now, and leaves lane
    /// and judgement as they are.
    async fn pin_present(&mut self) {
        let step = self.step();
        let was_on_gpu = self.backend.is_on_gpu();
        let judgement = self.judgement.clone();
        if step == self.mark.step + 1 {
            self.tell_units(step, &judgement.verdicts);
            return;
        }
        let low = self.mark.clone();
        self.pin(&low, step, &judgement.verdicts).await;
        if self.step() != step {
            self.replay_to(step).await;
        }
        self.judgement = judgement;
        if was_on_gpu && !self.backend.is_on_gpu() {
            // The other engine was needed to repeat the interval: what it makes of it counts.
            self.replay_to(step).await;
            self.judge();
            let verdicts = self.judgement.verdicts.clone();
            self.tell_units(step, &verdicts);
        }
    }

    /// Halves the stretch between two judged states until every change of a verdict lies between two
    /// steps. Units that change and change back between two looks are not seen.
    async fn pin(&mut self, low: &Mark, high: u64, high_verdicts: &Verdicts) {
        self.backend.restore(low.step, &low.state);
        if high == low.step + 1 {
            self.backend.train(1).await;
            self.tell_units(high, high_verdicts);
            return;
        }
        let step = low.step + (high - low.step) / 2;
        self.backend.train(step - low.step).await;
        self.judge();
        let middle = Mark {
            step,
            state: self.backend.state().clone(),
            verdicts: self.judgement.verdicts.clone(),
        };
        if middle.verdicts != low.verdicts {
            Box::pin(self.pin(low, step, &middle.verdicts)).await;
        }
        if middle.verdicts != *high_verdicts {
            Box::pin(self.pin(&middle, high, high_verdicts)).await;
        }
    }

    /// Events for the units whose verdicts the last update changed.
    fn tell_units(&mut self, step: u64, verdicts: &Verdicts) {
        let update = self.backend.last_update();
        let cause = |layer, unit| Some(update.cause(layer, unit));
        self.events
            .extend(self.tracker.judge_units(step, verdicts, cause));
    }

    /// Ends an interval at which the lane stood still.
    pub(super) async fn diverge(&mut self, divergence: Divergence) {
        let step = self.step();
        let layer = self.backend.first_non_finite_layer();
        let cause = self.backend.cause_of_all();
        let batch_loss = self.backend.batch_loss();
        // Health is judged as long as numbers are finite.
        let last_finite = match divergence {
            Divergence::Loss => step,
            Divergence::Parameter => step - 1,
        };
        if last_finite > self.mark.step {
            self.replay_to(last_finite).await;
            self.judge();
            if self.judgement.loss.is_finite() && self.judgement.verdicts != self.mark.verdicts {
                self.pin_present().await;
            }
            self.replay_to(step).await;
        }
        self.judge();
        self.history.push(HistoryPoint {
            batch_loss,
            ..self.point()
        });
        self.set_mark();
        self.mark.verdicts = self.tracker.verdicts().to_vec();
        self.diverged_at = Some(step);
        self.events.push(HealthEvent {
            step,
            what: What::Diverged { layer },
            cause,
        });
    }

    /// Goes to a step of the present interval.
    async fn replay_to(&mut self, step: u64) {
        self.backend.restore(self.mark.step, &self.mark.state);
        self.backend.train(step - self.mark.step).await;
    }

    pub(in crate::jobs) fn judge(&mut self) {
        self.backend.judge(&mut self.judgement);
    }

    /// Adds the judged present to the history.
    fn record(&mut self) {
        self.history.push(self.point());
    }

    fn point(&self) -> HistoryPoint {
        HistoryPoint {
            step: self.step(),
            batch_loss: self.backend.batch_loss(),
            loss: self.judgement.loss,
            dead: self.judgement.count(Health::Dead) as u16,
            saturated: self.judgement.count(Health::Saturated) as u16,
        }
    }

    /// Begins an interval at the judged present.
    pub(super) fn set_mark(&mut self) {
        self.mark.step = self.backend.step();
        self.mark.state.copy_from(self.backend.state());
        self.mark.verdicts.clone_from(&self.judgement.verdicts);
    }

    /// False if the run went back.
    fn is_at_its_end(&self) -> bool {
        self.step() == self.last_step && self.n_applied == self.log.len()
    }

    /// Makes the present the end of the run, if it went back.
    fn fork(&mut self) {
        if self.is_at_its_end() {
            return;
        }
        let step = self.step();
        self.log.truncate(self.n_applied);
        self.checkpoints.truncate(step, self.n_applied);
        self.history.truncate(step);
        self.last_step = step;
        self.forked_at = Some(self.mark.step);
        self.diverged_at = self.diverged_at.filter(|&at| at == step);
    }
}
