//! What a worker or a shell holds: jobs, and the GPU if there is one.

use std::collections::VecDeque;

use actiscope_core::protocol::{
    EngineChoice, EngineInfo, Event, Fault, JobId, JobSpec, Sent, ToEngine, Told, Why,
};

use crate::backend::cpu_engine;
use crate::gpu::{GpuDevice, GpuError};
use crate::jobs::{Job, Placing, Progress, RecordingJob, RunJob, StartJob, fleet};
use crate::sets;
use crate::wait::wait;

/// Of the time that the job in front takes; the others get it.
const SHARE_BEHIND: f64 = 0.1;
/// Milliseconds of a turn of theirs.
const TURN_BEHIND_MS: f64 = 4.0;

/// Takes messages and tells events. Trains on the CPU until told otherwise, and until there is
/// a device: opening one may take long, so that whoever holds the engine does it beside; see
/// [`Engine::wants_device`].
#[derive(Debug)]
pub struct Engine {
    /// The one in front, then the others, of which the one that had no time for longest is first.
    jobs: Vec<(JobId, Job)>,
    /// Milliseconds that those behind are still to get.
    owed_ms: f64,
    choice: EngineChoice,
    device: Device,
    /// Why there is no device, when there is none.
    why_none: Why,
    /// Messages that were not yet taken: the first waits for a run to arrive where it goes, the others for their turn.
    waiting: VecDeque<Sent>,
    /// The number of the last message that was taken.
    heard: u64,
    /// Rest was told, and nothing came since.
    is_rest_told: bool,
    /// What the page knows.
    told: Option<EngineInfo>,
    events: Vec<Told>,
}

#[derive(Debug)]
enum Device {
    /// Not asked for, or lost.
    None,
    Wanted,
    /// Somebody opens it.
    Opening,
    Open(GpuDevice),
}

impl Engine {
    /// Its first event is `Ready`.
    pub fn new() -> Self {
        let mut engine = Self {
            jobs: Vec::new(),
            owed_ms: 0.0,
            choice: EngineChoice::Cpu,
            device: Device::None,
            why_none: Why::NoGpu,
            waiting: VecDeque::new(),
            heard: 0,
            is_rest_told: false,
            told: None,
            events: Vec::new(),
        };
        engine.tell(Event::Ready);
        engine
    }

    /// [`Engine::handle_async`], and the opening of a device, for a caller that can wait; see
    /// [`crate::wait`].
    ///
    /// # Panics
    /// If asked to, by `Fault::Panic`.
    pub fn handle(&mut self, sent: Sent) {
        wait(self.handle_async(sent));
        if self.wants_device() {
            self.take_device(wait(GpuDevice::open()));
        }
    }

    /// [`Engine::advance_async`] for a caller that can wait; see [`crate::wait`].
    pub fn advance(&mut self, budget_ms: f64, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        wait(self.advance_async(budget_ms, now_ms))
    }

    /// Takes a message; what cannot be done becomes an event `Problem`. What it leads to is told with its
    /// number. One that acts on a run where it arrives waits until it has, for the way may be long and goes in
    /// turns, as all work.
    ///
    /// # Panics
    /// If asked to, by `Fault::Panic`.
    pub async fn handle_async(&mut self, sent: Sent) {
        self.waiting.push_back(sent);
        self.take_waiting().await;
    }

    /// Takes the messages up to the first that has to wait on.
    async fn take_waiting(&mut self) {
        while let Some(sent) = self.waiting.pop_front() {
            if !self.is_ready_for(&sent) {
                return self.waiting.push_front(sent);
            }
            self.take(sent).await;
        }
    }

    fn is_ready_for(&self, sent: &Sent) -> bool {
        match &sent.message {
            ToEngine::Run(job, command) => {
                self.run(*job).is_none_or(|run| run.is_ready_for(command))
            }
            _ => true,
        }
    }

    async fn take(&mut self, mut sent: Sent) {
        self.collect();
        self.heard = sent.number;
        self.is_rest_told = false;
        sets::bring_message(&mut sent.message).await;
        match sent.message {
            ToEngine::Open { job, spec } => self.open(job, spec).await,
            ToEngine::Close(job) => {
                if let Some(at) = self.find(job) {
                    self.jobs.remove(at);
                }
            }
            ToEngine::Front(job) => {
                if let Some(at) = self.find(job) {
                    self.jobs[..=at].rotate_right(1);
                }
            }
            ToEngine::Run(job, command) => match self.find(job).map(|at| &mut self.jobs[at].1) {
                Some(Job::Run(run)) => run.handle_async(command).await,
                Some(Job::Fleet(_) | Job::Start(_) | Job::Recording(_)) => {
                    self.tell_problem(job, "it is no run")
                }
                None => {}
            },
            ToEngine::Fleet(job, command) => match self.find(job).map(|at| &mut self.jobs[at].1) {
                Some(Job::Fleet(fleet)) => fleet.handle(command),
                Some(Job::Run(_) | Job::Start(_) | Job::Recording(_)) => {
                    self.tell_problem(job, "it is no fleet")
                }
                None => {}
            },
            ToEngine::Use(choice) => self.choose(choice),
            ToEngine::Fault(fault) => self.misbehave(fault),
        }
        self.collect();
    }

