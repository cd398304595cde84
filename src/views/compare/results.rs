use actiscope_core::compare::{Column, LaneResult, Spread};
use leptos::prelude::*;

use super::caption::open_in_scope;
use super::controls::MarkOf;
use super::store::{Compare, Shown};
use crate::app::App;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::kit::look::Look;
use crate::plot::kit::ticks::{percent, short};
use crate::run::Run;
use crate::text;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};
use crate::ui::kit::sorting::{SortHeading, Sorting, order_of, pressed};

/// A column of the table, where the lanes have such numbers.
#[derive(Clone, Debug, PartialEq)]
struct Heading {
    column: Column,
    /// Ends of the axis that all strips of the column share.
    ends: (f64, f64),
}

/// One number of the table.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    text: String,
    /// For the tooltip: how many seeds, the middle half.
    about: String,
    /// Where median and middle half lie along the column's axis, 0 to 1.
    strip: Option<[f64; 3]>,
    is_best: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    slot: usize,
    name: String,
    cells: Vec<Cell>,
}

/// A number for each lane and column, with its spread over the seeds. A heading sorts, again the other way round, a
/// third time in the order of the lanes.
#[component]
pub fn Results() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let colours = expect_context::<Colours>();
    let sorted = RwSignal::new(Sorting::<Column>::None);
    let headings = Memo::new(move |_| compare.shown.with(|shown| headings(shown)));
    let rows = Memo::new(move |_| {
        let headings = headings.get();
        compare
            .shown
            .with(|shown| rows(shown, &headings, sorted.get()))
    });
    let heading = move |of: Heading| {
        let column = of.column;
        view! {
            <SortHeading
                label=words_of(column)
                title=about(column)
                order=Signal::derive(move || order_of(sorted.get(), column))
                on_press=move |()| sorted.update(|sorted| *sorted = pressed(*sorted, column))
            />
        }
    };
    let row = move |row: Row| {
        let slot = row.slot;
        let color = move || {
            let (slot, _) = compare.shown.with(|shown| shown.look_of(slot));
            Look::of(&colours.drawn(), Some(slot)).color.css()
        };
        let cell = move |cell: Cell| {
            let strip = cell.strip.map(|strip| {
                let [q1, median, q3] = strip.map(|share| format!("{share:.3}"));
                view! {
                    <span
                        class="strip-of"
                        style:--q1=q1
                        style:--median=median
                        style:--q3=q3
                        style:--series=color
                        aria-hidden="true"
                    ></span>
                }
            });
            view! {
                <td class:best=cell.is_best title=cell.about>
                    {cell.text}
                    {strip}
                </td>
            }
        };
        let name = row.name.clone();
        view! {
            <tr
                class:pointed=move || compare.pointed.get() == Some(slot)
                on:pointerenter=move |_| compare.pointed.set(Some(slot))
                on:pointerleave=move |_| compare.pointed.set(None)
            >
                <th scope="row">
                    <button
                        type="button"
                        title=format!("Open {name} in the Scope")
                        on:click=move |_| open_in_scope(compare, app, run, slot)
                        on:focus=move |_| compare.pointed.set(Some(slot))
                        on:blur=move |_| compare.pointed.set(None)
                    >
                        <MarkOf lane=slot />
                        {row.name}
                    </button>
                </th>
                {row.cells.into_iter().map(cell).collect_view()}
            </tr>
        }
    };
    let ends = move |of: Heading| {
        let (low, high) = of.ends;
        view! {
            <td>
                <span>{value_text(of.column, low)}</span>
                <span>{value_text(of.column, high)}</span>
            </td>
        }
    };
    let aside = Signal::derive(move || {
        let step = compare
            .cursor
            .get()
            .unwrap_or_else(|| compare.shown.with(|shown| shown.step));
        format!("step {}", text::count(step))
    });
    let title = Signal::derive(|| "Results".to_owned());
    let chart = Chart {
        panel: "results",
        picture: None,
        table: Box::new(move || Box::pin(table(compare))),
    };
    view! {
        <Panel name="results" title=title aside=aside tools=view! { <SaveMenu title=title chart=chart /> }.into_any()>
            <div class="table-scroll" tabindex="0" role="group" aria-label="Results, scrolls">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"lane"</th>
                            {move || headings.get().into_iter().map(heading).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                    <tfoot aria-hidden="true">
                        <tr>
                            <td></td>
                            {move || headings.get().into_iter().map(ends).collect_view()}
                        </tr>
                    </tfoot>
                </table>
            </div>
        </Panel>
    }
}

chunk! {
    saving,
    fn table(compare: Compare) -> String {
        compare.shown.with_untracked(|shown| shown.then.table_csv())
    }
}

fn words_of(column: Column) -> &'static str {
    match column {
        Column::Steps => "steps to target",
        Column::Loss => "train loss",
        Column::Accuracy => "train accuracy",
        Column::TestLoss => "test loss",
        Column::TestAccuracy => "test accuracy",
        Column::Recall => "recall of class 1",
        Column::Precision => "precision of class 1",
        Column::Dead => "dead units",
        Column::Saturated => "saturated units",
        Column::GradientRatio => "gradient layer 1 / last",
        Column::Work => "multiply-adds a step",
    }
}

