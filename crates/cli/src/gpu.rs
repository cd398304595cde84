//! The GPU from a shell.

use actiscope_engine::gpu::{GpuDevice, GpuError};
use actiscope_engine::wait::wait;

use crate::failure::Failure;

pub fn open() -> Result<GpuDevice, Failure> {
    wait(GpuDevice::open()).map_err(|error| failure(&error))
}

pub fn failure(error: &GpuError) -> Failure {
    let text = match error {
        GpuError::NoAdapter(_) => {
            "no GPU was found: install a Vulkan driver (Mesa's software driver is one), or choose cpu".into()
        }
        error => format!("{error}; or choose cpu"),
    };
    Failure::new(text).at("--backend gpu")
}
