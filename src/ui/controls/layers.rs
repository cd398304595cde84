use actiscope_core::nn::spec::limits;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::fields::Stepper;

/// So many layers are also set at once.
const MANY: usize = 3;

/// Hidden layers and the units of each.
#[component]
pub fn Layers() -> impl IntoView {
    let run = expect_context::<Run>();
    let hidden = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.network.hidden.clone())
    });
    let n_layers = Memo::new(move |_| hidden.with(Vec::len));
    let set_n_layers = move |n: usize| {
        let mut hidden = hidden.get_untracked();
        let n_units = hidden.last().copied().unwrap_or(8);
        hidden.resize(n, n_units);
        run.edit(Edit::Hidden(hidden));
    };
    let widest =
        Signal::derive(move || hidden.with(|hidden| hidden.iter().copied().max().unwrap_or(1)));
    let set_all = move |n_units: usize| {
        let n_layers = n_layers.get_untracked();
        run.edit(Edit::Hidden(vec![n_units; n_layers]));
    };
    let units = move |layer: usize| {
        view! {
            <Stepper
                label=format!("Units of layer {}", layer + 1)
                value=Signal::derive(move || {
                    hidden.with(|hidden| hidden.get(layer).copied().unwrap_or(1))
                })
                min=1
                max=limits::UNITS_PER_LAYER
                on_change=move |n_units: usize| {
                    let mut hidden = hidden.get_untracked();
                    if let Some(units) = hidden.get_mut(layer) {
                        *units = n_units;
                        run.edit(Edit::Hidden(hidden));
                    }
                }
            />
        }
    };
    view! {
        <div class="field layers" role="group" aria-label="Layers and units">
            <div class="row">
                <span class="name">"Hidden layers"</span>
                <Stepper
                    label="Hidden layers"
                    value=n_layers
                    min=1
                    max=limits::HIDDEN_LAYERS
                    on_change=set_n_layers
                />
            </div>
            <Show when=move || { n_layers.get() > MANY }>
                <div class="row">
                    <span class="name">"Units of every layer"</span>
                    <Stepper
                        label="Units of every layer"
                        value=widest
                        min=1
                        max=limits::UNITS_PER_LAYER
                        on_change=set_all
                    />
                </div>
            </Show>
            <div class="units">
                <For each=move || (0..n_layers.get()).collect() key=usize::to_string children=units />
            </div>
        </div>
    }
}
