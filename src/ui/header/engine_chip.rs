use leptos::prelude::*;

use crate::state::{Engine, Store};
use crate::text;
use crate::ui::throttle::throttled;

/// What trains, and how fast.
#[component]
pub fn EngineChip() -> impl IntoView {
    let store = expect_context::<Store>();
    let words = Signal::derive(move || {
        let backend = match store.engine.get() {
            Engine::Starting => return ("engine".to_owned(), "starting".to_owned()),
            Engine::Restarting => return ("engine".to_owned(), "restarting".to_owned()),
            Engine::Stopped => return ("engine".to_owned(), "stopped".to_owned()),
            Engine::Ready { backend } => backend,
        };
        let pace = store.snapshot.with(|snapshot| match snapshot {
            Some(snapshot) if snapshot.is_training => {
                let pace = f64::from(snapshot.steps_per_second).round();
                format!("{} steps/s", text::count(pace as u64))
            }
            _ => "paused".into(),
        });
        (backend, pace)
    });
    let words = throttled(words, 400);
    let class = move || match store.engine.get() {
        Engine::Ready { .. } => "dot ready",
        Engine::Starting | Engine::Restarting => "dot waiting",
        Engine::Stopped => "dot stopped",
    };
    view! {
        <div class="engine" role="group" aria-label="Engine">
            <i class=class aria-hidden="true"></i>
            <span class="backend">{move || words.get().0}</span>
            <span class="divider">" · "</span>
            <span class="pace">{move || words.get().1}</span>
        </div>
    }
}
