//! One run: commands in, events out.
//!
//! A [`RunJob`] holds a run ([`course`]) and adds what has to do with people: pauses, speed, what is looked
//! at, and time, which is passed in. [`RunJob::handle_async`] takes a command; [`RunJob::advance_async`] works
//! for as long as it is given. Both are asynchronous because a browser's GPU is; whoever can wait calls
//! [`RunJob::handle`] and [`RunJob::advance`].
//!
//! | file | does |
//! |---|---|
//! | [`commands`] | what it does when it is told to |
//! | [`telling`] | what it tells, each thing when it is due |
//! | [`course`] | trains, judges health at the steps of [`schedule`], pins changes to their step, takes edits |
//! | [`ring`] | the same over several probes at once, where a GPU trains |
//! | [`seek`], [`checkpoints`], [`log`] | goes back: nearest state, then the same updates and edits again |
//! | [`history`] | curves over time in bounded memory |
//! | [`set_params`] | new weights for dead units, and what was typed by hand |
//! | [`stop`] | when a run stands still by itself |
//! | [`saved`] | a run as bytes |
//! | [`teller`] | what happened to a unit, replayed beside the run |
//! | [`snapshot`] | what the page is told |
//! | [`place`] | on which engine the run is |

mod checkpoints;
mod commands;
mod course;
mod history;
mod log;
mod place;
mod ring;
mod saved;
mod schedule;
mod seek;
mod set_params;
mod snapshot;
mod stop;
mod teller;
mod telling;

use actiscope_core::data::DataError;
use actiscope_core::protocol::{EngineInfo, Event, JobId, Look};
use actiscope_core::scenario::Scenario;
use thiserror::Error;

use super::pacing::Pacer;
use super::{Placing, Progress};
use crate::cpu::TrainerError;
use crate::wait::wait;
pub(super) use course::Run as Course;
use course::Run;
use log::Change;
use place::Place;
pub(super) use seek::Seek;
pub(super) use snapshot::{Circumstances, Viewer};
use teller::Teller;

