use std::cmp::Ordering;

use actiscope_core::activation::{Activation, ActivationSpec, Facts, Function, catalogue};
use leptos::prelude::*;

use super::list::Thumb;
use super::measured::Measured;
use super::state::{Id, State};
use super::store::Atlas;
use crate::held::Held;
use crate::memo::Memo;
use crate::text;
use crate::ui::kit::erased::effect;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::sorting::{SortHeading, Sorting, order_of, pressed};

/// One function as a row.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    id: Id,
    spec: ActivationSpec,
    name: String,
    formula: String,
    facts: Facts,
    cost_ns: Option<f64>,
}

/// A heading, and how it sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Formula,
    Range,
    Monotonic,
    Centred,
    MaxSlope,
    Below,
    Above,
    Cost,
}

impl Column {
    const ALL: [Self; 9] = [
        Self::Name,
        Self::Formula,
        Self::Range,
        Self::Monotonic,
        Self::Centred,
        Self::MaxSlope,
        Self::Below,
        Self::Above,
        Self::Cost,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Name => "function",
            Self::Formula => "f(z)",
            Self::Range => "range",
            Self::Monotonic => "monotonic",
            Self::Centred => "centred",
            Self::MaxSlope => "max |f′|",
            Self::Below => "far left",
            Self::Above => "far right",
            Self::Cost => "cost, ns",
        }
    }

    fn compare(self, a: &Row, b: &Row) -> Ordering {
        let (f, g) = (&a.facts, &b.facts);
        match self {
            Self::Name => a.name.cmp(&b.name),
            Self::Formula => a.formula.len().cmp(&b.formula.len()),
            Self::Range => f.range_text().cmp(&g.range_text()),
            Self::Monotonic => g.is_monotonic.cmp(&f.is_monotonic),
            Self::Centred => g.is_zero_centred.cmp(&f.is_zero_centred),
            Self::MaxSlope => f.max_abs_slope.total_cmp(&g.max_abs_slope),
            Self::Below => f.slope_below.name().cmp(g.slope_below.name()),
            Self::Above => f.slope_above.name().cmp(g.slope_above.name()),
            Self::Cost => {
                let ns = |row: &Row| row.cost_ns.unwrap_or(f64::INFINITY);
                ns(a).total_cmp(&ns(b))
            }
        }
    }
}

chunk! {
    atlas_table,
    /// All functions; a heading sorts, again the other way round, a third time by family.
    pub fn table(aside: RwSignal<String>, measured: Measured) -> AnyView {
        view! { <Table aside measured /> }.into_any()
    }
}

#[component]
fn Table(aside: RwSignal<String>, measured: Measured) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let sorted = Held::new(Sorting::<Column>::None);
    // What is computed of a function is computed anew for other parameters, not for another z.
    let functions = Memo::new(move |_| atlas.state.with(functions_of));
    let rows = Memo::new(move |before: Option<&Vec<Row>>| {
        let known = before.map_or(&[][..], Vec::as_slice);
        functions.with(|functions| {
            let row = |function: &(Id, String, ActivationSpec)| row_of(function, known, measured);
            functions.iter().filter_map(row).collect::<Vec<_>>()
        })
    });
    let in_order = move || {
        let mut rows = rows.get();
        if let Some((column, is_down)) = sorted.get() {
            rows.sort_by(|a, b| {
                let order = column.compare(a, b);
                if is_down { order.reverse() } else { order }
            });
        }
        rows
    };
    effect(move || {
        aside.set(format!(
            "{} functions; a heading sorts",
            rows.with(Vec::len)
        ))
    });
    let heading = move |column: Column| {
        view! {
            <SortHeading
                label=column.name()
                order=Signal::derive(move || order_of(sorted.get(), column))
                on_press=move |()| sorted.update(|sorted| *sorted = pressed(*sorted, column))
            />
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Table of all functions">
            <table class="all-functions">
                <thead>
                    <tr>{Column::ALL.map(heading).collect_view()}</tr>
                </thead>
                <tbody>{move || in_order().into_iter().map(|row| view! { <TableRow row /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn TableRow(row: Row) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let id = row.id;
    let slot = Memo::new(move |_| atlas.state.with(|state| state.slot_of(id)));
    let spec = Memo::new(move |_| atlas.state.with(|state| state.spec(id)));
    let is_focused = move || atlas.state.with(|state| state.focused == Some(id));
    let yes = |is: bool| if is { "yes" } else { "no" };
    let (below, above) = (row.facts.slope_below.name(), row.facts.slope_above.name());
    view! {
        <tr
            class:chosen=move || slot.get().is_some()
            class:focused=is_focused
            on:click=move |_| atlas.try_to(|state| state.focus(id))
        >
            <th scope="row">
                <button type="button" aria-pressed=move || if is_focused() { "true" } else { "false" }>
                    <Thumb spec=spec place=slot />
                    {row.name}
                </button>
            </th>
            <td><code>{row.formula}</code></td>
            <td>{row.facts.range_text()}</td>
            <td>{yes(row.facts.is_monotonic)}</td>
            <td>{yes(row.facts.is_zero_centred)}</td>
            <td>{text::fixed(row.facts.max_abs_slope, 3)}</td>
            <td class=below>{below}</td>
            <td class=above>{above}</td>
            <td>{row.cost_ns.map(|ns| format!("{ns:.2}"))}</td>
        </tr>
    }
}

/// The user's own and those of the catalogue.
fn functions_of(state: &State) -> Vec<(Id, String, ActivationSpec)> {
    let own = (0..state.own.len()).map(Id::Own);
    let all = own.chain(catalogue().iter().map(|entry| Id::Known(entry.id)));
    all.map(|id| (id, state.name(id), state.spec(id))).collect()
}

fn row_of(
    (id, name, spec): &(Id, String, ActivationSpec),
    known: &[Row],
    measured: Measured,
) -> Option<Row> {
    let cost_ns = match id {
        Id::Known(id) => measured.or_elsewhere(id),
        Id::Own(_) => None,
    };
    if let Some(same) = known.iter().find(|row| row.id == *id && row.spec == *spec) {
        return Some(Row {
            cost_ns,
            ..same.clone()
        });
    }
    let activation = Activation::resolve(spec).ok()?;
    let formula = match (&spec.function, activation.entry) {
        (_, Some(entry)) => entry.formula.to_owned(),
        (Function::Formula(text) | Function::Catalogue(text), None) => text.clone(),
    };
    Some(Row {
        id: *id,
        spec: spec.clone(),
        name: name.clone(),
        formula,
        facts: Facts::of(&activation),
        cost_ns,
    })
}
