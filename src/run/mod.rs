//! What the page knows: the scenario, what the engine tells of its run, and how to change either.
//!
//! Everything the user does goes through [`Run::dispatch`]. An edit is applied to the page's own
//! scenario and sent to the engine, which applies the same edit to its own.

use std::sync::Arc;

use actiscope_core::health::story::{StoryRequest, UnitStory};
use actiscope_core::protocol::{
    Command, EngineChoice, EngineInfo, EngineKind, Event, Loaded, Look, Snapshot,
};
use actiscope_core::scenario::{Edit, Effect, Scenario};
use leptos::prelude::*;

use crate::app::notices::Notices;
use crate::engine::choice;
use crate::engine::line::{Line, News};
use crate::engine::recovery::Recovery;
use crate::frame;

pub mod axes;
mod depth_log;
mod ghosts;
mod log;
pub mod points;
mod seeking;
mod undo;

pub use log::RunLog;
use seeking::Seeking;
pub use undo::Undo;
use undo::{Moment, Way};

/// The engine as the page sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    Starting,
    /// It lives, and this is what trains.
    Ready(EngineInfo),
    /// Lost, and being started anew.
    Restarting,
    /// Lost too often: the user decides.
    Stopped,
}

impl Engine {
    fn is_on_gpu(&self) -> bool {
        matches!(self, Self::Ready(info) if info.kind == EngineKind::Gpu)
    }
}

/// What the engine answered to `Command::Explain`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub request: StoryRequest,
    pub story: Result<Box<UnitStory>, String>,
}

/// What a run begins with.
pub struct Opening {
    pub scenario: Scenario,
    pub start: Start,
    pub look: Look,
    pub engine: EngineChoice,
    /// Where it tells what went wrong.
    pub notices: Notices,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Training,
    /// At this step exactly, and resting there.
    At(u64),
}

/// All of the page's state. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Run {
    pub scenario: RwSignal<Scenario>,
    pub loaded: RwSignal<Option<Arc<Loaded>>>,
    pub snapshot: RwSignal<Option<Arc<Snapshot>>>,
    pub log: RwSignal<RunLog>,
    pub engine: RwSignal<Engine>,
    pub engine_choice: RwSignal<EngineChoice>,
    /// Whether the run is to go on; the engine follows.
    pub wants_training: RwSignal<bool>,
    pub notices: Notices,
    /// The last answer to `Command::Explain`.
    pub story: RwSignal<Option<Arc<Answer>>>,
    /// What snapshots hold; `extent` is the scale of maps and field.
    pub look: RwSignal<Look>,
    is_looked_at: StoredValue<bool>,
    line: StoredValue<Option<Line>, LocalStorage>,
    recovery: StoredValue<Recovery>,
    seeking: StoredValue<Seeking>,
    /// Edits made, to be undone and done again.
    pub undo: RwSignal<Undo>,
    gesture: StoredValue<Gesture>,
}

/// What makes several edits one.
#[derive(Clone, Copy, Debug, Default)]
struct Gesture {
    /// Counts presses and groups.
    number: u32,
    is_under_way: bool,
}

impl Run {
    /// A run whose engine is being started.
    pub fn open(opening: Opening) -> Self {
        let Opening {
            scenario,
            start,
            look,
            engine,
            notices,
        } = opening;
        let run = Self {
            scenario: RwSignal::new(scenario),
            loaded: RwSignal::new(None),
            snapshot: RwSignal::new(None),
            log: RwSignal::new(RunLog::default()),
            engine: RwSignal::new(Engine::Starting),
            engine_choice: RwSignal::new(engine),
            wants_training: RwSignal::new(start == Start::Training),
            notices,
            story: RwSignal::new(None),
            look: RwSignal::new(look),
            is_looked_at: StoredValue::new(true),
            line: StoredValue::new_local(None),
            recovery: StoredValue::new(Recovery::default()),
            seeking: StoredValue::new(Seeking::default()),
            undo: RwSignal::new(Undo::default()),
            gesture: StoredValue::new(Gesture::default()),
        };
        let line = Line::new(move |news| run.hear(news));
        run.line.set_value(Some(line.clone()));
        line.connect();
        run.send_all();
        if let Start::At(step) = start
            && step > 0
        {
            run.send(Command::Step(u32::try_from(step).unwrap_or(u32::MAX)));
        }
        run
    }

