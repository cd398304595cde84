use actiscope_core::data::{DataError, DataSource, DataSpec, GoodRows, good_rows};
use actiscope_core::scenario::Edit;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, HtmlInputElement};

use crate::run::Run;
use crate::text::count;
use crate::ui::kit::dialog::Dialog;
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::{chunk, lazy};

/// More than 10,000 samples of 65 columns have room in.
const MAX_BYTES: f64 = 16e6;

const EXAMPLE: &str = "x1,x2,label\n0.2,0.9,red\n-0.6,0.1,blue\n0.4,-0.7,red\n-0.3,-0.5,blue\n";

/// The dialog for a table of one's own, and the text in it.
#[derive(Clone, Copy)]
pub struct CsvDialogState {
    pub is_open: RwSignal<bool>,
    text: RwSignal<String>,
    problem: RwSignal<Option<String>>,
    /// What of the text can be used where not all of it can.
    good: RwSignal<Option<GoodRows>>,
}

impl CsvDialogState {
    pub fn new() -> Self {
        Self {
            is_open: RwSignal::new(false),
            text: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
            good: RwSignal::new(None),
        }
    }

    /// Opens the dialog on the table in use, if one is.
    pub fn open(self, source: &DataSource) {
        if let DataSource::Csv(table) = source {
            self.text.set(table.text().to_owned());
        }
        self.good.set(None);
        self.problem.set(None);
        self.is_open.set(true);
    }

    /// Says what is wrong with the text, and offers what is left without it.
    fn complain(self, problem: Option<String>) {
        self.good.set(match problem {
            Some(_) => self.text.with_untracked(|text| good_rows(text)),
            None => None,
        });
        self.problem.set(problem);
    }

    /// Reads a file into the dialog and opens it.
    pub fn open_file(self, file: File) {
        self.is_open.set(true);
        if file.size() > MAX_BYTES {
            self.problem.set(Some(format!(
                "{} is larger than 16 MB: leave rows out.",
                file.name()
            )));
            return;
        }
        spawn_local(async move {
            match JsFuture::from(file.text()).await {
                Ok(text) => self.take_text(text.as_string().unwrap_or_default()),
                Err(_) => self.problem.set(Some(format!(
                    "{} cannot be read: choose another file, or paste its text.",
                    file.name()
                ))),
            }
        });
    }

    /// Another text stands in the dialog: what was said of the last one holds no more.
    fn take_text(self, text: String) {
        self.text.set(text);
        self.complain(None);
    }

    /// Takes the first file that is dropped; the browser would leave the page for it.
    pub fn take_drop(self, event: &DragEvent) {
        event.prevent_default();
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            self.open_file(file);
        }
    }
}

#[component]
pub fn CsvDialog(state: CsvDialogState) -> impl IntoView {
    view! {
        <Dialog title="Your own table" is_open=state.is_open>
            {lazy(move || table(state))}
        </Dialog>
    }
}

chunk! {
    dialogs,
    fn table(state: CsvDialogState) -> AnyView {
        view! { <Table state /> }.into_any()
    }
}

#[component]
fn Table(state: CsvDialogState) -> impl IntoView {
    let run = expect_context::<Run>();
    let CsvDialogState {
        is_open,
        text,
        problem,
        good,
    } = state;
    let field = NodeRef::<html::Textarea>::new();
    let take = move || {
        let spec = DataSpec {
            source: DataSource::Csv(text.get_untracked().into()),
            ..run
                .scenario
                .with_untracked(|scenario| scenario.data.clone())
        };
        let seed = run.scenario.with_untracked(|scenario| scenario.seed);
        match spec.generate(seed) {
            Ok(_) => {
                is_open.set(false);
                run.edit(Edit::Data(spec));
            }
            Err(error) => {
                if let (DataError::Csv(error), Some(field)) = (&error, field.get_untracked()) {
                    show_line(&field, &text.get_untracked(), error.line);
                }
                state.complain(Some(error.to_string()));
            }
        }
    };
    let take_good = move |_| {
        if let Some(rows) = good.get_untracked() {
            state.take_text(rows.text);
            take();
        }
    };
    let choose_file = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(file) = input.and_then(|input| input.files()?.get(0)) {
            state.open_file(file);
        }
    };
    view! {
        <div
            class="csv"
            on:dragover=|event| event.prevent_default()
            on:drop=move |event| {
                event.stop_propagation();
                state.take_drop(&event);
            }
        >
            <p class="fine">
                "Paste a table, drop a file here or open one: a sample a line, inputs first, the target last or in a column named "
                <code>"label"</code> ". Names or whole numbers are classes."
            </p>
            <textarea
                node_ref=field
                aria-label="Table as text"
                spellcheck="false"
                placeholder=EXAMPLE
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=text
                on:input=move |event| {
                    state.take_text(event_target_value(&event));
                }
            ></textarea>
            <p class="field-problem" role="alert">
                {problem}
            </p>
            <Show when=move || good.with(Option::is_some)>
                <p class="good-rows">
                    <span class="fine">
                        {move || good.with(|good| good.as_ref().map(left_out))}
                    </span>
                    <button type="button" class="quiet" on:click=take_good>
                        {move || good.with(|good| good.as_ref().map(offer))}
                    </button>
                </p>
            </Show>
            <div class="sheet-foot">
                <label class="quiet file">
                    "Open a file"
                    <input
                        type="file"
                        accept=".csv,.tsv,.txt,text/csv,text/plain"
                        on:change=choose_file
                    />
                </label>
                <button type="button" class="quiet" on:click=move |_| is_open.set(false)>
                    "Cancel"
                </button>
                <button
                    type="button"
                    class="primary"
                    disabled=move || text.with(|text| text.trim().is_empty())
                    on:click=move |_| take()
                >
                    "Use this table"
                </button>
            </div>
        </div>
    }
}

fn left_out(rows: &GoodRows) -> String {
    match rows.n_bad {
        1 => "One row cannot be used.".to_owned(),
        n => format!("{} rows cannot be used.", count(n as u64)),
    }
}

/// "Use the 148 good rows".
fn offer(rows: &GoodRows) -> String {
    format!("Use the {} good rows", count(rows.n_good as u64))
}

/// Selects a line (from 1) of the text field.
fn show_line(field: &web_sys::HtmlTextAreaElement, text: &str, line: usize) {
    if line == 0 {
        return;
    }
    // Positions count UTF-16 units, as the browser does.
    let n_units = |text: &str| text.encode_utf16().count() as u32;
    let start: u32 = text
        .split('\n')
        .take(line - 1)
        .map(|l| n_units(l) + 1)
        .sum();
    let length = text.split('\n').nth(line - 1).map_or(0, n_units);
    // Focus and selection are a help, not a need.
    let _ = field.focus();
    let _ = field.set_selection_range(start, start + length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rows_of_another_text_are_offered() {
        let owner = Owner::new();
        owner.set();
        let dialog = CsvDialogState::new();
        let n_good = || {
            dialog
                .good
                .with_untracked(|good| good.as_ref().map(|rows| rows.n_good))
        };
        dialog.take_text(EXAMPLE.replace("0.9", "sofa"));
        dialog.complain(Some("line 2: sofa is no number".into()));
        assert_eq!(n_good(), Some(3));
        dialog.take_text(EXAMPLE.into());
        assert_eq!(n_good(), None);
        assert_eq!(dialog.problem.get_untracked(), None);
    }
}
