//! Practice under the map: what was answered, learnt and scored so far, and the ways to go on.

use leptos::prelude::*;

use super::super::progress::BOX_DAYS;
use super::super::state::Page;
use super::super::store::Lessons;
use super::cards::all_cards;
use super::deck::Standing;
use super::round::rounds_line;
use super::{counted, of_course, today};
use crate::memo::Memo;
use crate::plot::charts::lessons::{bars, squares};

/// Widths of what is drawn, and the height of bars and lines, in CSS pixels.
const SQUARES: f64 = 300.0;
const BARS: (f64, f64) = (240.0, 12.0);
const ROUNDS: (f64, f64) = (112.0, 16.0);

#[component]
pub fn PracticeBar() -> impl IntoView {
    view! {
        <section class="practice-bar" aria-label="Practice">
            <QuizBlock />
            <CardsBlock />
            <RoundBlock />
        </section>
    }
}

#[component]
fn QuizBlock() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    // Of each question, by lesson: whether it was answered rightly.
    let outcomes = Memo::new(move |_| {
        let of_lesson =
            |(id, lesson): &(String, std::sync::Arc<actiscope_core::lessons::Lesson>)| {
                lessons.progress.with(|progress| {
                    (0..lesson.quiz.len())
                        .map(|index| progress.quiz(id, index))
                        .collect::<Vec<_>>()
                })
            };
        of_course(lessons).iter().map(of_lesson).collect::<Vec<_>>()
    });
    let counts = Memo::new(move |_| {
        outcomes.with(|outcomes| {
            let all = || outcomes.iter().flatten();
            let n_of = |wanted: Option<bool>| all().filter(|outcome| **outcome == wanted).count();
            (all().count(), n_of(Some(true)), n_of(Some(false)))
        })
    });
    let words = move || {
        let (n, n_right, n_wrong) = counts.get();
        match n_right + n_wrong {
            0 => counted(n, "question"),
            n_answered => format!(
                "{}: {n_right} of {n_answered} right",
                counted(n, "question")
            ),
        }
    };
    let picture = move || {
        let drawn = outcomes.with(|outcomes| squares(outcomes, SQUARES));
        let (n, n_right, n_wrong) = counts.get();
        let label = format!(
            "{n_right} right, {n_wrong} not right, {} open",
            n - n_right - n_wrong
        );
        view! {
            <svg
                viewBox=format!("0 0 {} {}", drawn.width.max(1.0), drawn.height)
                width=drawn.width.max(1.0)
                height=drawn.height
                role="img"
                aria-label=label
            >
                <path class="filled" d=drawn.right />
                <path class="outline" d=drawn.outlines />
                <path class="outline" d=drawn.wrong />
            </svg>
        }
    };
    let label = move || match counts.get() {
        (_, 0, 0) => "Begin",
        (n, n_right, _) if n == n_right => "Once more",
        _ => "Go on",
    };
    view! {
        <div class="block">
            <h2>"Quiz"</h2>
            <button
                type="button"
                class="quiet"
                aria-label=move || format!("{} with the quiz", label())
                disabled=move || counts.get().0 == 0
                on:click=move |_| lessons.go(Page::Quiz { lesson: None })
            >
                {label}
            </button>
            <div class="drawn">{picture}</div>
            <p>{words}</p>
        </div>
    }
}

#[component]
fn CardsBlock() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let standing = Memo::new(move |_| {
        let deck = all_cards(lessons).unwrap_or_default();
        lessons
            .progress
            .with(|progress| Standing::of(&deck, progress, today()))
    });
    let label = move || match standing.get().n_due {
        0 => "Begin".to_owned(),
        1 => "1 is due".to_owned(),
        n => format!("{n} are due"),
    };
    let picture = move || {
        let boxes = lessons.progress.with(|progress| progress.boxes());
        let (drawn, grounds) = bars(&boxes, BARS.0, BARS.1);
        let each = boxes
            .iter()
            .zip(BOX_DAYS)
            .map(|(n, days)| format!("{n} in the box of {days}"));
        let label = each.collect::<Vec<_>>().join(", ");
        view! {
            <svg
                viewBox=format!("0 0 {} {}", BARS.0, BARS.1)
                width=BARS.0
                height=BARS.1
                role="img"
                aria-label=label
            >
                <path class="bars" d=drawn />
                <path class="outline" d=grounds />
            </svg>
        }
    };
    let words = move || {
        let Standing { n, n_met, .. } = standing.get();
        let days = BOX_DAYS.map(|days| days.to_string()).join(", ");
        format!("{}, {n_met} met: boxes of {days} days", counted(n, "card"))
    };
    view! {
        <div class="block">
            <h2>"Flash cards"</h2>
            <button
                type="button"
                class="quiet"
                aria-label=move || format!("{}: flash cards", label())
                on:click=move |_| lessons.go(Page::Cards)
            >
                {label}
            </button>
            <div class="drawn">{picture}</div>
            <p>{words}</p>
        </div>
    }
}

#[component]
fn RoundBlock() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let rounds = Memo::new(move |_| lessons.progress.with(|progress| progress.rounds.clone()));
    let picture = move || rounds.with(|rounds| rounds_line(rounds, ROUNDS.0, ROUNDS.1));
    let last = move || rounds.with(|rounds| rounds.last().copied());
    let words = move || match rounds.with(|rounds| rounds.iter().max().copied()) {
        Some(best) => format!("Name the curve, read the symptom: best {best}"),
        None => "Name the curve, read the symptom".to_owned(),
    };
    view! {
        <div class="block">
            <h2>"Timed round"</h2>
            <button
                type="button"
                class="quiet"
                aria-label="90 seconds: timed round"
                on:click=move |_| lessons.go(Page::Round)
            >
                "90 seconds"
            </button>
            <div class="drawn">
                {picture}
                <b>{last}</b>
            </div>
            <p>{words}</p>
        </div>
    }
}
