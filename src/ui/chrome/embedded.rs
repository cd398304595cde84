use leptos::prelude::*;

use crate::app::embed::Embed;
use crate::app::{App, navigation};
use crate::browser;
use crate::run::Run;
use crate::ui::chrome::caption::Caption;
use crate::ui::chrome::notices::NoticeList;
use crate::ui::chrome::transport::Transport;
use crate::ui::kit::throttle::throttled;
use crate::ui::room;
use crate::views::VIEWS;

/// The page within another one: the panels that were asked for, the sentence and a way to run it; or a whole view,
/// where it has no panels that stand alone.
#[component]
pub fn Embedded(embed: Embed) -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let page = browser::page_address();
    let link = throttled(500, move || {
        navigation::track(app, run);
        navigation::fragment_now(app, run)
    });
    let view = embed.view();
    let shown = match view.panels.is_empty() {
        // With whatever stands beside it.
        true if view.has_guests => {
            let rooms = VIEWS.iter().map(|view| room(app, view));
            rooms.collect_view().into_any()
        }
        true => view! { <div class="view">{(view.make)()}</div> }.into_any(),
        false => view! {
            <Caption />
            <main class=view.id aria-label=view.title>
                {embed.panels().map(|panel| (panel.make)()).collect_view()}
            </main>
            <Transport />
        }
        .into_any(),
    };
    view! {
        <div class="app embed">
            <header class="unseen">
                <h1>"Actiscope"</h1>
            </header>
            {shown}
            <nav class="origin" aria-label="The page alone">
                <a
                    href=move || format!("{page}#{}", link.get())
                    target="_blank"
                    rel="noopener"
                >
                    "Open in Actiscope"
                </a>
            </nav>
            <NoticeList />
        </div>
    }
}
