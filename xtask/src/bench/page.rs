//! `cargo xtask bench page`: the page against its budgets, beside an empty Leptos page.

use super::{Options, prepare};
use crate::artifact;
use crate::command::{cargo, program, run};
use crate::setup::{self, Piece, Tools};
use crate::{page, workspace};
use anyhow::{Context, Result};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The empty page: the package and its program.
const EMPTY: &str = "actiscope-empty-page";

pub fn measure(options: &Options) -> Result<()> {
    page::build()?;
    let tools = setup::prepare(&[
        Piece::WasmTarget,
        Piece::SmallStd,
        Piece::Programs,
        Piece::Binaryen,
        Piece::NodeModules,
        Piece::BenchModules,
        Piece::Chromium,
    ])?;
    let folder = prepare::folder();
    let empty = build_empty(&tools, &folder)?;
    prepare::engine_for_browser(&folder)?;
    let (script, script_missing) = match prepare::map_by_jax(&folder) {
        Ok(script) => (Some(script), None),
        Err(reason) => (None, Some(reason)),
    };
    let plan = json!({
        "chromium": tools.chromium,
        "gpu": if options.hardware { "hardware" } else { "software" },
        "dist": workspace::root().join("dist"),
        "empty": empty,
        "web": workspace::root().join("bench/web"),
        "out": folder,
        "script": script,
        "script_missing": script_missing,
        "only": options.only,
        "heap_minutes": options.heap_minutes,
    });
    let plan_path = folder.join("page-plan.json");
    let results = folder.join("page.json");
    std::fs::write(&plan_path, format!("{plan:#}\n"))
        .with_context(|| format!("cannot write {}", plan_path.display()))?;
    println!(
        "\nbench: the page, about {} minutes",
        options.heap_minutes + 6
    );
    run(program("node")
        .arg(workspace::root().join("bench/page/run.mjs"))
        .args([&plan_path, &results]))?;
    println!("\nbench: written to {}", results.display());
    Ok(())
}

/// As Trunk builds the page.
fn build_empty(tools: &Tools, folder: &Path) -> Result<PathBuf> {
    println!("bench: building an empty Leptos page");
    let module = artifact::build(
        cargo()
            .args(["build", "--profile", "page", "--package", EMPTY])
            .args(["--target", prepare::WASM])
            .env(page::FLAGS, page::published(tools, &[]))
            // It would replace them.
            .env_remove("RUSTFLAGS"),
        EMPTY,
        ".wasm",
    )?;
    let empty = folder.join("empty");
    prepare::bind(&module, &empty, "empty")?;
    let html = workspace::root().join("bench/empty/index.html");
    std::fs::copy(&html, empty.join("index.html"))
        .with_context(|| format!("cannot copy {}", html.display()))?;
    Ok(empty)
}
