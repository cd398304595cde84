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
mod disk;
mod incoming;
mod opening;
mod outgoing;
mod recorder;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{DragEvent, File};

use crate::app::App;
use crate::app::idle::{self, Source};
use crate::run::Run;
use crate::ui::controls::table_dialog::TableDialogState;
use crate::ui::kit::dialog::Dialog;
use crate::ui::kit::lazy::lazy_view;

pub use recorder::Recorder;

/// The dialog, and what files act on.
#[derive(Clone, Copy)]
pub struct Files {
    pub is_open: RwSignal<bool>,
    app: App,
    run: Run,
    table: TableDialogState,
    recorder: Recorder,
}

impl Files {
    pub fn new(app: App, run: Run, table: TableDialogState, recorder: Recorder) -> Self {
        Self {
            is_open: RwSignal::new(false),
            app,
            run,
            table,
            recorder,
        }
    }

    /// Reads files that were given, and does with them what they are for.
    pub fn take(self, files: Vec<File>) {
        let reading = idle::hold(Source::Lazy);
        spawn_local(async move {
            if let Err(error) = opening::open(self, files).await {
                self.app.notices.problem("files", error.to_string());
            }
            drop(reading);
        });
    }
}

/// The files that are dropped; the browser would leave the page for them.
pub fn dropped(event: &DragEvent) -> Vec<File> {
    event.prevent_default();
    let files = event.data_transfer().and_then(|transfer| transfer.files());
    let files = files.map(|files| (0..files.length()).filter_map(move |i| files.get(i)));
    files.into_iter().flatten().collect()
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