/// What a heading cannot say in its few words.
fn about(column: Column) -> String {
    let text = match column {
        Column::Work => {
            "Reckoned, not measured: what the weights of one network take, forward and backward, for each step's batch. \
             Functions and norms are not counted."
        }
        Column::GradientRatio => {
            "RMS of the gradient in the first hidden layer over that in the last: 1 keeps its size"
        }
        _ => "",
    };
    text.to_owned()
}

/// Columns of which some lane has a number. Where there are accuracies, they stand for the losses.
fn headings(shown: &Shown) -> Vec<Heading> {
    let then = &shown.then;
    let has = |column: Column| then.lanes.iter().any(|lane| lane.spread(column).is_some());
    // Of classes that are alike they tell nothing that the accuracy does not.
    let is_imbalanced = shown
        .spec
        .as_ref()
        .is_some_and(|spec| spec.base.data.imbalance > 1.0);
    let is_shown = |column: &Column| match column {
        Column::Recall | Column::Precision => is_imbalanced && has(*column),
        Column::Loss => !has(Column::Accuracy),
        Column::TestLoss => has(Column::TestLoss) && !has(Column::TestAccuracy),
        // Where all take the same it says nothing.
        Column::Work => {
            (then.lanes.windows(2)).any(|two| two[0].multiply_adds != two[1].multiply_adds)
        }
        column => has(*column),
    };
    let columns = Column::ALL.into_iter().filter(is_shown);
    columns
        .map(|column| Heading {
            column,
            ends: ends(shown, column),
        })
        .collect()
}

/// The ends of a column's axis: of what can be, or of what is.
fn ends(shown: &Shown, column: Column) -> (f64, f64) {
    let then = &shown.then;
    let values = then.lanes.iter().filter_map(|lane| lane.spread(column));
    let values = values
        .flat_map(|s| [s.q1, s.median, s.q3])
        .filter(|v| v.is_finite());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    match column {
        Column::Steps => (0.0, shown.n_steps.max(1) as f64),
        _ if low > high => (0.0, 1.0),
        Column::Accuracy | Column::TestAccuracy => (low.min(0.5), 1.0),
        Column::Recall | Column::Precision => (0.0, 1.0),
        Column::GradientRatio => (low.min(0.1), high.max(10.0)),
        Column::Dead | Column::Saturated => (0.0, high.max(0.1)),
        _ => (0.0, high.max(f64::MIN_POSITIVE)),
    }
}

fn value_text(column: Column, value: f64) -> String {
    match column {
        Column::Steps | Column::Work => text::count(value.round() as u64),
        Column::Loss | Column::TestLoss => short(value),
        Column::GradientRatio => format!("× {}", short(value)),
        _ => percent(value),
    }
}

fn rows(shown: &Shown, headings: &[Heading], sorted: Option<(Column, bool)>) -> Vec<Row> {
    let then = &shown.then;
    let order = match sorted {
        Some((column, is_down)) => then.sorted_by(column, is_down),
        None => (0..then.lanes.len()).collect(),
    };
    let row = |slot: usize| Row {
        slot,
        name: shown.names.get(slot).cloned().unwrap_or_default(),
        cells: (headings.iter())
            .map(|of| cell(shown, &then.lanes[slot], slot, of))
            .collect(),
    };
    order.into_iter().map(row).collect()
}

fn cell(shown: &Shown, lane: &LaneResult, slot: usize, of: &Heading) -> Cell {
    let column = of.column;
    let n_seeds = lane.seeds.len();
    let spread = lane.spread(column);
    let is_known = spread.filter(|spread| spread.median.is_finite());
    let text = match (is_known, column) {
        (Some(spread), _) => value_text(column, spread.median),
        (None, Column::Steps) if shown.is_done => "never".to_owned(),
        (None, Column::Steps) => "not yet".to_owned(),
        (None, _) => "–".to_owned(),
    };
    let middle = |spread: Spread| {
        let (low, high) = (spread.q1, spread.q3);
        let high = match high.is_finite() {
            true => value_text(column, high),
            false => "never".to_owned(),
        };
        match low.is_finite() {
            true => format!("middle half {} to {high}", value_text(column, low)),
            false => String::new(),
        }
    };
    let about = match column {
        Column::Steps => format!("reached by {} of {n_seeds} seeds", lane.n_reached()),
        Column::Work => "reckoned".to_owned(),
        _ => format!("{} of {n_seeds} seeds", lane.values(column).len()),
    };
    let middle = spread.map(middle).filter(|middle| !middle.is_empty());
    let about = [Some(about), middle]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ");
    let (low, high) = of.ends;
    let share = |value: f64| {
        let (low, high, value) = match column {
            Column::GradientRatio => (low.ln(), high.ln(), value.ln()),
            _ => (low, high, value),
        };
        ((value.min(high) - low) / (high - low)).clamp(0.0, 1.0)
    };
    Cell {
        text,
        about,
        strip: is_known.map(|s| [s.q1, s.median, s.q3].map(share)),
        is_best: shown.then.best(column) == Some(slot),
    }
}
