use leptos::prelude::*;

use super::cost::{Cost, Measured};
use super::depth::Depth;
use super::softmax::Softmax;
use super::state::Tab;
use super::store::Atlas;
use super::table::Table;
use crate::memo::Memo;

/// Under the charts: all functions in a table, depth, softmax, cost.
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
    let shown = move || match tab.get() {
        Tab::Table => view! { <Table aside measured /> }.into_any(),
        Tab::Depth => view! { <Depth aside /> }.into_any(),
        Tab::Softmax => view! { <Softmax aside /> }.into_any(),
        Tab::Cost => view! { <Cost aside measured /> }.into_any(),
    };
    view! {
        <section class="atlas-strip" aria-label="More about functions">
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