    /// Works for about `budget_ms`, by the clock `now_ms`, and tells what came of it. The job in front gets the
    /// time, and those behind it what it leaves, or a small share. Call it again as the answer says,
    /// and after every message.
    pub async fn advance_async(
        &mut self,
        budget_ms: f64,
        now_ms: &mut dyn FnMut() -> f64,
    ) -> Progress {
        let mut progress = Progress::Idle;
        if let Some((_, front)) = self.jobs.first_mut() {
            let began_ms = now_ms();
            progress = front.advance(budget_ms, now_ms).await;
            let took_ms = now_ms() - began_ms;
            self.owed_ms += SHARE_BEHIND * took_ms;
            if progress != Progress::Busy {
                let left_ms = budget_ms - took_ms;
                self.owed_ms = self.owed_ms.max(left_ms).max(TURN_BEHIND_MS);
            }
            progress = progress.and(self.advance_behind(now_ms).await);
        }
        if !self.waiting.is_empty() {
            self.take_waiting().await;
            progress = Progress::Busy;
        }
        self.collect();
        let is_at_rest = self.is_at_rest();
        if is_at_rest && !self.is_rest_told {
            self.tell(Event::Idle);
        }
        self.is_rest_told = is_at_rest;
        progress
    }

    /// Gives the jobs that are not in front what they are owed, one after the other.
    async fn advance_behind(&mut self, now_ms: &mut dyn FnMut() -> f64) -> Progress {
        let n_behind = self.jobs.len() - 1;
        let mut progress = Progress::Idle;
        for _ in 0..n_behind {
            if self.owed_ms < TURN_BEHIND_MS {
                // Whoever had no turn may have much to do.
                return Progress::Busy;
            }
            let began_ms = now_ms();
            let (_, job) = &mut self.jobs[1];
            progress = progress.and(job.advance(self.owed_ms, now_ms).await);
            self.owed_ms -= now_ms() - began_ms;
            self.jobs[1..].rotate_left(1);
        }
        if n_behind == 0 || progress != Progress::Busy {
            self.owed_ms = 0.0;
        }
        progress
    }

    /// Nothing is done or waits to be told, and no device is looked for.
    fn is_at_rest(&self) -> bool {
        !matches!(self.device, Device::Wanted | Device::Opening)
            && self.waiting.is_empty()
            && self.jobs.iter().all(|(_, job)| job.is_at_rest())
    }

    /// The number of the last message that was taken.
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// True once whenever a device is wanted: open one, and give it to [`Engine::take_device`]. The engine
    /// works meanwhile.
    pub fn wants_device(&mut self) -> bool {
        let is_wanted = matches!(self.device, Device::Wanted);
        if is_wanted {
            self.device = Device::Opening;
        }
        is_wanted
    }

    /// Whether a software adapter would train as well.
    pub fn takes_software(&self) -> bool {
        self.choice == EngineChoice::Gpu
    }

    /// The device that was wanted, or why there is none.
    pub fn take_device(&mut self, device: Result<GpuDevice, GpuError>) {
        match device {
            Ok(device) => {
                self.device = Device::Open(device);
                self.place();
            }
            // It was asked for meanwhile.
            Err(GpuError::OnlySoftware) if self.takes_software() => self.device = Device::Wanted,
            Err(error) => {
                self.device = Device::None;
                self.why_none = match error {
                    GpuError::OnlySoftware => Why::OnlySoftware,
                    _ => Why::NoGpu,
                };
                self.place();
                if self.choice == EngineChoice::Gpu {
                    let message = no_device(&error);
                    self.tell(Event::Notice { message });
                }
            }
        }
    }

    /// What there is to tell since the last call, in its order.
    pub fn take_events(&mut self) -> Vec<Told> {
        self.collect();
        std::mem::take(&mut self.events)
    }

    /// The run that is this job.
    pub fn run(&self, job: JobId) -> Option<&RunJob> {
        self.jobs.iter().find_map(|(id, found)| match found {
            Job::Run(run) if *id == job => Some(&**run),
            _ => None,
        })
    }

    /// Takes over what the jobs tell, with the number heard so far.
    fn collect(&mut self) {
        let events = self.jobs.iter_mut().map(|(_, job)| job.take_events());
        let events: Vec<Event> = events.flatten().collect();
        events.into_iter().for_each(|event| self.tell(event));
        let front = self.jobs.first();
        let engine = front.map_or_else(cpu_engine, |(_, job)| job.engine());
        if self.told.as_ref() != Some(&engine) {
            self.told = Some(engine.clone());
            self.tell(Event::Engine(engine));
        }
    }

