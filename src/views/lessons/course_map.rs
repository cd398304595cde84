//! The lessons and what builds on what. Nothing is locked.

use std::sync::Arc;

use actiscope_core::lessons::{Course, Node};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::practice::{PictureView, PracticeBar};
use super::state::{OWN, Page};
use super::store::Lessons;
use super::summary::chosen;
use crate::memo::Memo;
use crate::ui::kit::erased::Show;

#[component]
pub fn CourseMap() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let body = move || match lessons.course.get() {
        None => view! { <p class="empty" role="status">"The lessons are being fetched …"</p> }
            .into_any(),
        Some(Err(why)) => view! {
            <p class="problem" role="alert">"The list of lessons cannot be read: " {why}</p>
        }
        .into_any(),
        Some(Ok(course)) => map(lessons, &course),
    };
    view! {
        <main class="lessons course" aria-label="Lessons">
            <div class="course-map">{body}</div>
            <PracticeBar />
        </main>
    }
}

fn map(lessons: Lessons, course: &Arc<Course>) -> AnyView {
    let nodes = course.lessons.iter().enumerate();
    let nodes = nodes
        .map(|(at, node)| node_of(lessons, course, at, node))
        .collect_view();
    let headings = course.headings.iter().map(|heading| {
        let (column, row) = (heading.column.to_string(), (2 * heading.row - 1).to_string());
        view! {
            <p class="heading" style:grid-column=column style:grid-row=row>{heading.text.clone()}</p>
        }
    });
    let headings = headings.collect_view();
    let total = Memo::new(move |_| {
        let ids = lessons.ids().into_iter().filter(|id| id != OWN);
        let minutes: u32 = ids
            .filter_map(|id| lessons.file(&id))
            .map(|lesson| lesson.minutes)
            .sum();
        minutes
    });
    let n = course.lessons.len();
    let has_own = move || lessons.files.with(|files| files.contains_key(OWN));
    let course = Arc::clone(course);
    view! {
        <div class="intro">
            <h2>{n} " lessons, " {move || total.get()} " minutes"</h2>
            <p>"Any lesson can be opened at any time; an arrow says what it builds on. Each picture is drawn by this page."</p>
            <Show when=has_own>
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| lessons.chosen.set(Some(OWN.to_owned()))
                >
                    "Your own lesson"
                </button>
            </Show>
        </div>
        {move || arrows(lessons, &course)}
        {headings}
        {nodes}
    }
    .into_any()
}

fn node_of(lessons: Lessons, course: &Arc<Course>, at: usize, node: &Node) -> AnyView {
    let id = node.id.clone();
    let is_chosen = {
        let id = id.clone();
        Memo::new(move |_| chosen(lessons).as_ref() == Some(&id))
    };
    let choose = {
        let id = id.clone();
        move |_| lessons.chosen.set(Some(id.clone()))
    };
    let open = {
        let id = id.clone();
        move || {
            let last = lessons
                .progress
                .with_untracked(|progress| progress.last_step(&id));
            let is_done = untrack(|| lessons.is_done(&id));
            lessons.go(Page::Step {
                lesson: id.clone(),
                index: last.filter(|_| !is_done).unwrap_or(0),
            });
        }
    };
    let open_by_pointer = open.clone();
    let neighbours = Arc::clone(course);
    let on_key = move |event: KeyboardEvent| {
        let to = match &*event.key() {
            "Enter" => {
                event.prevent_default();
                open();
                return;
            }
            "ArrowRight" => neighbour(&neighbours, at, 1, 0),
            "ArrowLeft" => neighbour(&neighbours, at, -1, 0),
            "ArrowDown" => neighbour(&neighbours, at, 0, 1),
            "ArrowUp" => neighbour(&neighbours, at, 0, -1),
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            lessons.chosen.set(Some(neighbours.lessons[to].id.clone()));
            focus_node(to);
        }
    };
    let (column, row) = (node.column.to_string(), (2 * node.row).to_string());
    let shown = move || {
        let file = lessons.files.with(|files| files.get(&id).cloned());
        let (title, tagline, minutes, picture) = match &file {
            Some(Ok(lesson)) => (
                lesson.title.clone(),
                lesson.tagline.clone(),
                Some(format!("{} min", lesson.minutes)),
                lesson.picture.clone(),
            ),
            Some(Err(_)) => (
                id.clone(),
                "This file cannot be read.".to_owned(),
                None,
                None,
            ),
            None => (id.clone(), "…".to_owned(), None, None),
        };
        let is_done = lessons.is_done(&id);
        let last = lessons.progress.with(|progress| progress.last_step(&id));
        let state = match (is_done, last, &file) {
            (true, ..) => Some(view! { <b class="good">"✓ done"</b> }.into_any()),
            (false, Some(last), Some(Ok(lesson))) => {
                Some(view! { <b class="begun">{format!("step {} of {}", last + 1, lesson.steps.len())}</b> }.into_any())
            }
            _ => None,
        };
        view! {
            <span class="picture">{picture.map(|picture| view! { <PictureView picture width=128.0 height=76.0 /> })}</span>
            <b class="title">{at + 1} " " {title}</b>
            <span class="tagline">{tagline}</span>
            <span class="state">{minutes} " " {state}</span>
        }
    };
    view! {
        <button
            type="button"
            class="node"
            id=format!("lesson-{at}")
            style:grid-column=column
            style:grid-row=row
            aria-pressed=move || if is_chosen.get() { "true" } else { "false" }
            tabindex=move || if is_chosen.get() { "0" } else { "-1" }
            on:click=choose
            on:dblclick=move |_| open_by_pointer()
            on:keydown=on_key
        >
            {shown}
        </button>
    }
    .into_any()
}

