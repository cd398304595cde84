//! The page's end of the line to its engine.
//!
//! | file | does |
//! |---|---|
//! | this one | numbers what is sent, passes on what is told, starts anew what was lost |
//! | [`mod@line`], [`worker_line`] | what leads to an engine: in the browser, to a worker |
//! | [`choice`] | which engine the user wants |
//! | [`recovery`] | when to stop trying |
//! | [`faults`] | misbehaviour on demand, so that recovery can be seen |

use std::rc::Rc;

use actiscope_core::protocol::{
    EngineChoice, EngineInfo, EngineKind, Event, JobId, Sent, ToEngine, Told,
};
use leptos::prelude::*;

use crate::app::idle::{self, Source};
use crate::app::notices::Notices;
use crate::doctor::Doctor;
use crate::fleet::Fleet;
use crate::portrait::Portrait;
use crate::run::{BrowserHost, Host, Opening, Port, Run};
use crate::text::count;
use line::{Line, News};
use recovery::Recovery;
use worker_line::WorkerLine;

pub mod choice;
pub mod faults;
pub mod line;
mod recovery;
pub mod worker_line;

/// How the engine is.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineState {
    Starting,
    /// It lives, and this is what trains.
    Ready(EngineInfo),
    /// Lost, and being started anew.
    Restarting,
    /// Lost too often: the user decides.
    Stopped,
}

impl EngineState {
    fn is_on_gpu(&self) -> bool {
        matches!(self, Self::Ready(info) if info.kind == EngineKind::Gpu)
    }
}

/// The engine as the page sees it. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Engine {
    pub state: RwSignal<EngineState>,
    pub choice: RwSignal<EngineChoice>,
    notices: Notices,
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
    line: StoredValue<Option<Rc<dyn Line>>, LocalStorage>,
    /// Whose jobs it works at.
    run: StoredValue<Option<Run>>,
    fleets: RwSignal<Vec<Fleet>>,
    portraits: StoredValue<Vec<Portrait>>,
    doctor: StoredValue<Option<Doctor>>,
    /// How many jobs there were.
    n_jobs: StoredValue<u32>,
    /// The number of the last message that was sent to the present engine.
    last_sent: StoredValue<u64>,
    recovery: StoredValue<Recovery>,
}

/// The run of the page, and an engine in a worker that works at it.
pub fn open(opening: Opening, choice: EngineChoice) -> (Engine, Run) {
    let host = Rc::new(BrowserHost);
    let engine = Engine::new(choice, opening.notices, host.clone());
    let run = Run::new(engine.new_job(), opening, Rc::new(engine), host);
    let line = WorkerLine::new(move |news| engine.hear(news));
    engine.start(Rc::new(line), run);
    (engine, run)
}

impl Port for Engine {
    fn send(&self, message: ToEngine) -> u64 {
        let number = self.last_sent.get_value() + 1;
        self.last_sent.set_value(number);
        // Of one that was given up nothing is awaited.
        let is_stopped = |state: &EngineState| *state == EngineState::Stopped;
        idle::set(Source::Engine, !self.state.with_untracked(is_stopped));
        if let Some(line) = self.line.get_value() {
            line.send(Sent { number, message });
        }
        number
    }

    fn new_job(&self) -> JobId {
        self.n_jobs.update_value(|n_jobs| *n_jobs += 1);
        JobId(self.n_jobs.get_value())
    }
}

impl Engine {
    /// Without a line yet; see [`Engine::start`].
    pub fn new(choice: EngineChoice, notices: Notices, host: Rc<dyn Host>) -> Self {
        Self {
            state: RwSignal::new(EngineState::Starting),
            choice: RwSignal::new(choice),
            notices,
            host: StoredValue::new_local(host),
            line: StoredValue::new_local(None),
            run: StoredValue::new(None),
            fleets: RwSignal::new(Vec::new()),
            portraits: StoredValue::new(Vec::new()),
            doctor: StoredValue::new(None),
            n_jobs: StoredValue::new(0),
            last_sent: StoredValue::new(0),
            recovery: StoredValue::new(Recovery::default()),
        }
    }

    /// Starts an engine at the end of `line`, which reports to [`Engine::hear`], and has it work at `run`.
    pub fn start(self, line: Rc<dyn Line>, run: Run) {
        self.line.set_value(Some(line));
        self.run.set_value(Some(run));
        self.connect();
    }

    /// A fleet that this engine works at, beside the run. Lives as long as the page.
    pub fn new_fleet(self) -> Fleet {
        let host = self.host.get_value();
        let fleet = Fleet::new(Rc::new(self), host);
        self.fleets.update(|fleets| fleets.push(fleet));
        fleet
    }

    /// One network in detail, trained behind whatever is in front. Lives as long as the page.
    pub fn new_portrait(self) -> Portrait {
        let portrait = Portrait::new(Rc::new(self));
        self.portraits
            .update_value(|portraits| portraits.push(portrait));
        portrait
    }

    /// The Doctor of the run. Lives as long as the page.
    pub fn new_doctor(self, run: Run) -> Doctor {
        let doctor = Doctor::new(run, self.new_fleet(), Rc::new(self));
        self.doctor.set_value(Some(doctor));
        doctor
    }

    /// Gives the run the time again.
    pub fn run_to_front(self) {
        if let Some(run) = self.run.get_value() {
            self.send(ToEngine::Front(run.job));
        }
    }

    /// Has another engine train from now on; the run goes on where it is.
    pub fn choose(self, choice: EngineChoice) {
        self.choice.set(choice);
        self.notices.clear("engine");
        self.send(ToEngine::Use(choice));
    }

    /// After the engine was lost too often: once more.
    pub fn restart(self) {
        self.recovery.set_value(Recovery::default());
        self.notices.clear("engine");
        self.state.set(EngineState::Starting);
        self.connect();
    }