    /// The one way to change anything: the scenario by an edit, the run by the rest.
    pub fn dispatch(self, command: Command) {
        match command {
            Command::Edit(edit) => self.edit(edit),
            Command::Seek(step) => {
                self.set_wanted(false);
                let step = step.min(self.last_step());
                if self.seeking.try_update_value(|seeking| seeking.ask(step)) == Some(true) {
                    self.send(Command::Seek(step));
                }
            }
            Command::Load(scenario) => {
                self.scenario.with_untracked(|before| {
                    self.record(&Edit::Whole(scenario.clone()), before, &scenario);
                });
                self.recovery.update_value(Recovery::forget_checkpoint);
                self.log.update(RunLog::expect_restart);
                self.scenario.set((*scenario).clone());
                self.send(Command::Load(scenario));
                self.send_training();
            }
            Command::Train => {
                self.wants_training.set(true);
                self.send(Command::Train);
            }
            Command::Pause | Command::Step(_) => {
                self.wants_training.set(false);
                self.send(command);
            }
            Command::Reset => {
                self.recovery.update_value(Recovery::forget_checkpoint);
                self.send(Command::Reset);
                self.send_training();
            }
            Command::ReviveDead => {
                if untrack(|| self.health_counts()).0 > 0 {
                    self.scenario.with_untracked(|scenario| {
                        self.undo.update(|undo| undo.record_revival(scenario));
                    });
                }
                self.send(Command::ReviveDead);
            }
            command => self.send(command),
        }
    }

    /// Several commands that are one to the user, and to [`Run::undo`].
    pub fn dispatch_all(self, commands: Vec<Command>) {
        self.begin_gesture();
        for command in commands {
            self.dispatch(command);
        }
        self.end_gesture();
    }

    /// [`Run::dispatch`] of an edit. An edit that the scenario cannot take is reported and has no
    /// effect.
    pub fn edit(self, edit: Edit) {
        let before = self.scenario.get_untracked();
        if self.make(edit.clone()) {
            self.scenario
                .with_untracked(|after| self.record(&edit, &before, after));
        }
    }

    /// Takes the last edit back. The run goes on with its weights where these fit.
    pub fn undo(self) {
        self.go_to(Undo::undo);
    }

    /// Makes the edit again that was undone last.
    pub fn redo(self) {
        self.go_to(Undo::redo);
    }

    /// From now on edits are one, until [`Run::end_gesture`].
    pub fn begin_gesture(self) {
        self.gesture.update_value(|gesture| {
            gesture.number = gesture.number.wrapping_add(1);
            gesture.is_under_way = true;
        });
    }

    pub fn end_gesture(self) {
        self.gesture
            .update_value(|gesture| gesture.is_under_way = false);
    }

    fn go_to(self, to: fn(&mut Undo, &Scenario) -> Option<Way>) {
        let now = self.scenario.get_untracked();
        let mut way = None;
        self.undo.update(|undo| way = to(undo, &now));
        let scenario = match way {
            None => return,
            Some(Way::Become(scenario)) => scenario,
            Some(Way::TakeBackRevival) => return self.send(Command::TakeBackRevival),
            Some(Way::Revive) => return self.send(Command::ReviveDead),
        };
        let view = scenario.view.clone();
        self.make(Edit::Whole(scenario));
        if self.scenario.with_untracked(|now| now.view != view) {
            self.make(Edit::View(view));
        }
    }

    fn record(self, edit: &Edit, before: &Scenario, after: &Scenario) {
        let Gesture {
            number,
            is_under_way,
        } = self.gesture.get_value();
        let moment = Moment {
            now_ms: crate::browser::now_ms(),
            gesture: is_under_way.then_some(number),
        };
        self.undo
            .update(|undo| undo.record(edit, before, after, moment));
    }

    /// Changes scenario and run by an edit. False if the scenario cannot take it: that is reported.
    fn make(self, edit: Edit) -> bool {
        let mut scenario = self.scenario.get_untracked();
        let effect = edit.apply(&mut scenario);
        if let Err(errors) = scenario.check() {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            self.notices.problem("edit", lines.join("\n"));
            return false;
        }
        self.notices.clear("edit");
        frame::hurry();
        if effect == Effect::Restart {
            self.recovery.update_value(Recovery::forget_checkpoint);
            self.log.update(RunLog::expect_restart);
        }
        let axes = scenario.view.axes;
        let before = self.scenario.with_untracked(|before| before.view.axes);
        self.scenario.set(scenario);
        self.send(Command::Edit(edit));
        if axes != before {
            self.fit_extent();
        }
        if effect == Effect::Restart {
            self.send_training();
        }
        true
    }

