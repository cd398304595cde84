use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, HtmlInputElement};

use crate::app::idle::{self, Source};
use crate::app::tables::bring_reader;
use crate::memo::Memo;
use crate::run::Run;
use crate::run::table::TableDraft;
use crate::ui::kit::dialog::Dialog;
use crate::ui::kit::erased::{Show, effect};
use crate::ui::kit::lazy::{chunk, lazy};

mod columns;
mod outcome;
mod writing;

/// More than 10,000 samples of 65 columns have room in.
const MAX_BYTES: f64 = 16e6;

const EXAMPLE: &str = "x1,x2,label\n0.2,0.9,red\n-0.6,0.1,blue\n0.4,-0.7,red\n-0.3,-0.5,blue\n";

/// The dialog for a table of one's own.
#[derive(Clone, Copy)]
pub struct TableDialogState {
    pub is_open: RwSignal<bool>,
    draft: TableDraft,
    /// Not yet read: the dialog does that.
    file: RwSignal<Option<File>, LocalStorage>,
}

impl TableDialogState {
    pub fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
            draft: TableDraft::new(),
            file: RwSignal::new_local(None),
        }
    }

    /// Opens the dialog, on the table in use, if one is.
    pub fn open(self, run: Run) {
        run.scenario
            .with_untracked(|scenario| self.draft.open(scenario));
        self.is_open.set(true);
    }

    /// Reads a file into the dialog and opens it.
    pub fn open_file(self, run: Run, file: File) {
        self.open(run);
        self.file.set(Some(file));
    }

    /// Takes the first file that is dropped upon the dialog; the browser would leave the page for it.
    fn take_drop(self, run: Run, event: &DragEvent) {
        event.prevent_default();
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            self.open_file(run, file);
        }
    }
}

#[component]
pub fn TableDialog(state: TableDialogState) -> impl IntoView {
    view! {
        <Dialog title="Your own table" is_open=state.is_open>
            {lazy(move || async move {
                bring_reader().await?;
                table(state).await
            })}
        </Dialog>
    }
}

chunk! {
    dialogs,
    fn table(state: TableDialogState) -> AnyView {
        view! { <Table state /> }.into_any()
    }
}

#[component]
fn Table(state: TableDialogState) -> impl IntoView {
    let run = expect_context::<Run>();
    let TableDialogState {
        is_open,
        draft,
        file,
    } = state;
    effect(move || {
        if let Some(given) = file.get() {
            file.set(None);
            read_file(draft, given);
        }
    });
    let preview = Memo::new(move |_| (!draft.is_blank()).then(|| draft.preview()));
    let has_columns = Memo::new(move |_| preview.with(|preview| matches!(preview, Some(Ok(_)))));
    let is_useful = Memo::new(move |_| {
        preview.with(|preview| matches!(preview, Some(Ok(preview)) if preview.outcome.is_ok()))
    });
    let use_it = move |_| {
        if draft.use_in(run) {
            is_open.set(false);
        }
    };
    let choose_file = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(given) = input.and_then(|input| input.files()?.get(0)) {
            file.set(Some(given));
        }
    };
    view! {
        <div
            class="table-dialog"
            on:dragover=|event| event.prevent_default()
            on:drop=move |event| {
                event.stop_propagation();
                state.take_drop(run, &event);
            }
        >
            <p class="fine">
                "Paste a table, drop a file here or open one: a sample a line. How it is written and what each column holds shows below, and can be changed."
            </p>
            <TextField draft has_columns />
            <p class="fine" role="status">
                {draft.note}
            </p>
            <outcome::Outcome draft preview />
            <Show when=move || has_columns.get()>
                <writing::Writing draft preview />
                <columns::Columns draft preview />
            </Show>
            <div class="sheet-foot">
                <label class="quiet file">
                    "Open a file"
                    <input
                        type="file"
                        accept=".csv,.tsv,.txt,.dat,.data,text/csv,text/plain"
                        on:change=choose_file
                    />
                </label>
                <button type="button" class="quiet" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button
                    type="button"
                    class="primary"
                    disabled=move || !is_useful.get()
                    on:click=use_it
                >
                    "Use this table"
                </button>
            </div>
        </div>
    }
}

/// The text itself: large where it is to be written, small once it is a table.
#[component]
fn TextField(draft: TableDraft, has_columns: Memo<bool>) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    // A browser may tell of each line of what is put in by itself: the text is read once for all of them.
    let is_waiting = StoredValue::new(false);
    let take = move |_| {
        if is_waiting.get_value() {
            return;
        }
        is_waiting.set_value(true);
        let reading = idle::hold(Source::Lazy);
        request_animation_frame(move || {
            // The dialog may be gone by then.
            is_waiting.try_set_value(false);
            if let Some(field) = field.try_get_untracked().flatten() {
                draft.take_text(field.value());
            }
            drop(reading);
        });
    };
    view! {
        <textarea
            node_ref=field
            class:small=move || has_columns.get()
            aria-label="Table as text"
            spellcheck="false"
            placeholder=EXAMPLE
            prop:value=move || draft.table.with(|table| table.text().to_owned())
            on:input=take
        ></textarea>
    }
}

/// Reads a file, and says so where it cannot be read.
fn read_file(draft: TableDraft, file: File) {
    let name = file.name();
    if file.size() > MAX_BYTES {
        let text = format!("{name} is larger than 16 MB: leave rows out.");
        draft.note.set(Some(text));
        return;
    }
    let reading = idle::hold(Source::Lazy);
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => draft.take_bytes(&name, &js_sys::Uint8Array::new(&buffer).to_vec()),
            Err(_) => {
                let text =
                    format!("{name} cannot be read: choose another file, or paste its text.");
                draft.note.set(Some(text));
            }
        }
        drop(reading);
    });
}
