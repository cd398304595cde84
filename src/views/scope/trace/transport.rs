use std::time::Duration;

use leptos::prelude::*;
use web_sys::{Element, PointerEvent};

use wasm_bindgen::JsCast;

use super::shown::Shown;
use crate::app::idle::{self, Source};
use crate::memo::Memo;
use crate::plot::charts::trace::timeline::{RecordsData, record_at, records_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::text::count;
use crate::ui::kit::canvas::Canvas;

/// Between two records that are played.
const PLAY_EVERY: Duration = Duration::from_millis(80);

/// Record after record, all of them on one line, and how the units are.
#[component]
pub fn Transport() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    Effect::new(move |_| {
        if traces.is_playing.get() {
            let playing = idle::hold(Source::Paint);
            let kept = StoredValue::new_local(Some(playing));
            let timer = set_interval_with_handle(move || traces.play_on(), PLAY_EVERY).ok();
            on_cleanup(move || {
                if let Some(timer) = timer {
                    timer.clear();
                }
                drop(kept.try_update_value(Option::take));
            });
        }
    });
    let is_idle = move || traces.n_records() < 2;
    let counts = Memo::new(move |_| {
        shown.rows.with(|rows| match rows {
            Some(rows) => {
                let sum = |of: fn(&actiscope_core::interop::trace::Row) -> usize| {
                    rows.rows.iter().map(of).sum::<usize>()
                };
                Some((
                    rows.dead.clone(),
                    sum(|row| row.n_dead),
                    rows.saturated.clone(),
                    sum(|row| row.n_saturated),
                ))
            }
            None => None,
        })
    });
    let health = move || match counts.get() {
        Some((dead, n_dead, saturated, n_saturated)) => view! {
            <span>"Dead units: " <b class:some-dead=n_dead != 0>{dead}</b> "."</span>
            " "
            <span>
                "Saturated: " <b class:some-saturated=n_saturated != 0>{saturated}</b> "."
            </span>
        }
        .into_any(),
        None => view! { <span>"No steps yet"</span> }.into_any(),
    };
    view! {
        <footer class="transport of-trace">
            <div class="run" role="group" aria-label="Records">
                <button
                    type="button"
                    class="quiet square"
                    aria-label="Record before"
                    aria-keyshortcuts="ArrowLeft"
                    title="Left arrow; with Shift ten"
                    disabled=is_idle
                    on:click=move |_| traces.go_by(-1)
                >
                    "‹"
                </button>
                <button
                    type="button"
                    class="primary play"
                    aria-keyshortcuts="Space"
                    title="Space"
                    disabled=is_idle
                    on:click=move |_| traces.play_or_pause()
                >
                    {move || if traces.is_playing.get() { "Pause" } else { "Play" }}
                </button>
                <button
                    type="button"
                    class="quiet square"
                    aria-label="Next record"
                    aria-keyshortcuts="ArrowRight"
                    title="Right arrow; with Shift ten"
                    disabled=is_idle
                    on:click=move |_| traces.go_by(1)
                >
                    "›"
                </button>
            </div>
            <Timeline />
            <p class="health" role="status" aria-label="Health" aria-atomic="true">
                {health}
            </p>
        </footer>
    }
}

/// The records; held by mouse or finger it follows.
#[component]
fn Timeline() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let size = RwSignal::new(Size::default());
    let with_data = move |make: &dyn Fn(&RecordsData) -> Option<usize>| {
        let base = shown.base.get_untracked()?;
        let view = &base.opened.view;
        make(&RecordsData {
            ticks: &view.ticks,
            marks: &view.marks,
            record: traces.record.get_untracked(),
        })
    };
    let draw = move |size: Size, theme: &Theme| {
        let base = shown.base.get_untracked();
        let view = base.as_ref().map(|base| &base.opened.view);
        let data = RecordsData {
            ticks: view.map_or(&[], |view| &view.ticks),
            marks: view.map_or(&[], |view| &view.marks),
            record: traces.record.get_untracked(),
        };
        records_scene(size, theme, &data)
    };
    let is_held = StoredValue::new(false);
    let follow = move |event: &PointerEvent| {
        let theme = untrack(|| shown.theme());
        let width = size.get_untracked().width;
        let x = f64::from(event.offset_x());
        if let Some(record) = with_data(&|data| record_at(width, &theme, data, x)) {
            traces.is_playing.set(false);
            traces.go(record);
        }
    };
    let hold = move |event: PointerEvent| {
        is_held.set_value(true);
        let element = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) = element {
            // A pointer that is gone again cannot be held.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        follow(&event);
    };
    let value = move || {
        shown.base.with(|base| {
            let base = base.as_ref()?;
            let record = traces.record.get();
            let steps = &base.opened.trace.steps;
            let (step, last) = (steps.get(record)?, steps.last()?);
            Some(format!(
                "step {} of {}, record {} of {}",
                count(*step),
                count(*last),
                record + 1,
                steps.len()
            ))
        })
    };
    view! {
        <div class="timeline records">
            <Canvas
                label=""
                depends=move || {
                    shown.base.track();
                    traces.record.track();
                }
                draw=draw
                size=size
            />
            <div
                class="hold"
                role="slider"
                tabindex="0"
                aria-label="Timeline"
                aria-valuemin="1"
                aria-valuemax=move || traces.n_records().max(1).to_string()
                aria-valuenow=move || (traces.record.get() + 1).to_string()
                aria-valuetext=move || value().unwrap_or_else(|| "no steps yet".into())
                on:pointerdown=hold
                on:pointermove=move |event: PointerEvent| {
                    if is_held.get_value() {
                        follow(&event);
                    }
                }
                on:pointerup=move |_| is_held.set_value(false)
                on:pointercancel=move |_| is_held.set_value(false)
            ></div>
        </div>
    }
}
