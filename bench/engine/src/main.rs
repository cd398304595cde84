//! The contender as a process. `data` prints the samples, `peak` what a core can do. `train` reads one request a line, such as
//! `{"contender": "cpu-1", "network": {..}, "n_steps": 1000}`, trains, and answers with one line.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::time::Instant;

use actiscope_bench::{LEARNING_RATE, Network, Population, data, describe, peak, usual_n_samples};
use actiscope_engine::gpu::GpuDevice;
use actiscope_engine::wait::wait;
use fearless_simd::Level;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Request {
    contender: String,
    network: Network,
    n_steps: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("data") => {
            let data = data(usual_n_samples());
            let samples: Vec<&[f32]> = data.x_train.chunks(data.n_inputs).collect();
            let printed =
                json!({ "x": samples, "y": data.y_train, "learning_rate": LEARNING_RATE });
            println!("{printed}");
            Ok(())
        }
        Some("peak") => {
            println!("{}", peaks());
            Ok(())
        }
        Some("train") => serve(),
        _ => Err("usage: actiscope-bench data | peak | train".into()),
    }
}

/// 10^9 operations a second of one core: with its widest vectors, and with those as wide as a browser's.
fn peaks() -> Value {
    let gflops = |level| {
        let each = (0..20).map(|_| {
            let start = Instant::now();
            let (n_operations, total) = peak::multiply_and_add(level, 200_000);
            std::hint::black_box(total);
            n_operations as f64 / start.elapsed().as_nanos() as f64
        });
        each.fold(0.0, f64::max)
    };
    let best = Level::new();
    json!({ "widest": gflops(best), "256 bits": wide(best).map(gflops), "128 bits": narrow(best).map(gflops) })
}

fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let mut kept = Kept::default();
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer =
            answer(&line, &mut kept).unwrap_or_else(|problem| json!({ "problem": problem }));
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

/// What was made ready by earlier requests.
#[derive(Default)]
struct Kept {
    device: Option<GpuDevice>,
    populations: BTreeMap<String, Population>,
}

/// Trains as a request says.
fn answer(line: &str, kept: &mut Kept) -> Result<Value, String> {
    let request: Request = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let Request {
        contender,
        network,
        n_steps,
    } = request;
    let key = format!("{contender} {network:?}");
    if !kept.populations.contains_key(&key) {
        let population = population(&contender, &network, &mut kept.device)?;
        kept.populations.insert(key.clone(), population);
    }
    let population = kept
        .populations
        .get_mut(&key)
        .expect("it was inserted above");
    let start = Instant::now();
    let loss = wait(population.train(n_steps))?;
    let seconds = start.elapsed().as_secs_f64();
    let note = match (&*population, &kept.device) {
        (Population::Gpu(_), Some(device)) => describe(device),
        _ => String::new(),
    };
    Ok(json!({ "n_steps": n_steps, "seconds": seconds, "loss": loss, "note": note }))
}

/// The network on a contender's engine. The device is opened when it is first needed.
fn population(
    contender: &str,
    network: &Network,
    device: &mut Option<GpuDevice>,
) -> Result<Population, String> {
    let best = Level::new();
    let (level, n_threads) = match contender {
        "cpu-1" => (best, 1),
        "cpu-2" => (best, 2),
        // As wide as a browser's vectors are.
        "cpu-1-narrow" => match narrow(best) {
            Some(level) => (level, 1),
            None => {
                return Err("this machine has no vectors of 128 bits like a browser's".to_owned());
            }
        },
        "gpu" => {
            let open = match device.take() {
                Some(open) => open,
                None => wait(GpuDevice::open()).map_err(|error| error.to_string())?,
            };
            let population = wait(network.on_gpu(device.insert(open)));
            return population.map_err(|error| error.to_string());
        }
        other => return Err(format!("there is no contender `{other}`")),
    };
    let mut population = network.on_cpu(level).map_err(|error| error.to_string())?;
    population.set_threads(n_threads);
    Ok(population)
}

/// With the vectors that the engine computes in, where the machine has them.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn wide(best: Level) -> Option<Level> {
    best.as_avx2().map(Level::Avx2)
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
fn wide(_: Level) -> Option<Level> {
    None
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn narrow(best: Level) -> Option<Level> {
    best.as_sse4_2().map(Level::Sse4_2)
}

#[cfg(target_arch = "aarch64")]
fn narrow(best: Level) -> Option<Level> {
    best.as_neon().map(Level::Neon)
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
fn narrow(_: Level) -> Option<Level> {
    None
}
