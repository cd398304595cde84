use leptos::prelude::*;

use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::text;
use crate::ui::kit::canvas::Canvas;

/// A slider over the steps up to the last one. The drawing is the looks of the slider above it.
#[component]
pub fn StepsSlider(
    label: &'static str,
    /// The step on show and the last.
    #[prop(into)]
    steps: Signal<(u64, u64)>,
    /// Another step may yet be shown than the one that was asked for.
    #[prop(optional, into)]
    is_moving: Signal<bool>,
    depends: impl Fn() + 'static,
    draw: impl Fn(Size, &Theme) -> Scene + 'static,
    #[prop(into)] on_go: Callback<(u64,)>,
) -> impl IntoView {
    let depends = move || {
        steps.track();
        depends();
    };
    let words = move || {
        let (step, last_step) = steps.get();
        format!("step {} of {}", text::count(step), text::count(last_step))
    };
    view! {
        <div class="timeline" class:moving=is_moving>
            <Canvas label="" depends=depends draw=draw />
            <input
                type="range"
                aria-label=label
                aria-valuetext=words
                min="0"
                max=move || steps.get().1.max(1)
                step="1"
                prop:value=move || steps.get().0.to_string()
                on:input=move |event| {
                    if let Ok(step) = event_target_value(&event).parse() {
                        on_go.run((step,));
                    }
                }
            />
        </div>
    }
}
