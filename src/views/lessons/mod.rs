//! A reader beside the live instrument: lessons whose steps put the page to where they stand, with a prediction before the
//! reveal and claims that are measured here. All of a lesson is data (`www/lessons`).

mod caption;
mod claims;
mod course_map;
mod own_lesson;
mod practice;
mod progress;
mod prose;
mod reader;
mod sheet;
mod state;
mod store;
mod summary;

use leptos::prelude::*;

use crate::app::App;
use crate::engine::Engine;
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::lazy::{chunk, lazy};
pub use state::KEYS;
use state::Page;
use store::Lessons;

/// What is shown of the lessons: one of these stays while its page changes.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Map,
    Reader,
    Quiz,
    Sheet,
    Cards,
    Round,
}

chunk! {
    lessons,
    /// The whole view.
    pub fn lessons() -> AnyView {
        let lessons = Lessons::open(expect_context::<App>(), expect_context::<Run>(), expect_context::<Engine>());
        provide_context(lessons);
        provide_context(practice::Gallery::open(expect_context::<Engine>()));
        reader::listen(lessons);
        let shown = Memo::new(move |_| match lessons.page.get() {
            Page::Map => Shown::Map,
            Page::Step { .. } => Shown::Reader,
            Page::Quiz { .. } => Shown::Quiz,
            Page::Sheet { .. } => Shown::Sheet,
            Page::Cards => Shown::Cards,
            Page::Round => Shown::Round,
        });
        let part = move || match shown.get() {
            Shown::Map => view! {
                <summary::Summary />
                <course_map::CourseMap />
            }
            .into_any(),
            Shown::Reader => view! { <reader::Reader /> }.into_any(),
            Shown::Quiz => lazy(practice::quiz_page),
            Shown::Sheet => view! { <sheet::Sheet /> }.into_any(),
            Shown::Cards => lazy(practice::cards_page),
            Shown::Round => lazy(practice::round_page),
        };
        view! {
            <caption::Caption />
            {part}
            <p class="unseen" role="status">{lessons.said}</p>
        }
        .into_any()
    }
}