/// The nearest lesson in a direction, by place on the map.
fn neighbour(course: &Course, from: usize, dx: i64, dy: i64) -> Option<usize> {
    let here = course.lessons.get(from)?;
    let others = course
        .lessons
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != from);
    let ways = others.filter_map(|(at, node)| {
        let x = i64::from(node.column) - i64::from(here.column);
        let y = i64::from(node.row) - i64::from(here.row);
        let (along, across) = (x * dx + y * dy, x * dy + y * dx);
        (along > 0).then(|| (along + 2 * across.abs(), at))
    });
    ways.min().map(|(_, at)| at)
}

fn focus_node(at: usize) {
    use wasm_bindgen::JsCast;
    let node = crate::browser::document().get_element_by_id(&format!("lesson-{at}"));
    if let Some(node) = node.and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok()) {
        // One that is gone takes no focus.
        let _ = node.focus();
    }
}

/// An arrow from each lesson to those that build on it, over the whole grid: columns and rows are 100 wide and high.
fn arrows(lessons: Lessons, course: &Course) -> AnyView {
    let place = |id: &str| course.lessons.iter().find(|node| node.id == id);
    let n_columns = course
        .lessons
        .iter()
        .map(|node| node.column)
        .max()
        .unwrap_or(1);
    let n_rows = course
        .lessons
        .iter()
        .map(|node| node.row)
        .max()
        .unwrap_or(1);
    let mut paths = Vec::new();
    for node in &course.lessons {
        let Some(lesson) = lessons.file(&node.id) else {
            continue;
        };
        for from in lesson.needs.iter().filter_map(|id| place(id)) {
            let is_done = lessons.is_done(&from.id);
            let class = if is_done { "done" } else { "" };
            paths.push(view! { <path class=class d=arrow(from, node) vector-effect="non-scaling-stroke" /> });
        }
    }
    view! {
        <svg
            class="arrows"
            viewBox=format!("0 0 {} {}", 100 * n_columns, 100 * n_rows)
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            {paths}
        </svg>
    }
    .into_any()
}

/// Out at the right of one picture, in at the left of the other, turning in the gap before it.
fn arrow(from: &Node, to: &Node) -> String {
    let x = |column: u32, share: f64| 100.0 * (f64::from(column) - 1.0 + share);
    let y = |row: u32| 100.0 * (f64::from(row) - 1.0 + 0.3);
    let (x0, y0) = (x(from.column, 0.86), y(from.row));
    let y1 = y(to.row);
    if to.column <= from.column {
        // Around, and in at the right.
        let x1 = x(to.column, 0.86);
        return format!("M{x0:.1} {y0:.1}h5V{y1:.1}H{x1:.1}m3 -2.5l-3 2.5l3 2.5");
    }
    let x1 = x(to.column, -0.01);
    let turn = x1 - 6.0;
    format!("M{x0:.1} {y0:.1}H{turn:.1}V{y1:.1}H{x1:.1}m-3 -2.5l3 2.5l-3 2.5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_go_to_the_nearest_lesson() {
        let node = |id: &str, column, row| Node {
            id: id.into(),
            column,
            row,
        };
        let course = Course {
            lessons: vec![
                node("a", 1, 2),
                node("b", 2, 2),
                node("c", 3, 1),
                node("d", 3, 3),
            ],
            headings: Vec::new(),
        };
        assert_eq!(neighbour(&course, 0, 1, 0), Some(1));
        assert_eq!(neighbour(&course, 1, 1, 0), Some(2));
        assert_eq!(neighbour(&course, 2, 0, 1), Some(3));
        assert_eq!(neighbour(&course, 0, -1, 0), None);
        assert_eq!(neighbour(&course, 3, 0, -1), Some(2));
    }
}
