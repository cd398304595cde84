use actiscope_core::number::parse_f64;
use actiscope_core::scenario::ranges::{Range, Scale};
use actiscope_core::scenario::{FunctionParam, function_params};
use leptos::prelude::*;

use super::list::letter;
use super::state::Id;
use super::store::Atlas;
use crate::text;
use crate::ui::kit::fields::{Slider, Stops};

/// Of a parameter of a formula of one's own: what lies beyond is typed.
const OWN: Range = Range {
    low: 0.0,
    high: 2.0,
    scale: Scale::Linear { step: 0.01 },
};

/// A slider for each parameter of a function.
#[component]
pub fn Params(id: Id) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let function = atlas.state.with_untracked(|state| state.spec(id).function);
    let params = function_params(&function).unwrap_or_default();
    let param = |(index, param)| view! { <Param id index param /> };
    params.into_iter().enumerate().map(param).collect_view()
}

#[component]
fn Param(id: Id, index: usize, param: FunctionParam) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let name = atlas.state.with_untracked(|state| state.name(id));
    let value = Signal::derive(move || {
        let value = atlas
            .state
            .with(|state| state.spec(id).params.get(index).copied());
        value.unwrap_or(0.0)
    });
    let set = move |value: f64| {
        atlas
            .state
            .update(|state| state.set_param(id, index, value))
    };
    let mut word = param.name.clone();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let sign = letter(&param.name);
    let label = match sign == param.name {
        true => format!("{word} of {name}"),
        false => format!("{word} of {name}, {sign}"),
    };
    let is_own = matches!(id, Id::Own(_));
    let typed = is_own.then(|| view! { <Typed label=label.clone() value range=param.range set /> });
    view! {
        <div class="param-field" class:typed=is_own>
            <Slider
                label=label
                stops=Stops::of_range(if is_own { &OWN } else { &param.range })
                value=value
                text=Signal::derive(move || text::fixed(value.get(), 3))
                on_input=set
                usual=Some(param.default)
            />
            {typed}
        </div>
    }
}

/// A slider's value as a field. What cannot be read is put back; what is out of range becomes the nearest that is not.
#[component]
fn Typed(
    label: String,
    value: Signal<f64>,
    range: Range,
    #[prop(into)] set: Callback<(f64,)>,
) -> impl IntoView {
    let refused = Trigger::new();
    view! {
        <input
            class="typed-value"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            aria-label=format!("Value of {label}")
            prop:value=move || {
                refused.track();
                value.get().to_string()
            }
            on:change=move |event| {
                let typed = event_target_value(&event).replace('−', "-");
                if let Some(typed) = parse_f64(typed.trim()).filter(|typed| typed.is_finite()) {
                    set.run((typed.clamp(range.low, range.high),));
                }
                refused.notify();
            }
        />
    }
}
