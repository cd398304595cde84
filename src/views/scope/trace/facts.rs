use actiscope_core::interop::trace::Facts;
use leptos::prelude::*;

use super::empty::{Before, OpenButton};
use super::recorder::Lines;
use super::shown::Shown;
use crate::memo::Memo;
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::facts::fact;

/// In the place of the controls: what the file says of itself, and how one records a model.
#[component]
pub fn Side() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let is_open = move || shown.base.with(Option::is_some);
    let name = Memo::new(move |_| {
        shown.base.with(|base| {
            base.as_ref()
                .map_or(String::new(), |base| base.opened.name.clone())
        })
    });
    let groups = Memo::new(move |_| {
        shown.base.with(|base| {
            base.as_ref()
                .map_or(Vec::new(), |base| base.opened.view.facts.clone())
        })
    });
    let group = move |facts: Facts| {
        let is_first = facts.name == "Trace";
        let file = is_first.then(|| fact("File".into(), name.get_untracked()));
        let rows = facts
            .facts
            .into_iter()
            .map(|told| fact(told.what, told.value));
        view! {
            <div class="group">
                <h2>{facts.name}</h2>
                <dl class="facts">{file} {rows.collect_view()}</dl>
            </div>
        }
    };
    view! {
        <aside class="controls trace-facts of-trace" aria-label="About the trace">
            <div class="group">
                <button
                    type="button"
                    class="quiet wide"
                    aria-keyshortcuts="Escape"
                    title="Its run is as you left it (Esc)"
                    on:click=move |_| traces.close()
                >
                    "Back to the Scope"
                </button>
                <OpenButton label=Signal::derive(move || match is_open() {
                    true => "Open another…".to_owned(),
                    false => "Open a file…".to_owned(),
                }) />
            </div>
            <For
                each=move || groups.get()
                key=|facts: &Facts| format!("{facts:?}")
                children=group
            />
            <Show when=is_open>
                <div class="group">
                    <h2>"Record your own"</h2>
                    <Lines />
                </div>
            </Show>
            <Show when=move || !is_open()>
                <Before />
            </Show>
        </aside>
    }
}