/// Why a scenario or a checkpoint cannot be run, and what to do.
#[derive(Debug, Error)]
pub enum RunError {
    #[error("{0}")]
    Scenario(String),
    #[error("{0}")]
    Data(#[from] DataError),
    #[error("{0}")]
    Trainer(#[from] TrainerError),
    #[error("the run diverged at step {step}: change a setting, go back, or reset")]
    Diverged { step: u64 },
    #[error("{0} cannot be set: it is not of this network, or no finite number")]
    Param(String),
    #[error("the checkpoint is damaged or of another version: load the scenario to begin anew")]
    Damaged,
    #[error(transparent)]
    NotLoaded(#[from] crate::jobs::NotLoaded),
}

/// Refuses a scenario that cannot be run, with all that is wrong.
pub(crate) fn check(scenario: &Scenario) -> Result<(), RunError> {
    scenario.check().map_err(|errors| {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        RunError::Scenario(texts.join("; "))
    })
}

/// What a run is at.
#[derive(Debug)]
enum Activity {
    Paused,
    Training,
    /// So many steps are left.
    Stepping(u64),
    /// With the scenario that the page has.
    Seeking(Seek, Box<Scenario>),
}

/// One run, and how it is driven and seen.
#[derive(Debug)]
pub struct RunJob {
    id: JobId,
    run: Run,
    /// Counts the runs of the job.
    run_number: u32,
    activity: Activity,
    viewer: Viewer,
    /// The page can take a snapshot.
    may_show: bool,
    /// There is something to show that the page has not seen.
    is_news: bool,
    /// The scenario is one that the page cannot know.
    owes_scenario: bool,
    /// There is something that the page's checkpoint lacks.
    is_unsaved: bool,
    checkpoint_at_ms: Option<f64>,
    pacer: Pacer,
    place: Place,
    /// The story that was asked for last, if it is not told yet.
    teller: Option<Teller>,
    /// Not yet told.
    events: Vec<Event>,
}

impl RunJob {
    /// A run of `scenario`, paused at step 0.
    ///
    /// # Errors
    /// If the scenario cannot be run; the message says all that is wrong.
    pub fn new(id: JobId, scenario: Scenario, look: Look) -> Result<Self, RunError> {
        check(&scenario)?;
        Ok(Self::of_run(id, Run::new(scenario)?, look))
    }

    /// A run as a checkpoint holds it, paused, with what the scenario of the page has beyond it. A
    /// scenario that it cannot have become by live edits begins anew.
    ///
    /// # Errors
    /// If the checkpoint is damaged or the scenario cannot be run.
    pub async fn resume(
        id: JobId,
        scenario: Scenario,
        look: Look,
        checkpoint: &[u8],
    ) -> Result<Self, RunError> {
        check(&scenario)?;
        let mut run = Run::from_bytes(checkpoint).await?;
        run.scenario.view = scenario.view.clone();
        if !run.can_become(&scenario) {
            return Self::new(id, scenario, look);
        }
        if run.scenario != scenario {
            run.change(Change::Become(Box::new(scenario))).await?;
        }
        Ok(Self::of_run(id, run, look))
    }

    /// A run as a checkpoint holds it, paused.
    ///
    /// # Errors
    /// If the checkpoint is damaged or of another version.
    pub async fn saved(id: JobId, look: Look, checkpoint: &[u8]) -> Result<Self, RunError> {
        Ok(Self::of_run(id, Run::from_bytes(checkpoint).await?, look))
    }

    fn of_run(id: JobId, run: Run, look: Look) -> Self {
        let mut job = Self {
            id,
            viewer: Viewer::new(&run.data, look),
            run,
            run_number: 1,
            activity: Activity::Paused,
            may_show: true,
            is_news: true,
            owes_scenario: false,
            is_unsaved: false,
            checkpoint_at_ms: None,
            pacer: Pacer::new(),
            place: Place::default(),
            teller: None,
            events: Vec::new(),
        };
        job.tell_loaded();
        job
    }

    /// The scenario with the edits made so far.
    pub fn scenario(&self) -> &Scenario {
        &self.run.scenario
    }

    /// Updates made.
    pub fn step(&self) -> u64 {
        self.run.step()
    }

    pub fn is_training(&self) -> bool {
        matches!(self.activity, Activity::Training | Activity::Stepping(_))
    }

    /// Nothing is done or waits to be told, but for the next checkpoint.
    pub fn is_at_rest(&self) -> bool {
        matches!(self.activity, Activity::Paused) && self.teller.is_none() && !self.is_news
    }

    pub fn has_diverged(&self) -> bool {
        self.run.has_diverged()
    }

    /// What trains.
    pub fn engine(&self) -> EngineInfo {
        self.place.describe(&self.run)
    }

    /// Says where the run and those that follow it are to train. The run moves, and goes on from exactly where
    /// it is, with the next [`RunJob::advance_async`].
    pub fn train_on(&mut self, placing: Placing) {
        self.place.choose(placing);
    }

    /// What there is to tell since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// A new run, which goes on training if the last one did.
    fn begin(&mut self, scenario: Scenario) -> Result<(), RunError> {
        self.take(Run::new(scenario)?);
        Ok(())
    }

    /// Another run in place of this one.
    fn take(&mut self, run: Run) {
        self.run = run;
        if let Some(teller) = self.teller.take() {
            self.tell_story(teller.request(), Err("The run began anew.".into()));
        }
        self.place.forget_refusal();
        self.viewer = Viewer::new(&self.run.data, self.viewer.look().clone());
        self.run_number += 1;
        self.is_unsaved = true;
        self.tell_loaded();
    }

    fn pause(&mut self) {
        self.activity = Activity::Paused;
        self.pacer.rest();
    }

    /// [`RunJob::advance_async`] for a caller that can wait; see [`crate::wait`].
    pub fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        wait(self.advance_async(budget_ms, now_ms))
    }

    /// Works for about `budget_ms`, by the clock `now_ms`, and tells what came of it. Call it again as
    /// the answer says, and after every command.
    pub async fn advance_async(
        &mut self,
        budget_ms: f64,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Progress {
        self.move_run(now_ms).await;
        let start_ms = now_ms();
        if self.run.step() == 0 {
            // How a run begins is shown, however fast it goes on.
            self.tell_snapshot(start_ms).await;
        }
        if self.teller.is_some() {
            self.work_at_story(start_ms + 0.5 * budget_ms, now_ms).await;
        }
        let progress = match self.work(start_ms + budget_ms, now_ms).await {
            Ok(progress) => progress,
            Err(error) => {
                // A seek that failed may have led anywhere.
                self.owes_scenario = true;
                self.pause();
                self.tell_problem(&error);
                Progress::Idle
            }
        };
        self.tell_happened();
        self.tell_scenario();
        let now = now_ms();
        self.tell_snapshot(now).await;
        // To look at a run, too, can cost it its GPU.
        self.tell_happened();
        match (progress, self.tell_checkpoint(now)) {
            _ if self.teller.is_some() => Progress::Busy,
            (Progress::Busy, _) => Progress::Busy,
            (Progress::Idle, Some(ms)) => Progress::Wait { ms },
            (progress, _) => progress,
        }
    }

    /// Goes on with the story, until the time is over or it is told.
    async fn work_at_story(&mut self, deadline_ms: f64, now_ms: &mut dyn FnMut() -> f64) {
        while let Some(teller) = &mut self.teller {
            if let Some(story) = teller.go_on().await {
                let request = teller.request();
                self.teller = None;
                self.tell_story(request, story);
            }
            if now_ms() >= deadline_ms {
                return;
            }
        }
    }

    /// Stretch after stretch of steps, until the time is over or there is nothing to do.
    async fn work(
        &mut self,
        deadline_ms: f64,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Result<Progress, RunError> {
        let mut now = now_ms();
        loop {
            let before = self.run.step();
            let stretch = self.pacer.stretch();
            match &mut self.activity {
                Activity::Paused => return Ok(Progress::Idle),
                Activity::Training => {
                    let limit = self.run.scenario.view.steps_per_second;
                    let allowed = self.pacer.allowed(limit, now);
                    if allowed == 0 {
                        let ms = limit.map_or(0.0, |limit| self.pacer.wait_ms(limit));
                        return Ok(Progress::Wait { ms });
                    }
                    let met = self.run.train_to_stop(stretch.min(allowed)).await;
                    self.pacer.spend(self.run.step() - before);
                    if let Some(message) = met {
                        self.events.push(Event::Notice { message });
                        self.pause();
                    }
                }
                Activity::Stepping(left) => {
                    let n = stretch.min(*left);
                    self.run.train(n).await;
                    *left -= n;
                    if *left == 0 {
                        self.pause();
                    }
                }
                Activity::Seeking(seek, _) => {
                    if self.run.continue_seek(seek, stretch).await? {
                        self.end_seek();
                    }
                }
            }
            self.is_news = true;
            self.is_unsaved = true;
            if self.run.has_diverged() {
                self.pause();
            }
            let then = now_ms();
            self.pacer
                .learn(self.run.step().abs_diff(before), then - now);
            now = then;
            if now >= deadline_ms {
                return Ok(Progress::Busy);
            }
        }
    }

    /// Pauses at the end of a seek, and tells the scenario if it was another one then.
    fn end_seek(&mut self) {
        let activity = std::mem::replace(&mut self.activity, Activity::Paused);
        if let Activity::Seeking(_, known) = activity
            && self.run.scenario != *known
        {
            self.owes_scenario = true;
        }
    }

    /// Brings the run to where it is to be.
    async fn move_run(&mut self, now_ms: &mut dyn FnMut() -> f64) {
        let was_on_gpu = self.run.backend.is_on_gpu();
        if let Some(message) = self.place.settle(&mut self.run, now_ms).await {
            self.events.push(Event::Notice { message });
        }
        if was_on_gpu != self.run.backend.is_on_gpu() {
            self.pacer.begin_anew(self.engine().kind);
            self.is_news = true;
        }
    }
}
