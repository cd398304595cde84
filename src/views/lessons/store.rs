//! The lessons' state as signals: what is open, what is known of the files, what the reader has done, and how the page is put
//! to where a step stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use actiscope_core::lessons::{
    Course, FileError, Lesson, Place, Quantity, Seen, Step, Then, read_lesson,
};
use actiscope_core::observe::{HistoryPoint, Snapshot};
use actiscope_core::protocol::{Loaded, RunCommand};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::claims::Claims;
use super::progress::{Given, Progress};
use super::state::{OWN, Page};
use crate::app::idle::{self, Source};
use crate::app::{App, navigation};
use crate::browser;
use crate::engine::Engine;
use crate::held::Held;
use crate::run::Run;
use crate::ui::kit::erased::effect;
use crate::ui::kit::throttle;
use crate::views::View;
use crate::views::kept::{followed, is_here};

/// Where the browser keeps what the reader has done, and a teacher's own lesson.
const PROGRESS: &str = "actiscope.progress";
const OWN_LESSON: &str = "actiscope.own-lesson";

/// Steps of a reveal are taken over about so many frames.
const REVEAL_FRAMES: u32 = 100;

/// A lesson's file: what it holds, or why it cannot be read.
pub type Read = Result<Arc<Lesson>, String>;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Lessons {
    pub page: Held<Page>,
    /// What the map shows beside it: the id of a lesson.
    pub chosen: Held<Option<String>>,
    /// `None` while it is fetched.
    pub course: Held<Option<Result<Arc<Course>, String>>>,
    /// Files that have come, by id.
    pub files: Held<BTreeMap<String, Read>>,
    pub progress: Held<Progress>,
    /// The browser does not keep it.
    pub is_not_kept: Held<bool>,
    /// What happened is told: there is no question, or it was answered and the page has shown it.
    pub is_told: Held<bool>,
    /// The run as it was when it was told of, for the numbers in what is told.
    pub witnessed: Held<Option<Arc<Witnessed>>>,
    /// The run of one's own that was there before the first lesson.
    pub own_run: Held<Option<Arc<Scenario>>>,
    /// The controls stand where the reader stands otherwise.
    pub are_controls_shown: Held<bool>,
    /// For those who hear the page.
    pub said: RwSignal<String>,
    pub claims: Claims,
    pub app: App,
    pub run: Run,
    /// The scenario that a lesson put last: it is nobody's own.
    put: StoredValue<Option<Arc<Scenario>>>,
    /// Whether lessons were on show when that was last looked at.
    was_here: StoredValue<bool>,
    /// The step up to which the page trains before the reader's eyes.
    playing: Held<Option<u64>>,
    /// What was chosen in the room when the reader first touched the page: a room writes what it was given in its own way, and
    /// leaves out what is as usual.
    settled: Held<Option<Vec<Option<String>>>>,
}

/// A run at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Witnessed {
    pub scenario: Scenario,
    pub loaded: Arc<Loaded>,
    pub snapshot: Arc<Snapshot>,
    pub history: Vec<HistoryPoint>,
}

impl Witnessed {
    /// A quantity in words; dots where it cannot be had.
    pub fn say(&self, quantity: &Quantity) -> String {
        let measured = quantity.of(&Seen {
            scenario: &self.scenario,
            loaded: &self.loaded,
            snapshot: &self.snapshot,
            history: &self.history,
        });
        measured.map_or_else(|| "…".to_owned(), |measured| quantity.say(measured))
    }
}

