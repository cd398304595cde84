use actiscope_core::health::diagnosis::Finding;
use leptos::prelude::*;

use super::progress::Given;
use super::state::{OWN, Page};
use super::store::Lessons;
use crate::memo::Memo;
use crate::ui::chrome::caption::Said;
use crate::ui::kit::erased::Show;
use crate::ui::kit::words::{Tone, Word, said, word};

/// What shows at the step, without what the Doctor would say of it, and the way on.
#[component]
pub fn Caption() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let of_run = expect_context::<Said>();
    let words = Memo::new(move |_| words(lessons, of_run));
    let label = Memo::new(move |_| label(lessons));
    let is_asked = Memo::new(move |_| lessons.is_asked());
    let act = move |_| act(lessons);
    view! {
        <section class="caption" aria-label="What is going on">
            <p>{move || said(words.get())}</p>
            <Show when=move || label.with(Option::is_some)>
                <button
                    type="button"
                    class=move || if is_asked.get() { "quiet onward" } else { "primary onward" }
                    on:click=act
                >
                    {move || label.get()}
                </button>
            </Show>
        </section>
    }
}

fn words(lessons: Lessons, of_run: Said) -> Vec<Word> {
    let plain = |text: String| vec![word(Tone::Plain, text)];
    match lessons.page.get() {
        Page::Map => of_map(lessons),
        Page::Quiz { lesson } => {
            let which = if lesson.is_some() {
                "Two questions"
            } else {
                "Questions of all lessons"
            };
            plain(format!(
                "{which}, one picture each. Nothing is lost by a wrong answer."
            ))
        }
        Page::Cards => plain("Turn a card when you have said its back to yourself.".into()),
        Page::Round => plain("Ninety seconds: name the curve, read the symptom.".into()),
        Page::Sheet { .. } => plain(
            "For whoever stands before a class: what to show, what to ask, what they will say."
                .into(),
        ),
        Page::Step { .. } => match lessons.step() {
            Some((lesson, index)) if !lessons.app.room().shows_run => {
                plain(format!("{}.", lesson.steps[index].title))
            }
            Some(_) => {
                let of_symptom = |first: &Finding| {
                    vec![
                        word(Tone::Plain, first.before.clone()),
                        word(Tone::Strong, first.emphasis.clone()),
                        word(Tone::Plain, first.after.clone()),
                    ]
                };
                let symptom = of_run.symptoms.with(|found| found.first().map(of_symptom));
                symptom.unwrap_or_default()
            }
            None => plain("The lesson is being fetched.".into()),
        },
    }
}

/// "3 of 13 lessons done. How a ReLU dies stands at step 3 of 6."
fn of_map(lessons: Lessons) -> Vec<Word> {
    let (n_done, n) = counts(lessons);
    let mut words = vec![word(
        Tone::Plain,
        match n {
            0 => "Lessons are being fetched.".to_owned(),
            n => format!("{n_done} of {n} lessons done."),
        },
    )];
    if let Some((_, title, index, n_steps)) = begun(lessons) {
        words.push(word(Tone::Plain, " "));
        words.push(word(Tone::Strong, title));
        words.push(word(
            Tone::Plain,
            format!(" stands at step {} of {n_steps}.", index + 1),
        ));
    }
    words
}

/// Lessons that are done, and all.
fn counts(lessons: Lessons) -> (usize, usize) {
    let ids = lessons.ids();
    let is_done = |id: &&String| lessons.is_done(id);
    (ids.iter().filter(is_done).count(), ids.len())
}

/// The lesson in the order of the course that was begun and is not done, with the step that it stands at.
fn begun(lessons: Lessons) -> Option<(String, String, usize, usize)> {
    let ids = lessons.ids();
    ids.into_iter().find_map(|id| {
        let lesson = lessons.file(&id)?;
        let last = lessons.progress.with(|progress| progress.last_step(&id))?;
        let n_steps = lesson.steps.len();
        (!lessons.is_done(&id)).then(|| (id, lesson.title.clone(), last.min(n_steps - 1), n_steps))
    })
}

fn label(lessons: Lessons) -> Option<String> {
    match lessons.page.get() {
        Page::Map => match begun(lessons) {
            Some((_, _, index, _)) => Some(format!("Go on with step {}", index + 1)),
            None => {
                let next = first(lessons)?;
                let at = lessons.ids().iter().position(|id| *id == next)?;
                Some(format!("Begin with lesson {}", at + 1))
            }
        },
        Page::Step { .. } => {
            let (lesson, index) = lessons.step()?;
            Some(match lesson.steps.get(index + 1) {
                _ if lessons.is_asked() => "Show without predicting".to_owned(),
                Some(step) => {
                    let mut title = step.title.clone();
                    if let Some(first) = title.get_mut(..1) {
                        first.make_ascii_lowercase();
                    }
                    format!("Next: {title}")
                }
                None if lesson.quiz.is_empty() => "All lessons".to_owned(),
                None => "To the quiz".to_owned(),
            })
        }
        Page::Quiz { .. } | Page::Cards | Page::Round | Page::Sheet { .. } => None,
    }
}

fn first(lessons: Lessons) -> Option<String> {
    let is_new = |id: &String| *id != OWN && !lessons.is_done(id);
    lessons.ids().into_iter().find(is_new)
}

fn act(lessons: Lessons) {
    match lessons.page.get_untracked() {
        Page::Map => match untrack(|| begun(lessons)) {
            Some((lesson, _, index, _)) => lessons.go(Page::Step { lesson, index }),
            None => {
                if let Some(lesson) = untrack(|| first(lessons)) {
                    lessons.go(Page::Step { lesson, index: 0 });
                }
            }
        },
        _ if untrack(|| lessons.is_asked()) => lessons.give(Given::Shown),
        _ => lessons.next(),
    }
}
