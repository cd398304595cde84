use actiscope_core::classify::probability;
use leptos::prelude::*;

use super::store::Classify;
use crate::app::theme::Colours;
use crate::frame::Urgency;
use crate::memo::Memo;
use crate::plot::charts::classify::{
    ThresholdData, ThresholdGeometry, describe_threshold, threshold_scene,
};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};
use crate::ui::kit::throttle::throttled;

/// How far a key moves the threshold, logits.
const STEP: f64 = 0.1;
const FINE_STEP: f64 = 0.01;
const FAR_STEP: f64 = 1.0;

/// Both classes by their probability, and the threshold through them, to be dragged.
#[component]
pub fn Threshold() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let colours = expect_context::<Colours>();
    let size = RwSignal::new(Size::default());
    let draw = move |size: Size, theme: &Theme| {
        with_data(classify, |data| threshold_scene(size, theme, data))
            .unwrap_or_else(|| Scene::new(size))
    };
    let depends = move || {
        classify.judged.track();
        classify.threshold.track();
        classify.state.track();
        classify.is_stale.track();
    };
    let label = throttled(2_000, move || {
        depends();
        with_data(classify, describe_threshold).unwrap_or_else(|| "No answers yet.".into())
    });
    let title = Memo::new(move |_| {
        let name = classify
            .with_judged(|judged| judged.names.get(1).cloned())
            .flatten();
        format!(
            "Probability of {}",
            name.unwrap_or_else(|| "class 1".to_owned())
        )
    });
    let aside = Memo::new(move |_| {
        classify
            .with_judged(|judged| format!("{} split", judged.split()))
            .unwrap_or_default()
    });
    let is_dragged = StoredValue::new(false);
    let place = move |event: &web_sys::PointerEvent| {
        let logit = with_data(classify, |data| {
            let geometry = ThresholdGeometry::new(size.get_untracked(), &colours.drawn(), data);
            geometry.logit_of_px(f64::from(event.offset_x()))
        });
        if let Some(logit) = logit {
            // Even odds are met without aiming.
            let is_even = logit.abs() < 0.04;
            classify.set_threshold(if is_even { 0.0 } else { logit });
        }
    };
    let now = move || classify.threshold.get_untracked();
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let step = if event.shift_key() { FINE_STEP } else { STEP };
        let to = match &*event.key() {
            "ArrowLeft" | "ArrowDown" => now() - step,
            "ArrowRight" | "ArrowUp" => now() + step,
            "PageDown" => now() - FAR_STEP,
            "PageUp" => now() + FAR_STEP,
            "Home" => 0.0,
            "m" | "M" => match cheapest(classify) {
                Some(logit) => logit,
                None => return,
            },
            _ => return,
        };
        event.prevent_default();
        classify.set_threshold(to);
    };
    let percent = move || {
        let p = classify
            .run
            .scenario
            .with(|scenario| scenario.view.threshold);
        (100.0 * p).round().to_string()
    };
    let value_text = move || {
        let threshold = classify.threshold.get();
        let counts = classify.with_judged(|judged| judged.two().map(|two| two.at(threshold)));
        let p = probability(threshold);
        match counts.flatten() {
            Some(counts) => format!(
                "{p}: {} misses, {} false alarms",
                counts.misses, counts.false_alarms
            ),
            None => p,
        }
    };
    let picture = move || {
        let scene = draw(size.get_untracked(), &colours.drawn());
        (scene, colours.drawn().bg)
    };
    let chart = Chart {
        panel: "threshold",
        picture: Some(Box::new(picture)),
        table: Box::new(move || Box::pin(table(classify))),
    };
    let tools = view! {
        <Look
            label="logit"
            title="The axis in logits, where what is rare has room"
            is_on=move || classify.state.with(|state| state.is_logit)
            flip=move || classify.state.update(|state| state.is_logit = !state.is_logit)
        />
        <Look
            label="count"
            title="Bars as numbers of samples, not as shares of their class"
            is_on=move || classify.state.with(|state| state.is_count)
            flip=move || classify.state.update(|state| state.is_count = !state.is_count)
        />
        <SaveMenu title=Signal::from(title) chart=chart />
    };
    view! {
        <Panel name="threshold" title=title aside=aside tools=tools.into_any()>
            <div class="picture">
                <Canvas label=label depends=depends draw=draw size=size urgency=Urgency::First />
                <div
                    class="crosshair"
                    role="slider"
                    tabindex="0"
                    aria-label="Threshold"
                    aria-valuemin="0"
                    aria-valuemax="100"
                    aria-valuenow=percent
                    aria-valuetext=value_text
                    title="Drag, or arrow keys; with Shift finer; Home is 0.50, M the cheapest"
                    on:pointerdown=move |event: web_sys::PointerEvent| {
                        is_dragged.set_value(true);
                        capture(&event);
                        place(&event);
                    }
                    on:pointermove=move |event: web_sys::PointerEvent| {
                        if is_dragged.get_value() {
                            place(&event);
                        }
                    }
                    on:pointerup=move |_| is_dragged.set_value(false)
                    on:pointercancel=move |_| is_dragged.set_value(false)
                    on:keydown=on_key
                ></div>
            </div>
        </Panel>
    }
}

/// A way to look at the chart that is on or off.
#[component]
fn Look(
    label: &'static str,
    title: &'static str,
    is_on: impl Fn() -> bool + Send + Sync + 'static,
    flip: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="quiet mini"
            aria-pressed=move || is_on().to_string()
            title=title
            on:click=move |_| flip()
        >
            {label}
        </button>
    }
}

/// What is dragged beyond the chart goes on to be dragged.
pub fn capture(event: &web_sys::PointerEvent) {
    use wasm_bindgen::JsCast;
    let element = event
        .current_target()
        .and_then(|e| e.dyn_into::<web_sys::Element>().ok());
    if let Some(element) = element {
        // Refused for a pointer that is gone already.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

fn cheapest(classify: Classify) -> Option<f64> {
    let miss_cost = classify.state.with_untracked(|state| state.miss_cost);
    classify.judged.with_untracked(|judged| {
        let two = judged.as_ref()?.two()?;
        Some(two.ranked.cheapest(miss_cost).threshold_logit)
    })
}

fn with_data<T>(classify: Classify, then: impl FnOnce(&ThresholdData) -> T) -> Option<T> {
    untrack(|| {
        classify.judged.with(|judged| {
            let judged = judged.as_ref()?;
            let two = judged.two()?;
            let [common, rare] = &judged.names[..] else {
                return None;
            };
            let state = classify.state.get();
            Some(then(&ThresholdData {
                ranked: &two.ranked,
                names: [common, rare],
                slots: [0, 1],
                threshold: classify.threshold.get().next_up(),
                cheapest: two.ranked.cheapest(state.miss_cost).threshold_logit,
                miss_cost: state.miss_cost,
                is_logit: state.is_logit,
                is_count: state.is_count,
                is_stale: classify.is_stale.get(),
            }))
        })
    })
}

chunk! {
    saving,
    fn table(classify: Classify) -> String {
        super::scores::thresholds_csv(classify)
    }
}