impl Lessons {
    /// On what the address says, which follows it from now on.
    pub fn open(app: App, run: Run, engine: Engine) -> Self {
        let here = is_here(app, "lessons");
        let (progress, _) = Progress::of_text(&browser::stored(PROGRESS).unwrap_or_default());
        let lessons = Self {
            page: followed::<Page>(app, here),
            chosen: Held::new(None),
            course: Held::new(None),
            files: Held::new(BTreeMap::new()),
            progress: Held::new(progress),
            is_not_kept: Held::new(false),
            is_told: Held::new(false),
            witnessed: Held::new(None),
            own_run: Held::new(None),
            are_controls_shown: Held::new(false),
            said: RwSignal::new(String::new()),
            claims: Claims::new(engine),
            app,
            run,
            put: StoredValue::new(None),
            was_here: StoredValue::new(false),
            playing: Held::new(None),
            settled: Held::new(None),
        };
        lessons.fetch_all();
        effect(move || lessons.follow_page(here.get()));
        effect(move || lessons.follow_run());
        let touch = move || {
            if untrack(|| lessons.app.view.get()).has_guests
                && lessons.settled.with_untracked(Option::is_none)
            {
                let chosen = untrack(|| lessons.chosen_in(lessons.app.room()));
                lessons.settled.set(Some(chosen));
            }
        };
        // Before anything acts on it.
        for event in ["pointerdown", "keydown"] {
            browser::before_all(event, touch);
        }
        lessons
    }

    /// What is chosen in a room, by its keys of the address.
    fn chosen_in(self, room: &View) -> Vec<Option<String>> {
        room.keys.iter().map(|key| self.app.kept(key)).collect()
    }

    /// Goes to a page; from the map, that is an entry of the browser's history.
    pub fn go(self, page: Page) {
        if self.page.with_untracked(|now| *now == Page::Map) && page != Page::Map {
            navigation::begin_entry(self.app, self.run);
        }
        self.page.set(page);
    }

    /// Of all lessons, in the order of the course; one that a teacher opened comes last.
    pub fn ids(self) -> Vec<String> {
        let mut ids: Vec<String> = self.course.with(|course| match course {
            Some(Ok(course)) => course.lessons.iter().map(|node| node.id.clone()).collect(),
            _ => Vec::new(),
        });
        if self.files.with(|files| files.contains_key(OWN)) {
            ids.push(OWN.to_owned());
        }
        ids
    }

    /// A lesson, if its file has come and can be read.
    pub fn file(self, id: &str) -> Option<Arc<Lesson>> {
        self.files.with(|files| files.get(id)?.clone().ok())
    }

    /// Whether all steps of a lesson were open.
    pub fn is_done(self, id: &str) -> bool {
        let n_steps = self.file(id).map(|lesson| lesson.steps.len());
        n_steps.is_some_and(|n| self.progress.with(|progress| progress.is_done(id, n)))
    }

    /// "Lesson 4 of 13".
    pub fn place_in_course(self, id: &str) -> String {
        let ids = self.ids();
        match ids.iter().position(|known| known == id) {
            Some(at) if id != OWN => {
                let n = ids.iter().filter(|id| *id != OWN).count();
                format!("Lesson {} of {n}", at + 1)
            }
            _ => "A lesson of your own".to_owned(),
        }
    }

    /// The lesson on show, if its file has come.
    pub fn lesson(self) -> Option<Arc<Lesson>> {
        let id = self.page.with(|page| page.lesson().map(str::to_owned))?;
        self.file(&id)
    }

    /// The step on show, and where it stands.
    pub fn step(self) -> Option<(Arc<Lesson>, usize)> {
        let lesson = self.lesson()?;
        match self.page.get() {
            Page::Step { index, .. } => {
                let index = index.min(lesson.steps.len() - 1);
                Some((lesson, index))
            }
            _ => None,
        }
    }

    /// What was done about a step's question.
    pub fn given(self, index: usize) -> Option<Given> {
        let page = self.page.get();
        self.progress
            .with(|progress| progress.given(page.lesson()?, index))
    }

    /// Whether there is a question that is still open.
    pub fn is_asked(self) -> bool {
        self.step().is_some_and(|(lesson, index)| {
            lesson.steps[index].question.is_some() && self.given(index).is_none()
        })
    }

