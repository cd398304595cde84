use actiscope_core::data::{self, CsvError, Mend, Preview};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::table::TableDraft;
use crate::text::count;
use crate::ui::kit::erased::For;

/// What comes of the table, or what is wrong with it and the presses that mend it.
#[component]
pub fn Outcome(
    draft: TableDraft,
    preview: Memo<Option<Result<Preview, CsvError>>>,
) -> impl IntoView {
    let error = Memo::new(move |_| {
        preview.with(|preview| match preview {
            None => None,
            Some(Err(error)) => Some(error.clone()),
            Some(Ok(preview)) => preview.outcome.as_ref().err().cloned(),
        })
    });
    let says = move || {
        preview.with(|preview| match preview {
            Some(Ok(preview)) => preview
                .outcome
                .as_ref()
                .map_or_else(|_| String::new(), sentence),
            _ => String::new(),
        })
    };
    let notes = move || {
        preview.with(|preview| match preview {
            Some(Ok(preview)) => preview.notes.join(" "),
            _ => String::new(),
        })
    };
    let complaint =
        move || error.with(|error| error.as_ref().map(|error| capital(&format!("{error}."))));
    let mends = move || {
        error.with(|error| {
            error
                .as_ref()
                .map_or_else(Vec::new, |error| draft.mends(error))
        })
    };
    view! {
        <div class="outcome">
            <p role="status">{says}</p>
            <p class="fine">{notes}</p>
            <p class="field-problem" role="alert">
                {complaint}
            </p>
            <p class="mends">
                <For
                    each=mends
                    key=|mend: &Mend| format!("{} {}", mend.label, mend.reading.to_text())
                    children=move |mend: Mend| {
                        view! {
                            <button
                                type="button"
                                class="quiet"
                                on:click=move |_| draft.reading.set(mend.reading.clone())
                            >
                                {mend.label.clone()}
                            </button>
                        }
                    }
                />
            </p>
        </div>
    }
}

/// "150 samples, 4 inputs, 3 classes: setosa, versicolor, virginica."
fn sentence(outcome: &data::Outcome) -> String {
    let of = |n: usize, one: &str, many: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{} {many}", count(n as u64)),
    };
    let inputs = of(outcome.n_inputs, "input", "inputs");
    let target = match outcome.class_names.len() {
        0 => "a number to learn".to_owned(),
        n => format!("{n} classes: {}", outcome.class_names.join(", ")),
    };
    format!(
        "{}, {inputs}, {target}.",
        of(outcome.n_samples, "sample", "samples")
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + chars.as_str(),
        None => String::new(),
    }
}
