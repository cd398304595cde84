//! Somebody at the page: does what a user does, and lets the engine work.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use actiscope_core::health::diagnosis::{Finding, Remedy, examine, glance};
use actiscope_core::health::{Health, HealthEvent, What};
use actiscope_core::protocol::{
    EngineChoice, JobId, Look, RunCommand, Sent, Snapshot, ToEngine, Told, decode, encode,
};
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::from_link;
use leptos::prelude::*;

use crate::app::idle;
use crate::app::notices::Notices;
use crate::engine::line::{Line, News};
use crate::engine::{Engine, EngineState};
use crate::run::axes::DEFAULT_EXTENT;
use crate::run::{Host, Opening, Port, Run, Start};
use crate::ui::chrome::caption::with_evidence;

const JOB: JobId = JobId(1);
/// Milliseconds of a turn of the engine, and between two looks at its clock: a few dozen steps.
const TURN_MS: f64 = 8.0;
const TICK_MS: f64 = 0.5;
/// After which a test has failed: the engine does not come to rest.
const MAX_TURNS: usize = 20_000;

/// The engine, on the same thread; and a clock, and a page that paints when it is told to.
#[derive(Default)]
struct InProcess {
    engine: RefCell<Option<actiscope_engine::Engine>>,
    sent: RefCell<VecDeque<Sent>>,
    painted: RefCell<Vec<Box<dyn FnOnce()>>>,
    now_ms: Cell<f64>,
    n_seeks: Cell<usize>,
}

impl InProcess {
    /// `None` where there is none.
    fn with_engine<T>(&self, then: impl FnOnce(&mut actiscope_engine::Engine) -> T) -> Option<T> {
        self.engine.borrow_mut().as_mut().map(then)
    }
}

impl Line for InProcess {
    fn connect(&self) {
        self.sent.borrow_mut().clear();
        *self.engine.borrow_mut() = Some(actiscope_engine::Engine::new());
    }

    fn disconnect(&self) {
        self.sent.borrow_mut().clear();
        *self.engine.borrow_mut() = None;
    }

    fn send(&self, sent: Sent) {
        if let ToEngine::Run(_, RunCommand::Seek(_)) = sent.message {
            self.n_seeks.set(self.n_seeks.get() + 1);
        }
        self.sent.borrow_mut().push_back(sent);
    }
}

impl Host for InProcess {
    fn now_ms(&self) -> f64 {
        self.now_ms.get()
    }

    fn after_paint(&self, then: Box<dyn FnOnce()>) {
        self.painted.borrow_mut().push(then);
    }

    fn hurry(&self) {}
}

pub struct Desk {
    // Holds the signals.
    _owner: Owner,
    pub run: Run,
    pub engine: Engine,
    pub notices: Notices,
    surroundings: Rc<InProcess>,
    /// Those that were started, also those that were ended since.
    helpers: Rc<RefCell<Vec<Rc<InProcess>>>>,
}

impl Desk {
    /// A page at this address, whose run has begun and trains.
    pub fn training(link: &str) -> Self {
        Self::open(scenario(link), Start::Training)
    }

    /// A page at this address, at rest at a step.
    pub fn at(link: &str, step: u64) -> Self {
        let desk = Self::open(scenario(link), Start::At(step));
        desk.settle();
        desk
    }

    pub fn open(scenario: Scenario, start: Start) -> Self {
        let owner = Owner::new();
        owner.set();
        let notices = Notices::none();
        let surroundings = Rc::new(InProcess::default());
        let opening = Opening {
            scenario,
            start,
            look: Look {
                field_cells: 8,
                weights: true,
                extent: DEFAULT_EXTENT,
                ..Look::NOTHING
            },
            notices,
        };
        let engine = Engine::new(EngineChoice::Cpu, notices, surroundings.clone());
        let run = Run::new(
            engine.new_job(),
            opening,
            Rc::new(engine),
            surroundings.clone(),
        );
        engine.start(surroundings.clone(), run);
        Self {
            _owner: owner,
            run,
            engine,
            notices,
            surroundings,
            helpers: Rc::default(),
        }
    }

