//! The reader: a step's prose in the place of the controls, its question, what happened and why, and what is claimed.

use actiscope_core::lessons::{Lesson, Quantity, Step, Then};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::claims::Standing;
use super::progress::Given;
use super::prose::prose;
use super::state::Page;
use super::store::Lessons;
use crate::memo::Memo;
use crate::plot::charts::lessons::Proof;
use crate::text::number;
use crate::ui::kit::erased::{Show, effect};

/// Keys of a lesson: 1 2 3 predict, N and P (Page Down, Page Up) go on and back, S swaps reader and controls.
pub fn listen(lessons: Lessons) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        let is_here = lessons.app.view.get_untracked().has_guests;
        if !is_here || has_modifier || event.default_prevented() || is_written_in(&event) {
            return;
        }
        let is_step = lessons
            .page
            .with_untracked(|page| matches!(page, Page::Step { .. }));
        let is_done = match &*event.key() {
            "n" | "N" | "PageDown" if is_step => {
                lessons.next();
                true
            }
            "p" | "P" | "PageUp" if is_step => {
                lessons.back();
                true
            }
            "s" | "S" if is_step => {
                lessons.are_controls_shown.update(|shown| *shown = !*shown);
                true
            }
            key @ ("1" | "2" | "3") if is_step && untrack(|| lessons.is_asked()) => {
                let index = key.parse::<usize>().map_or(0, |number| number - 1);
                lessons.give(Given::Answer(index));
                true
            }
            _ => false,
        };
        if is_done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key goes into a field.
fn is_written_in(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let fields = "input:not([type=range], [type=checkbox]), select, textarea, dialog";
        matches!(target.closest(fields), Ok(Some(_)))
    })
}

#[component]
pub fn Reader() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let step = Memo::new(move |_| lessons.step());
    let refusal = Memo::new(move |_| {
        let id = lessons.page.with(|page| page.lesson().map(str::to_owned))?;
        let is_known = lessons.ids().contains(&id);
        let is_here = lessons.course.with(Option::is_some);
        lessons.files.with(|files| match files.get(&id) {
            Some(Err(why)) => Some(why.clone()),
            None if is_here && !is_known => Some(format!("There is no lesson {id}.")),
            _ => None,
        })
    });
    let node = NodeRef::<html::Div>::new();
    // A step is read from its beginning.
    effect(move || {
        step.track();
        if let Some(node) = node.get_untracked() {
            node.set_scroll_top(0);
        }
    });
    let body = move || match (step.get(), refusal.get()) {
        (Some((lesson, index)), _) => of_step(lessons, &lesson, index),
        (None, Some(why)) => view! {
            <p class="problem" role="alert">{why}</p>
        }
        .into_any(),
        (None, None) => {
            view! { <p class="empty" role="status">"The lesson is being fetched …"</p> }.into_any()
        }
    };
    let is_hidden = move || lessons.are_controls_shown.get();
    view! {
        <section
            class="controls reader"
            aria-label="Lesson"
            data-step=move || step.with(|step| step.as_ref().map(|(_, index)| index + 1))
            hidden=is_hidden
        >
            <div class="reading" node_ref=node tabindex="-1">
                {body}
            </div>
            <Foot />
        </section>
        <Show when=is_hidden>
            <button
                type="button"
                class="quiet back-to-lesson"
                aria-keyshortcuts="S"
                on:click=move |_| lessons.are_controls_shown.set(false)
            >
                "Back to the lesson"
            </button>
        </Show>
    }
}

fn of_step(lessons: Lessons, lesson: &Arc<Lesson>, index: usize) -> AnyView {
    let step = &lesson.steps[index];
    let id = lessons
        .page
        .with_untracked(|page| page.lesson().map(str::to_owned))
        .unwrap_or_default();
    let place = {
        let minutes = lesson.minutes;
        let id = id.clone();
        move || format!("{}, {minutes} minutes", lessons.place_in_course(&id))
    };
    let n_steps = lesson.steps.len();
    let view_name = {
        let view = step.place.page.view.clone();
        move || {
            let room = lessons.app.room();
            (view.is_some() || room.id != "scope").then(|| format!("in {}", room.title))
        }
    };
    view! {
        <div class="head">
            <span>{place}</span>
            <span class="room">{view_name}</span>
            <button type="button" class="link" on:click=move |_| lessons.page.set(Page::Map)>
                "All lessons"
            </button>
        </div>
        <h2>{lesson.title.clone()}</h2>
        {bars(lessons, lesson, index, n_steps)}
        {text_of(lessons, step)}
        {question_of(lessons, step, index)}
        {told_of(lessons, lesson, index)}
    }
    .into_any()
}

