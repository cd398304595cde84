//! The WebGPU trainer: one workgroup trains one lane, so that one dispatch trains one network or
//! thousands, many steps at a time.
//!
//! Each file of WGSL has a counterpart of the same name under [`crate::cpu`], with the same functions in
//! the same order of loops. [`shader`] joins them with what depends on the population: its widths, the
//! functions that its lanes use, printed from their expressions, and which arrays lie in workgroup memory.
//!
//! | file | does |
//! |---|---|
//! | [`device`] | finds an adapter, notices that the device is lost or out of memory |
//! | [`layout`] | structures and arrays that host and kernels share |
//! | [`memory`] | which arrays of a lane lie in workgroup memory |
//! | `buffers` | the buffers, and how kernels are bound to them |
//! | [`shader`] | the text of a population's kernel |
//! | [`trainer`] | dispatches, and what is read back |
//! | `look` | what is asked of lanes, answered in one readback |
//! | `ring` | trained and looked at many times, in one submission and one readback |
//! | [`probe`], `predict` | health and statistics; answers to any samples: what a snapshot tells |
//! | `*.wgsl` | the kernel |
//!
//! What is read back is asked for: the state of one lane, or how far each lane has come. In a browser
//! these futures wait for the device; natively they are ready at the first poll.
//!
//! In the page's worker all this is a chunk (`gpu`) that is loaded by the first call of one of the functions
//! marked by `wasm_split`. They are the only ways in; what else is called from outside is small.
//!
//! Results agree with the CPU's within rounding, not bit by bit: a device may fuse multiply and add, and
//! computes exp, log and sqrt in its own way.

use std::pin::Pin;

use thiserror::Error;

use crate::cpu::TrainerError;

mod buffers;
pub mod device;
pub mod layout;
mod look;
pub mod memory;
mod predict;
pub mod probe;
mod readback;
mod ring;
pub mod shader;
pub mod trainer;

pub use device::{AdapterInfo, GpuDevice};
pub use probe::LaneHealth;
pub use ring::{KeptLane, LaneLook, Ring};
pub use trainer::{GpuTrainer, LaneReading, LaneStatus};

/// What the functions return that begin the chunk `gpu`: such a function cannot be async itself.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, GpuError>> + 'a>>;

/// Why a population cannot be trained on the GPU, or not any more, and what to do.
#[derive(Clone, Debug, Error)]
pub enum GpuError {
    #[error("there is no GPU that can be used here: {0}")]
    NoAdapter(String),
    #[error("there is only a software adapter, and it was not asked for")]
    OnlySoftware,
    #[error("the code for the GPU could not be loaded; choose the GPU again to try once more")]
    NotLoaded,
    #[error("the GPU was lost: {0}")]
    Lost(String),
    #[error("the GPU is out of memory: train fewer lanes, or narrower networks")]
    OutOfMemory,
    #[error("the GPU refused its work: {0}")]
    Refused(String),
    #[error(
        "{n_lanes} lanes need {needed} of {what}, and this GPU allows {allowed}: {n_fitting} lanes would fit"
    )]
    TooLarge {
        what: &'static str,
        n_lanes: usize,
        needed: u64,
        allowed: u64,
        n_fitting: u64,
    },
    #[error("a function of {n} parameters does not fit the GPU's rules, which have {max}")]
    Params { n: usize, max: usize },
    #[error("layers with learning rates of their own are trained by the CPU")]
    LayerRates,
    #[error("thresholds other than 0.5 are counted at by the CPU")]
    Threshold,
    #[error("{0}")]
    Trainer(String),
}

impl From<TrainerError> for GpuError {
    fn from(error: TrainerError) -> Self {
        Self::Trainer(error.to_string())
    }
}

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for GpuError {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self::NotLoaded
    }
}
