//! All that passes between a page (or a shell) and an engine. The page sends messages, which it numbers; the
//! engine tells events, each with the number of the last message that it has taken. So no answer is
//! recognised by its value, and both know at which number they hold the same. Bytes are postcard,
//! transferred and not copied.
//!
//! | file | holds |
//! |---|---|
//! | [`run`] | what one run is asked and tells |
//! | [`fleet`] | the same of a population |
//! | [`engine`] | which engine trains, and why |

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::health::diagnosis::Start;
use crate::scenario::Scenario;

pub mod engine;
pub mod fleet;
pub mod run;

pub use engine::*;
pub use fleet::*;
pub use run::*;

/// A job of an engine: whoever opens it names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobId(pub u32);

/// A message to the engine and its number: from 1 on, each one more than the last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub number: u64,
    pub message: ToEngine,
}

/// What an engine can be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToEngine {
    /// Begin a job, behind those that are open.
    Open {
        job: JobId,
        spec: JobSpec,
    },
    /// End a job. What it was at is given up.
    Close(JobId),
    /// This job gets the time from now on. The others get what it leaves, and a small share of it at the
    /// least.
    Front(JobId),
    Run(JobId, RunCommand),
    Fleet(JobId, FleetCommand),
    /// Which engine is to train. Jobs go on from exactly where they are.
    Use(EngineChoice),
    /// For tests and demonstrations: misbehave as asked, so that recovery can be seen.
    Fault(Fault),
}

/// What a job is to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JobSpec {
    /// One run, paused. With a checkpoint of it, from an engine that was lost, it goes on from there, with
    /// what the scenario has beyond it.
    Run {
        scenario: Box<Scenario>,
        look: Look,
        checkpoint: Option<Vec<u8>>,
    },
    /// A population, which begins at once.
    Fleet(Box<FleetSpec>),
    /// A look at how the scenario's run begins, which is told once, as [`Event::Start`].
    Start(Box<Scenario>),
    /// A run as [`HandedOver::run`] has it, replayed and recorded for TensorBoard. Its events bear this time, in seconds since
    /// 1970.
    Recording { run: Vec<u8>, wall_time_s: f64 },
}

/// An event, and the number of the last message that was taken before it: 0 for none yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub heard: u64,
    pub event: Event,
}

/// What an engine tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The engine lives and takes messages.
    Ready,
    /// What trains from now on, and why.
    Engine(EngineInfo),
    Run(JobId, RunEvent),
    Fleet(JobId, FleetEvent),
    /// How the run of the scenario begins that this job was opened with. There is no more to come of it: close it.
    Start(JobId, Box<Start>),
    Recorded(JobId, Recorded),
    /// All that was heard is done: nothing trains, steps, seeks, tells a story or looks for a GPU, and all
    /// news is told. A job that has news and waits for `Shown` is not at rest; one that only waits for its next
    /// checkpoint is. Told once after each message that leads to rest, and whenever rest comes later.
    Idle,
    /// The engine is alive though it has nothing to say.
    Heartbeat,
    /// Something happened to the engine that the user should know, and all goes on.
    Notice {
        message: String,
    },
    /// A message could not be carried out. All is as it was before it. `message` says what to do.
    Problem {
        job: Option<JobId>,
        message: String,
    },
}

/// What a recording tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Recorded {
    /// How much of it is done, 0..1.
    Progress { share: f32 },
    /// The event file, and how many numbers it leaves out because they are none. There is no more to come of it: close the job.
    Done { bytes: Vec<u8>, n_left_out: usize },
}

/// Bytes that are no message of this version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a message of {n_bytes} bytes cannot be read: page and engine are of different versions; reload the page"
)]
pub struct DecodeError {
    pub n_bytes: usize,
}

/// The bytes of a [`Sent`] or a [`Told`].
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(message).expect("messages are plain data, and memory is the only limit")
}

/// The [`Sent`] or [`Told`] of which [`encode`] made the bytes.
///
/// # Errors
/// If the bytes are no such message.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    postcard::from_bytes(bytes).map_err(|_| DecodeError {
        n_bytes: bytes.len(),
    })
}