    /// To the next step, from the last one to the questions.
    pub fn next(self) {
        let Some((lesson, index)) = untrack(|| self.step()) else {
            return;
        };
        let Some(id) = self
            .page
            .with_untracked(|page| page.lesson().map(str::to_owned))
        else {
            return;
        };
        if index + 1 < lesson.steps.len() {
            self.page.set(Page::Step {
                lesson: id,
                index: index + 1,
            });
        } else if lesson.quiz.is_empty() {
            self.page.set(Page::Map);
        } else {
            self.page.set(Page::Quiz { lesson: Some(id) });
        }
    }

    /// To the step before, from the first one to the map.
    pub fn back(self) {
        match self.page.get_untracked() {
            Page::Step { lesson, index } if index > 0 => {
                let index = index - 1;
                self.page.set(Page::Step { lesson, index });
            }
            Page::Quiz {
                lesson: Some(lesson),
            } => {
                let n_steps = untrack(|| self.lesson()).map_or(1, |lesson| lesson.steps.len());
                let index = n_steps - 1;
                self.page.set(Page::Step { lesson, index });
            }
            _ => self.page.set(Page::Map),
        }
    }

    /// Takes a prediction, or shows what happens without one.
    pub fn give(self, given: Given) {
        let Some((lesson, index)) = untrack(|| self.step()) else {
            return;
        };
        let step = &lesson.steps[index];
        let Some(question) = &step.question else {
            return;
        };
        if !untrack(|| self.is_asked()) {
            return;
        }
        let id = self
            .page
            .with_untracked(|page| page.lesson().map(str::to_owned));
        self.change_progress(|progress| progress.give(&id.unwrap_or_default(), index, given));
        match &question.then {
            Then::Train(n_steps) => {
                if untrack(|| self.differs()) {
                    self.put(&step.place, step.place.at);
                }
                self.play(*n_steps, step.end_step());
            }
            Then::Show(place) => {
                self.put(place, place.at);
                self.tell(step);
            }
        }
    }

    /// Puts the page to where the step stands, as it was entered.
    pub fn put_again(self) {
        if let Some((lesson, index)) = untrack(|| self.step()) {
            self.enter(&lesson.steps[index], index);
        }
    }

    /// Whether the page is elsewhere than where the step has it. How it is looked at does not count.
    pub fn differs(self) -> bool {
        let Some((lesson, index)) = self.step() else {
            return false;
        };
        let step = &lesson.steps[index];
        let given = self.given(index).is_some();
        let place = place_of(step, given);
        let is_same = self
            .run
            .scenario
            .with(|now| now.is_same_run(&place.scenario));
        let room = room_of(place);
        let stands = match room.shows_run {
            _ if self.playing.with(Option::is_some) => true,
            true => self.run.steps() == (stands_at(step, given), stands_at(step, given)),
            false => {
                let settled = self.settled.get();
                settled.is_none_or(|settled| settled == self.chosen_in(room))
            }
        };
        !(is_same && stands)
    }

    /// Back to what was there before the first lesson.
    pub fn take_own_run(self) {
        if let Some(own) = self.own_run.get_untracked() {
            self.own_run.set(None);
            self.put.set_value(None);
            self.run
                .dispatch(RunCommand::Load(Box::new((*own).clone())));
            navigation::open(self.app, self.run, View::first());
        }
    }

    /// Takes a lesson that was written by somebody else.
    ///
    /// # Errors
    /// All that is wrong with it, by line.
    pub fn take_file(self, text: &str) -> Result<(), Vec<FileError>> {
        let lesson = read_lesson(text)?;
        // Lasts as long as the page where nothing can be stored.
        let _ = browser::store(OWN_LESSON, text);
        self.files.update(|files| {
            files.insert(OWN.to_owned(), Ok(Arc::new(lesson)));
        });
        self.change_progress(|progress| progress.forget(OWN));
        self.go(Page::Step {
            lesson: OWN.to_owned(),
            index: 0,
        });
        Ok(())
    }

    pub fn change_progress(self, change: impl FnOnce(&mut Progress)) {
        self.progress.update(change);
        let text = self.progress.with_untracked(Progress::to_text);
        self.is_not_kept.set(!browser::store(PROGRESS, &text));
    }

