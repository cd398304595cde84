//! What is on the page: one small component a file.

use actiscope_core::protocol::Look;
use actiscope_core::scenario::link::from_link;
use leptos::prelude::*;

use crate::app::address::Address;
use crate::app::presenting::Presenting;
use crate::app::theme::Colours;
use crate::app::{App, last_visit, navigation, shortcuts};
use crate::browser;
use crate::doctor::handed::HandedOver;
use crate::engine::{self, Engine, choice, faults};
use crate::files::{Files, FilesDialog};
use crate::memo::Memo;
use crate::run::points::Points;
use crate::run::{Opening, Run, Start};
use crate::trace::{Traces, live};
use crate::views::scope::{ChartPrefs, drop_zone};
use crate::views::{VIEWS, View, look_of};

pub(crate) mod chrome;
pub(crate) mod controls;
pub(crate) mod kit;

use chrome::caption::Said;
use chrome::embedded::Embedded;
use chrome::header::Header;
use chrome::help_sheet::HelpSheet;
use chrome::notices::NoticeList;
use controls::table_dialog::{TableDialog, TableDialogState};
use kit::erased::Show;
use kit::lazy::lazy_view;
use kit::throttle;

/// The page, on what the address holds.
#[component]
pub fn Page() -> impl IntoView {
    let asked = Address::now();
    if asked.embed.is_some() {
        browser::keep_nothing();
    }
    if !asked.is_throttled {
        throttle::turn_off();
    }
    let restored = last_visit::in_place_of(&asked);
    // That a reload has its table again is nothing to tell.
    let is_restored = restored.is_some() && asked.scenario.is_empty();
    let address = restored.unwrap_or(asked);
    let app = App::new(&address);
    app.is_restored.set(is_restored);
    let traces = Traces::none();
    let (engine, run) = open_run(app, traces, &address, is_restored);
    let colours = Colours::follow();
    let presenting = Presenting::follow();
    Effect::new(move |_| colours.set_scale(presenting.chart_scale()));
    let doctor = engine.new_doctor(run);
    let said = Said::new(run, doctor);
    let table = TableDialogState::new();
    let files = Files::new(app, run, table, engine.new_recorder(), traces);
    provide_context(app);
    provide_context(colours);
    provide_context(presenting);
    provide_context(Points::new());
    provide_context(engine);
    provide_context(run);
    provide_context(said);
    provide_context(doctor);
    provide_context(HandedOver::none());
    provide_context(ChartPrefs::stored());
    provide_context(table);
    provide_context(files);
    provide_context(traces);
    navigation::keep_in_step(app, run, traces);
    if is_restored {
        navigation::write_now(app, run);
    }
    if let Some(fault) = &address.fault {
        faults::inject(engine, run, fault);
    }
    let is_help_open = RwSignal::new(false);
    // What another view's caption offers is not the Scope's.
    let remedy = Callback::new(move |()| {
        if app.view.get_untracked() == View::first() {
            said.follow_remedy();
        }
    });
    shortcuts::listen(app, run, colours, presenting, is_help_open, files, remedy);
    if let Some(embed) = app.embed() {
        return view! { <Embedded embed /> }.into_any();
    }
    name_after_view(app);
    live::listen(traces, app);
    view! {
        <div
            class="app"
            on:dragover=move |event| files.drag_over(&event)
            on:dragleave=move |event| files.drag_away(&event)
            on:drop=move |event| files.take_dropped(&event)
        >
            <Header on_help=move || is_help_open.set(true) />
            {VIEWS.iter().map(|view| room(app, view)).collect_view()}
            <NoticeList />
            <Show when=move || files.is_dragged.get()>{lazy_view("trace", drop_zone)}</Show>
        </div>
        <TableDialog state=table />
        <FilesDialog />
        <HelpSheet is_open=is_help_open />
    }
    .into_any()
}

/// The run, whose pictures are asked for as long as a view shows them. It trains from the moment it is first seen on,
/// unless the address says where it is to rest.
fn open_run(app: App, traces: Traces, address: &Address, is_restored: bool) -> (Engine, Run) {
    let (scenario, problems) = from_link(&address.scenario);
    app.report(&address.problems, if is_restored { &[] } else { &problems });
    let look = match address.embed {
        Some(embed) => look_of(embed.panels()),
        None => look_of(VIEWS.iter().flat_map(|view| view.panels)),
    };
    let start = match address.step {
        Some(step) => Start::At(step),
        None if address.view.shows_run => Start::Training,
        None => Start::WhenSeen,
    };
    let opening = Opening {
        scenario,
        start,
        look,
        notices: app.notices,
    };
    let (engine, run) = engine::open(opening, choice::initial(address.engine));
    let embedded = address.embed;
    Effect::new(move |_| {
        let view = app.room();
        let seen = match embedded {
            Some(embed) => look_of(embed.panels()),
            None => look_of(view.panels.iter()),
        };
        // What a lesson tells may be of answers.
        let seen = Look {
            answers: seen.answers || app.guest.get().is_some(),
            ..seen
        };
        // A trace stands in the Scope's place.
        let is_hidden = traces.is_shown.get() && view == View::first();
        run.set_seen((view.shows_run && !is_hidden).then_some(seen));
    });
    (engine, run)
}

/// A view, made when it is first opened and hidden while another is shown.
pub(crate) fn room(app: App, view: &'static View) -> AnyView {
    let is_shown = Memo::new(move |_| app.shows(view));
    let is_made = Memo::new(move |before: Option<&bool>| before == Some(&true) || is_shown.get());
    let content = move || is_made.get().then(|| untrack(view.make));
    view! {
        <div class="view" data-view=view.id hidden=move || !is_shown.get()>
            {content}
        </div>
    }
    .into_any()
}

fn name_after_view(app: App) {
    Effect::new(move |_| {
        let view = app.view.get();
        browser::set_title(&match view == View::first() {
            true => "Actiscope".to_owned(),
            false => format!("{} · Actiscope", view.title),
        });
    });
}
