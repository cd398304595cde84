//! Splits the programs of the release page: what each starts with, and chunks that are loaded when a
//! function in them is first called. Such functions are marked by `wasm_split` (see ARCHITECTURE.md).

use crate::command::{Log, program};
use crate::programs::{Bind, Split};
use crate::workspace;
use anyhow::{Context, Result};
use std::path::Path;

/// The programs of index.html, and the profiles that it has them built with.
const PROGRAMS: [(&str, &str); 2] = [("page", "page"), ("worker", "worker")];

/// Puts `NAME.js`, `NAME_bg.wasm` and, if a program has chunks, `NAME_link.js`, which loads them, and a
/// `NAME_CHUNK.wasm` each into `staging`, for each program.
pub fn split_programs(staging: &Path) -> Result<()> {
    for (name, profile) in PROGRAMS {
        let linked = workspace::target()
            .join("wasm32-unknown-unknown")
            .join(profile)
            .join(format!("{name}.wasm"));
        split(name, &linked, staging).with_context(|| format!("cannot split the {name}"))?;
    }
    Ok(())
}

fn split(name: &str, linked: &Path, staging: &Path) -> Result<()> {
    let folder = workspace::target().join("split").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    // What these tools have to say is of use only where they fail.
    let log = Log::create(&folder, name)?;
    let chunks = Split::build()?.split(linked, &folder, name)?;
    let main = folder.join(format!("{name}.wasm"));
    Bind::build()?.bind(&main, staging, name, false)?;
    let bound = staging.join(format!("{name}_bg.wasm"));
    optimize(&log, &bound, &bound)?;

    if chunks.is_empty() {
        return Ok(());
    }
    let link = format!("{name}_link.js");
    let mut loader = std::fs::read_to_string(folder.join(&link))?;
    for chunk in &chunks {
        let old = file_name(chunk)?;
        let new = format!("{name}_{old}");
        let quoted = format!("\"./{old}\"");
        // One that would be empty is written, and not loaded.
        if loader.contains(&quoted) {
            loader = loader.replace(&quoted, &format!("\"./{new}\""));
            optimize(&log, chunk, &staging.join(new))?;
        }
    }
    std::fs::write(staging.join(link), loader)?;
    Ok(())
}

fn optimize(log: &Log, module: &Path, to: &Path) -> Result<()> {
    log.run(
        program("wasm-opt")
            .args(["-O3", "--strip-producers", "--output"])
            .arg(to)
            .arg(module),
    )
}

fn file_name(path: &Path) -> Result<&str> {
    path.file_name()
        .and_then(|name| name.to_str())
        .with_context(|| format!("{} has no name", path.display()))
}
