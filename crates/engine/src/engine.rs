//! What a worker or a shell holds: jobs, and the GPU if there is one.

use actiscope_core::protocol::{
    EngineChoice, EngineInfo, Event, Fault, JobId, JobSpec, Sent, ToEngine, Told,
};

use crate::backend::cpu_engine;
use crate::gpu::{GpuDevice, GpuError};
use crate::jobs::{Job, Progress, RunError, RunJob};
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
    /// The number of the last message.
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
    /// number.
    ///
    /// # Panics
    /// If asked to, by `Fault::Panic`.
    pub async fn handle_async(&mut self, sent: Sent) {
        self.collect();
        self.heard = sent.number;
        self.is_rest_told = false;
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
                None => {}
            },
            ToEngine::Fleet(job, _) => {
                if self.find(job).is_some() {
                    self.tell_problem(job, "it is no fleet");
                }
            }
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
            && self.jobs.iter().all(|(_, job)| job.is_at_rest())
    }

    /// The number of the last message taken.
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
        let found = self.jobs.iter().find(|(id, _)| *id == job);
        found.map(|(_, Job::Run(run))| &**run)
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
            Ok(job) => {
                self.jobs.push((id, job));
                self.place();
            }
            Err(error) => self.tell(Event::Problem {
                job: Some(id),
                message: error.to_string(),
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
        let device = match (&self.device, self.choice) {
            (Device::Open(device), EngineChoice::Gpu) => Some(device),
            (Device::Open(device), EngineChoice::Auto) => {
                Some(device).filter(|device| !device.adapter().is_software)
            }
            _ => None,
        };
        // A run that begins after a loss is no reason to tell of it again.
        let device = device.filter(|device| device.lost().is_none()).cloned();
        for (_, job) in &mut self.jobs {
            job.train_on(device.clone());
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

async fn new_job(id: JobId, spec: JobSpec) -> Result<Job, RunError> {
    match spec {
        JobSpec::Run {
            scenario,
            look,
            checkpoint: None,
        } => Ok(Job::Run(Box::new(RunJob::new(id, *scenario, look)?))),
        JobSpec::Run {
            scenario,
            look,
            checkpoint: Some(bytes),
        } => {
            let run = RunJob::resume(id, *scenario, look, &bytes).await?;
            Ok(Job::Run(Box::new(run)))
        }
        JobSpec::Fleet(_) => Err(RunError::Damaged),
    }
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
