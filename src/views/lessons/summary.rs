//! What one will do in the lesson that is chosen on the map.

use std::sync::Arc;

use actiscope_core::lessons::{Lesson, Step};
use leptos::prelude::*;

use super::own_lesson::OwnLesson;
use super::progress::Given;
use super::state::Page;
use super::store::Lessons;
use crate::ui::kit::erased::Show;

#[component]
pub fn Summary() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let shown = move || {
        let id = chosen(lessons)?;
        Some(match lessons.files.with(|files| files.get(&id).cloned()) {
            Some(Ok(lesson)) => of_lesson(lessons, &id, &lesson),
            Some(Err(why)) => view! {
                <h2>{id}</h2>
                <p class="problem">"This lesson cannot be read."</p>
                <pre class="problem">{why}</pre>
            }
            .into_any(),
            None => view! { <p class="empty" role="status">"The lesson is being fetched …"</p> }
                .into_any(),
        })
    };
    view! {
        <section class="controls summary" aria-label="Lesson">
            {shown}
            <Show when=move || lessons.own_run.with(Option::is_some)>
                <button type="button" class="quiet" on:click=move |_| lessons.take_own_run()>
                    "Back to your run"
                </button>
            </Show>
            <OwnLesson />
            <Kept />
        </section>
    }
}

/// The one that was chosen, or the first that is not done.
pub fn chosen(lessons: Lessons) -> Option<String> {
    let ids = lessons.ids();
    let named = lessons.chosen.get().filter(|id| ids.contains(id));
    named
        .or_else(|| ids.iter().find(|id| !lessons.is_done(id)).cloned())
        .or_else(|| ids.first().cloned())
}

fn of_lesson(lessons: Lessons, id: &str, lesson: &Arc<Lesson>) -> AnyView {
    let is_done = lessons.is_done(id);
    let last = lessons.progress.with(|progress| progress.last_step(id));
    let state = match (is_done, last) {
        (true, _) => "✓ done",
        (false, Some(_)) => "begun",
        (false, None) => "",
    };
    let step = |(at, step): (usize, &Step)| {
        let is_seen = lessons.progress.with(|progress| progress.has_seen(id, at));
        let given = lessons.progress.with(|progress| progress.given(id, at));
        let aside = match (&step.question, given) {
            (None, _) => "",
            (Some(question), Some(Given::Answer(own))) if own == question.right => {
                "predicted: right"
            }
            (Some(_), Some(Given::Answer(_))) => "predicted",
            (Some(_), Some(Given::Shown)) => "shown",
            (Some(_), None) => "predict",
        };
        let sign = if is_seen {
            "✓".to_owned()
        } else {
            (at + 1).to_string()
        };
        let lesson = id.to_owned();
        let go = move |_| {
            lessons.go(Page::Step {
                lesson: lesson.clone(),
                index: at,
            });
        };
        view! {
            <li>
                <button type="button" on:click=go aria-current=(last == Some(at) && !is_done).then_some("step")>
                    <span class="sign" class:good=is_seen>{sign}</span>
                    <span>{step.title.clone()}</span>
                    <span class="aside">{aside}</span>
                </button>
            </li>
        }
    };
    let steps = lesson.steps.iter().enumerate().map(step).collect_view();
    let titles = |ids: &[String]| {
        let titles = ids.iter().map(|id| title(lessons, id));
        titles.collect::<Vec<_>>().join("; ")
    };
    let leads_to: Vec<String> = lessons
        .ids()
        .into_iter()
        .filter(|other| {
            lessons
                .file(other)
                .is_some_and(|other| other.needs.iter().any(|need| need == id))
        })
        .collect();
    let row = |name: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <dt>{name}</dt><dd>{text}</dd> })
    };
    let (to_begin, to_sheet, to_forget) = (id.to_owned(), id.to_owned(), id.to_owned());
    let begin = move |_| {
        let last = lessons
            .progress
            .with_untracked(|progress| progress.last_step(&to_begin));
        lessons.go(Page::Step {
            lesson: to_begin.clone(),
            index: last.filter(|_| !is_done).unwrap_or(0),
        });
    };
    let label = match last {
        Some(at) if !is_done => format!("Go on with step {}", at + 1),
        Some(_) => "Read it again".to_owned(),
        None => "Begin".to_owned(),
    };
    view! {
        <div class="head">
            <span>{format!("{}, {} minutes", lessons.place_in_course(id), lesson.minutes)}</span>
            <b>{state}</b>
        </div>
        <h2>{lesson.title.clone()}</h2>
        <p>{lesson.about.clone()}</p>
        <ol class="steps">{steps}</ol>
        <dl>
            {row("Needs", titles(&lesson.needs))}
            {row("Leads to", titles(&leads_to))}
            {row("Words", lesson.words.join(", "))}
            {row("Claims", format!("{}, each measured as you read", lesson.n_claims()))}
        </dl>
        <div class="foot">
            <button type="button" class="quiet" on:click=begin>{label}</button>
            <button
                type="button"
                class="quiet"
                on:click=move |_| lessons.go(Page::Sheet { lesson: to_sheet.clone() })
            >
                "Sheet for teachers"
            </button>
            {last.is_some().then(|| view! {
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| lessons.change_progress(|progress| progress.forget(&to_forget))
                >
                    "Forget what I did"
                </button>
            })}
        </div>
    }
    .into_any()
}

