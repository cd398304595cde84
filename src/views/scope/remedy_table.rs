use actiscope_core::health::diagnosis::Trial;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::app::{App, navigation};
use crate::doctor::handed::{Handed, HandedOver};
use crate::doctor::{Doctor, State, Table, Tried};
use crate::memo::Memo;
use crate::plot::charts::small_losses::{Small, small_losses};
use crate::run::Run;
use crate::text::{count, number};
use crate::ui::kit::erased::{For, Show};
use crate::views::View;

/// Width of a row's curves, and their heights in a row of two lines and of one, in CSS pixels.
const WIDTH: f64 = 52.0;
const HEIGHTS: (f64, f64) = (32.0, 14.0);

/// Remedies with what came of them. Rows stay where they are while trials come in; the best come first when all are.
#[component]
pub fn RemedyTable(table: Memo<Option<Table>>) -> impl IntoView {
    let pointed = RwSignal::new(None::<String>);
    let walk = move |event: KeyboardEvent| {
        let is_down = match &*event.key() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        event.prevent_default();
        focus_beside(&event, is_down);
    };
    let rows = move || {
        table.with(|table| {
            let rows = table.iter().flat_map(|table| {
                let row = |(i, row): (usize, &Tried)| Row {
                    is_first: i == 0 && !table.is_trying && row.state.cures(),
                    tried: row.clone(),
                    own: table.own.clone(),
                    axis: (table.n_steps, table.top),
                };
                table.rows.iter().enumerate().map(row)
            });
            rows.collect::<Vec<Row>>()
        })
    };
    let last_line = move || {
        let why = pointed
            .get()
            .and_then(|label| table.with(|table| why(table.as_ref()?, &label)));
        why.unwrap_or_else(|| table.with(|table| table.as_ref().map(axes).unwrap_or_default()))
    };
    view! {
        <Heading table />
        <ul class="tried" on:keydown=walk aria-label="Remedies">
            <For
                each=rows
                key=Row::key
                children=move |row| view_row(row, pointed)
            />
        </ul>
        <p class="why">{last_line}</p>
        <p class="unseen" role="status">{move || table.with(|table| table.as_ref().map(announced))}</p>
    }
}

/// How far the trials are, or how they were made.
#[component]
fn Heading(table: Memo<Option<Table>>) -> impl IntoView {
    let doctor = expect_context::<Doctor>();
    let handed = expect_context::<HandedOver>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let is_trying = Memo::new(move |_| table.with(|t| t.as_ref().is_some_and(|t| t.is_trying)));
    let words = move || {
        table.with(|table| match table {
            Some(table) if table.is_trying => progress(doctor, table),
            Some(table) => format!(
                "{} seeds × {} steps each",
                table.n_seeds,
                count(table.n_steps)
            ),
            None => String::new(),
        })
    };
    let compare = move |_| {
        let Some(view) = View::of_id("compare") else {
            return;
        };
        let given = table.with_untracked(|table| {
            let table = table.as_ref()?;
            Some(run.scenario.with_untracked(|base| Handed::of(table, base)))
        });
        handed.0.set(given.map(std::sync::Arc::new));
        navigation::open(app, run, view);
    };
    let share = move || {
        table.with(|table| {
            let table = table.as_ref()?;
            let done = doctor.fleet.progress();
            let part = match done.n_lane_steps {
                0 => 0.0,
                n => done.lane_steps as f64 / n as f64,
            };
            let part = if done.is_done { 0.0 } else { part };
            Some((table.n_in as f64 + part) / table.rows.len().max(1) as f64)
        })
    };
    let width = move || share().unwrap_or(0.0).clamp(0.0, 1.0);
    view! {
        <div class="tried-head">
            <span>{words}</span>
            <Show
                when=move || is_trying.get()
                fallback=move || {
                    view! {
                        <button type="button" class="link" on:click=compare>
                            "Compare these"
                        </button>
                    }
                }
            >
                <button type="button" class="link" on:click=move |_| doctor.stop()>
                    "Stop"
                </button>
            </Show>
        </div>
        <Show when=move || is_trying.get()>
            <svg class="tried-bar" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width=width height="1"></rect>
            </svg>
        </Show>
    }
}

/// "2 of 7 tried, about 1.0 s left". Followed.
fn progress(doctor: Doctor, table: &Table) -> String {
    let (n_in, n) = (table.n_in, table.rows.len());
    let of_this = doctor.fleet.progress();
    let each = table.n_steps * u64::from(table.n_seeds);
    let made = if of_this.is_done {
        0
    } else {
        of_this.lane_steps
    };
    let left = ((n - n_in) as u64 * each).saturating_sub(made);
    let rate = f64::from(of_this.lane_steps_per_second);
    match rate > 0.0 {
        true => {
            let seconds = left as f64 / rate;
            format!("{n_in} of {n} tried, about {seconds:.1} s left")
        }
        false => format!("{n_in} of {n} tried"),
    }
}

fn axes(table: &Table) -> String {
    format!(
        "{} Dashed: this run. Axis: loss 0 to {}.",
        table.bar,
        number(f64::from(table.top), 2)
    )
}

fn announced(table: &Table) -> String {
    if table.is_trying {
        return String::new();
    }
    let n_cures = table.rows.iter().filter(|row| row.state.cures()).count();
    format!("{} of {} remedies cure.", n_cures, table.n_in)
}

