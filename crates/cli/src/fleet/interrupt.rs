//! Ctrl-C ends a fleet where it is, so that what is done can be kept.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

static IS_ASKED_FOR: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is heard, and does not end the program by itself. The second one does.
pub fn listen() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        if IS_ASKED_FOR.swap(true, Ordering::Relaxed) {
            std::process::exit(2);
        }
    })
    .map_err(|error| Failure::new(error.to_string()).at("Ctrl-C"))
}

pub fn is_asked_for() -> bool {
    IS_ASKED_FOR.load(Ordering::Relaxed)
}