/// "3 Saturation and vanishing gradients".
pub fn title(lessons: Lessons, id: &str) -> String {
    let number = lessons.ids().iter().position(|known| known == id);
    let title = lessons.file(id).map(|lesson| lesson.title.clone());
    match (number, title) {
        (Some(number), Some(title)) => format!("{} {title}", number + 1),
        (_, title) => title.unwrap_or_else(|| id.to_owned()),
    }
}

/// What was done: taken along, brought, cleared.
#[component]
fn Kept() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let code = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let has_any = move || lessons.progress.with(|progress| !progress.is_empty());
    let bring = move |_| {
        let (brought, is_whole) = super::progress::Progress::of_text(&code.get_untracked());
        match is_whole && !brought.is_empty() {
            true => {
                lessons.change_progress(|progress| *progress = brought);
                lessons.said.set("Progress brought in".to_owned());
                code.set(String::new());
                problem.set(String::new());
            }
            false => problem.set("This is no code of this page's.".to_owned()),
        }
    };
    let text = move || {
        let text = lessons
            .progress
            .with_untracked(super::progress::Progress::to_text);
        Box::pin(async move { Ok(text.replace('\n', ";")) }) as crate::ui::kit::copy::Text
    };
    view! {
        <details class="kept">
            <summary>"Your progress"</summary>
            <p class="hint">"It is kept in this browser alone. A code takes it to another one."</p>
            <Show when=move || lessons.is_not_kept.get()>
                <p class="hint">"This browser does not let the page keep it: it lasts until you close the page."</p>
            </Show>
            <div class="foot">
                <crate::ui::kit::copy::CopyButton label="Copy" what="progress code" text=Box::new(text) said=lessons.said />
                <button
                    type="button"
                    class="quiet"
                    disabled=move || !has_any()
                    on:click=move |_| lessons.change_progress(|progress| *progress = Default::default())
                >
                    "Clear progress"
                </button>
            </div>
            <label>
                "A code from elsewhere"
                <input
                    type="text"
                    autocomplete="off"
                    prop:value=code
                    on:input=move |event| code.set(event_target_value(&event))
                />
            </label>
            <button
                type="button"
                class="quiet"
                disabled=move || code.with(String::is_empty)
                on:click=bring
            >
                "Bring it in"
            </button>
            <p class="problem" role="alert">{problem}</p>
        </details>
    }
}
