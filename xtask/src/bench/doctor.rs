//! `cargo xtask bench doctor`: the Doctor against networks with a planted fault.
//!
//! The cases of a file, if there is one, and cases made at random. `crates/engine/examples/doctor` asks the Doctor and
//! judges what it says; BENCH.md explains the table and holds that of the Doctor before.

use super::{Options, prepare};
use crate::command::{cargo, human, program, run};
use crate::workspace;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::time::Instant;

/// Where the cases are; `$ACTISCOPE_CASES` names another file.
const CASES: &str = "bench/doctor/cases.json";

pub fn measure(options: &Options) -> Result<()> {
    let example = build()?;
    let folder = prepare::folder();
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    let start = Instant::now();
    let cases = std::env::var_os("ACTISCOPE_CASES").map(PathBuf::from);
    let cases = cases.unwrap_or_else(|| workspace::root().join(CASES));
    if cases.is_file() {
        let out = folder.join("doctor.json");
        println!("\nbench: the Doctor, {}", cases.display());
        run(program(&example).args([&cases, &out]))?;
        println!("bench: written to {}", out.display());
    } else {
        println!("bench: there is no {}: set ACTISCOPE_CASES", cases.display());
    }
    let out = folder.join("doctor-variants.json");
    let (n, seed) = (options.n_variants, options.variants_seed);
    println!("\nbench: the Doctor, {n} cases at random (seed {seed})");
    run(program(&example)
        .arg("--variants")
        .args([n.to_string(), seed.to_string()])
        .arg(&out))?;
    println!("bench: written to {}; took {}", out.display(), human(start.elapsed()));
    Ok(())
}

fn build() -> Result<PathBuf> {
    run(cargo()
        .args(["build", "--release", "-p", "actiscope-engine"])
        .args(["--example", "doctor"]))?;
    let name = format!("doctor{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace::target().join("release/examples").join(name))
}
