//! `sweep`: a network for every pair of values of two settings.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use actiscope_core::map::{self, Map, MapValue};
use actiscope_core::protocol::{EngineKind, Lanes, Measure, Part};
use actiscope_core::scenario::{Axis, Scenario, View};
use serde_json::{Value, json};

use crate::args::{RunBackend, Sweep};
use crate::failure::Failure;
use crate::fleet::pool::{self, Outcome};
use crate::fleet::progress::Progress;
use crate::fleet::saved::Saved;
use crate::fleet::{check, interrupt, write};
use crate::scenario;

mod font;
mod merge;
mod picture;
mod png;

/// What is done is kept at most so often, besides at an end.
const KEEP_EVERY: Duration = Duration::from_secs(1);
/// Cells of a map.
const MAX_CELLS: u64 = 65_536;

pub fn run(args: &Sweep) -> Result<Value, Failure> {
    let asked = args.measure.as_deref().map(map_value).transpose()?;
    if !args.merge.is_empty() {
        let whole = merge::merge(&args.merge)?;
        let value = match asked {
            Some(value) => value,
            None => map_value(&whole.measure)?,
        };
        return finish(&whole, value, args);
    }
    let value = asked.unwrap_or(MapValue::Loss);
    let plan = plan(args, value)?;
    let state = state_path(args);
    let sweep = train(plan, args, state.as_deref())?;
    let answer = match &args.output {
        Some(path) => {
            sweep.write(path)?;
            json!({
                "part": args.part,
                "file": path,
                "networks": sweep.done.len(),
            })
        }
        None => finish(&sweep, value, args)?,
    };
    if let Some(path) = state.filter(|path| path.exists()) {
        std::fs::remove_file(&path)
            .map_err(|error| Failure::new(error.to_string()).at(path.display()))?;
    }
    Ok(answer)
}

fn map_value(id: &str) -> Result<MapValue, Failure> {
    MapValue::from_id(id).ok_or_else(|| {
        let ids: Vec<&str> = MapValue::ALL.iter().map(|value| value.id()).collect();
        let text = format!("--measure: there is no '{id}': choose {}", ids.join(", "));
        Failure::new(text)
    })
}

/// What is to be trained, with nothing of it done.
fn plan(args: &Sweep, value: MapValue) -> Result<Saved, Failure> {
    // clap has asked for these.
    let missing = |what: &str| Failure::new(format!("{what} is missing; see actiscope --help"));
    let base = args
        .scenario
        .as_ref()
        .ok_or_else(|| missing("the scenario"))?;
    let mut base: Scenario = scenario::read(base)?;
    // What is looked at makes no other sweep.
    base.view = View::default();
    let axis = |flag: &str, text: &Option<String>| {
        let text = text.as_ref().ok_or_else(|| missing(flag))?;
        map::axis(&base, text).map_err(|error| Failure::new(error.to_string()).at(flag))
    };
    let (x, y) = (axis("--x", &args.x)?, axis("--y", &args.y)?);
    if x.setting == y.setting {
        let name = x.setting.name_in(&base);
        let text = format!("{name} is on both axes: choose another setting for one of them");
        return Err(Failure::new(text));
    }
    let n_cells = u64::from(x.n) * u64::from(y.n);
    if n_cells > MAX_CELLS {
        let text = format!("{n_cells} cells: choose {MAX_CELLS} at most");
        return Err(Failure::new(text));
    }
    let n_steps = args.steps.ok_or_else(|| missing("--steps"))?;
    let mut spec = map::fleet(base, x, y, args.seeds, n_steps);
    spec.part = args.part.as_deref().map_or(Ok(Part::WHOLE), part)?;
    check(&spec)?;
    Ok(Saved {
        spec,
        engine: match args.engine.backend {
            RunBackend::Cpu => EngineKind::Cpu,
            RunBackend::Gpu => EngineKind::Gpu,
        },
        measure: value.id().into(),
        done: Vec::new(),
    })
}

