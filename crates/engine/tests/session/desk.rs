//! Somebody who drives an engine: sends commands, lets it work, reads what it tells.

use actiscope_core::health::HealthEvent;
use actiscope_core::health::story::{StoryRequest, UnitStory};
use actiscope_core::protocol::{Command, Event, Look, Snapshot, decode, encode};
use actiscope_core::scenario::{Edit, Scenario};
use actiscope_engine::{Engine, Progress};

pub struct Desk {
    engine: Engine,
    now_ms: f64,
    look: Look,
    pub pace: Pace,
    /// All that was told and not taken.
    pub events: Vec<Event>,
}

/// How fast a machine is.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Of one `advance`.
    pub budget_ms: f64,
    /// That pass from one look at the clock to the next.
    pub tick_ms: f64,
}

/// Few steps at a time, or many.
pub const SLOW: Pace = Pace {
    budget_ms: 1.0,
    tick_ms: 0.9,
};
pub const FAST: Pace = Pace {
    budget_ms: 50.0,
    tick_ms: 0.002,
};

impl Desk {
    /// Before any scenario.
    pub fn empty(pace: Pace) -> Self {
        let look = Look {
            unit_map_cells: 0,
            field_cells: 0,
            weights: true,
            weights_of: None,
            extent: 1.0,
        };
        let mut desk = Self {
            engine: Engine::new(),
            now_ms: 0.0,
            look: look.clone(),
            pace,
            events: Vec::new(),
        };
        desk.send(Command::Look(look));
        desk
    }

    pub fn new(scenario: &Scenario, pace: Pace) -> Self {
        let mut desk = Self::empty(pace);
        desk.send(Command::Load(Box::new(scenario.clone())));
        desk
    }

    /// Sends a command, by way of its bytes.
    pub fn send(&mut self, command: Command) {
        let command: Command = decode(&encode(&command)).expect("bytes of a command");
        if let Command::Look(look) = &command {
            self.look = look.clone();
        }
        self.engine.handle(command);
        self.read();
    }

    pub fn edit(&mut self, edit: Edit) {
        self.send(Command::Edit(edit));
    }

    /// Pauses and makes this many steps.
    pub fn step(&mut self, n: u32) {
        self.send(Command::Step(n));
        self.settle();
    }

    pub fn seek(&mut self, step: u64) {
        self.send(Command::Seek(step));
        self.settle();
    }

    /// One turn of work.
    pub fn advance(&mut self) -> Progress {
        let (now_ms, tick_ms) = (&mut self.now_ms, self.pace.tick_ms);
        let progress = self.engine.advance(self.pace.budget_ms, &mut || {
            *now_ms += tick_ms;
            *now_ms
        });
        self.read();
        progress
    }

    /// Works until nothing is left to do at once.
    pub fn settle(&mut self) {
        while self.advance() == Progress::Busy {}
    }

    /// Lets time pass.
    pub fn wait(&mut self, ms: f64) {
        self.now_ms += ms;
    }

    fn read(&mut self) {
        let events = self.engine.take_events();
        let events = events.iter().map(|event| decode(&encode(event)));
        self.events
            .extend(events.map(|event: Result<Event, _>| event.expect("bytes of an event")));
    }

    /// Where the engine stands now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.take(|event| matches!(event, Event::Snapshot(_)));
        self.send(Command::Shown);
        // To look anew is news, whatever the page has.
        self.send(Command::Look(self.look.clone()));
        self.advance();
        match self.take(|event| matches!(event, Event::Snapshot(_))).pop() {
            Some(Event::Snapshot(snapshot)) => *snapshot,
            other => panic!("a snapshot was due, not {other:?}"),
        }
    }

    /// [`Desk::snapshot`] without what says how it came about.
    pub fn state(&mut self) -> Snapshot {
        Snapshot {
            run: 0,
            is_training: false,
            history: Vec::new(),
            history_is_whole: false,
            steps_per_second: 0.0,
            last_step: 0,
            ..self.snapshot()
        }
    }

    /// Takes the events of a kind out of [`Desk::events`].
    pub fn take(&mut self, is_kind: impl Fn(&Event) -> bool) -> Vec<Event> {
        let (taken, rest) = std::mem::take(&mut self.events)
            .into_iter()
            .partition(is_kind);
        self.events = rest;
        taken
    }

    pub fn take_happened(&mut self) -> Vec<HealthEvent> {
        let events = self.take(|event| matches!(event, Event::Happened(_)));
        let happened = events.into_iter().flat_map(|event| match event {
            Event::Happened(happened) => happened,
            _ => Vec::new(),
        });
        happened.collect()
    }

    pub fn take_problems(&mut self) -> Vec<String> {
        let events = self.take(|event| matches!(event, Event::Problem { .. }));
        let messages = events.into_iter().map(|event| match event {
            Event::Problem { message } => message,
            other => unreachable!("{other:?} was not asked for"),
        });
        messages.collect()
    }

    /// Asks for a story and lets the engine work until it is told.
    pub fn explain(&mut self, request: StoryRequest) -> Result<UnitStory, String> {
        self.send(Command::Explain(request));
        let mut told = Vec::new();
        for _ in 0..10_000 {
            told.extend(self.take(|event| matches!(event, Event::Story { .. })));
            if !told.is_empty() {
                break;
            }
            self.advance();
        }
        match told.pop() {
            Some(Event::Story { request: of, story }) => {
                assert_eq!(of, request);
                story.map(|story| *story)
            }
            other => panic!("a story was due, not {other:?}"),
        }
    }

    pub fn take_checkpoint(&mut self) -> Option<Vec<u8>> {
        match self
            .take(|event| matches!(event, Event::Checkpoint { .. }))
            .pop()
        {
            Some(Event::Checkpoint { bytes, .. }) => Some(bytes),
            _ => None,
        }
    }
}

/// Equal, NaN being equal to NaN.
pub fn assert_same(what: &str, left: &impl std::fmt::Debug, right: &impl std::fmt::Debug) {
    let (left, right) = (format!("{left:#?}"), format!("{right:#?}"));
    if left != right {
        let differing = left.lines().zip(right.lines()).find(|(a, b)| a != b);
        panic!("{what}: {differing:?}");
    }
}
