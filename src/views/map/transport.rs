use leptos::prelude::*;

use super::pace::duration;
use super::store::Map;
use crate::memo::Memo;
use crate::text;
use crate::ui::kit::erased::Show;

/// Compute or pause, cancel; how far it has come; the maps that were zoomed from.
#[component]
pub fn Transport() -> impl IntoView {
    let map = expect_context::<Map>();
    let fleet = map.fleet;
    let is_open = Memo::new(move |_| fleet.is_open());
    let is_on = Memo::new(move |_| is_open.get() && fleet.wants_training.get());
    let press = move |_| match (is_on.get_untracked(), map.is_changed.get_untracked()) {
        (_, true) => map.compute(),
        (true, false) => fleet.pause(),
        (false, false) if is_open.get_untracked() => fleet.train(),
        _ => map.compute(),
    };
    let label = move || match (map.is_changed.get(), is_on.get(), is_open.get()) {
        (true, ..) => {
            let seconds = map.asked.with(|asked| {
                asked
                    .as_ref()
                    .map_or(0.0, |asked| map.pace.get().seconds(&asked.spec))
            });
            format!("Compute ({})", duration(seconds))
        }
        (false, true, _) => "Pause".into(),
        (false, false, true) => "Go on".into(),
        _ => "Compute again".into(),
    };
    let share = Memo::new(move |_| {
        let progress = fleet.progress();
        progress.lane_steps as f64 / progress.n_lane_steps.max(1) as f64
    });
    let words = move || {
        let progress = fleet.progress();
        let (n_networks, n_steps) = map
            .shown
            .with(|shown| (shown.spec.n_networks() as u64, shown.spec.n_steps));
        let rate = f64::from(progress.lane_steps_per_second);
        let mut words = format!(
            "{} networks × {} steps",
            text::count(n_networks),
            text::count(n_steps)
        );
        if is_open.get() {
            words += &format!(" · {:.0} %", 100.0 * share.get());
            if !fleet.wants_training.get() {
                words += " · paused";
            } else if let Some(left) = fleet.seconds_left() {
                words += &format!(
                    " · {} lane-steps/s · {} left",
                    text::count(rate as u64),
                    duration(left)
                );
            }
        } else if progress.is_done && progress.n_lane_steps > 0 {
            words += " · done";
            if rate > 0.0 {
                words += &format!(" · {} lane-steps/s", text::count(rate as u64));
            }
        }
        words
    };
    view! {
        <footer class="transport map-transport">
            <div class="run" role="group" aria-label="Training">
                <button
                    type="button"
                    class="primary play"
                    disabled=move || map.asked.with(Result::is_err)
                    on:click=press
                >
                    {label}
                </button>
                <button
                    type="button"
                    class="quiet"
                    title="Stop, and go back to what was before"
                    disabled=move || !is_open.get()
                    on:click=move |_| map.cancel()
                >
                    "Cancel"
                </button>
            </div>
            <div class="how-far">
                <p>{words}</p>
                <progress max="1" prop:value=move || share.get() aria-label="Trained so far"></progress>
            </div>
            <nav class="levels" aria-label="Zoom">
                <Levels />
            </nav>
        </footer>
    }
}

/// The whole map, and each that was zoomed to.
#[component]
fn Levels() -> impl IntoView {
    let map = expect_context::<Map>();
    let is_zoomed = Memo::new(move |_| map.levels.with(|levels| !levels.is_empty()));
    let levels = move || {
        let n_levels = map.levels.with(Vec::len);
        let name = |i: usize| match i {
            0 => "Whole map".to_owned(),
            _ => map.levels.with(|levels| levels[i].words()),
        };
        (0..n_levels)
            .map(|i| {
                view! {
                    <button type="button" class="level" on:click=move |_| map.zoom_out_to(i)>
                        {name(i)}
                    </button>
                    <span aria-hidden="true">"›"</span>
                }
            })
            .collect_view()
    };
    let now = move || match is_zoomed.get() {
        false => "Whole map".to_owned(),
        true => map
            .state
            .with(|state| super::store::ends_words(&state.x, &state.y)),
    };
    view! {
        {levels}
        <b aria-current="true">{now}</b>
        <Show when=move || is_zoomed.get()>
            <button type="button" class="quiet" title="Backspace" on:click=move |_| map.zoom_out()>
                "Zoom out"
            </button>
        </Show>
    }
}
