//! What a teacher prints: what to show, what to ask, what they will say, and what is claimed.

use leptos::prelude::*;

use super::state::Page;
use super::store::Lessons;
use crate::browser;

#[component]
pub fn Sheet() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let list = |heading: &'static str, items: &[String]| {
        let items = items
            .iter()
            .map(|item| view! { <li>{item.clone()}</li> })
            .collect_view();
        view! {
            <h3>{heading}</h3>
            <ul>{items}</ul>
        }
    };
    let page = browser::page_address();
    let body = move || {
        let lesson = lessons.lesson()?;
        let id = lessons.page.with(|page| page.lesson().map(str::to_owned))?;
        let steps = lesson.steps.iter().enumerate().map(|(at, step)| {
            let address = format!("{page}#w=lessons&lesson={id}&step={}", at + 1);
            let question = step.question.as_ref().map(|question| {
                let right = question.answers[question.right].clone();
                view! { <p>{question.ask.clone()} " " <b>{right}</b></p> }
            });
            let claims = step
                .claims
                .iter()
                .map(|claim| view! { <p class="claim">{claim.says.clone()}</p> });
            view! {
                <li>
                    <h4>{step.title.clone()}</h4>
                    {question}
                    {claims.collect_view()}
                    <p class="address">
                        <a href=address.clone()>{address.clone()}</a>
                    </p>
                </li>
            }
        });
        let steps = steps.collect_view();
        Some(view! {
            <h2>{lesson.title.clone()}</h2>
            <p>{lesson.about.clone()} {format!(" {} minutes.", lesson.minutes)}</p>
            {list("Show", &lesson.teacher.show)}
            {list("Ask", &lesson.teacher.ask)}
            {list("They will say", &lesson.teacher.replies)}
            <h3>"Steps, answers and claims"</h3>
            <ol>{steps}</ol>
        })
    };
    view! {
        <section class="controls summary" aria-label="Sheet">
            <h2>"Sheet for teachers"</h2>
            <p>"One page for the hand: what to show, what to ask, what they will say. Answers are on it; do not leave it on the desk."</p>
            <div class="foot">
                <button type="button" class="primary" on:click=|_| _ = browser::window().print()>"Print"</button>
                <button type="button" class="quiet" on:click=move |_| lessons.page.set(Page::Map)>"All lessons"</button>
            </div>
        </section>
        <main class="lessons sheet" aria-label="Sheet for teachers">
            <article>{body}</article>
        </main>
    }
}