/// A bar each step: done, present, to come. They lead there.
fn bars(lessons: Lessons, lesson: &Arc<Lesson>, index: usize, n_steps: usize) -> AnyView {
    let id = lessons
        .page
        .with_untracked(|page| page.lesson().map(str::to_owned))
        .unwrap_or_default();
    let bar = |(at, step): (usize, &Step)| {
        let id = id.clone();
        let (lesson_id, title) = (id.clone(), step.title.clone());
        let is_seen = move || lessons.progress.with(|progress| progress.has_seen(&id, at));
        let go = move |_| {
            lessons.page.set(Page::Step {
                lesson: lesson_id.clone(),
                index: at,
            });
        };
        view! {
            <button
                type="button"
                aria-label=format!("Step {}: {title}", at + 1)
                title=title.clone()
                aria-current=(at == index).then_some("step")
                class:seen=is_seen
                on:click=go
            ></button>
        }
    };
    let bars = lesson.steps.iter().enumerate().map(bar).collect_view();
    view! {
        <div class="bars">
            {bars} <span>{format!("step {} of {n_steps}", index + 1)}</span>
        </div>
    }
    .into_any()
}

fn marks_of(step: &Step) -> Vec<String> {
    step.marks(true).into_iter().map(str::to_owned).collect()
}

fn dots(_: &Quantity) -> String {
    "…".to_owned()
}

/// The prose, of which no more than the first line is left when the question was answered.
fn text_of(lessons: Lessons, step: &Step) -> AnyView {
    let marks = marks_of(step);
    let text = prose(&step.text, &marks, &dots);
    let todo = step.todo.as_ref().map(|todo| {
        view! {
            <div class="todo">
                <span class="label">"Try it"</span>
                {prose(todo, &marks, &dots)}
            </div>
        }
    });
    let first = step.text.plain(dots);
    let first: String = first.chars().take(60).collect();
    let title = step.title.clone();
    let has_question = step.question.is_some();
    let is_folded = move || has_question && lessons.is_told.get();
    view! {
        <h3>{title}</h3>
        <details class="text" open=move || !is_folded()>
            <summary class:unseen=move || !is_folded()>{first} " …"</summary>
            {text}
        </details>
        {todo}
    }
    .into_any()
}

fn question_of(lessons: Lessons, step: &Step, index: usize) -> Option<AnyView> {
    let question = step.question.clone()?;
    let given = Memo::new(move |_| lessons.given(index));
    let what_comes = match &question.then {
        Then::Train(n) => {
            format!("Press 1, 2 or 3. Then the page takes the {n} steps before your eyes.")
        }
        Then::Show(_) => "Press 1, 2 or 3. Then the page shows it.".to_owned(),
    };
    let answers = question.answers.clone();
    let right = question.right;
    let answer = move |(at, text): (usize, String)| {
        let class = move || match given.get() {
            None => "",
            Some(_) if at == right => "right",
            Some(Given::Answer(own)) if own == at => "own",
            Some(_) => "other",
        };
        let verdict = move || {
            let given = given.get()?;
            let is_told = lessons.is_told.get();
            match given {
                Given::Answer(own) if own == at && at == right && is_told => Some("✓ right"),
                Given::Answer(own) if own == at => Some("your prediction"),
                _ if at == right && is_told => Some("it was this"),
                _ => None,
            }
        };
        view! {
            <li>
                <button
                    type="button"
                    class=class
                    disabled=move || given.with(Option::is_some)
                    aria-keyshortcuts=(at + 1).to_string()
                    on:click=move |_| lessons.give(Given::Answer(at))
                >
                    <kbd>{at + 1}</kbd>
                    <span>{text}</span>
                    <span class="verdict">{verdict}</span>
                </button>
            </li>
        }
    };
    let answers = answers.into_iter().enumerate().map(answer).collect_view();
    let label = move || match given.get() {
        None => "Predict before you look",
        Some(Given::Shown) => "Shown without a prediction",
        Some(Given::Answer(own)) if own == right => "You predicted it",
        Some(Given::Answer(_)) => "It went otherwise",
    };
    Some(
        view! {
            <div class="question" role="group" aria-label="Question">
                <span class="label">{label}</span>
                <h4>{question.ask}</h4>
                <ol>{answers}</ol>
                <Show when=move || given.with(Option::is_none)>
                    <p class="hint">{what_comes.clone()}</p>
                </Show>
            </div>
        }
        .into_any(),
    )
}

/// What happened, why, and what is claimed, once it may be told.
fn told_of(lessons: Lessons, lesson: &Arc<Lesson>, index: usize) -> AnyView {
    let lesson = Arc::clone(lesson);
    let part = move || {
        lessons.is_told.get().then(|| {
            let step = &lesson.steps[index];
            let marks = marks_of(step);
            let witnessed = lessons.witnessed.get();
            let say = |quantity: &Quantity| {
                let said = witnessed.as_ref().map(|run| run.say(quantity));
                said.unwrap_or_else(|| dots(quantity))
            };
            let labelled = |label: &'static str, text: &Option<actiscope_core::lessons::Prose>| {
                text.as_ref().map(|text| {
                    view! {
                        <div class="told">
                            <span class="label">{label}</span>
                            {prose(text, &marks, &say)}
                        </div>
                    }
                })
            };
            let claims = (0..step.claims.len()).map(|at| claim(lessons, &lesson, index, at));
            view! {
                <div aria-live="polite">
                    {labelled("What happened", &step.happened)}
                    {labelled("Why", &step.why)}
                </div>
                <ul class="claims">{claims.collect_view()}</ul>
            }
        })
    };
    part.into_any()
}

