use actiscope_core::scenario::{Scenario, Setting};
use leptos::prelude::*;

use crate::app::{App, navigation};
use crate::memo::Memo;
use crate::run::Run;
use crate::views::View;

/// What all networks of a fleet have in common, and the way to where that is set.
#[component]
pub fn SharedByAll(
    words: Memo<String>,
    /// What a press leads to.
    hint: &'static str,
    /// More of it, below.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    view! {
        <div class="group" role="group" aria-label="The same for all">
            <div class="row">
                <span class="heading">"The same for all"</span>
                <button
                    type="button"
                    class="edit-base"
                    title=hint
                    on:click=move |_| navigation::open(app, run, View::first())
                >
                    "Edit"
                </button>
            </div>
            <p class="shared">{move || words.get()}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// "Circle, 8-8, tanh": what these settings are.
pub fn shared_words(base: &Scenario, settings: impl Iterator<Item = Setting>) -> String {
    let texts = settings.map(|setting| setting.edit_of(base).describe_in(base));
    let mut text = texts.collect::<Vec<String>>().join(", ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
