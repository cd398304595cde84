//! What an engine is given to do.

use actiscope_core::protocol::{EngineInfo, Event};

use crate::gpu::GpuDevice;

pub mod run;

pub use run::{RunError, RunJob};

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

/// One of the things that an engine is at.
#[derive(Debug)]
pub enum Job {
    Run(Box<RunJob>),
}

impl Job {
    /// See [`RunJob::advance_async`].
    pub async fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        match self {
            Self::Run(run) => run.advance_async(budget_ms, now_ms).await,
        }
    }

    /// Nothing is done or waits to be told.
    pub fn is_at_rest(&self) -> bool {
        match self {
            Self::Run(run) => run.is_at_rest(),
        }
    }

    /// Has this GPU train it, or the CPU.
    pub fn train_on(&mut self, device: Option<GpuDevice>) {
        match self {
            Self::Run(run) => run.train_on(device),
        }
    }

    /// What trains it.
    pub fn engine(&self) -> EngineInfo {
        match self {
            Self::Run(run) => run.engine(),
        }
    }

    /// What there is to tell since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        match self {
            Self::Run(run) => run.take_events(),
        }
    }
}
