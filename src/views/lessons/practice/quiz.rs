//! The questions of a lesson, or of all: one at a time, each with its picture.

use actiscope_core::lessons::Quiz;
use leptos::prelude::*;

use super::super::state::Page;
use super::super::store::Lessons;
use super::answers::{Answers, marks};
use super::keys::{focus_on, listen, place_of};
use super::picture::PictureView;
use super::side::{Side, row};
use super::walk::{Asked, Outcome, Walk, open_first};
use super::{LARGE, counted, have_come, of_course, today};
use crate::held::Held;
use crate::memo::Memo;
use crate::ui::kit::erased::{Show, effect};

/// Ids of what takes the focus.
const TITLE: &str = "quiz-title";
const ONWARD: &str = "quiz-onward";

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
struct Course {
    lessons: Lessons,
    /// The lesson whose questions they are; none where they are of all.
    of: Memo<Option<String>>,
    /// `None` while they are fetched.
    all: Memo<Option<Vec<Asked>>>,
    walk: Held<Walk>,
    /// Rises with each time that they are gone through.
    attempt: StoredValue<u32>,
}

#[component]
pub fn QuizPage() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let of = Memo::new(move |_| lessons.page.with(|page| page.lesson().map(str::to_owned)));
    let course = Course {
        lessons,
        of,
        all: Memo::new(move |_| all_questions(lessons, of.get())),
        walk: Held::new(Walk::default()),
        attempt: StoredValue::new(today()),
    };
    effect(move || {
        course.all.track();
        untrack(|| course.begin(course.of.with_untracked(Option::is_some)));
    });
    listen(lessons.app, move |key| course.press(key));
    let title = move || match course.lesson_title() {
        Some(title) => format!("Quiz: {title}"),
        None => "Quiz of all lessons".to_owned(),
    };
    view! {
        <Side
            title=Signal::derive(title)
            about="A question, its picture and three answers. Press 1, 2 or 3. What you answered is kept in this browser alone."
        >
            <Standing course />
        </Side>
        <main class="lessons practice quiz" aria-label="Quiz">
            {move || course.shown()}
        </main>
    }
}

impl Course {
    fn begin(self, with_known: bool) {
        let all = self.all.get_untracked().unwrap_or_default();
        let is_known = |asked: &Asked| {
            self.lessons
                .progress
                .with_untracked(|progress| progress.quiz(&asked.lesson, asked.index))
                == Some(true)
        };
        let asked = match with_known {
            true => all,
            false => open_first(&all, is_known),
        };
        let attempt = self.attempt.get_value();
        self.attempt.set_value(attempt.wrapping_add(1));
        self.walk.set(Walk::begin(asked, attempt));
    }

    fn begin_again(self) {
        self.begin(true);
        focus_on(TITLE);
    }

    fn answer(self, place: usize) {
        let mut walk = self.walk.get_untracked();
        let Some((asked, is_right)) = walk.answer(place) else {
            return;
        };
        self.walk.set(walk);
        self.lessons
            .change_progress(|progress| progress.answer_quiz(&asked.lesson, asked.index, is_right));
        focus_on(ONWARD);
    }

    fn go_on(self) -> bool {
        let mut walk = self.walk.get_untracked();
        let goes = walk.go_on();
        if goes {
            self.walk.set(walk);
            focus_on(TITLE);
        }
        goes
    }

    fn press(self, key: &str) -> bool {
        match (key, place_of(key)) {
            (_, Some(place)) => {
                self.answer(place);
                true
            }
            ("Enter" | "n" | "N", _) => self.go_on(),
            _ => false,
        }
    }

    fn lesson_title(self) -> Option<String> {
        let id = self.of.get()?;
        Some(
            self.lessons
                .file(&id)
                .map_or(id, |lesson| lesson.title.clone()),
        )
    }

    /// A question as its lesson has it.
    fn quiz(self, asked: &Asked) -> Option<Quiz> {
        self.lessons
            .file(&asked.lesson)?
            .quiz
            .get(asked.index)
            .cloned()
    }

    fn shown(self) -> AnyView {
        let has_begun = Memo::new(move |_| self.walk.with(|walk| walk.place().1 > 0));
        let is_over = Memo::new(move |_| self.walk.with(Walk::is_over));
        match (
            self.all.with(Option::is_some),
            has_begun.get(),
            is_over.get(),
        ) {
            (false, ..) => {
                view! { <p class="empty" role="status">"The questions are being fetched …"</p> }
                    .into_any()
            }
            (true, false, _) => view! { <p class="empty">{self.why_none()}</p> }.into_any(),
            (true, true, false) => view! { <Question course=self /> }.into_any(),
            (true, true, true) => view! { <Result course=self /> }.into_any(),
        }
    }

    fn why_none(self) -> String {
        match self.of.get() {
            Some(id) if self.lessons.file(&id).is_none() => {
                format!("The lesson {id} is not there or cannot be read.")
            }
            Some(_) => "This lesson has no questions.".to_owned(),
            None => "No lesson that can be read has questions.".to_owned(),
        }
    }
}