    /// Followed.
    pub fn is_on_gpu(self) -> bool {
        self.state.with(EngineState::is_on_gpu)
    }

    pub fn hear(self, news: News) {
        match news {
            News::Told(told) => self.hear_told(told),
            News::Lost(why) => self.recover(&why),
            News::Silent => {
                // It may have waited for the GPU, perhaps before it could tell that it was there.
                self.choice.set(EngineChoice::Cpu);
                self.recover("stopped answering");
            }
        }
    }

    fn hear_told(self, Told { heard, event }: Told) {
        match event {
            // What trains is told next.
            Event::Ready | Event::Heartbeat => {}
            Event::Engine(info) => self.hear_engine(info),
            Event::Run(job, event) => {
                if let Some(run) = self.run.get_value().filter(|_| self.is_run(job)) {
                    run.hear(heard, event);
                } else if let Some(portrait) = self.portrait_of(job) {
                    portrait.hear(heard, event);
                }
            }
            Event::Fleet(job, event) => {
                if let Some(fleet) = self.fleet_of(job) {
                    fleet.hear(event);
                }
            }
            Event::Start(job, start) => {
                if let Some(doctor) = self.doctor_of(job) {
                    doctor.hear(job, *start);
                }
            }
            Event::Idle if heard == self.last_sent.get_value() => idle::set(Source::Engine, false),
            // More has been sent since.
            Event::Idle => {}
            Event::Problem { job, message } => self.hear_problem(job, message),
            Event::Notice { message } => self.notices.problem("engine", message),
        }
    }

    fn hear_problem(self, job: Option<JobId>, message: String) {
        let Some(job) = job.filter(|job| !self.is_run(*job)) else {
            return self.notices.problem("engine", message);
        };
        if let Some(fleet) = self.fleet_of(job) {
            fleet.refuse(message);
        } else if let Some(portrait) = self.portrait_of(job) {
            portrait.refuse(message);
        } else if let Some(doctor) = self.doctor_of(job) {
            doctor.refuse();
        }
        // One that nobody has any more was given up, or refused before: what was sent to it since is of no concern.
    }

    fn is_run(self, job: JobId) -> bool {
        self.run.get_value().is_some_and(|run| run.job == job)
    }

    /// That has asked this job.
    fn doctor_of(self, job: JobId) -> Option<Doctor> {
        self.doctor.get_value().filter(|doctor| doctor.is_job(job))
    }

    /// Of the fleet that has this job open.
    fn fleet_of(self, job: JobId) -> Option<Fleet> {
        self.fleets
            .with_untracked(|fleets| fleets.iter().copied().find(|fleet| fleet.is_job(job)))
    }

    /// That has this job open.
    fn portrait_of(self, job: JobId) -> Option<Portrait> {
        self.portraits
            .with_value(|portraits| portraits.iter().copied().find(|it| it.is_job(job)))
    }

    /// Updates a second of all networks of the fleet that has the time, while it trains. Followed.
    pub fn lane_steps_per_second(self) -> Option<f64> {
        let fleets = self.fleets.get().into_iter();
        let in_front = fleets.filter(|fleet| fleet.is_in_front.get());
        let progress = in_front
            .map(Fleet::progress)
            .find(|progress| !progress.is_done)?;
        (progress.n_lane_steps > 0).then_some(f64::from(progress.lane_steps_per_second))
    }

    /// The choice on show follows an engine that had to change, so that it can be made again.
    fn hear_engine(self, info: EngineInfo) {
        match (self.choice.get_untracked(), info.kind) {
            (EngineChoice::Gpu, EngineKind::Cpu)
                if self.state.with_untracked(EngineState::is_on_gpu) =>
            {
                self.choice.set(EngineChoice::Cpu);
            }
            (EngineChoice::Cpu, EngineKind::Gpu) => self.choice.set(EngineChoice::Gpu),
            _ => {}
        }
        self.state.set(EngineState::Ready(info));
    }

    /// A new engine, which is told all that it must know. Numbers begin anew with it.
    fn connect(self) {
        self.last_sent.set_value(0);
        if let Some(line) = self.line.get_value() {
            line.connect();
        }
        if let Some(run) = self.run.get_value() {
            run.open();
        }
        self.fleets
            .get_untracked()
            .into_iter()
            .for_each(Fleet::reopen);
        self.portraits
            .get_value()
            .into_iter()
            .for_each(Portrait::reopen);
        if let Some(doctor) = self.doctor.get_value() {
            doctor.reopen();
        }
        self.send(ToEngine::Use(self.choice.get_untracked()));
    }

    fn recover(self, why: &str) {
        let now_ms = self.host.with_value(|host| host.now_ms());
        let may_try = self
            .recovery
            .try_update_value(|recovery| recovery.lost(now_ms));
        let run = self.run.get_value();
        if may_try != Some(true) {
            if let Some(run) = run {
                run.wants_training.set(false);
            }
            self.state.set(EngineState::Stopped);
            // Nobody is left to answer.
            idle::set(Source::Engine, false);
            self.notices.problem(
                "engine",
                format!("The engine {why} again and again. Your settings are kept: start it anew, or reload the page."),
            );
            return;
        }
        let from = match run.and_then(Run::checkpoint_step) {
            Some(step) => format!("its last checkpoint, step {}", count(step)),
            None => "the start of the run".into(),
        };
        self.state.set(EngineState::Restarting);
        self.connect();
        let place = match self.choice.get_untracked() {
            EngineChoice::Cpu => " on the CPU",
            EngineChoice::Auto | EngineChoice::Gpu => "",
        };
        self.notices.problem(
            "engine",
            format!("The engine {why}. It was started anew and goes on{place} from {from}."),
        );
    }
}
