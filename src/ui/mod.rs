//! What is on the page: one small component a file.

use leptos::prelude::*;

use crate::state::theme::Colours;
use crate::state::{Store, faults, link};

pub mod caption;
mod controls;
mod dialog;
mod fields;
mod header;
mod help_sheet;
mod notices;
mod panels;
mod shortcuts;
mod throttle;
mod transport;

use caption::{Caption, Said};
use controls::Controls;
use controls::csv_dialog::{CsvDialog, CsvDialogState};
use header::Header;
use help_sheet::HelpSheet;
use notices::NoticeList;
use panels::{BoundaryPanel, CurvePanel, EventLog, GradientPanel, NetworkPanel, TimePanel};
use transport::Transport;

/// The page, on the scenario that the address holds.
#[component]
pub fn Page() -> impl IntoView {
    let (scenario, problems) = link::read();
    let colours = Colours::follow();
    let store = Store::open(scenario);
    let said = Said::new(store);
    provide_context(colours);
    provide_context(store);
    provide_context(said);
    link::report(store, &problems);
    link::keep_in_step(store);
    faults::inject(store);

    let is_help_open = RwSignal::new(false);
    let csv = CsvDialogState::new();
    let remedy = Callback::new(move |()| said.follow_remedy(store));
    shortcuts::listen(store, colours, is_help_open, remedy);
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
                <CurvePanel />
                <NetworkPanel />
                <BoundaryPanel />
                <TimePanel />
                <GradientPanel />
                <EventLog />
            </main>
            <Transport />
        </div>
        <NoticeList />
        <CsvDialog state=csv />
        <HelpSheet is_open=is_help_open />
    }
}