    fn tell(&mut self, event: Event) {
        let heard = self.heard;
        self.events.push(Told { heard, event });
    }

    fn tell_problem(&mut self, job: JobId, why: &str) {
        self.tell(Event::Problem {
            job: Some(job),
            message: format!("Job {} cannot do that: {why}.", job.0),
        });
    }

    /// Where a job is among the others. One that there is not becomes a `Problem`.
    fn find(&mut self, job: JobId) -> Option<usize> {
        let at = self.jobs.iter().position(|(id, _)| *id == job);
        if at.is_none() {
            self.tell_problem(job, "it is not open");
        }
        at
    }

    async fn open(&mut self, id: JobId, spec: JobSpec) {
        if self.jobs.iter().any(|(other, _)| *other == id) {
            return self.tell_problem(id, "it is open already; close it first");
        }
        match new_job(id, spec).await {
            Ok(mut job) => {
                job.train_on(self.placing());
                self.jobs.push((id, job));
            }
            Err(message) => self.tell(Event::Problem {
                job: Some(id),
                message,
            }),
        }
    }

    fn choose(&mut self, choice: EngineChoice) {
        self.choice = choice;
        let is_lost = matches!(&self.device, Device::Open(device) if device.lost().is_some());
        let is_missing = is_lost || matches!(self.device, Device::None);
        if is_missing && choice != EngineChoice::Cpu {
            self.device = Device::Wanted;
        }
        self.place();
    }

    /// Has the jobs train where they are to.
    fn place(&mut self) {
        let placing = self.placing();
        for (_, job) in &mut self.jobs {
            job.train_on(placing.clone());
        }
    }

    fn placing(&self) -> Placing {
        match (&self.device, self.choice) {
            (_, EngineChoice::Cpu) => Placing::Cpu(Why::Chosen),
            // A run that begins after a loss is no reason to tell of it again.
            (Device::Open(device), _) if device.lost().is_some() => Placing::Cpu(Why::NoGpu),
            (Device::Open(device), EngineChoice::Gpu) => Placing::Gpu(device.clone()),
            (Device::Open(device), EngineChoice::Auto) => match device.is_hardware() {
                true => Placing::Free(device.clone()),
                false => Placing::Cpu(Why::OnlySoftware),
            },
            (Device::Wanted | Device::Opening, _) => Placing::Cpu(Why::Looking),
            (Device::None, _) => Placing::Cpu(self.why_none.clone()),
        }
    }

    fn misbehave(&mut self, fault: Fault) {
        match (fault, &self.device) {
            (Fault::Panic, _) => panic!("asked to panic by a command"),
            (Fault::Hang, _) => loop {
                std::hint::spin_loop();
            },
            (Fault::DeviceLost, Device::Open(device)) => device.destroy(),
            (Fault::OutOfMemory, Device::Open(device)) => device.pretend_out_of_memory(),
            (Fault::InvalidWork, Device::Open(device)) => device.spoil_work(),
            (Fault::DeviceLost | Fault::OutOfMemory | Fault::InvalidWork, _) => {
                self.tell(Event::Notice {
                    message: "There is no GPU that could fail: choose it as the engine first."
                        .into(),
                })
            }
        }
    }
}

/// A job, or what the user should know of why it cannot be done.
async fn new_job(id: JobId, spec: JobSpec) -> Result<Job, String> {
    let run = match spec {
        JobSpec::Run {
            scenario,
            look,
            checkpoint: None,
        } => RunJob::new(id, *scenario, look),
        JobSpec::Run {
            scenario,
            look,
            checkpoint: Some(bytes),
        } => RunJob::resume(id, *scenario, look, &bytes).await,
        JobSpec::Fleet(spec) => {
            let fleet = fleet::chunk::open(id, *spec).await;
            let fleet = fleet.map_err(|error| error.to_string())?;
            return Ok(Job::Fleet(Box::new(fleet)));
        }
        JobSpec::Start(scenario) => return Ok(Job::Start(StartJob::new(id, scenario))),
        JobSpec::Recording { run, wall_time_s } => {
            let recording = RecordingJob::new(id, run, wall_time_s);
            return Ok(Job::Recording(recording));
        }
    };
    let run = run.map_err(|error| error.to_string())?;
    Ok(Job::Run(Box::new(run)))
}

/// Why the CPU goes on, and what to do.
fn no_device(error: &GpuError) -> String {
    match error {
        GpuError::NoAdapter(_) => {
            "There is no GPU that can be used here, and the CPU goes on. In a browser, WebGPU needs a recent \
             version with hardware acceleration on."
                .into()
        }
        error => format!("The CPU goes on: {error}."),
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}
