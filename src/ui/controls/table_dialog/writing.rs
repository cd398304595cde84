use actiscope_core::data::{CsvError, Decimal, Gaps, Preview, Separator};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::table::TableDraft;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select, Switch};

/// A table of what can be chosen: id, what to call it, and the choice.
type Choices<T> = &'static [(&'static str, &'static str, T)];

const SEPARATORS: Choices<Separator> = &[
    ("comma", "Commas", Separator::Comma),
    ("semicolon", "Semicolons", Separator::Semicolon),
    ("tab", "Tabs", Separator::Tab),
    ("spaces", "Spaces", Separator::Spaces),
    ("bar", "Bars", Separator::Bar),
];
const DECIMALS: Choices<Decimal> = &[
    ("point", "1.5", Decimal::Point),
    ("comma", "1,5", Decimal::Comma),
];
const HEADERS: Choices<bool> = &[("names", "Names", true), ("sample", "A sample", false)];
const GAPS: Choices<Gaps> = &[
    ("refuse", "Ask", Gaps::Refuse),
    ("out", "Leave out", Gaps::LeaveOut),
    ("mean", "Fill with the mean", Gaps::Mean),
];

/// How the table is written, and what becomes of its gaps.
#[component]
pub fn Writing(
    draft: TableDraft,
    preview: Memo<Option<Result<Preview, CsvError>>>,
) -> impl IntoView {
    let separator = shown(preview, SEPARATORS, |preview| preview.separator);
    let decimal = shown(preview, DECIMALS, |preview| preview.decimal);
    let header = shown(preview, HEADERS, |preview| preview.has_header);
    let gaps = Signal::derive(move || id_of(GAPS, draft.reading.with(|reading| reading.gaps)));
    view! {
        <div class="writing">
            <Select
                label="Between cells"
                groups=groups(SEPARATORS)
                value=separator
                on_choose=move |id: String| {
                    draft.choose(|reading| reading.dialect.separator = chosen(SEPARATORS, &id));
                }
            />
            <Select
                label="Decimals"
                groups=groups(DECIMALS)
                value=decimal
                on_choose=move |id: String| {
                    draft.choose(|reading| reading.dialect.decimal = chosen(DECIMALS, &id));
                }
            />
            <Select
                label="First row"
                groups=groups(HEADERS)
                value=header
                on_choose=move |id: String| {
                    draft.choose(|reading| reading.dialect.has_header = chosen(HEADERS, &id));
                }
            />
            <Select
                label="Rows with gaps"
                groups=groups(GAPS)
                value=gaps
                on_choose=move |id: String| {
                    draft.choose(|reading| reading.gaps = chosen(GAPS, &id).unwrap_or_default());
                }
            />
            <Switch
                label="Standardize"
                value=draft.standardize
                on_change=move |is_on: bool| draft.standardize.set(is_on)
            />
        </div>
    }
}

fn groups<T>(choices: Choices<T>) -> Vec<ChoiceGroup> {
    let choices = choices
        .iter()
        .map(|(id, label, _)| Choice::new(*id, *label));
    vec![ChoiceGroup {
        heading: "",
        choices: choices.collect(),
    }]
}

/// The id of what the table is taken for.
fn shown<T: PartialEq + Copy + Send + Sync + 'static>(
    preview: Memo<Option<Result<Preview, CsvError>>>,
    choices: Choices<T>,
    of: fn(&Preview) -> T,
) -> Signal<String> {
    Signal::derive(move || {
        preview.with(|preview| match preview {
            Some(Ok(preview)) => id_of(choices, of(preview)),
            _ => String::new(),
        })
    })
}

fn id_of<T: PartialEq>(choices: Choices<T>, value: T) -> String {
    let found = choices.iter().find(|(_, _, choice)| *choice == value);
    found.map_or_else(String::new, |(id, _, _)| (*id).to_owned())
}

fn chosen<T: Copy>(choices: Choices<T>, id: &str) -> Option<T> {
    let found = choices.iter().find(|(of, _, _)| *of == id);
    found.map(|(_, _, choice)| *choice)
}
