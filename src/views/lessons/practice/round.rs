//! A round against the clock: name the curve, and the cause where a run's picture is there.

use std::time::Duration;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::lessons::Picture;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;

use super::super::state::Page;
use super::super::store::Lessons;
use super::answers::{Answers, marks};
use super::curves::curves;
use super::gallery::Gallery;
use super::keys::{focus_on, listen, place_of};
use super::picture::{PictureView, curve};
use super::side::{Side, row};
use super::timed::{Asked, Pool, Round, RunAsked, Subject};
use super::{LARGE, counted, of_course};
use crate::browser;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::lessons::line;
use crate::ui::kit::erased::effect;

/// Id of what takes the focus.
const TITLE: &str = "round-title";
/// The clock is looked at as often.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Rounds on the small line.
const N_ROUNDS: usize = 12;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
struct Desk {
    lessons: Lessons,
    gallery: Gallery,
    round: Held<Option<Round>>,
    seconds_left: Held<u32>,
    /// Its runs are looked up anew.
    pool: StoredValue<Pool>,
    clock: StoredValue<Option<IntervalHandle>>,
}

#[component]
pub fn RoundPage() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let desk = Desk {
        lessons,
        gallery: expect_context::<Gallery>(),
        round: Held::new(None),
        seconds_left: Held::new(0),
        pool: StoredValue::new(Pool {
            curves: curves(),
            runs: Vec::new(),
        }),
        clock: StoredValue::new(None),
    };
    // Runs are trained before they are asked about.
    effect(move || {
        for (_, lesson) in of_course(lessons) {
            let pictures = lesson.quiz.iter().filter_map(|quiz| quiz.picture.as_ref());
            untrack(|| pictures.for_each(|picture| desk.gallery.want(picture)));
        }
    });
    // Nobody plays what is not on show.
    effect(move || {
        if !lessons.app.view.get().has_guests {
            untrack(|| desk.stop());
        }
    });
    on_cleanup(move || desk.stop_clock());
    listen(lessons.app, move |key| desk.press(key));
    view! {
        <Side
            title=Signal::stored("Timed round".to_owned())
            about="As many as you can in 90 seconds: name the curve, read the symptom. Press 1, 2 or 3; the next question comes at once."
        >
            <Standing desk />
        </Side>
        <main class="lessons practice round" aria-label="Timed round">
            {move || desk.shown()}
        </main>
    }
}

impl Desk {
    fn begin(self) {
        self.stop_clock();
        self.look_up_runs();
        let round = self
            .pool
            .with_value(|pool| Round::begin(browser::new_seed(), browser::now_ms(), pool));
        self.round.set(Some(round));
        self.show_clock();
        let clock = set_interval_with_handle(move || self.look_at_clock(), LOOK_EVERY);
        // Without one the round would not end: answers are counted no more when its time is up.
        self.clock.set_value(clock.ok());
        focus_on(TITLE);
    }

    fn stop(self) {
        if self.is_on() {
            self.round.update(|round| {
                if let Some(round) = round {
                    round.stop(browser::now_ms());
                }
            });
            self.stop_clock();
            focus_on(TITLE);
        }
    }

    fn answer(self, place: usize) {
        if !self.is_on() {
            return;
        }
        self.look_at_clock();
        self.look_up_runs();
        self.round.update(|round| {
            if let Some(round) = round {
                self.pool
                    .with_value(|pool| round.answer(place, browser::now_ms(), pool));
            }
        });
    }

    fn press(self, key: &str) -> bool {
        let place = place_of(key).filter(|_| self.is_on());
        if let Some(place) = place {
            self.answer(place);
        }
        place.is_some()
    }

    fn is_on(self) -> bool {
        self.round
            .with_untracked(|round| round.as_ref().is_some_and(Round::is_on))
    }

    fn look_at_clock(self) {
        // A clock that could not be stopped may outlive the page.
        if self.clock.try_with_value(|_| ()).is_none() {
            return;
        }
        let Some(mut round) = self.round.get_untracked() else {
            return;
        };
        self.show_clock();
        if round.look_at(browser::now_ms()) {
            let n_right = round.n_right;
            self.stop_clock();
            self.lessons
                .change_progress(|progress| progress.rounds.push(n_right));
            self.round.set(Some(round));
            focus_on(TITLE);
        }
    }

    fn show_clock(self) {
        let now_ms = browser::now_ms();
        let left = self
            .round
            .with_untracked(|round| round.as_ref().map_or(0, |round| round.seconds_left(now_ms)));
        if self.seconds_left.get_untracked() != left {
            self.seconds_left.set(left);
        }
    }

    fn stop_clock(self) {
        if let Some(clock) = self.clock.try_update_value(Option::take).flatten() {
            clock.clear();
        }
    }

    /// Questions on runs whose pictures are there by now.
    fn look_up_runs(self) {
        let mut runs = Vec::new();
        for (lesson, file) in untrack(|| of_course(self.lessons)) {
            for (index, quiz) in file.quiz.iter().enumerate() {
                let Some(Picture::Run(place)) = &quiz.picture else {
                    continue;
                };
                if let Some(Some(_)) = untrack(|| self.gallery.run(place)) {
                    runs.push(RunAsked {
                        lesson: lesson.clone(),
                        index,
                        answers: quiz.answers.clone(),
                        right: quiz.right,
                    });
                }
            }
        }
        self.pool.update_value(|pool| pool.runs = runs);
    }

    fn shown(self) -> AnyView {
        let is_on = Memo::new(move |_| self.round.with(|round| round.as_ref().map(Round::is_on)));
        match is_on.get() {
            None => view! { <Before desk=self /> }.into_any(),
            Some(true) => view! { <Playing desk=self /> }.into_any(),
            Some(false) => view! { <After desk=self /> }.into_any(),
        }
    }
}

