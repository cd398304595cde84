//! A run from a link, a scenario, or a file that holds a run or a network: trained on, and handed over.

use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::HealthEvent;
use actiscope_core::interop::adopt::adopt;
use actiscope_core::interop::incoming::{Incoming, from_safetensors};
use actiscope_core::interop::kind::Kind;
use actiscope_core::interop::onnx;
use actiscope_core::interop::run_file::RunFile;
use actiscope_core::protocol::{Event, HandedOver, JobId, Look, Recorded, RunCommand, RunEvent};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use actiscope_engine::jobs::RecordingJob;
use actiscope_engine::wait::wait;
use actiscope_engine::{Progress, RunError, RunJob};

use crate::failure::Failure;
use crate::scenario;

/// Milliseconds between two looks at what a run tells.
const BUDGET_MS: f64 = 50.0;

/// A run, and what had happened in it.
pub struct Trained {
    pub handed: HandedOver,
    pub events: Vec<HealthEvent>,
}

/// What a text names.
pub enum Source {
    Scenario(Box<Scenario>),
    Run(RunFile),
}

impl Source {
    /// A link, or a file: of a link, a scenario, a run that was saved, or a network (ONNX, safetensors).
    pub fn read(text: &str) -> Result<Self, Failure> {
        let path = Path::new(text);
        let at = |error: String| Failure::new(error).at(path.display());
        let bytes = match path.is_file() {
            true => std::fs::read(path).map_err(|error| at(error.to_string()))?,
            false => Vec::new(),
        };
        let kind = Kind::of(text, &bytes).map_err(|error| at(error.to_string()))?;
        let incoming = match kind {
            Kind::Run => {
                let run = RunFile::read(&bytes).map_err(|error| at(error.to_string()))?;
                return Ok(Self::Run(run));
            }
            Kind::Trace => {
                return Err(at("this is a trace: actiscope health reads it".into()));
            }
            Kind::Text => return Ok(Self::Scenario(Box::new(scenario::read(text)?))),
            Kind::Parameters(file) => from_safetensors(&file, &ActivationSpec::new("relu"))
                .map_err(|error| at(error.to_string()))?,
            Kind::Onnx => {
                let external = std::fs::read(path.with_extension("onnx.data")).ok();
                onnx::read(&bytes, external.as_deref()).map_err(|error| at(error.to_string()))?
            }
        };
        adopted(incoming, path)
    }
}

fn adopted(incoming: Incoming, path: &Path) -> Result<Source, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let adopted = adopt(incoming, &name, &Scenario::default())
        .map_err(|error| Failure::new(error.to_string()).at(path.display()))?;
    for note in adopted.notes {
        eprintln!("actiscope: {note}");
    }
    let mut scenario = adopted.scenario;
    wait(actiscope_engine::sets::bring(&mut scenario));
    Ok(Source::Scenario(Box::new(scenario)))
}

/// The run that a text names, paused, and what had happened in it.
pub fn job(text: &str, look: Look) -> Result<(RunJob, Vec<HealthEvent>), Failure> {
    let failure = |error: RunError| Failure::new(error.to_string());
    let (mut job, events) = match Source::read(text)? {
        Source::Scenario(scenario) => {
            let job = RunJob::new(JobId(1), *scenario, look);
            (job.map_err(failure)?, Vec::new())
        }
        Source::Run(RunFile { run: None, .. }) => {
            let why = "another version of this program saved the run: the page opens its parameters as a new run";
            return Err(Failure::new(why).at(text));
        }
        Source::Run(RunFile {
            run: Some(run),
            events,
            ..
        }) => (
            wait(RunJob::saved(JobId(1), look, &run)).map_err(failure)?,
            events,
        ),
    };
    // A shell waits for the last step, not for the steps between.
    job.handle(RunCommand::Edit(Edit::Set(Setting::Speed, f64::INFINITY)));
    Ok((job, events))
}

/// Trains what a text names for so many steps more.
pub fn trained(text: &str, n_steps: u32) -> Result<Trained, Failure> {
    let (mut job, mut events) = job(text, Look::NOTHING)?;
    let began = Instant::now();
    let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
    if n_steps > 0 {
        job.handle(RunCommand::Step(n_steps));
    }
    while job.is_training() {
        job.advance(BUDGET_MS, &mut now_ms);
        listen(&mut job, &mut events)?;
    }
    job.handle(RunCommand::HandOver);
    let handed = listen(&mut job, &mut events)?;
    let handed = handed.ok_or_else(|| Failure::new("the engine did not hand its run over"))?;
    Ok(Trained { handed, events })
}

fn listen(job: &mut RunJob, events: &mut Vec<HealthEvent>) -> Result<Option<HandedOver>, Failure> {
    let mut handed = None;
    for event in job.take_events() {
        match event {
            Event::Run(_, RunEvent::Happened(happened)) => events.extend(happened),
            Event::Run(_, RunEvent::HandedOver(run)) => handed = Some(*run),
            Event::Problem { message, .. } => return Err(Failure::new(message)),
            _ => {}
        }
    }
    Ok(handed)
}

/// A run as an event file of TensorBoard, and how many numbers it leaves out.
pub fn recorded(handed: &HandedOver) -> Result<(Vec<u8>, usize), Failure> {
    let wall_time = SystemTime::now().duration_since(UNIX_EPOCH);
    let wall_time_s = wall_time.map_or(0.0, |since| since.as_secs_f64());
    let mut job = RecordingJob::new(JobId(2), handed.run.clone(), wall_time_s);
    let began = Instant::now();
    let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
    loop {
        let progress = wait(job.advance(BUDGET_MS, &mut now_ms));
        for event in job.take_events() {
            match event {
                Event::Recorded(_, Recorded::Done { bytes, n_left_out }) => {
                    return Ok((bytes, n_left_out));
                }
                Event::Problem { message, .. } => return Err(Failure::new(message)),
                _ => {}
            }
        }
        if progress == Progress::Idle {
            return Err(Failure::new("the engine did not record its run"));
        }
    }
}