/// `3/16` as the part with index 2 of 16.
fn part(text: &str) -> Result<Part, Failure> {
    let numbers = text.split_once('/').and_then(|(i, n)| {
        let (i, n): (u32, u32) = (i.trim().parse().ok()?, n.trim().parse().ok()?);
        (1..=n).contains(&i).then_some((i, n))
    });
    match numbers {
        Some((i, of)) if of <= 4_096 => Ok(Part { index: i - 1, of }),
        _ => {
            let text = format!("--part: '{text}': write i/n, i from 1 to n, and n 4096 at most");
            Err(Failure::new(text))
        }
    }
}

/// Where what is done is kept: as named, or beside the first file that is to be written.
fn state_path(args: &Sweep) -> Option<PathBuf> {
    let beside = |path: &PathBuf| {
        let mut name = path.as_os_str().to_owned();
        name.push(".state");
        PathBuf::from(name)
    };
    let written = [&args.output, &args.csv, &args.png];
    args.state
        .clone()
        .or_else(|| written.into_iter().flatten().next().map(beside))
}

/// Trains what is not done yet.
fn train(mut sweep: Saved, args: &Sweep, state: Option<&Path>) -> Result<Saved, Failure> {
    if let Some(path) = state.filter(|path| path.exists()) {
        let known = Saved::read(path)?;
        if !known.is_of_the_same_sweep(&sweep) || known.spec.part != sweep.spec.part {
            let text = "it is of another sweep: give the same command, name another --state, or delete the file";
            return Err(Failure::new(text).at(path.display()));
        }
        sweep.done = known.done;
    }
    interrupt::listen()?;
    let (spec, done) = (sweep.spec.clone(), sweep.networks());
    let mut progress = Progress::new(pool::networks(&spec).count(), spec.n_steps, true);
    let mut kept_at: Option<Instant> = None;
    let outcome = pool::train(&spec, args.engine, &done, &mut progress, &mut |measures| {
        sweep.done.extend(measures);
        match state {
            Some(path) if kept_at.is_none_or(|at| at.elapsed() > KEEP_EVERY) => {
                kept_at = Some(Instant::now());
                sweep.write(path)
            }
            _ => Ok(()),
        }
    });
    // In one order, however many threads there are.
    sweep.done.sort_by_key(|measure| measure.network);
    if let Ok(Outcome::Done) = outcome {
        return Ok(sweep);
    }
    if let Some(path) = state {
        sweep.write(path)?;
    }
    outcome?;
    let n_done = sweep.done.len();
    let n_all = pool::networks(&sweep.spec).count();
    let text = match state {
        Some(_) => format!(
            "interrupted with {n_done} of {n_all} networks done: the same command goes on from there"
        ),
        None => "interrupted, and nothing was kept: name a --state file to go on next time".into(),
    };
    Err(Failure::new(text))
}

/// Writes the files, and tells the map.
fn finish(sweep: &Saved, value: MapValue, args: &Sweep) -> Result<Value, Failure> {
    let spec = &sweep.spec;
    let n_networks = spec.n_networks();
    let mut newest: Vec<Option<Measure>> = vec![None; n_networks];
    for measure in &sweep.done {
        if let Some(place) = newest.get_mut(measure.network as usize) {
            *place = Some(*measure);
        }
    }
    let (Some(map), Lanes::Grid { x, y }) = (Map::of(spec, newest), spec.lanes.clone()) else {
        return Err(Failure::new("the file holds no map"));
    };
    if let Some(path) = &args.csv {
        write(path, map.csv().as_bytes())?;
    }
    if let Some(path) = &args.png {
        let picture = picture::draw(&map, value, spec);
        write(path, &png::encode(&picture)?)?;
    }
    let (n_measured, n_diverged) = map.counts();
    let axis = |axis: &Axis| {
        json!({
            "setting": axis.setting.name_in(&spec.base),
            "values": (0..axis.n).map(|i| axis.value(i)).collect::<Vec<_>>(),
        })
    };
    Ok(json!({
        "backend": match sweep.engine {
            EngineKind::Cpu => "cpu",
            EngineKind::Gpu => "gpu",
        },
        "measure": value.id(),
        "x": axis(&x),
        "y": axis(&y),
        "values": map.values(value),
        "seeds": spec.seeds,
        "steps": spec.n_steps,
        "networks": n_measured,
        "diverged": n_diverged,
    }))
}
