//! All blocks of a fleet on all cores. Which thread trains which block is chance; what comes of it is not.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::{available_parallelism, scope};
use std::time::{Duration, Instant};

use actiscope_core::protocol::{FleetSpec, Measure, Part};
use actiscope_engine::gpu::GpuDevice;

use super::progress::Progress;
use super::{block, interrupt};
use crate::args::{FleetEngine, RunBackend};
use crate::failure::Failure;
use crate::gpu;

/// Networks of a block on the CPU: what one trainer takes at most, so that little is lost when a sweep is
/// interrupted.
const CPU_BLOCK: usize = 32;
/// On the GPU, which wants many at a time.
const GPU_BLOCK: usize = 1_024;
/// How often progress is shown and Ctrl-C is asked for.
const PAUSE: Duration = Duration::from_millis(100);

/// How a fleet was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Interrupted,
}

/// The networks of the fleet's part.
pub fn networks(spec: &FleetSpec) -> impl Iterator<Item = u32> {
    let n_networks = spec.n_networks();
    let part = spec.part;
    (0..n_networks as u32).filter(move |&network| part.holds(network as usize))
}

/// Trains the networks of the fleet's part that `done` does not have. `keep` takes in what came of each block.
pub fn train(
    spec: &FleetSpec,
    engine: FleetEngine,
    done: &BTreeSet<u32>,
    progress: &mut Progress,
    keep: &mut dyn FnMut(Vec<Measure>) -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let (device, block_size) = match engine.backend {
        RunBackend::Cpu => (None, CPU_BLOCK),
        RunBackend::Gpu => (Some(gpu::open()?), GPU_BLOCK),
    };
    let blocks = blocks(spec, block_size, done);
    progress.begin(done.len() as u64 * spec.n_steps);
    let outcome = match device {
        Some(device) => train_here(spec, &blocks, &device, progress, keep),
        None => {
            let all = || available_parallelism().map_or(1, usize::from);
            let n_threads = engine.threads.map_or_else(all, usize::from);
            share_out(spec, &blocks, n_threads, progress, keep)
        }
    };
    progress.end();
    outcome
}

/// Parts of the fleet's part, without those that are done.
fn blocks(spec: &FleetSpec, block_size: usize, done: &BTreeSet<u32>) -> Vec<Part> {
    let n_networks = networks(spec).count();
    let n_blocks = n_networks.div_ceil(block_size) as u32;
    let Part { index, of } = spec.part;
    let all = (0..n_blocks).map(|block| Part {
        index: index + of * block,
        of: of * n_blocks,
    });
    let mut rest: Vec<(Part, bool)> = all.map(|part| (part, false)).collect();
    for network in networks(spec).filter(|network| !done.contains(network)) {
        // Which block holds it: network = index + of (block + n_blocks i).
        let block = (network / of) % n_blocks;
        rest[block as usize].1 = true;
    }
    let open = rest.into_iter().filter(|(_, is_open)| *is_open);
    open.map(|(part, _)| part).collect()
}

/// Block by block on this thread, for a GPU.
fn train_here(
    spec: &FleetSpec,
    blocks: &[Part],
    device: &GpuDevice,
    progress: &mut Progress,
    keep: &mut dyn FnMut(Vec<Measure>) -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let began = Instant::now();
    let mut made = 0;
    for &part in blocks {
        let mut in_block = 0;
        let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
        let trained = block::train(
            spec,
            part,
            Some(device.clone()),
            &mut now_ms,
            &mut |steps| {
                in_block = steps;
                progress.show(made + steps);
                !interrupt::is_asked_for()
            },
        )?;
        made += in_block;
        match trained {
            Some(measures) => keep(measures)?,
            None => return Ok(Outcome::Interrupted),
        }
    }
    Ok(Outcome::Done)
}

/// Each thread takes the next block that nobody has.
fn share_out(
    spec: &FleetSpec,
    blocks: &[Part],
    n_threads: usize,
    progress: &mut Progress,
    keep: &mut dyn FnMut(Vec<Measure>) -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let (next, made, ends) = (
        AtomicUsize::new(0),
        AtomicU64::new(0),
        AtomicBool::new(false),
    );
    let began = Instant::now();
    let work = || -> Option<Result<Vec<Measure>, Failure>> {
        let &part = blocks.get(next.fetch_add(1, Ordering::Relaxed))?;
        let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
        let mut told = 0;
        let trained = block::train(spec, part, None, &mut now_ms, &mut |steps| {
            made.fetch_add(steps.saturating_sub(told), Ordering::Relaxed);
            told = told.max(steps);
            !ends.load(Ordering::Relaxed)
        });
        trained.transpose()
    };
    scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..n_threads.clamp(1, blocks.len().max(1)) {
            let sender = sender.clone();
            let (work, ends) = (&work, &ends);
            scope.spawn(move || {
                while !ends.load(Ordering::Relaxed)
                    && let Some(trained) = work()
                    && sender.send(trained).is_ok()
                {}
            });
        }
        drop(sender);
        let mut outcome = Ok(Outcome::Done);
        loop {
            match receiver.recv_timeout(PAUSE) {
                Ok(trained) => {
                    if let Err(failure) = trained.and_then(&mut *keep) {
                        outcome = Err(failure);
                        ends.store(true, Ordering::Relaxed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return outcome,
            }
            progress.show(made.load(Ordering::Relaxed));
            if interrupt::is_asked_for() && outcome.is_ok() {
                outcome = Ok(Outcome::Interrupted);
                ends.store(true, Ordering::Relaxed);
            }
        }
    })
}