    fn fetch_all(self) {
        if let Some(text) = browser::stored(OWN_LESSON) {
            self.take(OWN.to_owned(), Ok(text));
        }
        let loading = idle::hold(Source::Lazy);
        spawn_local(async move {
            let text = browser::fetch_text("lessons/course.toml").await;
            let course =
                text.and_then(|text| Course::read(&text).map_err(|errors| in_lines(&errors)));
            let nodes = course
                .as_ref()
                .map_or(Vec::new(), |course| course.lessons.clone());
            self.course.set(Some(course.map(Arc::new)));
            for node in nodes {
                let loading = idle::hold(Source::Lazy);
                spawn_local(async move {
                    let text = browser::fetch_text(&format!("lessons/{}.toml", node.id)).await;
                    self.take(node.id, text);
                    drop(loading);
                });
            }
            drop(loading);
        });
    }

    fn take(self, id: String, text: Result<String, String>) {
        let read = text.and_then(|text| read_lesson(&text).map_err(|errors| in_lines(&errors)));
        self.files.update(|files| {
            files.insert(id, read.map(Arc::new));
        });
    }

    /// Has the page stand where the open step does.
    fn follow_page(self, is_here: bool) {
        let has_come = is_here && !self.was_here.get_value();
        self.was_here.set_value(is_here);
        if !is_here {
            untrack(|| self.leave());
            return;
        }
        let open = self.step();
        untrack(|| {
            self.playing.set(None);
            self.claims.close();
            let Some((lesson, index)) = open else {
                self.app.guest.set(None);
                self.app.marked.set(Vec::new());
                // Its file may still be on its way.
                if has_come {
                    self.was_here.set_value(false);
                }
                return;
            };
            if has_come {
                self.keep_own_run(&lesson.steps[index]);
            }
            self.are_controls_shown.set(false);
            let id = self
                .page
                .with_untracked(|page| page.lesson().map(str::to_owned));
            self.change_progress(|progress| {
                progress.see(&id.unwrap_or_default(), index);
            });
            self.enter(&lesson.steps[index], index);
        });
    }

    /// The rooms are their own again; the network stays.
    fn leave(self) {
        self.playing.set(None);
        self.claims.close();
        self.app.guest.set(None);
        self.app.marked.set(Vec::new());
        if self.own_run.with_untracked(Option::is_some) {
            let words =
                "The network on show is the lesson's. Your own is kept: Lessons, Back to your run.";
            self.app.notices.info("lesson", words);
        }
    }

    /// What one comes with, and no lesson has put there, is one's own.
    fn keep_own_run(self, step: &Step) {
        let now = self.run.scenario.get_untracked();
        let is_put = self
            .put
            .with_value(|put| put.as_ref().is_some_and(|put| put.is_same_run(&now)));
        let is_nobodys = is_put
            || now.is_same_run(&Scenario::default())
            || now.is_same_run(&step.place.scenario)
            || now.is_same_run(&place_of(step, true).scenario);
        if !is_nobodys {
            self.own_run.set(Some(Arc::new(now)));
        }
    }

    fn enter(self, step: &Step, index: usize) {
        let given = untrack(|| self.given(index)).is_some();
        self.is_told.set(false);
        self.witnessed.set(None);
        self.put(place_of(step, given), stands_at(step, given));
        self.app.marked.set(owned(&step.marks(false)));
        if step.question.is_none() || given {
            self.tell(step);
        }
    }

    fn put(self, place: &Place, at: u64) {
        let run = self.run;
        self.playing.set(None);
        self.settled.set(None);
        let room = room_of(place);
        for key in room.keys {
            self.app.keep(key, chosen_of(place, key));
        }
        let is_there = run
            .scenario
            .with_untracked(|now| now.is_same_run(&place.scenario))
            && untrack(|| run.steps()) == (at, at)
            && !run.wants_training.get_untracked();
        if !is_there {
            run.dispatch(RunCommand::Pause);
            run.dispatch(RunCommand::Load(Box::new(place.scenario.clone())));
            if at > 0 {
                run.dispatch(RunCommand::Step(u32::try_from(at).unwrap_or(u32::MAX)));
            }
        }
        self.put.set_value(Some(Arc::new(place.scenario.clone())));
        self.app.guest.set(Some(room));
    }

