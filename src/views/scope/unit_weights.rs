use std::future::ready;

use actiscope_core::protocol::{ParamAt, ParamValue, RunCommand, Snapshot, UnitParam};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::memo::Memo;
use crate::plot::kit::geometry::{Point, Size};
use crate::run::Run;
use crate::text::{count, number};
use crate::ui::kit::copy::CopyButton;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::NumberInput;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::telling::Telling;

/// What an arrow key adds to a weight.
const STEP: f64 = 0.1;

chunk! {
    params,
    /// A unit's incoming weights and its bias: to be read, copied, and set by hand.
    pub fn unit_weights(layer: usize, unit: usize) -> AnyView {
        view! { <UnitWeights layer unit /> }.into_any()
    }
}

chunk! {
    params,
    /// One weight, or the bias of an output, beside where it was picked in the drawing.
    pub fn param_card(picked: RwSignal<Option<Picked>>, size: RwSignal<Size>) -> AnyView {
        view! { <ParamCard picked size /> }.into_any()
    }
}

/// What of the drawing was pressed, and where: CSS pixels of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picked {
    pub at: ParamAt,
    pub px: Point,
}

#[component]
fn UnitWeights(layer: usize, unit: usize) -> impl IntoView {
    let run = expect_context::<Run>();
    let said = RwSignal::new(String::new());
    let n_in = Memo::new(move |_| {
        run.snapshot.with(|snapshot| {
            let weights = snapshot.as_ref()?.weights_of(layer, unit)?;
            Some(weights.len())
        })
    });
    let has_norm = Memo::new(move |_| run.scenario.with(|scenario| scenario.network.batch_norm));
    let at = move |part| ParamAt { layer, unit, part };
    let fields = move || {
        n_in.get().map(|n_in| {
            let weights = (0..n_in).map(|i| {
                view! { <ParamField at=at(UnitParam::Weight(i)) name=input_name(run, layer, i) /> }
            });
            view! {
                <ParamField at=at(UnitParam::Bias) name="bias".to_owned() />
                {weights.collect_view()}
            }
        })
    };
    let text = move || {
        let text = run.snapshot.with_untracked(|snapshot| {
            let snapshot = snapshot.as_ref()?;
            code(run, snapshot, layer, unit)
        });
        text.unwrap_or_default()
    };
    // Where something is told of the unit, all of that is in view first.
    let is_open = expect_context::<Telling>()
        .request
        .get_untracked()
        .is_none();
    view! {
        <details class="unit-weights" open=is_open>
            <summary>"Weights and bias"</summary>
            <div class="params">{fields}</div>
            <div class="row">
                <CopyButton
                    label="Copy"
                    what="weights"
                    text=Box::new(move || Box::pin(ready(Ok(text()))))
                    said=said
                />
            </div>
            <Show when=move || has_norm.get()>
                <p class="fine">"Batch normalization takes the bias out again."</p>
            </Show>
            <p class="unseen" role="status">{said}</p>
        </details>
    }
}

/// A parameter by its name and its value, which can be typed.
#[component]
fn ParamField(at: ParamAt, name: String) -> impl IntoView {
    let run = expect_context::<Run>();
    let value = throttled(250, move || {
        let value = run
            .snapshot
            .with(|snapshot| snapshot.as_ref().and_then(|snapshot| snapshot.param(at)));
        value.map_or_else(String::new, |value| number(f64::from(value), 3))
    });
    let set = move |value: Option<f64>| {
        if let Some(value) = value {
            let value = value as f32;
            run.dispatch(RunCommand::SetParams(vec![ParamValue { at, value }]));
        }
    };
    let n_hidden = run
        .scenario
        .with_untracked(|scenario| scenario.network.hidden.len());
    let label = match at.part {
        UnitParam::Weight(_) => format!("Weight of {name}"),
        UnitParam::Bias => at.describe(n_hidden),
    };
    view! {
        <div class="param">
            <span aria-hidden="true">{name}</span>
            <NumberInput label=label value=value step=STEP on_change=set />
        </div>
    }
}

#[component]
fn ParamCard(picked: RwSignal<Option<Picked>>, size: RwSignal<Size>) -> impl IntoView {
    let run = expect_context::<Run>();
    let card = NodeRef::<html::Div>::new();
    // Whoever picked a weight is about to type.
    Effect::new(move |_| {
        picked.track();
        request_animation_frame(move || {
            let input = card
                .get_untracked()
                .and_then(|card| card.query_selector("input").ok().flatten());
            if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
                // A field that is there can take the focus.
                let _ = input.focus();
            }
        });
    });
    let close = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            picked.set(None);
        }
    };
    let px = move || picked.get().map(|picked| picked.px);
    let is_right = move || px().is_some_and(|px| px.x > size.get().width / 2.0);
    let is_low = move || px().is_some_and(|px| px.y > size.get().height / 2.0);
    let side = move |is_far: bool, of: fn(Point, Size) -> f64| match px() {
        Some(px) if is_far => format!("{:.0}px", of(px, size.get()) + 12.0),
        _ => "auto".into(),
    };
    let body = move || {
        picked.get().map(|Picked { at, .. }| {
            let n_hidden = run
                .scenario
                .with_untracked(|scenario| scenario.network.hidden.len());
            let unit = match at.layer < n_hidden {
                true => format!("layer {} unit {}", at.layer + 1, at.unit + 1),
                false => format!("output {}", at.unit + 1),
            };
            let (title, name) = match at.part {
                UnitParam::Weight(i) => {
                    let from = input_name(run, at.layer, i);
                    (format!("{from} \u{2192} {unit}"), "weight")
                }
                UnitParam::Bias => (unit, "bias"),
            };
            view! {
                <div class="row">
                    <b>{title}</b>
                    <button
                        type="button"
                        class="quiet square"
                        aria-label="Close"
                        on:click=move |_| picked.set(None)
                    >
                        "\u{d7}"
                    </button>
                </div>
                <ParamField at name=name.to_owned() />
            }
        })
    };
    view! {
        <div
            class="param-card"
            node_ref=card
            role="group"
            aria-label="Weight"
            style:left=move || side(!is_right(), |px, _| px.x)
            style:right=move || side(is_right(), |px, size| size.width - px.x)
            style:top=move || side(!is_low(), |px, _| px.y)
            style:bottom=move || side(is_low(), |px, size| size.height - px.y)
            on:keydown=close
        >
            {body}
        </div>
    }
}

/// What a weight multiplies.
fn input_name(run: Run, layer: usize, input: usize) -> String {
    let of_data = run.loaded.with_untracked(|loaded| {
        let names = &loaded.as_ref()?.input_names;
        names.get(input).cloned()
    });
    match layer {
        0 => of_data.unwrap_or_else(|| format!("x{}", input + 1)),
        _ => format!("unit {}", input + 1),
    }
}

/// The unit as Python reads it, exactly.
fn code(run: Run, snapshot: &Snapshot, layer: usize, unit: usize) -> Option<String> {
    let weights = snapshot.weights_of(layer, unit)?;
    let bias = snapshot.layers.get(layer)?.biases.get(unit)?;
    let names = (0..weights.len()).map(|i| input_name(run, layer, i));
    let names = names.collect::<Vec<_>>().join(", ");
    let step = count(snapshot.step);
    let (layer, unit) = (layer + 1, unit + 1);
    Some(format!(
        "# layer {layer} unit {unit}, step {step}, of {names}\nweights = {weights:?}\nbias = {bias:?}\n"
    ))
}