    /// Train or pause, whichever it is not.
    pub fn toggle_training(self) {
        let command = if self.wants_training.get_untracked() {
            Command::Pause
        } else {
            Command::Train
        };
        self.dispatch(command);
    }

    /// Has another engine train from now on; the run goes on where it is.
    pub fn choose_engine(self, choice: EngineChoice) {
        choice::keep(choice);
        self.engine_choice.set(choice);
        self.notices.clear("engine");
        self.send(Command::Use(choice));
    }

    pub fn is_on_gpu(self) -> bool {
        self.engine.with(Engine::is_on_gpu)
    }

    /// After the engine was lost too often: once more, from the start of the run.
    pub fn restart_engine(self) {
        self.recovery.set_value(Recovery::default());
        self.notices.clear("engine");
        self.engine.set(Engine::Starting);
        if let Some(line) = self.line.get_value() {
            line.connect();
        }
        self.send_all();
    }

    /// Hidden units of the run on show; 0 before there is one.
    pub fn n_units(self) -> usize {
        self.scenario
            .with(|scenario| scenario.network.hidden.iter().sum())
    }

    /// Dead and saturated units in the last snapshot.
    pub fn health_counts(self) -> (usize, usize) {
        self.snapshot.with(|snapshot| {
            snapshot
                .as_ref()
                .map_or((0, 0), |snapshot| health_counts(snapshot))
        })
    }

    /// The last step that one can go to.
    pub fn last_step(self) -> u64 {
        self.snapshot.with_untracked(|snapshot| {
            snapshot
                .as_ref()
                .map_or(0, |snapshot| snapshot.last_step.max(snapshot.step))
        })
    }

    pub fn set_look(self, look: Look) {
        if self.look.with_untracked(|now| *now != look) {
            self.look.set(look);
            self.send_look();
        }
    }

    /// Whether anything of the run is on show. It goes on all the same, but is asked for no pictures.
    pub fn set_looked_at(self, is_looked_at: bool) {
        if self.is_looked_at.get_value() != is_looked_at {
            self.is_looked_at.set_value(is_looked_at);
            self.send_look();
        }
    }

    fn send_look(self) {
        let look = self.look.get_untracked();
        self.send(Command::Look(match self.is_looked_at.get_value() {
            true => look,
            false => Look {
                unit_map_cells: 0,
                field_cells: 0,
                weights: false,
                weights_of: None,
                ..look
            },
        }));
    }

    /// Has the pictures of the inputs reach as far as the samples do.
    fn fit_extent(self) {
        let axes = self.scenario.with_untracked(|scenario| scenario.view.axes);
        let extent = self
            .loaded
            .with_untracked(|loaded| Some(axes::extent_of(loaded.as_ref()?, axes)));
        if let Some(extent) = extent {
            self.set_look(Look {
                extent,
                ..self.look.get_untracked()
            });
        }
    }

    fn set_wanted(self, wanted: bool) {
        if self.wants_training.get_untracked() != wanted {
            self.wants_training.set(wanted);
            self.send_training();
        }
    }

    fn send(self, command: Command) {
        self.line.with_value(|line| {
            if let Some(line) = line {
                line.send(command);
            }
        });
    }

    fn send_training(self) {
        self.send(if self.wants_training.get_untracked() {
            Command::Train
        } else {
            Command::Pause
        });
    }

    /// Everything a new engine must know.
    fn send_all(self) {
        self.send_look();
        let scenario = Box::new(self.scenario.get_untracked());
        let checkpoint = self
            .recovery
            .with_value(|recovery| recovery.checkpoint().map(<[u8]>::to_vec));
        self.send(match checkpoint {
            Some(checkpoint) => {
                self.log.update(RunLog::expect_resume);
                Command::Resume {
                    scenario,
                    checkpoint,
                }
            }
            None => Command::Load(scenario),
        });
        if self.wants_training.get_untracked() {
            self.send(Command::Train);
        }
        self.send(Command::Use(self.engine_choice.get_untracked()));
    }

    fn hear(self, news: News) {
        match news {
            News::Event(event) => self.hear_event(event),
            News::Lost(why) => self.recover(&why),
            News::Silent => {
                // It may have waited for the GPU, perhaps before it could tell that it was there.
                self.engine_choice.set(EngineChoice::Cpu);
                self.recover("stopped answering");
            }
        }
    }