    /// Takes steps before the reader's eyes, or at once where motion is not wanted.
    fn play(self, n_steps: u32, end: u64) {
        self.playing.set(Some(end));
        let is_at_once =
            browser::matches_media("(prefers-reduced-motion: reduce)") || !throttle::is_on();
        let every = match is_at_once {
            true => n_steps,
            false => n_steps.div_ceil(REVEAL_FRAMES).max(1),
        };
        self.play_on(n_steps, every, end);
    }

    fn play_on(self, n_left: u32, every: u32, end: u64) {
        if n_left == 0 || self.playing.get_untracked() != Some(end) {
            return;
        }
        let n_steps = every.min(n_left);
        self.run.dispatch(RunCommand::Step(n_steps));
        if n_left > n_steps {
            let moving = idle::hold(Source::Paint);
            request_animation_frame(move || {
                self.play_on(n_left - n_steps, every, end);
                drop(moving);
            });
        }
    }

    /// Tells when the run has come to where it is told of, and takes its numbers then.
    fn follow_run(self) {
        let (step, _) = self.run.steps();
        let playing = self.playing.get();
        let is_told = self.is_told.get();
        let Some((lesson, index)) = untrack(|| self.step()) else {
            return;
        };
        let of_lesson = &lesson.steps[index];
        let has_gone = untrack(|| {
            self.run
                .snapshot
                .with(|s| s.as_ref().is_some_and(|s| s.has_diverged))
        });
        if playing.is_some_and(|end| step >= end || has_gone) {
            untrack(|| {
                self.playing.set(None);
                self.tell(of_lesson);
            });
            return;
        }
        let has_come = step >= stands_at(of_lesson, true) || has_gone;
        if is_told && has_come && self.witnessed.with_untracked(Option::is_none) {
            let place = place_of(of_lesson, true);
            let loaded = self.run.loaded.get();
            let snapshot = self.run.snapshot.get();
            let scenario = self.run.scenario.get_untracked();
            if let (Some(loaded), Some(snapshot)) = (loaded, snapshot)
                && scenario.is_same_run(&place.scenario)
                && self.run.shows_present()
                && loaded.run == snapshot.run
            {
                let history = self.run.log.with_untracked(|log| log.history.clone());
                self.witnessed.set(Some(Arc::new(Witnessed {
                    scenario,
                    loaded,
                    snapshot,
                    history,
                })));
            }
        }
    }

    fn tell(self, step: &Step) {
        self.is_told.set(true);
        self.app.marked.set(owned(&step.marks(true)));
        self.claims.begin(&step.claims);
    }
}

/// What the step stands at: where it begins or, told of, where its question has led.
fn place_of(step: &Step, is_answered: bool) -> &Place {
    match step.question.as_ref().map(|question| &question.then) {
        Some(Then::Show(place)) if is_answered => place,
        _ => &step.place,
    }
}

fn stands_at(step: &Step, is_answered: bool) -> u64 {
    match step.question.as_ref().map(|question| &question.then) {
        Some(Then::Show(place)) if is_answered => place.at,
        _ if is_answered => step.end_step(),
        _ => step.place.at,
    }
}

/// The view that a place names; the first where it names none, or none that can stand beside a reader.
fn room_of(place: &Place) -> &'static View {
    let named = place.page.view.as_deref().and_then(View::of_id);
    named
        .filter(|view| !view.has_guests)
        .unwrap_or_else(View::first)
}

fn chosen_of(place: &Place, key: &str) -> Option<String> {
    let chosen = place.page.chosen.iter().find(|(known, _)| known == key);
    chosen.map(|(_, value)| value.clone())
}

fn owned(marks: &[&str]) -> Vec<String> {
    marks.iter().map(|mark| (*mark).to_owned()).collect()
}

fn in_lines(errors: &[FileError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
