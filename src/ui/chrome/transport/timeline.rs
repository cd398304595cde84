use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::plot::charts::timeline::{TimelineData, timeline_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::marks::marks;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::ui::kit::steps::StepsSlider;

/// Every step of the run so far: where it is now, where units died, and a way back.
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
    view! {
        <StepsSlider
            label="Timeline"
            steps=steps
            is_moving=is_moving
            depends=move || run.log.track()
            draw=draw
            on_go=move |step: u64| run.dispatch(RunCommand::Seek(step))
        />
    }
}
