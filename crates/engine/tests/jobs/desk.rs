//! Somebody who drives an engine: sends messages, lets it work, reads what it tells.

use actiscope_core::health::HealthEvent;
use actiscope_core::health::story::{StoryRequest, UnitStory};
use actiscope_core::protocol::{
    Event, JobId, JobSpec, Look, RunCommand, RunEvent, Sent, Snapshot, ToEngine, Told, decode,
    encode,
};
use actiscope_core::scenario::{Edit, Scenario};
use actiscope_engine::{Engine, Progress};

/// The run that a desk opens.
pub const RUN: JobId = JobId(1);

pub struct Desk {
    pub engine: Engine,
    /// The number of the last message.
    pub n_sent: u64,
    now_ms: f64,
    look: Look,
    pub pace: Pace,
    /// All that was told and not taken.
    pub events: Vec<Told>,
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
        Self {
            engine: Engine::new(),
            n_sent: 0,
            now_ms: 0.0,
            look: Look {
                weights: true,
                extent: 1.0,
                ..Look::NOTHING
            },
            pace,
            events: Vec::new(),
        }
    }

    pub fn new(scenario: &Scenario, pace: Pace) -> Self {
        let mut desk = Self::empty(pace);
        desk.open(RUN, scenario, None);
        desk
    }

    /// Opens a run.
    pub fn open(&mut self, job: JobId, scenario: &Scenario, checkpoint: Option<Vec<u8>>) {
        let spec = JobSpec::Run {
            scenario: Box::new(scenario.clone()),
            look: self.look.clone(),
            checkpoint,
        };
        self.tell(ToEngine::Open { job, spec });
    }

    /// Goes on from a checkpoint.
    pub fn resume(&mut self, scenario: &Scenario, checkpoint: Vec<u8>) {
        self.open(RUN, scenario, Some(checkpoint));
    }

    /// Sends a message, by way of its bytes.
    pub fn tell(&mut self, message: ToEngine) {
        self.n_sent += 1;
        let number = self.n_sent;
        let sent = decode(&encode(&Sent { number, message })).expect("bytes of a message");
        self.engine.handle(sent);
        self.read();
    }

    /// Sends a command to the run.
    pub fn send(&mut self, command: RunCommand) {
        if let RunCommand::Look(look) = &command {
            self.look = look.clone();
        }
        self.tell(ToEngine::Run(RUN, command));
    }

    pub fn edit(&mut self, edit: Edit) {
        self.send(RunCommand::Edit(edit));
    }

    /// Pauses and makes this many steps.
    pub fn step(&mut self, n: u32) {
        self.send(RunCommand::Step(n));
        self.settle();
    }

    pub fn seek(&mut self, step: u64) {
        self.send(RunCommand::Seek(step));
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
        let events = events.iter().map(|told| decode(&encode(told)));
        self.events
            .extend(events.map(|told: Result<Told, _>| told.expect("bytes of an event")));
    }

    /// Where the engine stands now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.take(|event| matches!(event, Event::Run(_, RunEvent::Snapshot(_))));
        self.send(RunCommand::Shown);
        // To look anew is news, whatever the page has.
        self.send(RunCommand::Look(self.look.clone()));
        self.advance();
        match self
            .take(|event| matches!(event, Event::Run(_, RunEvent::Snapshot(_))))
            .pop()
        {
            Some(Event::Run(_, RunEvent::Snapshot(snapshot))) => *snapshot,
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
        let told = self.take_told(is_kind).into_iter();
        told.map(|told| told.event).collect()
    }

    /// [`Desk::take`], with the numbers heard.
    pub fn take_told(&mut self, is_kind: impl Fn(&Event) -> bool) -> Vec<Told> {
        let (taken, rest) = std::mem::take(&mut self.events)
            .into_iter()
            .partition(|told| is_kind(&told.event));
        self.events = rest;
        taken
    }

    pub fn take_happened(&mut self) -> Vec<HealthEvent> {
        let events = self.take(|event| matches!(event, Event::Run(_, RunEvent::Happened(_))));
        let happened = events.into_iter().flat_map(|event| match event {
            Event::Run(_, RunEvent::Happened(happened)) => happened,
            _ => Vec::new(),
        });
        happened.collect()
    }

    pub fn take_problems(&mut self) -> Vec<String> {
        let events = self.take(|event| matches!(event, Event::Problem { .. }));
        let messages = events.into_iter().map(|event| match event {
            Event::Problem { message, .. } => message,
            other => unreachable!("{other:?} was not asked for"),
        });
        messages.collect()
    }

    /// Asks for a story and lets the engine work until it is told.
    pub fn explain(&mut self, request: StoryRequest) -> Result<UnitStory, String> {
        self.send(RunCommand::Explain(request));
        let mut told = Vec::new();
        for _ in 0..10_000 {
            told.extend(self.take(|event| matches!(event, Event::Run(_, RunEvent::Story { .. }))));
            if !told.is_empty() {
                break;
            }
            self.advance();
        }
        match told.pop() {
            Some(Event::Run(_, RunEvent::Story { request: of, story })) => {
                assert_eq!(of, request);
                story.map(|story| *story)
            }
            other => panic!("a story was due, not {other:?}"),
        }
    }

    pub fn take_checkpoint(&mut self) -> Option<Vec<u8>> {
        match self
            .take(|event| matches!(event, Event::Run(_, RunEvent::Checkpoint { .. })))
            .pop()
        {
            Some(Event::Run(_, RunEvent::Checkpoint { bytes, .. })) => Some(bytes),
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
