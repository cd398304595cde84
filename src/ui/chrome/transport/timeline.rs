use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::plot::charts::timeline::{TimelineData, timeline_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::marks::marks;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::text;
use crate::ui::kit::canvas::Canvas;

/// Every step of the run so far: where it is now, where units died, and a way back. The drawing is
/// the looks of the slider above it.
#[component]
pub fn Timeline() -> impl IntoView {
    let run = expect_context::<Run>();
    let steps = Memo::new(move |_| run.steps());
    // Until the engine has told where it came to rest, another step may yet be shown: tests wait for that.
    let is_moving = Memo::new(move |_| {
        run.snapshot.with(|snapshot| {
            snapshot
                .as_ref()
                .is_some_and(|snapshot| snapshot.is_training)
        })
    });
    let draw = move |size: Size, theme: &Theme| {
        let (step, last_step) = steps.get_untracked();
        run.log.with_untracked(|log| {
            let marks = marks(&log.events);
            let data = TimelineData {
                step,
                last_step,
                marks: &marks,
            };
            timeline_scene(size, theme, &data)
        })
    };
    let depends = move || {
        steps.track();
        run.log.track();
    };
    let words = move || {
        let (step, last_step) = steps.get();
        format!("step {} of {}", text::count(step), text::count(last_step))
    };
    view! {
        <div class="timeline" class:moving=move || is_moving.get()>
            <Canvas label="" depends=depends draw=draw />
            <input
                type="range"
                aria-label="Timeline"
                aria-valuetext=words
                min="0"
                max=move || steps.get().1.max(1)
                step="1"
                prop:value=move || steps.get().0.to_string()
                on:input=move |event| {
                    if let Ok(step) = event_target_value(&event).parse() {
                        run.dispatch(RunCommand::Seek(step));
                    }
                }
            />
        </div>
    }
}
