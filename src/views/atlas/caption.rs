use actiscope_core::activation::{ActivationSpec, Facts};
use actiscope_core::nn::spec::Initializer;
use actiscope_core::scenario::{Chosen, Edit};
use leptos::prelude::*;

use super::sentence::{Passing, Sentence, sentence};
use super::store::Atlas;
use crate::app::{App, navigation};
use crate::memo::Memo;
use crate::plot::charts::curve::ZoneKind;
use crate::run::Run;
use crate::text;
use crate::ui::kit::erased::Show;
use crate::views::View;

/// What the functions do at the crosshair, and the ways into the Scope.
#[component]
pub fn Caption() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let (app, run) = (expect_context::<App>(), expect_context::<Run>());
    let said = Memo::new(move |_| say(atlas));
    let focused = atlas.focused_memo();
    let train = Signal::derive(move || {
        focused.with(|f| {
            f.as_ref()
                .map_or(String::new(), |f| format!("Train with {}", f.name))
        })
    });
    let part = move |of: fn(&Sentence) -> &String| {
        Signal::derive(move || said.with(|said| of(said).clone()))
    };
    // Where it is not defined first, if it is not everywhere.
    let undefined = Memo::new(move |_| {
        focused.with(|f| {
            let stretches = f.as_ref().map(|f| Facts::of(&f.activation).undefined);
            stretches.and_then(|stretches| stretches.first().copied())
        })
    });
    // The initializer that the function is paired with, where the run has another.
    let pair = Memo::new(move |_| {
        let entry = focused.with(|f| f.as_ref().and_then(|f| f.activation.entry));
        let now = run.scenario.with(|scenario| scenario.network.initializer);
        entry
            .map(|entry| entry.initializer)
            .filter(|pair| *pair != now)
    });
    let go = move |pair: Option<Initializer>| {
        if let Some(spec) = focused.with_untracked(|f| f.as_ref().map(|f| f.spec.clone())) {
            use_in_scope(run, spec, pair);
            navigation::open(app, run, View::first());
            if let Some((low, high)) = undefined.get_untracked() {
                let (low, high) = (text::number(low, 2), text::number(high, 2));
                app.notices.problem(
                    "atlas",
                    format!("This function is not defined for z from {low} to {high}: a unit that comes there ends the run."),
                );
            }
        }
    };
    let what_it_does = move || match pair.get() {
        Some(pair) => format!(
            "The Scope with this function and its initializer, {}: the run begins anew",
            pair.label()
        ),
        None => "The Scope with this function: its run keeps its weights".to_owned(),
    };
    view! {
        <section class="caption" aria-label="What is going on">
            <p class=move || said.with(|said| said.tone)>
                {part(|said| &said.before)} <b>{part(|said| &said.emphasis)}</b>
                {part(|said| &said.after)}
                <Show when=move || undefined.get().is_some()>
                    " It is not defined everywhere: a unit that comes there ends a run."
                </Show>
            </p>
            <Show when=move || focused.with(Option::is_some)>
                <div class="ways">
                    <Show when=move || pair.get().is_some()>
                        <button
                            type="button"
                            class="quiet"
                            title="The Scope with this function alone: its run goes on with the weights that it has"
                            on:click=move |_| go(None)
                        >
                            "Use in the Scope, weights kept"
                        </button>
                    </Show>
                    <button
                        type="button"
                        class="primary remedy"
                        title=what_it_does
                        on:click=move |_| go(pair.get_untracked())
                    >
                        {train}
                    </button>
                </div>
            </Show>
        </section>
    }
}

/// The run gets this function in place of its own: with its weights, or as one edit with an initializer, which draws them
/// anew.
fn use_in_scope(run: Run, function: ActivationSpec, initializer: Option<Initializer>) {
    let mut scenario = run.scenario.get_untracked();
    let layers = std::mem::take(&mut scenario.network.layer_activations);
    match initializer {
        Some(initializer) => scenario.network.initializer = initializer,
        None if layers.is_empty() => return run.edit(Edit::Activation(function)),
        None => {}
    }
    scenario.network.activation = function;
    run.edit(Edit::Whole(Box::new(scenario)));
}

fn say(atlas: Atlas) -> Sentence {
    let z = atlas.state.with(|state| state.z);
    let focused = atlas.state.with(|state| state.focused);
    let functions: Vec<Passing> = atlas.drawn.with(|drawn| {
        let chosen = drawn.iter().filter(|ready| ready.id.is_some());
        chosen
            .map(|ready| Passing {
                name: ready.name.clone(),
                slope: ready.activation.slope(z),
                is_dead: (ready.samples.zones.iter())
                    .any(|zone| zone.kind == ZoneKind::Dead && (zone.low..=zone.high).contains(&z)),
                is_focused: ready.id == focused,
            })
            .collect()
    });
    sentence(&text::number(z, 3), &functions)
}
