//! The Doctor for callers that wait: a run that is brought to a step, examined, and what could mend it tried. A page
//! has the same done by a worker, message by message: [`Examination`] plans and judges, and knows no engine.

use actiscope_core::data::DataError;
use actiscope_core::health::HealthEvent;
use actiscope_core::health::diagnosis::{Evidence, Examination, Finding, Start, examine};
use actiscope_core::observe::{HistoryPoint, Snapshot};
use actiscope_core::protocol::{
    Event, FleetCommand, FleetEvent, FleetResults, FleetSpec, JobId, Loaded, Look, Part,
    RunCommand, RunEvent,
};
use actiscope_core::scenario::Scenario;
use thiserror::Error;

use crate::jobs::{FleetError, FleetJob, Progress, RunError, RunJob};

/// Milliseconds of work between two looks at what was told.
const BUDGET_MS: f64 = 50.0;

/// Why a scenario cannot be examined, and what to do.
#[derive(Debug, Error)]
pub enum DoctorError {
    #[error("{0}")]
    Run(#[from] RunError),
    #[error("{0}")]
    Trials(#[from] FleetError),
    #[error("{0}")]
    Data(#[from] DataError),
    #[error("the engine told nothing of its last step: {0}")]
    Silent(String),
}

/// A run at a step, and what happened until then.
#[derive(Debug)]
pub struct Observed {
    pub loaded: Loaded,
    pub snapshot: Snapshot,
    pub events: Vec<HealthEvent>,
    pub history: Vec<HistoryPoint>,
}

/// How much is asked of the Doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Symptoms alone, with what is usually done about them.
    Symptoms,
    /// Causes, with what could be tried.
    Causes,
    /// Causes, with what came of trials of so many updates.
    Trials { n_steps: u64 },
}

/// What is found of a scenario's run after `n_steps`. `now_ms` is a clock.
///
/// # Errors
/// If the scenario, or no remedy of it, can be run.
pub fn consult(
    scenario: &Scenario,
    n_steps: u32,
    care: Care,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Vec<Finding>, DoctorError> {
    let look = Look {
        extent: 1.0,
        ..Look::NOTHING
    };
    let observed = observe(scenario, n_steps, look, now_ms)?;
    let n_trial_steps = match care {
        Care::Symptoms => return Ok(examine(observed.evidence(scenario))),
        Care::Causes => None,
        Care::Trials { n_steps } => Some(n_steps),
    };
    let start = Start::of(scenario)?;
    let examination = Examination::new(observed.evidence(scenario), &start);
    let trials = n_trial_steps.and_then(|n_steps| examination.trials(n_steps));
    Ok(match trials {
        None => examination.findings(),
        Some(trials) => {
            let results = train(trials.spec.clone(), now_ms)?;
            match examination.more_trials(&trials, &results) {
                None => examination.conclude(&trials, &results),
                Some(all) => {
                    let results = train(all.spec.clone(), now_ms)?;
                    examination.conclude(&all, &results)
                }
            }
        }
    })
}

impl Observed {
    pub fn evidence<'a>(&'a self, scenario: &'a Scenario) -> Evidence<'a> {
        Evidence {
            scenario,
            snapshot: &self.snapshot,
            events: &self.events,
            history: &self.history,
        }
    }
}

/// Brings a run of a scenario to a step, or to where it diverges. Its last snapshot holds what `look` asks for.
///
/// # Errors
/// If the scenario cannot be run.
pub fn observe(
    scenario: &Scenario,
    n_steps: u32,
    look: Look,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Observed, DoctorError> {
    let mut scenario = scenario.clone();
    scenario.view.steps_per_second = None;
    let mut job = RunJob::new(JobId(0), scenario, look)?;
    let (mut events, mut history, mut newest) = (Vec::new(), Vec::new(), None);
    let mut loaded = None;
    let mut problem = String::new();
    job.handle(RunCommand::Step(n_steps));
    loop {
        let is_last = !job.is_training();
        // A run tells what is new when what it told last was shown.
        job.handle(RunCommand::Shown);
        job.advance(BUDGET_MS, now_ms);
        for event in job.take_events() {
            match event {
                Event::Run(_, RunEvent::Happened(happened)) => events.extend(happened),
                Event::Run(_, RunEvent::Snapshot(mut snapshot)) => {
                    if snapshot.history_is_whole {
                        history.clear();
                    }
                    history.append(&mut snapshot.history);
                    newest = Some(*snapshot);
                }
                Event::Run(_, RunEvent::Loaded(samples)) => loaded = Some(*samples),
                Event::Problem { message, .. } => problem = message,
                _ => {}
            }
        }
        if is_last {
            break;
        }
    }
    let (Some(loaded), Some(snapshot)) = (loaded, newest) else {
        return Err(DoctorError::Silent(problem));
    };
    Ok(Observed {
        loaded,
        snapshot,
        events,
        history,
    })
}

/// Trains a fleet to its end, on the processor.
///
/// # Errors
/// If nothing of it can be trained.
pub fn train(
    spec: FleetSpec,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<FleetResults, DoctorError> {
    let mut results = FleetResults::new(&spec);
    let keeps_curves = spec.keeps_curves;
    let mut job = FleetJob::new(JobId(0), spec)?;
    loop {
        let progress = crate::wait::wait(job.advance_async(BUDGET_MS, now_ms));
        for event in job.take_events() {
            match event {
                Event::Fleet(_, FleetEvent::News(news)) => {
                    results.take(Part::WHOLE, keeps_curves, &news);
                }
                Event::Fleet(_, FleetEvent::Restarted { networks }) => results.forget(&networks),
                _ => {}
            }
        }
        if progress == Progress::Idle && job.is_at_rest() {
            return Ok(results);
        }
        job.handle(FleetCommand::Shown);
    }
}
