use actiscope_core::protocol::{EngineInfo, EngineKind, Snapshot};
use leptos::prelude::*;

use crate::run::{Engine, Run};
use crate::text;
use crate::ui::kit::throttle::throttled;

/// What trains, and how fast.
#[component]
pub fn EngineChip() -> impl IntoView {
    let run = expect_context::<Run>();
    let words = Signal::derive(move || {
        let info = match run.engine.get() {
            Engine::Starting => return ("engine".to_owned(), "starting".to_owned()),
            Engine::Restarting => return ("engine".to_owned(), "restarting".to_owned()),
            Engine::Stopped => return ("engine".to_owned(), "stopped".to_owned()),
            Engine::Ready(info) => info,
        };
        let pace = run.snapshot.with(|snapshot| match snapshot {
            Some(snapshot) if snapshot.is_training => pace(&info, snapshot),
            _ => "paused".into(),
        });
        (info.name, pace)
    });
    let words = throttled(words, 400);
    let class = move || match run.engine.get() {
        Engine::Ready(_) => "dot ready",
        Engine::Starting | Engine::Restarting => "dot waiting",
        Engine::Stopped => "dot stopped",
    };
    view! {
        <div class="engine" role="group" aria-label="Engine">
            <i class=class aria-hidden="true"></i>
            <span class="backend" title=move || words.get().0>
                {move || words.get().0}
            </span>
            <span class="divider">" · "</span>
            <span class="pace">{move || words.get().1}</span>
        </div>
    }
}

/// Steps a second, and for a GPU, which trains many networks at a time, those of all of them.
fn pace(info: &EngineInfo, snapshot: &Snapshot) -> String {
    let steps = f64::from(snapshot.steps_per_second).round() as u64;
    let of_steps = format!("{} steps/s", text::count(steps));
    match info.kind {
        EngineKind::Cpu => of_steps,
        EngineKind::Gpu => {
            let lane_steps = text::count(steps * u64::from(info.n_lanes));
            format!("{of_steps}, {lane_steps} lane-steps/s")
        }
    }
}
