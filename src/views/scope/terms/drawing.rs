use actiscope_core::terms::words::Stage;
use leptos::prelude::*;

use super::card::{classes_card, input_card, loss_card, unit_card};
use super::layout::{Layout, WIDTH, em};
use super::state::{Same, Told, Trace};
use crate::memo::Memo;
use crate::run::Followed;
use crate::text::count;

/// The network with the sample's numbers: all of a small one, of a larger one the path.
#[component]
pub fn Drawing() -> impl IntoView {
    let trace = expect_context::<Trace>();
    let aside = Memo::new(move |_| aside(trace));
    let cards = move || {
        let told = trace.told.get().ok()?;
        Some(match told.pass.terms.is_small() {
            true => whole(trace, &told),
            false => path_alone(trace, &told),
        })
    };
    view! {
        <div class="panel terms-net">
            <div class="head">
                <h2>
                    <span class="title">
                        "One sample, term by term"
                    </span>
                    <span class="aside" role="status">
                        {move || aside.get()}
                    </span>
                </h2>
                <div class="panel-tools">
                    <button
                        type="button"
                        class="quiet mini"
                        aria-label="Sample before"
                        on:click=move |_| trace.next_sample(-1)
                    >
                        "‹"
                    </button>
                    <button
                        type="button"
                        class="quiet mini"
                        aria-keyshortcuts="N"
                        title="N"
                        on:click=move |_| trace.next_sample(1)
                    >
                        "Next sample"
                    </button>
                    <button
                        type="button"
                        class="quiet mini"
                        aria-keyshortcuts="Shift+N"
                        title="The one with the greatest loss (Shift N)"
                        on:click=move |_| trace.worst_sample()
                    >
                        "Worst"
                    </button>
                    <button
                        type="button"
                        class="quiet mini"
                        aria-keyshortcuts="Escape"
                        title="Escape"
                        on:click=move |_| trace.close()
                    >
                        "Close"
                    </button>
                </div>
            </div>
            <div class="net-room">{cards}</div>
        </div>
    }
}

/// `sample 3 of 160, class 0`.
fn aside(trace: Trace) -> String {
    let (Followed::Sample(index), Ok(told)) = (trace.run.followed.get(), trace.told.get()) else {
        return String::new();
    };
    let y = told.pass.terms.y;
    let n_classes = trace
        .run
        .loaded
        .with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.n_classes));
    let is = match n_classes {
        0 => String::new(),
        _ => {
            let names = trace.class_names();
            let class = names.get(y as usize).cloned();
            // A name that is a number says what it is.
            let named = class.filter(|name| name.parse::<u32>().is_err());
            named.map_or_else(|| format!(", class {y}"), |name| format!(", {name}"))
        }
    };
    let own = match trace.n_updates() {
        0 => String::new(),
        1 => "; 1 update of its own".to_owned(),
        n => format!("; {n} updates of its own"),
    };
    let n = trace.n_samples() as u64;
    format!(
        "sample {} of {}{is}{own}",
        count(index as u64 + 1),
        count(n)
    )
}

fn whole(trace: Trace, told: &Same<Told>) -> AnyView {
    let terms = &told.pass.terms;
    let layout = Layout::of(terms);
    let inputs = (0..terms.x.len()).map(|i| input_card(trace, told, i, Some(layout.inputs[i])));
    let layers = terms.layers.iter().enumerate();
    let units = layers.flat_map(|(l, layer)| (0..layer.len()).map(move |j| (l, j)));
    let units = units.map(|(l, j)| unit_card(trace, told, (l, j), Some(layout.layers[l][j])));
    view! {
        <div class="net whole">
            {edges(trace.stage.get(), told, &layout)}
            {inputs.collect_view()}
            {units.collect_view()}
            {loss_card(trace, told, Some(layout.loss))}
        </div>
    }
    .into_any()
}

/// Lines by their weights: blue for negative, orange for positive, wide for large; the path over them.
fn edges(stage: Stage, told: &Told, layout: &Layout) -> AnyView {
    let (terms, path) = (&told.pass.terms, &told.path);
    let mut others = Vec::new();
    let mut along = Vec::new();
    for (l, layer) in terms.layers.iter().enumerate() {
        for (j, unit) in layer.iter().enumerate() {
            for (i, &w) in unit.weights.iter().enumerate() {
                let line = layout.edge(l, i, j);
                if path.units[l] == j && path.below(l) == i {
                    along.push(line);
                } else {
                    let width = (0.6 + 1.2 * w.abs()).min(5.0);
                    let class = if w < 0.0 { "negative" } else { "positive" };
                    others.push(
                        view! { <path class=class d=line stroke-width=format!("{width:.1}") /> },
                    );
                }
            }
        }
    }
    let to_loss = if stage >= Stage::Loss {
        "path"
    } else {
        "to-come"
    };
    view! {
        <svg
            class="edges"
            aria-hidden="true"
            viewBox=format!("0 0 {WIDTH} {:.1}", layout.height)
            width=em(WIDTH)
            height=em(layout.height)
        >
            {others}
            {along.into_iter().map(|line| view! { <path class="path" d=line /> }).collect_view()}
            <path class=to_loss d=layout.to_loss() />
        </svg>
    }
    .into_any()
}

/// Only the units that the path goes through, one after the other.
fn path_alone(trace: Trace, told: &Same<Told>) -> AnyView {
    let terms = &told.pass.terms;
    let units = told.path.units.iter().enumerate();
    let units = units.map(|(l, &j)| unit_card(trace, told, (l, j), None));
    let classes = (terms.outputs().len() > 1).then(|| classes_card(trace, told));
    view! {
        <div class="net along">
            {input_card(trace, told, told.path.input, None)}
            {units.collect_view()}
            {classes}
            {loss_card(trace, told, None)}
        </div>
    }
    .into_any()
}