    /// From now on so many engines can stand beside the page's own.
    pub fn take_helpers(&self, n: usize) {
        let helpers = Rc::clone(&self.helpers);
        let make = move |_| -> Rc<dyn Line> {
            let helper = Rc::new(InProcess::default());
            helpers.borrow_mut().push(Rc::clone(&helper));
            helper
        };
        self.engine.take_helpers(n, Rc::new(make));
    }

    /// Helpers that live.
    pub fn n_helpers(&self) -> usize {
        let helpers = self.helpers.borrow();
        let live = helpers
            .iter()
            .filter(|helper| helper.engine.borrow().is_some());
        live.count()
    }

    /// The page's engine, and those beside it.
    fn lines(&self) -> Vec<Rc<InProcess>> {
        let own = std::iter::once(&self.surroundings);
        own.chain(&*self.helpers.borrow()).cloned().collect()
    }

    pub fn send(&self, command: RunCommand) {
        self.run.dispatch(command);
    }

    /// The engine takes what was sent, and works for a turn; the page hears of it and paints.
    pub fn turn(&self) {
        self.deliver();
        self.work();
        self.hear();
        let painted = self.surroundings.painted.take();
        painted.into_iter().for_each(|then| then());
    }

    /// The engines take what was sent, and do no more than that.
    pub fn deliver(&self) {
        for line in self.lines() {
            loop {
                let sent = line.sent.borrow_mut().pop_front();
                let Some(sent) = sent else { break };
                let sent: Sent = decode(&encode(&sent)).expect("bytes of a message");
                line.with_engine(|engine| engine.handle(sent));
                self.hear();
            }
        }
    }

    /// The engines work for a turn, of which the page has yet to hear.
    pub fn work(&self) {
        for line in self.lines() {
            let now_ms = &line.now_ms;
            line.with_engine(|engine| {
                engine.advance(TURN_MS, &mut || {
                    now_ms.set(now_ms.get() + TICK_MS);
                    now_ms.get()
                });
            });
        }
    }

    /// The page hears what the engines have told.
    pub fn hear(&self) {
        for (i, line) in self.lines().into_iter().enumerate() {
            let told = line.with_engine(actiscope_engine::Engine::take_events);
            for told in told.into_iter().flatten() {
                let told: Told = decode(&encode(&told)).expect("bytes of an event");
                match i.checked_sub(1) {
                    None => self.engine.hear(News::Told(told)),
                    Some(at) => self.engine.hear_helper(at, News::Told(told)),
                }
            }
        }
    }

    /// Turn after turn, until all that was sent is done and painted.
    pub fn settle(&self) {
        self.until("it comes to rest", |desk| {
            let is_painted = desk.surroundings.painted.borrow().is_empty();
            let is_sent = |line: &Rc<InProcess>| line.sent.borrow().is_empty();
            is_painted && desk.lines().iter().all(is_sent) && idle::is_at_rest()
        });
    }

