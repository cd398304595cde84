use actiscope_core::scenario::link::to_link;
use leptos::prelude::*;

use super::caption::Caption;
use super::notices::NoticeList;
use super::panels::panel;
use super::throttle::throttled;
use super::transport::Transport;
use crate::browser;
use crate::state::Store;
use crate::state::embed::{Embed, PANELS};

/// The page within another one: the panels that were asked for, the sentence and a way to run it.
#[component]
pub fn Embedded(embed: Embed) -> impl IntoView {
    let store = expect_context::<Store>();
    if let Some(problem) = embed.problem() {
        store.notices.problem("link", problem);
    }
    let page = browser::page_address();
    let link = Signal::derive(move || store.scenario.with(to_link));
    let link = throttled(link, 500);
    let shown = PANELS.into_iter().filter(|name| embed.shows(name));
    view! {
        <div class="app embed">
            <header class="unseen">
                <h1>"Actiscope"</h1>
            </header>
            <Caption />
            <main class="scope" aria-label="Scope">
                {shown.map(panel).collect::<Vec<_>>()}
            </main>
            <Transport />
            <nav class="origin" aria-label="The page alone">
                <a
                    href=move || format!("{page}{}", link.get())
                    target="_blank"
                    rel="noopener"
                >
                    "Open in Actiscope"
                </a>
            </nav>
        </div>
        <NoticeList />
    }
}
