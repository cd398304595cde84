use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::{App, embed, navigation};
use crate::browser;
use crate::run::Run;

const MAY_NOT_COPY: &str = "The browser does not let this page copy.";

/// Copies the link that restores the scenario, and offers it as a frame for another page.
#[component]
pub fn ShareButton() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let share = move |_| {
        let left_out = navigation::write_now(app, run);
        let page = browser::page_address();
        let link = format!("{page}#{}", navigation::fragment_now(app, run));
        spawn_local(async move {
            let copied = browser::copy(&link).await;
            if let Some(what) = left_out {
                app.notices.problem(
                    "share",
                    format!(
                        "Your {what} is too long for a link: whoever opens it gets the rest of the scenario and is told that a {what} is missing."
                    ),
                );
            } else if copied {
                app.notices.offer(
                    "share",
                    "Link copied. It restores this scenario, from its first step.",
                );
            } else {
                app.notices.problem(
                    "share",
                    format!("{MAY_NOT_COPY} The address bar holds the link: copy it from there."),
                );
            }
        });
    };
    view! {
        <button
            type="button"
            class="quiet"
            title="Copy a link to this scenario"
            on:click=share
        >
            "Share"
        </button>
    }
}

/// The other thing to share, beside what the first one says.
#[component]
pub fn CopyEmbedCode() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let copy = move |_| {
        let link = navigation::fragment_now(app, run);
        let view = app.view.get_untracked();
        let code = embed::snippet(&browser::page_address(), &link, view);
        spawn_local(async move {
            if browser::copy(&code).await {
                let mut text = "Embed code copied: paste it into the HTML of your page.".to_owned();
                if !view.panels.is_empty() {
                    text += " panels= in it says what is shown.";
                }
                app.notices.info("embed", text);
            } else {
                // To be copied by hand.
                app.notices
                    .problem("embed", format!("{MAY_NOT_COPY}\n{code}"));
            }
        });
    };
    view! {
        <button type="button" class="quiet" on:click=copy>
            "Copy embed code"
        </button>
    }
}