/// Of one lesson or of all; `None` while files are fetched.
fn all_questions(lessons: Lessons, of: Option<String>) -> Option<Vec<Asked>> {
    let chosen = match of {
        Some(id) => match lessons.file(&id) {
            Some(lesson) => vec![(id, lesson)],
            None if !have_come(lessons) => return None,
            None => Vec::new(),
        },
        None if !have_come(lessons) => return None,
        None => of_course(lessons),
    };
    let asked = chosen.iter().flat_map(|(id, lesson)| {
        lesson.quiz.iter().enumerate().map(|(index, quiz)| Asked {
            lesson: id.clone(),
            index,
            right: quiz.right,
        })
    });
    Some(asked.collect())
}

/// How far one is.
#[component]
fn Standing(course: Course) -> impl IntoView {
    let place = move || {
        let (at, n) = course.walk.with(Walk::place);
        format!("{at} of {n}")
    };
    let right = move || {
        course
            .walk
            .with(|walk| format!("{} of {}", walk.n_right(), walk.outcomes().len()))
    };
    view! {
        <dl>
            {row("Question", place)}
            {row("Right", right)}
        </dl>
    }
}

#[component]
fn Question(course: Course) -> impl IntoView {
    let walk = course.walk;
    let quiz = Memo::new(move |_| {
        let asked = walk.with(|walk| walk.question().cloned())?;
        course.quiz(&asked)
    });
    let answers = Memo::new(move |_| {
        let order = walk.with(Walk::order);
        quiz.with(|quiz| {
            quiz.as_ref()
                .map(|quiz| order.map(|index| quiz.answers[index].clone()))
        })
    });
    let marks = Memo::new(move |_| walk.with(|walk| marks(walk.right_place(), walk.given_place())));
    let given = Memo::new(move |_| walk.with(Walk::given_place));
    let picture =
        Memo::new(move |_| quiz.with(|quiz| quiz.as_ref().and_then(|quiz| quiz.picture.clone())));
    let (width, height) = LARGE;
    let shown = move || {
        picture
            .get()
            .map(|picture| view! { <PictureView picture width height /> })
    };
    let verdict = move || {
        let (given, right) = (given.get()?, walk.with(Walk::right_place)?);
        let text =
            answers.with(|answers| answers.as_ref().map(|answers| answers[right].clone()))?;
        Some(match given == right {
            true => "Right.".to_owned(),
            false => format!("{} was right: {text}.", right + 1),
        })
    };
    let why = move || {
        given
            .get()
            .and_then(|_| quiz.with(|quiz| quiz.as_ref().map(|quiz| quiz.why.clone())))
    };
    let onward = move || match walk.with(Walk::is_last) {
        true => "See the result",
        false => "Next question",
    };
    view! {
        <h2 id=TITLE tabindex="-1">{move || quiz.with(|quiz| quiz.as_ref().map(|quiz| quiz.ask.clone()))}</h2>
        <div class="asked">{shown}</div>
        <Answers answers marks on_answer=move |place| course.answer(place) />
        <p class="told" role="status">
            <b>{verdict}</b>
            " "
            {why}
        </p>
        <Show when=move || given.with(Option::is_some)>
            <button
                id=ONWARD
                type="button"
                class="primary"
                aria-keyshortcuts="Enter N"
                on:click=move |_| _ = course.go_on()
            >
                {onward}
            </button>
        </Show>
    }
}

#[component]
fn Result(course: Course) -> impl IntoView {
    let lessons = course.lessons;
    let outcomes = course.walk.with_untracked(Walk::outcomes);
    let n_right = outcomes.iter().filter(|(_, is_right)| *is_right).count();
    let title = match n_right == outcomes.len() {
        true => format!("All {} right", outcomes.len()),
        false => format!("{n_right} of {} right", outcomes.len()),
    };
    let outcome = |(asked, is_right): Outcome| {
        let quiz = untrack(|| course.quiz(&asked))?;
        let sign = if is_right { "✓" } else { "○" };
        let verdict = if is_right { "right" } else { "not yet" };
        Some(view! {
            <li>
                <span class="sign" class:good=is_right aria-hidden="true">{sign}</span>
                <span>
                    {quiz.ask}
                    <b>{quiz.answers[quiz.right].clone()}</b>
                </span>
                <span class="aside">{verdict}</span>
            </li>
        })
    };
    let outcomes = outcomes.into_iter().filter_map(outcome).collect_view();
    view! {
        <h2 id=TITLE tabindex="-1">{title}</h2>
        <ol class="outcomes">{outcomes}</ol>
        <div class="ways">
            <button type="button" class="primary" on:click=move |_| lessons.page.set(Page::Map)>
                "All lessons"
            </button>
            <button type="button" class="quiet" on:click=move |_| course.begin_again()>
                "Go through it again"
            </button>
        </div>
        <p class="hint">{counted(n_right, "answer")} " right, kept for the squares under the map."</p>
    }
}