fn why(table: &Table, label: &str) -> Option<String> {
    let at = table
        .rows
        .iter()
        .position(|row| row.remedy.label == label)?;
    let trial = table.rows[at].remedy.trial;
    Some(match trial {
        Some(trial) => trial.says(at == 0 && !table.is_trying),
        None => format!("{}: not tried yet.", table.rows[at].remedy.label),
    })
}

/// What a row is made of.
struct Row {
    is_first: bool,
    tried: Tried,
    own: Vec<(u64, f32)>,
    /// Steps, and the loss on top.
    axis: (u64, f32),
}

impl Row {
    /// A row is made anew when something of it has changed.
    fn key(&self) -> String {
        let Tried { remedy, state, .. } = &self.tried;
        format!(
            "{} {state:?} {} {:?}",
            remedy.label, self.is_first, remedy.trial
        )
    }
}

fn view_row(row: Row, pointed: RwSignal<Option<String>>) -> AnyView {
    let doctor = expect_context::<Doctor>();
    let Row {
        is_first,
        tried,
        own,
        axis,
    } = row;
    let class = match (tried.state, is_first) {
        (State::In { cures: true }, true) => "cure first",
        (State::In { cures: true }, false) => "cure",
        (State::In { cures: false }, _) => "fails",
        (State::Training, _) => "now",
        (State::Waiting, _) => "waits",
    };
    let is_cure = tried.state.cures();
    let height = if is_cure { HEIGHTS.0 } else { HEIGHTS.1 };
    let picture = small_losses(&Small {
        width: WIDTH,
        height,
        networks: &tried.curves,
        own: &own,
        n_steps: axis.0,
        top: axis.1,
    });
    let trial = tried.remedy.trial;
    let name = aria_name(&tried, own.last().map(|(_, loss)| *loss));
    let label = tried.remedy.label.clone();
    let tip = match is_cure {
        true => label.clone(),
        false => format!("{label}. Try anyway"),
    };
    let remedy = tried.remedy.clone();
    let enter = move || pointed.set(Some(label.clone()));
    let focused = enter.clone();
    let leave = move || pointed.set(None);
    let brief = tried.brief.clone();
    let change = is_cure.then(|| view! { <i>{brief.change}</i> });
    let networks = picture
        .networks
        .into_iter()
        .map(|(path, leaves)| view! { <path class="network" class:leaves=leaves d=path></path> });
    view! {
        <li>
            <button
                type="button"
                class=class
                aria-label=name
                title=tip
                on:click=move |_| doctor.apply(&remedy)
                on:pointerenter=move |_| enter()
                on:focus=move |_| focused()
                on:pointerleave=move |_| leave()
                on:blur=move |_| leave()
            >
                <svg
                    width=WIDTH
                    height=height
                    viewBox=format!("0 0 {WIDTH} {height}")
                    aria-hidden="true"
                >
                    <path class="ground" d=picture.ground></path>
                    <path class="own" d=picture.own></path>
                    {networks.collect_view()}
                </svg>
                <span class="name">
                    <b>{brief.name}</b>
                    {change}
                </span>
                <span class="result">{result(tried.state, trial)}</span>
            </button>
        </li>
    }
    .into_any()
}

fn result(state: State, trial: Option<Trial>) -> AnyView {
    match (state, trial) {
        (State::In { cures: true }, Some(trial)) => view! {
            <b>{format!("{} of {}", trial.cured, trial.seeds)}</b>
            <i>{format!("loss {}", number(trial.loss, 2))}</i>
        }
        .into_any(),
        (State::In { .. }, Some(trial)) => {
            let tone = if 2 * trial.diverged > trial.seeds {
                "bad"
            } else {
                ""
            };
            view! {
            <i>{format!("{}/{}", trial.cured, trial.seeds)}</i>
            <u class=tone>{trial.reason()}</u>
            }
            .into_any()
        }
        (State::Training, _) => "training …".into_any(),
        _ => "not tried yet".into_any(),
    }
}

/// "Standardize inputs: 3 of 3 seeds learn, loss 0.03, this run 0.69".
fn aria_name(tried: &Tried, own: Option<f32>) -> String {
    let name = &tried.brief.name;
    match (tried.state, tried.remedy.trial) {
        (State::In { .. }, Some(trial)) => {
            let own = own.map(|loss| format!(", this run {}", number(f64::from(loss), 2)));
            format!(
                "{name}: {} of {} seeds learn, loss {}{}",
                trial.cured,
                trial.seeds,
                number(trial.loss, 2),
                own.unwrap_or_default()
            )
        }
        (State::Training, _) => format!("{name}: training"),
        _ => format!("{name}: not tried yet"),
    }
}

/// Moves the focus from the row that has it to the next, or to the one before.
fn focus_beside(event: &KeyboardEvent, is_down: bool) {
    let focused = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let row = focused.and_then(|focused| focused.closest("li").ok().flatten());
    let beside = row.and_then(|row| match is_down {
        true => row.next_element_sibling(),
        false => row.previous_element_sibling(),
    });
    let button = beside.and_then(|row| row.first_element_child());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // A button that is there can take the focus.
        let _ = button.focus();
    }
}
