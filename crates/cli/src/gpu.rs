//! The GPU from a shell.

use actiscope_engine::gpu::{GpuDevice, GpuError};
use actiscope_engine::wait::wait;

use crate::failure::Failure;

pub fn open() -> Result<GpuDevice, Failure> {
    silence_drivers();
    wait(GpuDevice::open()).map_err(|error| failure(&error))
}

/// Where this variable is not set, as in a container, a layer of Mesa's drivers writes lines of its own to
/// standard error, which is for one line of ours.
fn silence_drivers() {
    const NAME: &str = "XDG_RUNTIME_DIR";
    if std::env::var_os(NAME).is_none() {
        // SAFETY: the program has one thread until a device is opened, which comes after this.
        unsafe { std::env::set_var(NAME, std::env::temp_dir()) };
    }
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
