//! Splits the programs of the release page: what each starts with, and chunks that are loaded when a
//! function in them is first called. Such functions are marked by `wasm_split` (see ARCHITECTURE.md).

use crate::command::{Log, program};
use crate::shrink;
use crate::workspace;
use anyhow::{Context, Result, anyhow};
use std::path::Path;
use wasm_split_cli_support::{Options, transform};

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
    let code =
        std::fs::read(linked).with_context(|| format!("{} cannot be read", linked.display()))?;
    let main = folder.join(format!("{name}.wasm"));
    let script = format!("./{name}.js");
    let link = format!("{name}_link.js");
    let link_module = format!("./{link}");

    let mut options = Options::new(&code);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.main_module = &script;
    options.link_name = &link_module;
    let done = transform(options).map_err(|error| anyhow!("{error:#}"))?;

    log.run(
        program("wasm-bindgen")
            // A chunk is linked with the table of functions, an export of the linker's.
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
            .args(["--out-name", name])
            .arg("--out-dir")
            .arg(staging)
            .arg(&main),
    )?;
    let bound = staging.join(format!("{name}_bg.wasm"));
    std::fs::write(
        &bound,
        shrink::without_unused_exports(&std::fs::read(&bound)?)?,
    )?;
    optimize(&log, &bound, &bound)?;
    let script = staging.join(format!("{name}.js"));
    let text = std::fs::read_to_string(&script)?;
    let (module, text) = shrink::with_short_imports(&std::fs::read(&bound)?, name, &text)?;
    std::fs::write(&bound, module)?;
    std::fs::write(&script, text)?;

    let mut loader = std::fs::read_to_string(folder.join(&link))?;
    for chunk in &done.split_modules {
        let old = file_name(chunk)?;
        let new = format!("{name}_{old}");
        let quoted = format!("\"./{old}\"");
        // One that would be empty is written, and not loaded.
        if loader.contains(&quoted) {
            loader = loader.replace(&quoted, &format!("\"./{new}\""));
            optimize(&log, chunk, &staging.join(new))?;
        }
    }
    if !done.split_modules.is_empty() {
        std::fs::write(staging.join(link), loader)?;
    }
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
