//! Which engine trains, why, and how fast each of them is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which engine is to train.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EngineChoice {
    /// A hardware GPU while it keeps the speed that is asked for; else the faster of both.
    #[default]
    Auto,
    Cpu,
    /// The GPU, also one that software stands in for.
    Gpu,
}

/// The engine that trains the job in front.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineInfo {
    pub kind: EngineKind,
    /// "CPU, SIMD128", or "WebGPU, " and the adapter.
    pub name: String,
    /// The GPU's, where it trains.
    pub adapter: Option<String>,
    /// The adapter is software: the shaders run on the CPU.
    pub is_software: bool,
    /// Networks that one step trains.
    pub n_lanes: u32,
    /// Why it and not the other.
    pub why: Why,
    /// Of this job on this device, at full speed.
    pub rates: Rates,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EngineKind {
    Cpu,
    Gpu,
}

/// Steps a second of each engine, of all lanes together; `None` where it was not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    pub cpu: Option<f64>,
    pub gpu: Option<f64>,
}

/// Why an engine trains.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Why {
    /// No other was asked for.
    #[default]
    Chosen,
    /// A GPU is looked for, or tried.
    Looking,
    NoGpu,
    /// There is a GPU, in software, and it was not asked for.
    OnlySoftware,
    /// The GPU keeps the steps a second that are asked for.
    KeepsUp {
        asked: f64,
    },
    /// Of the two, on this device and for this job.
    Faster,
    /// The GPU cannot train this job, or not any more.
    Refused(String),
}

impl fmt::Display for Why {
    /// A sentence for the user.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen => f.write_str("It was chosen."),
            Self::Looking => f.write_str("Trains while a GPU is looked for and tried."),
            Self::NoGpu => f.write_str("There is no GPU that can be used here."),
            Self::OnlySoftware => f.write_str(
                "The only GPU here is software, which is no faster than the CPU itself.",
            ),
            Self::KeepsUp { asked } => {
                write!(f, "It keeps the {asked} steps a second that are asked for.")
            }
            Self::Faster => f.write_str("It is the faster one for this job on this device."),
            Self::Refused(why) => write!(f, "The GPU does not train this: {why}."),
        }
    }
}

/// What an engine can be made to suffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    Panic,
    /// Never answer again.
    Hang,
    /// The GPU is gone.
    DeviceLost,
    /// The GPU has no memory for its next work.
    OutOfMemory,
    /// The GPU finds its next work invalid.
    InvalidWork,
}
