//! Trains populations of small networks and watches their health.
//!
//! Read in this order: [`cpu`], a crate of its own (the SIMD trainer and its probes), [`jobs`] (commands in, events
//! out), [`Engine`], which worker and shell hold. Nothing here reads a clock: time is an argument.

mod accuracy;
mod backend;
mod choice;
pub mod doctor;
mod engine;
pub mod gpu;
pub mod jobs;
pub mod lessons;
pub mod sets;
pub mod wait;
#[cfg(target_family = "wasm")]
pub mod worker;

pub use actiscope_cpu as cpu;
pub use backend::{Backend, cpu_engine};
pub use engine::Engine;
pub use jobs::{FleetError, FleetJob, Placing, Progress, RunError, RunJob};
