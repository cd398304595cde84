//! `?fault=NAME@STEP`, or `?fault=NAME&at=STEP`: the engine misbehaves at that step, once, so that recovery
//! can be seen and tested. The names are those of [`named`].

use actiscope_core::protocol::{Fault, ToEngine};
use leptos::prelude::*;

use crate::browser;
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

/// Reads `NAME` or `NAME@STEP`; `at` is where the step may stand instead.
fn parse(fault: &str, at: Option<&str>) -> Option<(Fault, u64)> {
    let (name, step) = match fault.split_once('@') {
        Some((name, step)) => (name, Some(step)),
        None => (fault, at),
    };
    let step = step.and_then(|step| step.parse().ok());
    Some((named(name)?, step.unwrap_or(DEFAULT_STEP)))
}

pub fn inject(engine: Engine, run: Run) {
    let asked = browser::query("fault");
    let at = browser::query("at");
    let Some((fault, at)) = asked.and_then(|asked| parse(&asked, at.as_deref())) else {
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
        let check = |fault, at, expect| assert_eq!(parse(fault, at), expect);
        check("worker-panic", None, Some((Fault::Panic, 100)));
        check("worker-hang", Some("200"), Some((Fault::Hang, 200)));
        check("device-lost@7", None, Some((Fault::DeviceLost, 7)));
        check("validation@7", None, Some((Fault::InvalidWork, 7)));
        check("oom@7", Some("9"), Some((Fault::OutOfMemory, 7)));
        check("oom@soon", None, Some((Fault::OutOfMemory, 100)));
        check("gremlins@7", None, None);
    }
}
