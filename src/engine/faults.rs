//! `fault=NAME@STEP` in the address: the engine misbehaves at that step, once, so that recovery
//! can be seen and tested. The names are those of [`named`].

use actiscope_core::protocol::{Fault, ToEngine};
use leptos::prelude::*;

use crate::engine::Engine;
use crate::run::{Port, Run};

const DEFAULT_STEP: u64 = 100;

fn named(name: &str) -> Option<Fault> {
    Some(match name {
        "worker-panic" => Fault::Panic,
        "worker-hang" => Fault::Hang,
        "device-lost" => Fault::DeviceLost,
        "oom" => Fault::OutOfMemory,
        "validation" => Fault::InvalidWork,
        _ => return None,
    })
}

/// Reads `NAME` or `NAME@STEP`.
fn parse(fault: &str) -> Option<(Fault, u64)> {
    let (name, step) = fault.split_once('@').unwrap_or((fault, ""));
    Some((named(name)?, step.parse().unwrap_or(DEFAULT_STEP)))
}

/// Has the engine do what the address asks for.
pub fn inject(engine: Engine, run: Run, asked: &str) {
    let Some((fault, at)) = parse(asked) else {
        return;
    };
    // Only a GPU that trains can fail: the run begins without it.
    let needs_gpu = match fault {
        Fault::Panic | Fault::Hang => false,
        Fault::DeviceLost | Fault::OutOfMemory | Fault::InvalidWork => true,
    };
    let is_done = StoredValue::new(false);
    Effect::new(move |_| {
        let step = run
            .snapshot
            .with(|snapshot| snapshot.as_ref().map_or(0, |snapshot| snapshot.step));
        let is_possible = !needs_gpu || engine.is_on_gpu();
        if step >= at && is_possible && !is_done.get_value() {
            is_done.set_value(true);
            engine.send(ToEngine::Fault(fault));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_a_name_and_a_step() {
        let check = |fault, expect| assert_eq!(parse(fault), expect);
        check("worker-panic", Some((Fault::Panic, 100)));
        check("device-lost@7", Some((Fault::DeviceLost, 7)));
        check("validation@7", Some((Fault::InvalidWork, 7)));
        check("oom@soon", Some((Fault::OutOfMemory, 100)));
        check("gremlins@7", None);
    }
}