    /// Turn after turn, until something is so.
    pub fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..MAX_TURNS {
            if is_so(self) {
                return;
            }
            self.turn();
        }
        panic!(
            "never: {what}; the page is at step {} of {}, told {:?}",
            self.step(),
            self.run.last_step(),
            self.told()
        );
    }

    /// Trains until the page shows a step beyond this one.
    pub fn train_past(&self, step: u64) {
        self.until("it trains on", |desk| desk.step() > step);
    }

    /// Pauses, and comes to rest.
    pub fn pause(&self) {
        self.send(RunCommand::Pause);
        self.settle();
    }

    /// Takes so many steps.
    pub fn step_on(&self, n: u32) {
        self.send(RunCommand::Step(n));
        self.settle();
    }

    /// Goes to a step, and checks that it is there.
    pub fn seek(&self, step: u64) {
        self.send(RunCommand::Seek(step));
        self.settle();
        assert_eq!(self.step(), step);
    }

    /// Lets time pass, so that what follows is a change of its own.
    pub fn wait(&self, ms: f64) {
        let now_ms = &self.surroundings.now_ms;
        now_ms.set(now_ms.get() + ms);
    }

    /// The worker is gone, and with it all that it knew and was told.
    pub fn lose_engine(&self) {
        self.engine.hear(News::Lost("crashed (on purpose)".into()));
    }

    /// The same of an engine beside it.
    pub fn lose_helper(&self, at: usize) {
        let news = News::Lost("crashed (on purpose)".into());
        self.engine.hear_helper(at, news);
    }

    pub fn is_stopped(&self) -> bool {
        self.engine.state.get_untracked() == EngineState::Stopped
    }

    pub fn scenario(&self) -> Scenario {
        self.run.scenario.get_untracked()
    }

    /// The step on show.
    pub fn step(&self) -> u64 {
        let snapshot = self.run.snapshot.get_untracked();
        snapshot.map_or(0, |snapshot| snapshot.step)
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        let snapshot = self.run.snapshot.get_untracked();
        snapshot.expect("a snapshot was told")
    }

    /// All that the page shows of the step, but for how it came to be there.
    pub fn state(&self) -> Snapshot {
        Snapshot {
            run: 0,
            is_training: false,
            history: Vec::new(),
            history_is_whole: false,
            steps_per_second: 0.0,
            last_step: 0,
            ..(*self.snapshot()).clone()
        }
    }

    pub fn n_dead(&self) -> usize {
        untrack(|| self.run.health_counts()).0
    }

    pub fn n_seeks(&self) -> usize {
        self.surroundings.n_seeks.get()
    }

    pub fn events(&self) -> Vec<HealthEvent> {
        self.run.log.with_untracked(|log| log.events.clone())
    }

    /// The lines of the log that tell of edits.
    pub fn edits(&self) -> Vec<String> {
        let events = self.events().into_iter();
        let texts = events.filter_map(|event| match event.what {
            What::Edited { text } => Some(text),
            _ => None,
        });
        texts.collect()
    }

    /// The first death that was told.
    pub fn death(&self) -> Option<HealthEvent> {
        let is_death = |event: &HealthEvent| {
            let to_dead = |what: &What| {
                matches!(
                    what,
                    What::Unit {
                        to: Health::Dead,
                        ..
                    }
                )
            };
            to_dead(&event.what) && event.step > 0
        };
        self.events().into_iter().find(is_death)
    }

    /// What is undone next, and what is done again next.
    pub fn undo_texts(&self) -> (Option<String>, Option<String>) {
        self.run.undo.with_untracked(|undo| {
            let text = |text: Option<&str>| text.map(str::to_owned);
            (text(undo.undo_text()), text(undo.redo_text()))
        })
    }

    pub fn told(&self) -> Vec<String> {
        let shown = self.notices.shown.get_untracked();
        shown.into_iter().map(|notice| notice.text).collect()
    }

    pub fn findings(&self) -> Vec<Finding> {
        let found = untrack(|| with_evidence(self.run, examine)).unwrap_or_default();
        // What the page says before it has the code to look.
        if let Some(said) = untrack(|| with_evidence(self.run, glance)).flatten() {
            assert_eq!(found, [said]);
        }
        found
    }

    /// What a button of this label does, on whatever finding it stands.
    pub fn remedy(&self, label: &str) -> Remedy {
        let findings = self.findings();
        let remedies = findings.iter().flat_map(|finding| &finding.remedies);
        let found = remedies
            .clone()
            .find(|remedy| remedy.label.starts_with(label));
        let found = found.cloned();
        found.unwrap_or_else(|| {
            let labels: Vec<&String> = remedies.map(|remedy| &remedy.label).collect();
            panic!("{label} is not among {labels:?}")
        })
    }

    pub fn press(&self, label: &str) {
        let remedy = self.remedy(label);
        self.run.dispatch_all(remedy.deeds);
    }

    /// Page and engine hold the same scenario.
    pub fn assert_agreed(&self) {
        let page = self.scenario();
        let agrees = self.surroundings.with_engine(|engine| {
            let run = engine.run(JOB).expect("the run is open");
            assert_eq!(page, *run.scenario(), "page and engine");
        });
        assert_eq!(agrees, Some(()), "there is an engine");
    }
}

/// That of an address. All of it can be used.
pub fn scenario(link: &str) -> Scenario {
    let (scenario, problems) = from_link(link);
    assert!(problems.is_empty(), "{problems:?}");
    scenario
}

/// Equal, NaN being equal to NaN.
pub fn assert_same(what: &str, left: &Snapshot, right: &Snapshot) {
    let (left, right) = (format!("{left:#?}"), format!("{right:#?}"));
    let differing = left.lines().zip(right.lines()).find(|(a, b)| a != b);
    assert_eq!(differing, None, "{what}");
}
