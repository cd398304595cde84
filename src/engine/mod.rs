//! The page's end of the line to its engine.
//!
//! | file | does |
//! |---|---|
//! | this one | numbers what is sent, passes on what is told, starts anew what was lost |
//! | [`mod@line`], [`worker_line`] | what leads to an engine: in the browser, to a worker |
//! | [`choice`] | which engine the user wants |
//! | [`helpers`] | engines beside it, which share large fleets |
//! | [`recovery`] | when to stop trying |
//! | [`faults`] | misbehaviour on demand, so that recovery can be seen |

use std::rc::Rc;

use actiscope_core::protocol::{
    EngineChoice, EngineInfo, EngineKind, Event, FleetSpec, JobId, Sent, ToEngine, Told, Why,
};
use leptos::prelude::*;

use crate::app::idle::{self, Source};
use crate::app::notices::Notices;
use crate::browser;
use crate::doctor::Doctor;
use crate::files::Recorder;
use crate::fleet::{Crew, Fleet};
use crate::portrait::Portrait;
use crate::run::{BrowserHost, Host, Opening, Port, Run};
use crate::text::count;
use helpers::{Helpers, MakeLine, n_helpers};
use line::{Line, News};
use recovery::Recovery;
use worker_line::WorkerLine;

pub mod choice;
pub mod faults;
mod helpers;
pub mod line;
mod recovery;
pub mod worker_line;

/// Multiply-adds of a fleet from which on it is shared out: a second of a slow laptop. What takes no longer is done before
/// another engine has started.
const WORTH_SHARING: f64 = 3e8;

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
    recorder: StoredValue<Option<Recorder>>,
    /// How many jobs there were.
    n_jobs: StoredValue<u32>,
    /// The number of the last message that was sent to the present engine.
    last_sent: StoredValue<u64>,
    recovery: StoredValue<Recovery>,
    helpers: Helpers,
}

