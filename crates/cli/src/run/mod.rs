//! `run`: a scenario as one run of the engine, as the page runs it.

use std::sync::Arc;
use std::time::Instant;

use actiscope_core::health::{Health, HealthEvent};
use actiscope_core::protocol::{EngineInfo, Event, Look, RunCommand, RunEvent, Snapshot};
use actiscope_core::scenario::Scenario;
use actiscope_engine::gpu::GpuDevice;
use actiscope_engine::wait::wait;
use actiscope_engine::{Backend, Placing, RunJob};
use serde_json::{Value, json};

use crate::args::{Run, RunBackend};
use crate::failure::Failure;
use crate::gpu;
use crate::{saved, scenario};

mod event;

/// Milliseconds between two looks at what the run tells.
const BUDGET_MS: f64 = 50.0;

pub fn run(args: &Run) -> Result<Value, Failure> {
    let device = match args.backend {
        RunBackend::Cpu => None,
        RunBackend::Gpu => Some(gpu::open()?),
    };
    if args.losses {
        let scenario = scenario::read(&args.scenario)?;
        return wait(losses(&scenario, args.steps, device));
    }
    let look = Look {
        extent: 1.0,
        ..Look::NOTHING
    };
    let (job, mut events) = saved::job(&args.scenario, look)?;
    let step_before = job.step();
    let began = Instant::now();
    let (snapshot, engine, took_s) = train(job, args.steps, device, &mut events, &began)?;
    let n_units = |health| {
        let units = snapshot.layers.iter().flat_map(|layer| &layer.units);
        units.filter(|unit| unit.health == health).count()
    };
    let steps_per_second = match snapshot.step.saturating_sub(step_before) {
        0 => 0.0,
        step => step as f64 / took_s,
    };
    Ok(json!({
        "backend": engine.name,
        "steps": snapshot.step,
        "steps_per_second": steps_per_second,
        "loss": snapshot.loss,
        "loss_bits": bits(snapshot.loss),
        "accuracy": snapshot.accuracy,
        "test_loss": snapshot.test_loss,
        "test_accuracy": snapshot.test_accuracy,
        "dead": n_units(Health::Dead),
        "saturated": n_units(Health::Saturated),
        "diverged": snapshot.has_diverged,
        "events": events.iter().map(event::to_json).collect::<Vec<_>>(),
    }))
}

/// Drives a run for `n_steps` more; the last snapshot, what trained last, and the seconds that the steps
/// took.
fn train(
    mut job: RunJob,
    n_steps: u32,
    device: Option<GpuDevice>,
    events: &mut Vec<HealthEvent>,
    began: &Instant,
) -> Result<(Snapshot, EngineInfo, f64), Failure> {
    if let Some(device) = device {
        job.train_on(Placing::Gpu(device));
    }
    let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
    let began_ms = now_ms();
    job.handle(RunCommand::Step(n_steps));
    let mut newest = None;
    while job.is_training() {
        job.advance(BUDGET_MS, &mut now_ms);
        newest = listen(&mut job, events)?.or(newest);
    }
    let took_s = (now_ms() - began_ms) / 1000.0;
    // A run tells only what is new: the last step, unless the newest snapshot shows it already.
    job.handle(RunCommand::Shown);
    job.advance(BUDGET_MS, &mut now_ms);
    let snapshot = listen(&mut job, events)?.or(newest);
    let snapshot =
        snapshot.ok_or_else(|| Failure::new("the engine told nothing of its last step"))?;
    Ok((snapshot, job.engine(), took_s))
}

/// Keeps what happened; the newest snapshot, if there is one.
fn listen(job: &mut RunJob, events: &mut Vec<HealthEvent>) -> Result<Option<Snapshot>, Failure> {
    let mut newest = None;
    for event in job.take_events() {
        match event {
            Event::Run(_, RunEvent::Happened(happened)) => events.extend(happened),
            Event::Run(_, RunEvent::Snapshot(snapshot)) => newest = Some(*snapshot),
            Event::Notice { message } => eprintln!("actiscope: {message}"),
            Event::Problem { message, .. } => return Err(Failure::new(message)),
            _ => {}
        }
    }
    Ok(newest)
}

/// The loss of every batch, before its update, as a number and as bits: what a test compares between
/// machines.
async fn losses(
    scenario: &Scenario,
    n_steps: u32,
    device: Option<GpuDevice>,
) -> Result<Value, Failure> {
    let data = scenario.data.generate(scenario.seed);
    let data = Arc::new(data.map_err(|error| Failure::new(error.to_string()))?);
    let backend = Backend::new(scenario, &data);
    let mut backend = backend.map_err(|error| Failure::new(error.to_string()))?;
    if let Some(device) = device {
        let moved = backend.move_to_gpu(&device).await;
        moved.map_err(|error| gpu::failure(&error))?;
    }
    let mut losses = Vec::new();
    for _ in 0..n_steps {
        backend.train(1).await;
        if let Some(failure) = backend.take_failure() {
            return Err(gpu::failure(&failure.error));
        }
        losses.push(backend.batch_loss());
        if backend.divergence().is_some() {
            break;
        }
    }
    Ok(json!({
        "backend": backend.engine().name,
        "steps": backend.step(),
        "losses": losses,
        "loss_bits": losses.iter().map(|&loss| bits(loss)).collect::<Vec<_>>(),
    }))
}

fn bits(loss: f32) -> String {
    format!("{:08x}", loss.to_bits())
}
