//! Practice: what was read, asked again. Files that know no Leptos hold the rules; the others show them.
//!
//! | file | does |
//! |---|---|
//! | [`walk`], [`quiz`] | the questions of a lesson, or of all |
//! | [`deck`], [`cards`] | flash cards, due again the later the better they are known |
//! | [`timed`], [`curves`], [`round`] | a round against the clock |
//! | [`bar`] | all three under the map |
//! | [`gallery`], [`picture`] | pictures of runs that are trained unseen, and of functions |
//! | [`answers`], [`keys`], [`side`], [`shuffle`] | what they share |

mod answers;
mod bar;
mod cards;
mod curves;
mod deck;
mod gallery;
mod keys;
mod picture;
mod quiz;
mod round;
mod shuffle;
mod side;
mod timed;
mod walk;

pub use bar::PracticeBar;
pub use gallery::Gallery;
pub use picture::PictureView;

use std::sync::Arc;

use actiscope_core::lessons::Lesson;
use leptos::prelude::*;

use super::state::OWN;
use super::store::Lessons;
use crate::browser;
use crate::ui::kit::lazy::chunk;

chunk! {
    practice,
    pub fn quiz_page() -> AnyView {
        view! { <quiz::QuizPage /> }.into_any()
    }
}

chunk! {
    practice,
    pub fn cards_page() -> AnyView {
        view! { <cards::CardsPage /> }.into_any()
    }
}

chunk! {
    practice,
    pub fn round_page() -> AnyView {
        view! { <round::RoundPage /> }.into_any()
    }
}

/// Sizes of a picture that one is asked about.
const LARGE: (f64, f64) = (320.0, 200.0);

/// Days since 1970.
fn today() -> u32 {
    (browser::epoch_ms() / 86_400_000.0) as u32
}

/// Whether all files that there are have come, readable or not.
fn have_come(lessons: Lessons) -> bool {
    let is_listed = lessons.course.with(Option::is_some);
    let ids = lessons.ids();
    is_listed
        && lessons
            .files
            .with(|files| ids.iter().all(|id| files.contains_key(id)))
}

/// The lessons of the course that can be read, in their order.
fn of_course(lessons: Lessons) -> Vec<(String, Arc<Lesson>)> {
    let ids = lessons.ids().into_iter().filter(|id| id != OWN);
    ids.filter_map(|id| lessons.file(&id).map(|lesson| (id, lesson)))
        .collect()
}

/// "1 card", "2 cards".
fn counted(n: usize, what: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{n} {what}{ending}")
}
