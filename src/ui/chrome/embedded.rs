use actiscope_core::scenario::link::to_link;
use leptos::prelude::*;

use crate::app::embed::{Embed, PANELS};
use crate::browser;
use crate::run::Run;
use crate::ui::chrome::caption::Caption;
use crate::ui::chrome::notices::NoticeList;
use crate::ui::chrome::transport::Transport;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::panel;

/// The page within another one: the panels that were asked for, the sentence and a way to run it.
#[component]
pub fn Embedded(embed: Embed) -> impl IntoView {
    let run = expect_context::<Run>();
    if let Some(problem) = embed.problem() {
        run.notices.problem("link", problem);
    }
    let page = browser::page_address();
    let link = throttled(500, move || run.scenario.with(to_link));
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