fn claim(lessons: Lessons, lesson: &Arc<Lesson>, index: usize, at: usize) -> AnyView {
    let lesson = Arc::clone(lesson);
    let says = lesson.steps[index].claims[at].says.clone();
    let standing = Memo::new(move |_| lessons.claims.standing(at, &lesson.steps[index].claims[at]));
    let sign = move || {
        standing.with(|standing| match standing {
            Standing::Measuring => "·",
            Standing::Holds(_) => "✓",
            Standing::Fails(_) => "○",
        })
    };
    let measured = move || {
        standing.with(|standing| match standing {
            Standing::Measuring => "Being measured here …".to_owned(),
            Standing::Holds(values) => format!("Measured here: {values}."),
            Standing::Fails(values) => format!("Not so here: {values}."),
        })
    };
    let class = move || {
        standing.with(|standing| match standing {
            Standing::Holds(_) => "holds",
            _ => "",
        })
    };
    let chart = Memo::new(move |_| lessons.claims.proof().filter(|(claim, ..)| *claim == at));
    let chart = move || {
        chart
            .get()
            .map(|(_, course, proof)| proof_of(course.name(), &proof))
    };
    view! {
        <li class=class>
            <span class="sign" aria-hidden="true">{sign}</span>
            <div>
                <b>{says}</b>
                <span class="measured">{measured}</span>
                {chart}
            </div>
        </li>
    }
    .into_any()
}

/// The courses of a claim's networks and where other seeds end.
fn proof_of(name: &'static str, proof: &Proof) -> AnyView {
    const SIZE: (f64, f64) = (330.0, 96.0);
    let paths = proof.paths(SIZE.0, SIZE.1);
    let n_seeds = proof.series.iter().map(|series| series.seeds.len());
    let n_seeds = n_seeds.max().unwrap_or(0);
    let ticks = paths.ticks.iter().map(|&(y, value)| {
        view! {
            <path class="grid" d=format!("M28 {y:.1}H{:.1}", paths.x_end) />
            <text class="end" x="24" y=y + 4.0>{number(value, 2)}</text>
        }
    });
    let pairs = paths.series.iter().zip(&proof.series).enumerate();
    let series = pairs.map(|(at, (drawn, series))| {
        let class = if at == 0 { "first" } else { "second" };
        let last = series.course.last().map(|(_, value)| number(*value, 3));
        view! {
            <g class=class>
                <path class="course" d=drawn.course.clone() />
                <text x=drawn.end.0 + 6.0 y=drawn.end.1 + 4.0>{last}</text>
                <path class="seeds" d=drawn.bars.clone() />
                <path class="median" d=drawn.median.clone() />
            </g>
        }
    });
    let n_steps = proof.n_steps;
    let of_seeds = (n_seeds > 0).then(|| format!("of {n_seeds} seeds"));
    let label = format!("{name} over {n_steps} steps, and at the end of {n_seeds} seeds");
    view! {
        <svg class="proof" viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) role="img" aria-label=label>
            {ticks.collect_view()}
            {series.collect_view()}
            <text x="28" y="94">"0"</text>
            <text class="end" x=paths.x_end y="94">{format!("{n_steps} steps")}</text>
            <text class="end" x=SIZE.0 y="94">{of_seeds}</text>
        </svg>
        <span class="measured">{name} " over the steps; the line in a strip is the median"</span>
    }
    .into_any()
}

/// Back, put the page again, on.
#[component]
fn Foot() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let differs = Memo::new(move |_| lessons.differs());
    let is_here = Memo::new(move |_| lessons.step().is_some());
    view! {
        <div class="foot">
            <button
                type="button"
                class="quiet square"
                aria-label="Back"
                aria-keyshortcuts="P PageUp"
                title="Back (P)"
                on:click=move |_| lessons.back()
            >
                "‹"
            </button>
            <button
                type="button"
                class="quiet again"
                disabled=move || !differs.get()
                on:click=move |_| lessons.put_again()
            >
                "Put the page as the lesson has it"
            </button>
            <button
                type="button"
                class="quiet swap"
                aria-label="Show controls"
                aria-keyshortcuts="S"
                title="Show controls (S)"
                on:click=move |_| lessons.are_controls_shown.set(true)
            >
                "Controls"
            </button>
            <button
                type="button"
                class="quiet next"
                aria-keyshortcuts="N PageDown"
                title="Next (N)"
                disabled=move || !is_here.get()
                on:click=move |_| lessons.next()
            >
                "Next"
            </button>
        </div>
    }
}
