//! What goes out of the page as a file, and what comes in.
//!
//! | file | does |
//! |---|---|
//! | this one | what is open, and which files were given |
//! | [`dialog`] | the dialog, a chunk with all that follows |
//! | [`outgoing`] | the formats that a run can leave in, and what makes their bytes |
//! | [`incoming`] | what a file is, by its content |
//! | [`opening`] | what becomes of it |
//! | [`recorder`] | a run replayed for TensorBoard |
//! | [`disk`] | bytes from and to the browser's disk |

mod dialog;
pub mod disk;
mod incoming;
mod opening;
mod outgoing;
mod recorder;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};

use crate::app::App;
use crate::app::idle::{self, Source};
use crate::held::Held;
use crate::run::Run;
use crate::trace::Traces;
use crate::trace::growing::promised;
use crate::ui::controls::table_dialog::TableDialogState;
use crate::ui::kit::dialog::Dialog;
use crate::ui::kit::lazy::lazy_view;
use crate::views::View;

pub use recorder::Recorder;

/// The dialog, and what files act on.
#[derive(Clone, Copy)]
pub struct Files {
    pub is_open: RwSignal<bool>,
    /// A file is dragged over the page.
    pub is_dragged: Held<bool>,
    app: App,
    run: Run,
    table: TableDialogState,
    recorder: Recorder,
    traces: Traces,
}

impl Files {
    pub fn new(
        app: App,
        run: Run,
        table: TableDialogState,
        recorder: Recorder,
        traces: Traces,
    ) -> Self {
        Self {
            is_open: RwSignal::new(false),
            is_dragged: Held::new(false),
            app,
            run,
            table,
            recorder,
            traces,
        }
    }

    /// Reads files that were given, and does with them what they are for.
    pub fn take(self, files: Vec<File>) {
        self.take_with(files, Vec::new());
    }

    /// Shows in the Scope's place how one records a model.
    fn show_how_to_record(self) {
        self.is_open.set(false);
        self.app.view.set(View::first());
        self.traces.show_how();
    }

    /// Lets a file be dropped, and says where.
    pub fn drag_over(self, event: &DragEvent) {
        event.prevent_default();
        let kinds = event.data_transfer().map(|transfer| transfer.types());
        let has_files = kinds.is_some_and(|kinds| kinds.includes(&"Files".into(), 0));
        if has_files && !self.is_dragged.get_untracked() {
            self.is_dragged.set(true);
        }
    }

    /// Out of the window, and not from one element to another.
    pub fn drag_away(self, event: &DragEvent) {
        if event.related_target().is_none() {
            self.is_dragged.set(false);
        }
    }

    /// The same of files that are dropped. The browser would leave the page for them.
    pub fn take_dropped(self, event: &DragEvent) {
        event.prevent_default();
        self.is_dragged.set(false);
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        let files = files.map(|files| (0..files.length()).filter_map(move |i| files.get(i)));
        self.take_with(files.into_iter().flatten().collect(), promised(event));
    }

    /// `promised`: what lets the page look at files again.
    fn take_with(self, files: Vec<File>, promised: Vec<JsFuture>) {
        let reading = idle::hold(Source::Lazy);
        spawn_local(async move {
            if let Err(error) = opening::open(self, files, promised).await {
                self.app.notices.problem("files", error.to_string());
            }
            drop(reading);
        });
    }
}

#[component]
pub fn FilesDialog() -> impl IntoView {
    let files = expect_context::<Files>();
    view! {
        <Dialog title="Save, open, hand over" is_open=files.is_open>
            {lazy_view("files", dialog::files_dialog)}
        </Dialog>
    }
}
