use actiscope_core::activation::ActivationSpec;
use actiscope_core::scenario::Edit;
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

/// What the functions do at the crosshair, and the way into the Scope.
#[component]
pub fn Caption() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let (app, run) = (expect_context::<App>(), expect_context::<Run>());
    let said = Memo::new(move |_| say(atlas));
    let focused = atlas.focused_memo();
    let name = move || focused.with(|f| f.as_ref().map_or(String::new(), |f| f.name.clone()));
    let undefined = Memo::new(move |_| {
        focused.with(|f| {
            let at = |z: f64| f.as_ref().map(|f| f.activation.f(z).is_finite());
            [-8.0, -2.0, -0.5, 0.5, 2.0, 8.0]
                .into_iter()
                .any(|z| at(z) == Some(false))
        })
    });
    let go = move |_| {
        let Some(spec) = focused.with_untracked(|f| f.as_ref().map(|f| f.spec.clone())) else {
            return;
        };
        use_in_scope(app, run, spec);
    };
    view! {
        <section class="caption" aria-label="What is going on">
            <p class=move || said.with(|said| said.tone)>
                {move || said.with(|said| said.before.clone())}
                <b>{move || said.with(|said| said.emphasis.clone())}</b>
                {move || said.with(|said| said.after.clone())}
            </p>
            <Show when=move || focused.with(Option::is_some)>
                <button
                    type="button"
                    class="primary remedy"
                    title=move || match undefined.get() {
                        true => "It is not defined everywhere: a unit that comes there ends the run",
                        false => "The Scope with this function; its run keeps its weights",
                    }
                    on:click=go
                >
                    {move || format!("Train with {}", name())}
                </button>
            </Show>
        </section>
    }
}

/// The run goes on with this function in place of its own. Weights that were drawn for another kind of function are
/// offered anew.
fn use_in_scope(app: App, run: Run, spec: ActivationSpec) {
    let undefined = actiscope_core::activation::Activation::resolve(&spec)
        .map(|activation| actiscope_core::activation::Facts::of(&activation).undefined)
        .unwrap_or_default();
    run.edit(Edit::Activation(spec));
    navigation::open(app, run, View::first());
    if let Some((low, high)) = undefined.first() {
        let (low, high) = (text::number(*low, 2), text::number(*high, 2));
        app.notices.problem(
            "atlas",
            format!("This function is not defined for z from {low} to {high}: a unit that comes there ends the run."),
        );
    }
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
