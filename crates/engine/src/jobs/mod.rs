//! What an engine is given to do.

use actiscope_core::protocol::{EngineInfo, Event, Why};

use crate::backend::cpu_engine;
use crate::gpu::GpuDevice;

pub mod fleet;
mod not_loaded;
mod pacing;
mod recording;
pub mod run;
mod start;

pub use fleet::{FleetError, FleetJob};
pub use not_loaded::NotLoaded;
pub use recording::RecordingJob;
pub use run::{RunError, RunJob};
pub use start::StartJob;

/// How a job, or an engine with all its jobs, is left after a piece of work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// There is more to do at once.
    Busy,
    /// Nothing to do for so many milliseconds: the speed limit is reached.
    Wait { ms: f64 },
    /// Nothing to do until the next message.
    Idle,
}

impl Progress {
    /// Of two that share the time.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Busy, _) | (_, Self::Busy) => Self::Busy,
            (Self::Wait { ms: a }, Self::Wait { ms: b }) => Self::Wait { ms: a.min(b) },
            (Self::Idle, rest) | (rest, Self::Idle) => rest,
        }
    }
}

/// Where jobs are to train.
#[derive(Clone, Debug)]
pub enum Placing {
    /// And why not on the GPU.
    Cpu(Why),
    Gpu(GpuDevice),
    /// There, or on the CPU where that is better.
    Free(GpuDevice),
}

impl Default for Placing {
    fn default() -> Self {
        Self::Cpu(Why::default())
    }
}

/// One of the things that an engine is at.
#[derive(Debug)]
pub enum Job {
    Run(Box<RunJob>),
    Fleet(Box<FleetJob>),
    Start(StartJob),
    Recording(RecordingJob),
}

impl Job {
    /// See [`RunJob::advance_async`].
    pub async fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        match self {
            Self::Run(run) => run.advance_async(budget_ms, now_ms).await,
            Self::Fleet(fleet) => fleet.advance_async(budget_ms, now_ms).await,
            Self::Start(start) => start.advance().await,
            Self::Recording(recording) => recording.advance(budget_ms, now_ms).await,
        }
    }

    /// Nothing is done or waits to be told.
    pub fn is_at_rest(&self) -> bool {
        match self {
            Self::Run(run) => run.is_at_rest(),
            Self::Fleet(fleet) => fleet.is_at_rest(),
            Self::Start(start) => start.is_at_rest(),
            Self::Recording(recording) => recording.is_at_rest(),
        }
    }

    /// Says where it is to train.
    pub fn train_on(&mut self, placing: Placing) {
        match self {
            Self::Run(run) => run.train_on(placing),
            Self::Fleet(fleet) => fleet.train_on(placing),
            // The text-book trains the one, and the other repeats what was trained.
            Self::Start(_) | Self::Recording(_) => {}
        }
    }

    /// What trains it.
    pub fn engine(&self) -> EngineInfo {
        match self {
            Self::Run(run) => run.engine(),
            Self::Fleet(fleet) => fleet.engine(),
            Self::Start(_) | Self::Recording(_) => cpu_engine(),
        }
    }

    /// What there is to tell since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        match self {
            Self::Run(run) => run.take_events(),
            Self::Fleet(fleet) => fleet.take_events(),
            Self::Start(start) => start.take_events(),
            Self::Recording(recording) => recording.take_events(),
        }
    }
}
