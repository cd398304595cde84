//! Makes the contenders ready: builds the engine for machine and browser, installs the peers.

use super::{Options, Part};
use crate::artifact;
use crate::command::{Log, cargo, human, on_path, output};
use crate::optimize::optimize;
use crate::programs::Bind;
use crate::setup::{self, Piece};
use crate::workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

pub const WASM: &str = "wasm32-unknown-unknown";
/// The engine as a contender: the package and its program, and its library for the browser.
const ENGINE: &str = "actiscope-bench";
const MODULE: &str = "actiscope_bench";
/// Where the contenders are.
pub struct Ready {
    /// Holds what the page loads and what is written.
    pub folder: PathBuf,
    pub chromium: Option<PathBuf>,
    /// 10^9 operations a second of one core, by the width of its vectors.
    pub peaks: Value,
    /// Command lines of the processes.
    pub processes: BTreeMap<&'static str, Vec<String>>,
    /// Processes that are not there, and why.
    pub missing: BTreeMap<&'static str, String>,
}

/// The folder that the bench writes to.
pub fn folder() -> PathBuf {
    workspace::target().join("bench")
}

pub fn prepare(options: &Options) -> Result<Ready> {
    let folder = folder();
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let mut ready = Ready {
        folder,
        chromium: None,
        peaks: Value::Null,
        processes: BTreeMap::new(),
        missing: BTreeMap::new(),
    };
    prepare_engine(&mut ready)?;
    if options.has(Part::Web) || options.has(Part::Scale) {
        prepare_page(&mut ready)?;
    }
    if options.has(Part::Native) {
        prepare_python(&mut ready, options.with_torch)?;
    }
    Ok(ready)
}

/// The engine as a process, and the samples that it hands to everybody.
fn prepare_engine(ready: &mut Ready) -> Result<()> {
    println!("bench: building the engine for this machine (1 to 2 minutes the first time)");
    let start = Instant::now();
    let engine = engine_for_machine()?;
    println!("bench: built in {}", human(start.elapsed()));
    write_data(&engine, &ready.folder)?;
    let peaks = output(Command::new(&engine).arg("peak")).context("the engine gives no peaks")?;
    ready.peaks = serde_json::from_str(&peaks).context("the engine's peaks are no JSON")?;
    let command = vec![engine.display().to_string(), "train".to_owned()];
    ready.processes.insert("engine", command);
    Ok(())
}

fn engine_for_machine() -> Result<PathBuf> {
    artifact::build(
        cargo().args(["build", "--release", "--package", ENGINE, "--bin", ENGINE]),
        ENGINE,
        std::env::consts::EXE_SUFFIX,
    )
}

/// `data.json`: the samples of every contender.
fn write_data(engine: &Path, folder: &Path) -> Result<()> {
    let data = output(Command::new(engine).arg("data")).context("the engine gives no samples")?;
    std::fs::write(folder.join("data.json"), data).context("cannot write the samples")
}

/// The command line of the map that JAX makes, or why there is none.
pub fn map_by_jax(folder: &Path) -> Result<Vec<String>, String> {
    let python = python_with_jax()?;
    let engine = engine_for_machine().map_err(|error| error.to_string())?;
    write_data(&engine, folder).map_err(|error| error.to_string())?;
    let script = workspace::root().join("bench/native/jax_map.py");
    let words = [python, script, folder.join("data.json")];
    Ok(words.map(|path| path.display().to_string()).to_vec())
}

/// The engine for the browser, the peers from npm, and the browser.
fn prepare_page(ready: &mut Ready) -> Result<()> {
    let tools = setup::prepare(&[
        Piece::WasmTarget,
        Piece::Programs,
        Piece::Binaryen,
        Piece::NodeModules,
        Piece::BenchModules,
        Piece::Chromium,
    ])?;
    engine_for_browser(&ready.folder)?;
    ready.chromium = tools.chromium;
    Ok(())
}

