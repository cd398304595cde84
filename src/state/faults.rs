//! `?fault=worker-panic` or `?fault=worker-hang`, with `&at=STEP`: the engine misbehaves there,
//! once, so that recovery can be seen and tested.

use actiscope_core::protocol::{Command, Fault};
use leptos::prelude::*;

use super::Store;
use crate::browser;

const DEFAULT_STEP: u64 = 100;

pub fn inject(store: Store) {
    let fault = match browser::query("fault").as_deref() {
        Some("worker-panic") => Fault::Panic,
        Some("worker-hang") => Fault::Hang,
        _ => return,
    };
    let at = browser::query("at")
        .and_then(|step| step.parse().ok())
        .unwrap_or(DEFAULT_STEP);
    let is_done = StoredValue::new(false);
    Effect::new(move |_| {
        let step = store
            .snapshot
            .with(|snapshot| snapshot.as_ref().map_or(0, |snapshot| snapshot.step));
        if step >= at && !is_done.get_value() {
            is_done.set_value(true);
            store.dispatch(Command::Fault(fault));
        }
    });
}
