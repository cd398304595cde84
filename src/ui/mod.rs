//! What is on the page: one small component a file.

use leptos::prelude::*;

use crate::app::embed::{Embed, PANELS};
use crate::app::presenting::Presenting;
use crate::app::theme::Colours;
use crate::app::{address, last_visit, shortcuts};
use crate::browser;
use crate::engine::faults;
use crate::frame;
use crate::run::Store;
use crate::run::points::Points;

pub(crate) mod chrome;
pub(crate) mod controls;
pub(crate) mod kit;

use crate::views::scope::{self, ChartPrefs};
use chrome::caption::{Caption, Said};
use chrome::embedded::Embedded;
use chrome::header::Header;
use chrome::help_sheet::HelpSheet;
use chrome::notices::NoticeList;
use chrome::transport::Transport;
use controls::Controls;
use controls::csv_dialog::{CsvDialog, CsvDialogState};

/// The page, on the scenario that the address holds.
#[component]
pub fn Page() -> impl IntoView {
    let embed = Embed::of_address();
    if embed.is_some() {
        browser::keep_nothing();
    }
    let (mut scenario, problems) = address::read();
    // A link always wins.
    let restored = if address::is_given() {
        None
    } else {
        last_visit::restored()
    };
    let is_restored = restored.is_some();
    if let Some(restored) = restored {
        scenario = restored;
    }
    let colours = Colours::follow();
    let presenting = Presenting::follow();
    Effect::new(move |_| colours.set_scale(presenting.chart_scale()));
    let store = Store::open(scenario, embed.clone());
    store.is_restored.set(is_restored);
    let said = Said::new(store);
    provide_context(colours);
    provide_context(presenting);
    provide_context(Points::new());
    provide_context(store);
    provide_context(said);
    provide_context(ChartPrefs::stored());
    address::report(store, &problems);
    if is_restored {
        address::write_now(store);
    }
    address::keep_in_step(store);
    faults::inject(store);

    let is_help_open = RwSignal::new(false);
    let csv = CsvDialogState::new();
    let remedy = Callback::new(move |()| said.follow_remedy(store));
    shortcuts::listen(store, colours, presenting, is_help_open, remedy);
    // The curve is seen while the other panels are still being made.
    let is_curve_seen = RwSignal::new(false);
    frame::after_paint(move || request_animation_frame(move || is_curve_seen.set(true)));
    let rest = move || {
        let panels = || PANELS[1..].iter().map(|name| scope::panel(name));
        is_curve_seen.get().then(|| panels().collect_view())
    };
    if let Some(embed) = embed {
        return view! { <Embedded embed /> }.into_any();
    }
    view! {
        <div
            class="app"
            on:dragover=|event| event.prevent_default()
            on:drop=move |event| csv.take_drop(&event)
        >
            <Header on_help=move || is_help_open.set(true) />
            <Caption />
            <Controls csv=csv />
            <main class="scope" aria-label="Scope">
                {scope::panel(PANELS[0])}
                {rest}
            </main>
            <Transport />
        </div>
        <NoticeList />
        <CsvDialog state=csv />
        <HelpSheet is_open=is_help_open />
    }
    .into_any()
}
