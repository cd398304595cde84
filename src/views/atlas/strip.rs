use leptos::prelude::*;

use super::cost::cost;
use super::depth::Depth;
use super::measured::Measured;
use super::softmax::softmax_tab;
use super::state::Tab;
use super::store::Atlas;
use super::table::table;
use crate::memo::Memo;
use crate::ui::kit::lazy::lazy;
use crate::ui::kit::panel::mark;

/// Under the charts: all functions in a table, depth, softmax, cost. What is not shown at first is loaded when it is.
#[component]
pub fn Strip() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let tab = Memo::new(move |_| atlas.state.with(|state| state.tab));
    let aside = RwSignal::new(String::new());
    let measured = expect_context::<Measured>();
    let choice = move |this: Tab| {
        view! {
            <label>
                <input
                    type="radio"
                    name="atlas-strip"
                    prop:checked=move || tab.get() == this
                    on:change=move |_| atlas.state.update(|state| state.tab = this)
                />
                <span>{this.name()}</span>
            </label>
        }
    };
    let shown = move || {
        // What is loaded says its own when it is there.
        aside.set(String::new());
        match tab.get() {
            Tab::Table => lazy(move || table(aside, measured)),
            Tab::Depth => view! { <Depth aside /> }.into_any(),
            Tab::Softmax => lazy(move || softmax_tab(aside)),
            Tab::Cost => lazy(move || cost(aside, measured)),
        }
    };
    view! {
        <section class="atlas-strip" data-mark=mark("atlas-strip") aria-label="More about functions">
            <div class="strip-head">
                <div class="tabs" role="radiogroup" aria-label="What to show">
                    {Tab::ALL.map(choice).collect_view()}
                </div>
                <span class="aside">{aside}</span>
            </div>
            {shown}
        </section>
    }
}