/// `engine/` in `folder`: the engine as the workers of the bench's pages load it.
pub fn engine_for_browser(folder: &Path) -> Result<()> {
    println!("bench: building the engine for the browser (1 to 2 minutes the first time)");
    let start = Instant::now();
    let module = artifact::build(
        cargo()
            .args(["build", "--profile", "page", "--package", ENGINE, "--lib"])
            .args(["--target", WASM])
            // It would replace the flags of .cargo/config.toml, which turn SIMD128 on.
            .env_remove("RUSTFLAGS"),
        MODULE,
        ".wasm",
    )?;
    bind(&module, &folder.join("engine"), MODULE)?;
    println!("bench: built in {}", human(start.elapsed()));
    Ok(())
}

/// A Python with JAX, or why there is none.
fn python_with_jax() -> Result<PathBuf, String> {
    let python = find_python()?;
    let is_there = || output(Command::new(&python).args(["-c", "import jax"])).is_some();
    if !is_there() {
        install_python_package(&python, "jax").map_err(|error| error.to_string())?;
    }
    match is_there() {
        true => Ok(python),
        false => Err(format!("{} has no jax", python.display())),
    }
}

/// `NAME.js` and `NAME_bg.wasm` in `folder`, made of a module as the page's are.
pub fn bind(module: &Path, folder: &Path, name: &str) -> Result<()> {
    Bind::build()?.bind(module, folder, name, false)?;
    optimize(&[folder.join(format!("{name}_bg.wasm"))], folder)
}

/// JAX and PyTorch, in the Python that ACTISCOPE_PYTHON names, or else in an environment of their own.
fn prepare_python(ready: &mut Ready, with_torch: bool) -> Result<()> {
    let python = match find_python() {
        Ok(python) => python,
        Err(reason) => {
            for process in ["jax", "jax-gpu", "torch"] {
                ready.missing.insert(process, reason.clone());
            }
            return Ok(());
        }
    };
    const TORCH_HINT: &str = " (--with-torch installs it: some gigabytes)";
    let peers = [
        ("jax", "cpu", "jax", true, ""),
        ("jax-gpu", "gpu", "jax", true, ""),
        ("torch", "", "torch", with_torch, TORCH_HINT),
    ];
    for (process, device, module, is_wanted, hint) in peers {
        let there = || output(Command::new(&python).args(["-c", &format!("import {module}")]));
        let mut reason = format!("{} has no {module}{hint}", python.display());
        if is_wanted
            && there().is_none()
            && let Err(error) = install_python_package(&python, module)
        {
            reason = error.to_string();
        }
        if there().is_none() {
            ready.missing.insert(process, reason);
            continue;
        }
        let script = workspace::root().join(format!("bench/native/{module}_contender.py"));
        let data = ready.folder.join("data.json");
        let mut command: Vec<String> = [&python, &script, &data]
            .map(|path| path.display().to_string())
            .to_vec();
        command.extend((!device.is_empty()).then(|| device.to_owned()));
        ready.processes.insert(process, command);
    }
    Ok(())
}

/// The Python of the environment, made if it is not there; or why there is none.
fn find_python() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("ACTISCOPE_PYTHON").filter(|name| !name.is_empty()) {
        return Ok(PathBuf::from(named));
    }
    let cache = workspace::cache().map_err(|error| error.to_string())?;
    let place = cache.join("tools/bench-python");
    let python = place.join("bin/python");
    if output(Command::new(&python).args(["-m", "pip", "--version"])).is_some() {
        return Ok(python);
    }
    let system = on_path("python3").ok_or("there is no python3 on PATH")?;
    println!(
        "bench: making a Python environment in {} (some seconds)",
        place.display()
    );
    let made = output(Command::new(system).args(["-m", "venv"]).arg(&place));
    made.map(|_| python)
        .ok_or_else(|| "`python3 -m venv` fails: is its package for environments there?".to_owned())
}

fn install_python_package(python: &Path, module: &str) -> Result<()> {
    println!("bench: installing {module} with pip (1 to 5 minutes)");
    let start = Instant::now();
    let log = Log::create(&workspace::cache()?.join("log"), &format!("bench-{module}"))?;
    let wanted = include_str!("../../../bench/native/requirements.txt")
        .lines()
        .find(|line| line.split("==").next() == Some(module))
        .with_context(|| format!("requirements.txt has no {module}"))?;
    log.run(Command::new(python).args(["-m", "pip", "install", "--quiet", wanted]))?;
    println!("bench: {wanted} installed in {}", human(start.elapsed()));
    Ok(())
}
