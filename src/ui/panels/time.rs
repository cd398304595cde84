use leptos::prelude::*;

use super::canvas::Canvas;
use super::panel::Panel;
use crate::plot::geometry::Size;
use crate::plot::history::{HistoryData, describe_history, history_scene, step_axis};
use crate::plot::marks::marks;
use crate::plot::theme::Theme;
use crate::state::Store;
use crate::ui::throttle::throttled;

/// Loss, and the shares of dead, saturated and alive units, over the steps of the run.
#[component]
pub fn TimePanel() -> impl IntoView {
    let store = expect_context::<Store>();
    let is_log = RwSignal::new(false);
    let pointer = RwSignal::new(None::<(f64, f64)>);
    let draw = move |size: Size, theme: &Theme| {
        with_history(store, is_log.get_untracked(), |data| {
            let crosshair = pointer
                .get_untracked()
                .map(|(x, _)| step_axis(size, theme, data).data_clamped(x).round() as u64);
            history_scene(size, theme, &HistoryData { crosshair, ..*data })
        })
    };
    let depends = move || {
        store.log.track();
        store.snapshot.track();
        is_log.track();
        pointer.track();
    };
    let label = Signal::derive(move || {
        store.log.track();
        with_history(store, is_log.get(), describe_history)
    });
    view! {
        <Panel name="time" title="Loss and health over steps">
            <button
                type="button"
                class="quiet tiny"
                aria-pressed=move || if is_log.get() { "true" } else { "false" }
                title="Decades of loss"
                on:click=move |_| is_log.update(|is_log| *is_log = !*is_log)
            >
                "log"
            </button>
            <div class="picture">
                <Canvas label=throttled(label, 2_000) depends=depends draw=draw pointer=pointer />
            </div>
        </Panel>
    }
}

fn with_history<T>(store: Store, is_log: bool, then: impl FnOnce(&HistoryData) -> T) -> T {
    let (step, last_step) = store.snapshot.with_untracked(|snapshot| {
        snapshot.as_ref().map_or((0, 0), |snapshot| {
            (snapshot.step, snapshot.last_step.max(snapshot.step))
        })
    });
    store.log.with_untracked(|log| {
        then(&HistoryData {
            points: &log.history,
            n_units: untrack(|| store.n_units()),
            last_step,
            marks: &marks(&log.events),
            is_log,
            cursor: (step < last_step).then_some(step),
            crosshair: None,
        })
    })
}