/// The run of the page, and an engine in a worker that works at it.
pub fn open(opening: Opening, choice: EngineChoice) -> (Engine, Run) {
    let host = Rc::new(BrowserHost);
    let engine = Engine::new(choice, opening.notices, host.clone());
    let run = Run::new(engine.new_job(), opening, Rc::new(engine), host);
    let line = WorkerLine::new(move |news| engine.hear(news));
    engine.start(Rc::new(line), run);
    let of_helper = move |at| -> Rc<dyn Line> {
        Rc::new(WorkerLine::new(move |news| engine.hear_helper(at, news)))
    };
    engine.take_helpers(n_helpers(browser::n_cores()), Rc::new(of_helper));
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

impl Crew for Engine {
    fn n_sharing(&self, spec: &FleetSpec) -> usize {
        let is_worth_it = spec.is_coarse_first() && spec.work() >= WORTH_SHARING;
        match is_worth_it {
            true => 1 + self.helpers.n(),
            false => 1,
        }
    }

    fn send_to(&self, engine: usize, message: ToEngine) {
        match engine.checked_sub(1) {
            None => _ = self.send(message),
            Some(helper) => self.helpers.send(helper, message),
        }
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
            recorder: StoredValue::new(None),
            n_jobs: StoredValue::new(0),
            last_sent: StoredValue::new(0),
            recovery: StoredValue::new(Recovery::default()),
            helpers: Helpers::none(),
        }
    }

    /// Starts an engine at the end of `line`, which reports to [`Engine::hear`], and has it work at `run`.
    pub fn start(self, line: Rc<dyn Line>, run: Run) {
        self.line.set_value(Some(line));
        self.run.set_value(Some(run));
        self.connect();
    }

    /// So many engines can stand beside this one, whose lines report to [`Engine::hear_helper`].
    pub fn take_helpers(self, n: usize, make: MakeLine) {
        self.helpers.set(n, make);
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

    /// What records the run. Lives as long as the page.
    pub fn new_recorder(self) -> Recorder {
        let recorder = Recorder::new(Rc::new(self));
        self.recorder.set_value(Some(recorder));
        recorder
    }

    /// Gives the run the time again.
    pub fn run_to_front(self) {
        if let Some(run) = self.run.get_value() {
            self.send(ToEngine::Front(run.job));
        }
        self.let_helpers_go();
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
                    fleet.hear(job, event);
                }
            }
            Event::Recorded(job, recorded) => {
                if let Some(recorder) = self.recorder_of(job) {
                    recorder.hear(recorded);
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

    /// What a helper reports, all of whose jobs are of fleets.
    pub fn hear_helper(self, at: usize, news: News) {
        match news {
            News::Told(Told { heard, event }) => match event {
                Event::Ready | Event::Heartbeat | Event::Engine(_) => {}
                Event::Idle => {
                    self.helpers.rest(at, heard);
                    self.let_helpers_go();
                }
                event => self.hear_told(Told { heard, event }),
            },
            News::Lost(why) => self.lose_helper(at, &why),
            News::Silent => self.lose_helper(at, "stopped answering"),
        }
    }

    fn lose_helper(self, at: usize, why: &str) {
        let now_ms = self.host.with_value(|host| host.now_ms());
        self.helpers.lose(at, now_ms);
        self.lose_of_fleets(1 + at);
        self.notices.problem(
            "engine",
            format!("An engine beside the page's own {why}. That one goes on with its share."),
        );
    }

    /// Ends the helpers that nothing is left for.
    fn let_helpers_go(self) {
        for at in self.helpers.idle() {
            let is_needed = self
                .fleets
                .with_untracked(|fleets| fleets.iter().any(|fleet| fleet.needs(1 + at)));
            if !is_needed {
                self.helpers.end(at);
                self.lose_of_fleets(1 + at);
            }
        }
    }

    /// What fleets had with an engine that is gone goes on elsewhere.
    fn lose_of_fleets(self, engine: usize) {
        for fleet in self.fleets.get_untracked() {
            fleet.lose(engine);
        }
    }

    fn hear_problem(self, job: Option<JobId>, message: String) {
        let Some(job) = job.filter(|job| !self.is_run(*job)) else {
            return self.notices.problem("engine", message);
        };
        if let Some(fleet) = self.fleet_of(job) {
            fleet.refuse(job, message);
        } else if let Some(portrait) = self.portrait_of(job) {
            portrait.refuse(message);
        } else if let Some(recorder) = self.recorder_of(job) {
            recorder.refuse(message);
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

    /// That has this job open.
    fn recorder_of(self, job: JobId) -> Option<Recorder> {
        self.recorder
            .get_value()
            .filter(|recorder| recorder.is_job(job))
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
        (progress.lane_steps > 0).then_some(f64::from(progress.lane_steps_per_second))
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
        if let Some(is_cpu) = trains_fleets(&info, self.choice.get_untracked()) {
            self.helpers.want(is_cpu);
        }
        self.state.set(EngineState::Ready(info));
        let in_front = self.fleets.get_untracked().into_iter();
        in_front
            .filter(|fleet| fleet.is_in_front.get_untracked())
            .for_each(Fleet::share_out);
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
        self.lose_of_fleets(0);
        self.portraits
            .get_value()
            .into_iter()
            .for_each(Portrait::reopen);
        if let Some(doctor) = self.doctor.get_value() {
            doctor.reopen();
        }
        if let Some(recorder) = self.recorder.get_value() {
            recorder.lose();
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

/// Whether large fleets are the CPU's, as far as what trains the job in front says that: the CPU was chosen, or there is no
/// other; or it was found so of a fleet.
fn trains_fleets(info: &EngineInfo, choice: EngineChoice) -> Option<bool> {
    let is_of_fleet = info.n_lanes > 1;
    match (info.kind, &info.why) {
        (EngineKind::Gpu, _) => Some(false),
        _ if choice == EngineChoice::Cpu => Some(true),
        (_, Why::NoGpu | Why::OnlySoftware) => Some(true),
        (_, Why::Faster | Why::Refused(_)) if is_of_fleet => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actiscope_core::protocol::Rates;

    use super::*;

    #[test]
    fn fleets_are_shared_out_where_they_are_surely_the_cpus() {
        let check = |kind, why, n_lanes, choice, expect| {
            let info = EngineInfo {
                kind,
                name: String::new(),
                adapter: None,
                is_software: false,
                n_lanes,
                why,
                rates: Rates::default(),
            };
            assert_eq!(trains_fleets(&info, choice), expect, "{info:?} {choice:?}");
        };
        use EngineChoice::{Auto, Cpu as ChosenCpu, Gpu as ChosenGpu};
        use EngineKind::{Cpu, Gpu};
        check(Cpu, Why::Chosen, 1, ChosenCpu, Some(true));
        check(Cpu, Why::NoGpu, 1, Auto, Some(true));
        check(Cpu, Why::OnlySoftware, 1, Auto, Some(true));
        check(Cpu, Why::Faster, 1_024, Auto, Some(true));
        check(Gpu, Why::Faster, 1_024, Auto, Some(false));
        check(Gpu, Why::Chosen, 1, ChosenGpu, Some(false));
        // Of the run alone, or before anything is known.
        check(Cpu, Why::Faster, 1, Auto, None);
        check(Cpu, Why::Looking, 1_024, Auto, None);
        check(Cpu, Why::Chosen, 1, Auto, None);
    }
}