/// The best so far, and the last rounds.
#[component]
fn Standing(desk: Desk) -> impl IntoView {
    let rounds = move || {
        desk.lessons
            .progress
            .with(|progress| progress.rounds.clone())
    };
    let best = move || {
        rounds()
            .into_iter()
            .max()
            .map_or("none yet".to_owned(), |best| format!("{best} right"))
    };
    view! {
        <dl>
            {row("Rounds", move || rounds().len().to_string())}
            {row("Best", best)}
        </dl>
        {move || rounds_line(&rounds(), 160.0, 32.0)}
    }
}

/// Right answers of the last rounds as a line.
pub fn rounds_line(rounds: &[u32], width: f64, height: f64) -> Option<AnyView> {
    let last = &rounds[rounds.len().saturating_sub(N_ROUNDS)..];
    let words: Vec<String> = last.iter().map(u32::to_string).collect();
    let paths = line(last, width, height);
    let dots = paths
        .dots
        .iter()
        .map(|(x, y)| view! { <circle cx=*x cy=*y r="2.5" /> });
    (!last.is_empty()).then(|| {
        view! {
            <svg
                class="practice-line"
                viewBox=format!("0 0 {width} {height}")
                width=width
                height=height
                role="img"
                aria-label=format!("Right answers of the last rounds: {}", words.join(", "))
            >
                <path class="axis" d=paths.ground />
                <path class="f" d=paths.path />
                {dots.collect_view()}
            </svg>
        }
        .into_any()
    })
}

#[component]
fn Before(desk: Desk) -> impl IntoView {
    view! {
        <h2 id=TITLE tabindex="-1">"90 seconds"</h2>
        <p>"The clock begins when you press the button. You can stop at any time; a round that was stopped is not counted."</p>
        <div class="ways">
            <button type="button" class="primary" on:click=move |_| desk.begin()>
                "Begin the round"
            </button>
        </div>
    }
}

#[component]
fn Playing(desk: Desk) -> impl IntoView {
    let asked = Memo::new(move |_| {
        desk.round
            .with(|round| round.as_ref().and_then(|round| round.asked.clone()))
    });
    let answers =
        Memo::new(move |_| asked.with(|asked| asked.as_ref().map(|asked| asked.answers.clone())));
    let open = Memo::new(move |_| marks(None, None));
    let ask = move || asked.with(|asked| asked.as_ref().map(|asked| ask(desk.lessons, asked)));
    let picture = move || {
        asked.with(|asked| {
            asked
                .as_ref()
                .and_then(|asked| picture(desk.lessons, asked))
        })
    };
    let score = move || {
        desk.round.with(|round| {
            round
                .as_ref()
                .map(|round| format!("{} right of {}", round.n_right, round.n_answered))
        })
    };
    let last = move || {
        desk.round.with(|round| {
            let last = round.as_ref()?.last.as_ref()?;
            Some(match last.is_right {
                true => format!("Right: {}.", last.right),
                false => format!("It was: {}.", last.right),
            })
        })
    };
    let left = move || desk.seconds_left.get();
    view! {
        <div class="clock">
            <b role="timer" aria-label="Time left">{left} " s"</b>
            <svg viewBox="0 0 90 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width=left height="1" />
            </svg>
            <span>{score}</span>
            <button type="button" class="quiet" on:click=move |_| desk.stop()>
                "Stop"
            </button>
        </div>
        <h2 id=TITLE tabindex="-1">{ask}</h2>
        <div class="asked">{picture}</div>
        <Answers answers marks=open on_answer=move |place| desk.answer(place) />
        <p class="told" role="status">{last}</p>
    }
}

fn ask(lessons: Lessons, asked: &Asked) -> String {
    match &asked.subject {
        Subject::Curve(_) => "Which function is this?".to_owned(),
        Subject::Run { lesson, index } => {
            let file = untrack(|| lessons.file(lesson));
            let quiz = file.as_ref().and_then(|file| file.quiz.get(*index));
            quiz.map_or_else(String::new, |quiz| quiz.ask.clone())
        }
    }
}

fn picture(lessons: Lessons, asked: &Asked) -> Option<AnyView> {
    let (width, height) = LARGE;
    match &asked.subject {
        Subject::Curve(id) => Some(curve(&ActivationSpec::new(id), width, height)),
        Subject::Run { lesson, index } => {
            let file = untrack(|| lessons.file(lesson))?;
            let picture = file.quiz.get(*index)?.picture.clone()?;
            Some(view! { <PictureView picture width height /> }.into_any())
        }
    }
}

#[component]
fn After(desk: Desk) -> impl IntoView {
    let Some(round) = desk.round.get_untracked() else {
        return ().into_any();
    };
    let title = format!("{} right of {}", round.n_right, round.n_answered);
    let best = desk.lessons.progress.with_untracked(|progress| {
        let others = progress.rounds.iter().rev().skip(1);
        others.max().copied()
    });
    let words = match (round.stopped_after(), best) {
        (Some(seconds), _) => format!(
            "Stopped after {}: not counted.",
            counted(seconds as usize, "second")
        ),
        (None, Some(best)) if round.n_right > best => format!("Your best so far: it was {best}."),
        (None, Some(best)) => format!("Your best is {best}."),
        (None, None) => "Your first round.".to_owned(),
    };
    let lessons = desk.lessons;
    view! {
        <h2 id=TITLE tabindex="-1">{title}</h2>
        <p>{words}</p>
        <div class="ways">
            <button type="button" class="primary" on:click=move |_| desk.begin()>
                "Once more"
            </button>
            <button type="button" class="quiet" on:click=move |_| lessons.page.set(Page::Map)>
                "All lessons"
            </button>
        </div>
    }
    .into_any()
}