    fn hear_event(self, event: Event) {
        match event {
            Event::Engine(info) => self.hear_engine(info),
            Event::Loaded(loaded) => {
                let has_same_data = self.loaded.with_untracked(|before| {
                    let before = before.as_deref();
                    before.is_some_and(|b| (&b.x, &b.y) == (&loaded.x, &loaded.y))
                });
                self.log.update(|log| log.begin(has_same_data));
                self.seeking.set_value(Seeking::default());
                self.loaded.set(Some(Arc::from(loaded)));
                self.fit_extent();
            }
            Event::Snapshot(snapshot) => self.hear_snapshot(Arc::from(snapshot)),
            Event::Happened(events) => self.log.update(|log| log.take_events(events)),
            Event::Forked { step } => self.log.update(|log| log.fork(step)),
            Event::Checkpoint { step, bytes } => self
                .recovery
                .update_value(|recovery| recovery.keep(step, bytes)),
            Event::Story { request, story } => {
                self.story.set(Some(Arc::new(Answer { request, story })));
            }
            // A seek came to a time before some edits.
            Event::Scenario(scenario) => {
                self.undo.update(|undo| undo.follow(&scenario));
                self.scenario.set(*scenario);
            }
            Event::Notice { message } => self.notices.problem("engine", message),
            // What trains is told next.
            Event::Ready | Event::Heartbeat => {}
            Event::Problem { message } => {
                self.seeking.set_value(Seeking::default());
                self.notices.problem("engine", message);
            }
        }
    }

    /// The choice on show follows an engine that had to change, so that it can be made again.
    fn hear_engine(self, info: EngineInfo) {
        match (self.engine_choice.get_untracked(), info.kind) {
            (EngineChoice::Gpu, EngineKind::Cpu)
                if self.engine.with_untracked(Engine::is_on_gpu) =>
            {
                self.engine_choice.set(EngineChoice::Cpu);
            }
            (EngineChoice::Cpu, EngineKind::Gpu) => self.engine_choice.set(EngineChoice::Gpu),
            _ => {}
        }
        self.engine.set(Engine::Ready(info));
    }

    fn hear_snapshot(self, snapshot: Arc<Snapshot>) {
        // The credit goes back whatever the snapshot is: the engine waits for it.
        let run = self;
        frame::after_paint(move || run.send(Command::Shown));
        let is_of_this_run = self
            .loaded
            .with_untracked(|loaded| loaded.as_ref().is_some_and(|l| l.run == snapshot.run));
        if !is_of_this_run {
            return;
        }
        self.scenario.with_untracked(|scenario| {
            self.log
                .update(|log| log.take_snapshot(&snapshot, scenario));
        });
        if snapshot.has_diverged && !snapshot.is_training {
            self.wants_training.set(false);
        }
        if let Some(Some(step)) = self
            .seeking
            .try_update_value(|seeking| seeking.arrived(snapshot.step))
        {
            self.send(Command::Seek(step));
        }
        self.snapshot.set(Some(snapshot));
    }

    fn recover(self, why: &str) {
        let resumes_at = self
            .recovery
            .try_update_value(|recovery| recovery.lost(crate::browser::now_ms()))
            .flatten();
        self.seeking.set_value(Seeking::default());
        let Some(from) = resumes_at else {
            self.wants_training.set(false);
            self.engine.set(Engine::Stopped);
            self.notices.problem(
                "engine",
                format!("The engine {why} again and again. Your settings are kept: start it anew, or reload the page."),
            );
            return;
        };
        self.engine.set(Engine::Restarting);
        if let Some(line) = self.line.get_value() {
            line.connect();
        }
        self.send_all();
        let place = match self.engine_choice.get_untracked() {
            EngineChoice::Cpu => " on the CPU",
            EngineChoice::Auto | EngineChoice::Gpu => "",
        };
        self.notices.problem(
            "engine",
            format!("The engine {why}. It was started anew and goes on{place} from {from}."),
        );
    }
}

pub fn health_counts(snapshot: &Snapshot) -> (usize, usize) {
    use actiscope_core::health::Health;
    let (mut n_dead, mut n_saturated) = (0, 0);
    for unit in snapshot.layers.iter().flat_map(|layer| &layer.units) {
        n_dead += usize::from(unit.health == Health::Dead);
        n_saturated += usize::from(unit.health == Health::Saturated);
    }
    (n_dead, n_saturated)
}
