use actiscope_core::data::{ColumnKind, ColumnPreview, CsvError, Preview};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::table::{ColumnChoice, TableDraft};
use crate::ui::kit::erased::For;

type Found = Memo<Option<Result<Preview, CsvError>>>;

/// A row for each column of the table: its name, its first cells, what it holds, and what it is for.
#[component]
pub fn Columns(draft: TableDraft, preview: Found) -> impl IntoView {
    // As long as they are called the same their rows stay, and with them the focus.
    let names = move || {
        let names = with_preview(preview, |preview| {
            let names = preview.columns.iter().map(|column| column.name.clone());
            names.enumerate().collect()
        });
        names.unwrap_or_else(Vec::new)
    };
    view! {
        <table class="columns">
            <thead>
                <tr>
                    <th scope="col">"Column, first rows"</th>
                    <th scope="col">"Holds"</th>
                    <th scope="col">"Use"</th>
                </tr>
            </thead>
            <tbody>
                <For
                    each=names
                    key=|(column, name): &(usize, String)| format!("{column} {name}")
                    children=move |(column, name): (usize, String)| {
                        view! { <Column draft preview column name /> }
                    }
                />
            </tbody>
        </table>
    }
}

#[component]
fn Column(draft: TableDraft, preview: Found, column: usize, name: String) -> impl IntoView {
    let of_column =
        move || with_preview(preview, |preview| preview.columns.get(column).cloned()).flatten();
    let cells = move || {
        let cells = with_preview(preview, |preview| {
            let cells = preview.head.iter().filter_map(|row| row.get(column));
            let shown = cells.map(|cell| if cell.is_empty() { "–" } else { &**cell });
            shown.collect::<Vec<&str>>().join(" · ")
        });
        cells.unwrap_or_default()
    };
    let holds = move || of_column().map(|column| holds(&column));
    let choices = Memo::new(move |_| {
        let of_column = of_column();
        of_column.map(|column| (ColumnChoice::of(&column), ColumnChoice::all(&column)))
    });
    let options = move || {
        let option =
            |(i, (choice, label), now): (usize, (ColumnChoice, &'static str), ColumnChoice)| {
                view! { <option value=i.to_string() prop:selected=choice == now>{label}</option> }
            };
        choices.with(|choices| {
            let (now, all) = choices.clone()?;
            let all = all
                .into_iter()
                .enumerate()
                .map(|(i, choice)| option((i, choice, now)));
            Some(all.collect_view())
        })
    };
    let choose = move |event: leptos::ev::Event| {
        let chosen = choices.with_untracked(|choices| {
            let (_, all) = choices.as_ref()?;
            let i: usize = event_target_value(&event).parse().ok()?;
            all.get(i).map(|(choice, _)| *choice)
        });
        if let Some(choice) = chosen {
            draft.choose_column(column, choice);
        }
    };
    let is_target =
        move || choices.with(|choices| matches!(choices, Some((ColumnChoice::Target(_), _))));
    view! {
        <tr class:target=is_target>
            <th scope="row">
                {name.clone()} <span class="cells">{cells}</span>
            </th>
            <td>{holds}</td>
            <td>
                <select aria-label=format!("Use of {name}") on:change=choose>
                    {options}
                </select>
            </td>
        </tr>
    }
}

/// "numbers, 3 gaps, nearly constant".
fn holds(column: &ColumnPreview) -> String {
    let kind = match column.kind {
        ColumnKind::Empty => None,
        ColumnKind::Number => Some("numbers".to_owned()),
        ColumnKind::Text => Some("text".to_owned()),
    };
    let parts: Vec<String> = kind
        .into_iter()
        .chain(column.notes.iter().cloned())
        .collect();
    parts.join(", ")
}

fn with_preview<T>(preview: Found, then: impl FnOnce(&Preview) -> T) -> Option<T> {
    preview.with(|preview| match preview {
        Some(Ok(preview)) => Some(then(preview)),
        _ => None,
    })
}
